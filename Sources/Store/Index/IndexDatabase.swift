import Foundation
import GRDB
import System

/// The SQLite side of the index: schema, rows and the checksums that make a flipped bit in a value visible.
///
/// `run` has a CRC-32 per row, which covers the checksum of its epochs; `summary` has the number of runs and the CRC-32
/// of their checksums, so that a lost row is found too. SQLite itself checks the structure of its pages only.
struct IndexDatabase {
  /// The content is not what was written.
  struct Mismatch: Error, CustomStringConvertible {
    var description: String
  }

  let queue: DatabaseQueue

  /// Called with each SQL statement; the tests count them.
  typealias Trace = @Sendable (String) -> Void

  /// - Parameter url: `nil` for a database in memory.
  static func open(_ url: URL?, isReadOnly: Bool = false, trace: Trace?) throws -> IndexDatabase {
    var configuration = Configuration()
    configuration.readonly = isReadOnly
    configuration.busyMode = .timeout(5)
    if let trace { configuration.prepareDatabase { $0.trace { trace($0.description) } } }
    guard let url else { return try IndexDatabase(queue: DatabaseQueue(configuration: configuration)) }
    if !isReadOnly {
      configuration.journalMode = .wal
      // SQLite would leave out the group's rights, whatever the umask; an empty file is an empty database.
      _ = try Descriptor(url.path, O_RDWR | O_CREAT, action: .create)
    }
    return IndexDatabase(queue: try DatabaseQueue(path: url.path, configuration: configuration))
  }

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: runs and epochs") { db in
      try db.create(table: IndexedRun.databaseTableName) { table in
        table.primaryKey("name", .text)
        for column in ["identity", "plan", "state"] { table.column(column, .text).notNull() }
        for column in ["attempt", "epochs", "epochsChecksum", "checksum"] { table.column(column, .integer).notNull() }
        table.column("seconds", .double).notNull()
        for column in ["environment", "lastEventTime", "structureDice", "failure", "notice"] {
          table.column(column, .text)
        }
        for column in ["bestEpoch", "testCases"] { table.column(column, .integer) }
        for column in ["bestMonitor", "trainingLoss", "learningRate", "testDice"] { table.column(column, .double) }
        table.column("source", .text).notNull()
      }
      try db.create(table: IndexedEpoch.databaseTableName, options: .withoutRowID) { table in
        table.column("run", .text).notNull()
        table.column("epoch", .integer).notNull()
        for column in ["trainingLoss", "learningRate", "monitor", "seconds"] { table.column(column, .double).notNull() }
        table.column("validationDice", .text).notNull()
        table.column("meanDice", .double)
        table.primaryKey(["run", "epoch"])
      }
      try db.create(table: "summary") { table in
        table.column("runs", .integer).notNull()
        table.column("checksum", .integer).notNull()
      }
      try db.execute(sql: "INSERT INTO summary VALUES (0, 0)")
    }
    return migrator
  }

  /// Whether a newer program has changed the schema.
  func isNewer() throws -> Bool { try queue.read { try Self.migrator.hasBeenSuperseded($0) } }

  func migrate() throws {
    try Self.migrator.migrate(queue)
    try queue.read { db in
      let complaints = try String.fetchAll(db, sql: "PRAGMA quick_check(1)")
      if complaints != ["ok"] { throw Mismatch(description: complaints.joined(separator: "; ")) }
    }
  }
}

// Rows, each read with its checksum verified.
extension IndexDatabase {
  static func runs(_ db: Database) throws -> [IndexedRun] {
    var all = CRC32()
    let rows = try Row.fetchAll(db, sql: "SELECT * FROM run ORDER BY name COLLATE BINARY")
    let runs = try rows.map { row in
      let values = Dictionary(row, uniquingKeysWith: { $1 })
      let checksum = values["checksum"] ?? .null
      guard checksum == Self.checksum(values).databaseValue else {
        throw Mismatch(description: "a run's row has changed")
      }
      all.update(checksum.bytes)
      return try IndexedRun(row: row)
    }
    let summary = try Row.fetchOne(db, sql: "SELECT runs, checksum FROM summary")
    guard summary.map({ Array($0.databaseValues) }) == [runs.count.databaseValue, Int64(all.value).databaseValue] else {
      throw Mismatch(description: "rows of runs are missing")
    }
    return runs
  }

  static func epochs(of run: IndexedRun, _ db: Database) throws -> [EpochRecord] {
    let rows = try Row.fetchAll(db, sql: "SELECT * FROM epoch WHERE run = ? ORDER BY epoch", arguments: [run.name])
    let values = rows.map { Dictionary($0, uniquingKeysWith: { $1 }) }
    guard checksum(of: values) == run.epochsChecksum else {
      throw Mismatch(description: "epochs of a run have changed")
    }
    return try rows.map { try IndexedEpoch(row: $0).record }
  }

  static func write(_ projection: RunProjection, _ db: Database) throws {
    var run = projection.run
    let epochs = projection.epochs.map { IndexedEpoch(run: run.name, $0) }
    run.epochsChecksum = checksum(of: try epochs.map { try $0.databaseDictionary })
    try remove(run.name, db)
    for epoch in epochs { try epoch.insert(db) }
    var values = try run.databaseDictionary
    values["checksum"] = checksum(values).databaseValue
    let columns = values.keys.sorted()
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    let statement = try db.cachedStatement(
      sql: "INSERT INTO run (\(columns.joined(separator: ", "))) VALUES (\(marks))")
    try statement.execute(arguments: StatementArguments(columns.map { values[$0] ?? .null }))
  }

  static func remove(_ run: String, _ db: Database) throws {
    for table in ["run WHERE name", "epoch WHERE run"] {
      try db.cachedStatement(sql: "DELETE FROM \(table) = ?").execute(arguments: [run])
    }
  }

  /// After any change of the table `run`.
  static func seal(_ db: Database) throws {
    var all = CRC32()
    let checksums = try Int64.fetchAll(db, sql: "SELECT checksum FROM run ORDER BY name COLLATE BINARY")
    for checksum in checksums { all.update(checksum.databaseValue.bytes) }
    try db.execute(sql: "UPDATE summary SET runs = ?, checksum = ?", arguments: [checksums.count, Int64(all.value)])
  }

  private static func checksum(of rows: [[String: DatabaseValue]]) -> Int64 {
    var all = CRC32()
    for row in rows { all.update(checksum(row).databaseValue.bytes) }
    return Int64(all.value)
  }

  /// Of every column but the checksum itself, by name.
  private static func checksum(_ values: [String: DatabaseValue]) -> Int64 {
    var bytes: [UInt8] = []
    for (column, value) in values.sorted(by: { $0.key < $1.key }) where column != "checksum" {
      bytes.append(contentsOf: column.utf8)
      bytes.append(contentsOf: value.bytes)
    }
    return Int64(CRC32.of(bytes).value)
  }
}

extension DatabaseValue {
  /// Type and content, of unambiguous length.
  fileprivate var bytes: [UInt8] {
    func little(_ bits: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt64($0))) } }
    return switch storage {
    case .null: [0]
    case .int64(let value): [1] + little(UInt64(bitPattern: value))
    case .double(let value): [2] + little(value.bitPattern)
    case .string(let text): [3] + little(UInt64(text.utf8.count)) + Array(text.utf8)
    case .blob(let data): [4] + little(UInt64(data.count)) + Array(data)
    }
  }
}

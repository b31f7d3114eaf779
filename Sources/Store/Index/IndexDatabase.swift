import Foundation
import GRDB
import System

/// The SQLite side of the index: schema, rows and the checksums that make a flipped bit in a value visible.
///
/// `run` has a CRC-32 per row, which covers the checksum of its epochs; `part` holds each member of the plans once, with a
/// CRC-32 of its own; `summary` has the number of runs and the CRC-32 of their checksums, so that a lost row is found too.
/// SQLite itself checks the structure of its pages only.
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
    if url != nil, !isReadOnly { configuration.prepareDatabase(keepLog) }
    if let trace { configuration.prepareDatabase { $0.trace { trace($0.description) } } }
    guard let url else { return try IndexDatabase(queue: DatabaseQueue(configuration: configuration)) }
    try checkPlain(url)
    if !isReadOnly {
      // SQLite would leave out the group's rights, whatever the umask; an empty file is an empty database.
      _ = try Descriptor(url.path, O_RDWR | O_CREAT, action: .create)
    }
    return IndexDatabase(queue: try DatabaseQueue(path: url.path, configuration: configuration))
  }

  /// A pipe in the place of the file, or of what SQLite keeps beside it, would be waited for.
  private static func checkPlain(_ url: URL) throws(SystemError) {
    for ending in WorkspaceIndex.endings {
      let path = url.path + ending
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG else { continue }
      throw SystemError(file: path, action: .read, code: SystemError.noPlainFile)
    }
  }

  /// Changes go to a log beside the file (WAL), for whose sake no reader waits. Not by `Configuration.journalMode`, which
  /// writes a table and drops it at each opening: four waits for the disk where nothing is to be written.
  @Sendable private static func keepLog(_ db: Database) throws {
    guard try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") == "wal" else {
      throw DatabaseError(message: "no log of changes can be kept beside it")
    }
    try db.execute(sql: "PRAGMA synchronous = NORMAL")
  }

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    // Programs of before kept a row for each epoch and every plan whole; what they made is made anew.
    migrator.registerMigration("1: runs and epochs") { db in
      try db.create(table: "summary") { table in
        table.column("runs", .integer).notNull()
        table.column("checksum", .integer).notNull()
      }
      try db.execute(sql: "INSERT INTO summary VALUES (0, 0)")
    }
    migrator.registerMigration("2: parts of plans, notes") { db in
      for table in ["run", "epoch"] { try db.execute(sql: "DROP TABLE IF EXISTS \(table)") }
      try db.execute(sql: "UPDATE summary SET runs = 0, checksum = 0")
      try db.create(table: "run") { table in
        table.primaryKey("name", .text)
        for column in RunRow.columns.dropFirst() { table.column(column.name, column.type) }
        table.column("checksum", .integer).notNull()
      }
      try db.create(table: "epoch") { table in
        table.primaryKey("run", .text)
        table.column("records", .blob).notNull()
      }
      try db.create(table: "part") { table in
        table.primaryKey("number", .integer)
        table.column("text", .text).notNull()
        table.column("checksum", .integer).notNull()
      }
    }
    return migrator
  }

  /// Whether a newer program has changed the schema.
  func isNewer() throws -> Bool { try queue.read { try Self.migrator.hasBeenSuperseded($0) } }

  /// Whether it was made by this program's schema.
  func isCurrent() throws -> Bool { try queue.read { try Self.migrator.hasCompletedMigrations($0) } }

  func migrate() throws { if try !isCurrent() { try Self.migrator.migrate(queue) } }

  /// Before anything is written into it.
  private static func check(_ db: Database) throws {
    let complaints = try String.fetchAll(db, sql: "PRAGMA quick_check(1)")
    if complaints != ["ok"] { throw Mismatch(description: complaints.joined(separator: "; ")) }
  }
}

// Rows, each read with its checksum verified.
extension IndexDatabase {
  static func runs(_ db: Database) throws -> [IndexedRun] { try RunRows(db).runs() }

  /// The members of all plans, by their numbers.
  static func parts(_ db: Database) throws -> [Int64: PlanPart] {
    var parts: [Int64: PlanPart] = [:]
    let rows = try Row.fetchCursor(db, sql: "SELECT number, text, checksum FROM part")
    while let row = try rows.next() {
      guard let number = row[0] as Int64?, let text = row[1] as String?,
        row[2] as Int64? == partChecksum(number, text)
      else { throw Mismatch(description: "a part of plans has changed") }
      parts[number] = PlanPart(text)
    }
    return parts
  }

  static func epochs(of run: IndexedRun, _ db: Database) throws -> [EpochRecord] {
    let data = try Data.fetchOne(db, sql: "SELECT records FROM epoch WHERE run = ?", arguments: [run.name])
    guard let data, Int64(CRC32.of(data).value) == run.epochsChecksum, let epochs = EpochRecord.list(stored: data)
    else { throw Mismatch(description: "epochs of a run have changed") }
    return epochs
  }

  /// Takes over runs that have changed, and forgets those that are gone.
  ///
  /// - Parameter checks: the whole file, before anything is written into it.
  /// - Returns: the changed runs, as they are now.
  func take(
    _ changed: [(run: String, stamp: RunStamp)], gone: Set<String>, from workspace: Workspace, checks: Bool = true
  ) throws -> [IndexedRun] {
    try queue.write { db in
      if checks { try Self.check(db) }
      var numbers = Dictionary(try Self.parts(db).map { ($1.text, $0) }, uniquingKeysWith: { $1 })
      var (taken, leavesParts) = ([IndexedRun](), !gone.isEmpty)
      for start in stride(from: 0, to: changed.count, by: Self.atOnce) {
        let some = Array(changed[start..<min(start + Self.atOnce, changed.count)])
        let projections = parallelMap(some, workers: Machine.processors) { one in
          Result { try RunProjection(workspace.runDirectory(named: one.run), one.stamp) }
        }
        for projection in projections {
          taken.append(try Self.write(projection.get(), db, numbers: &numbers, leavesParts: &leavesParts))
        }
      }
      for name in gone { try Self.remove(name, db) }
      if leavesParts { try Self.removeUnused(db) }
      try Self.seal(db)
      return taken
    }
  }

  /// Runs that are read before they are written into the index: their epochs lie in memory meanwhile.
  private static let atOnce = 256

  /// - Parameter leavesParts: true where the run had another plan before, of which a part may be nobody's now.
  private static func write(
    _ projection: RunProjection, _ db: Database, numbers: inout [String: Int64], leavesParts: inout Bool
  ) throws -> IndexedRun {
    var run = projection.run
    let epochs = EpochRecord.stored(projection.epochs)
    run.epochsChecksum = Int64(CRC32.of(epochs).value)
    let texts = PlanPart.texts(of: projection.plan)
    let parts = try texts.map { try number(of: $0, db, &numbers) }
    let row = RunRow(run, parts: parts)
    if let before = try String.fetchOne(
      db.cachedStatement(sql: "SELECT parts FROM run WHERE name = ?"), arguments: [run.name]),
      before != RunRow.text(parts)
    {
      leavesParts = true
    }
    try remove(run.name, db)
    try db.cachedStatement(sql: "INSERT INTO epoch VALUES (?, ?)").execute(arguments: [run.name, epochs])
    let names = (RunRow.columns.map(\.name) + ["checksum"]).joined(separator: ", ")
    let marks = Array(repeating: "?", count: RunRow.columns.count + 1).joined(separator: ", ")
    try db.cachedStatement(sql: "INSERT INTO run (\(names)) VALUES (\(marks))")
      .execute(arguments: StatementArguments(row.values + [row.checksum.databaseValue]))
    run.parts = texts.map(PlanPart.init)
    return run
  }

  /// Of a part that may have been there already.
  private static func number(of text: String, _ db: Database, _ numbers: inout [String: Int64]) throws -> Int64 {
    if let known = numbers[text] { return known }
    let next = (numbers.values.max() ?? 0) + 1
    try db.cachedStatement(sql: "INSERT INTO part VALUES (?, ?, ?)")
      .execute(arguments: [next, text, partChecksum(next, text)])
    numbers[text] = next
    return next
  }

  private static func remove(_ run: String, _ db: Database) throws {
    for table in ["run WHERE name", "epoch WHERE run"] {
      try db.cachedStatement(sql: "DELETE FROM \(table) = ?").execute(arguments: [run])
    }
  }

  /// After any change of the table `run`.
  private static func seal(_ db: Database) throws {
    var all = CRC32()
    let checksums = try Int64.fetchAll(db, sql: "SELECT checksum FROM run ORDER BY name COLLATE BINARY")
    for checksum in checksums { all.update(checksum.bytes) }
    try db.execute(sql: "UPDATE summary SET runs = ?, checksum = ?", arguments: [checksums.count, Int64(all.value)])
  }

  /// Parts of plans that no run has any more.
  private static func removeUnused(_ db: Database) throws {
    let used = Set(
      try String.fetchAll(db, sql: "SELECT DISTINCT parts FROM run").flatMap {
        $0.split(separator: " ").compactMap { Int64($0) }
      })
    for number in try Int64.fetchAll(db, sql: "SELECT number FROM part") where !used.contains(number) {
      try db.execute(sql: "DELETE FROM part WHERE number = ?", arguments: [number])
    }
  }

  private static func partChecksum(_ number: Int64, _ text: String) -> Int64 {
    var checksum = CRC32()
    checksum.update(number.bytes)
    checksum.update(Array(text.utf8))
    return Int64(checksum.value)
  }
}

extension FixedWidthInteger {
  /// The lowest first.
  var bytes: [UInt8] { withUnsafeBytes(of: littleEndian, Array.init) }
}

import GRDB
import Synchronization
import System

/// The rows of all runs as they lie in the index, with what has to hold for them.
///
/// Taking them out of SQLite is one thread's work; checking and reading ten thousand of them is everybody's.
struct RunRows: Sendable {
  private let rows: [Row]
  private let parts: [Int64: PlanPart]
  /// How many rows there should be, and the checksum over theirs.
  private let summary: (runs: Int64?, checksum: Int64?)

  private struct Row: Sendable {
    let values: RunRow
    let checksum: DatabaseValue
  }

  init(_ db: Database) throws {
    parts = try IndexDatabase.parts(db)
    let summary = try GRDB.Row.fetchOne(db, sql: "SELECT runs, checksum FROM summary")
    self.summary = (summary?["runs"], summary?["checksum"])
    var rows: [Row] = []
    // Whatever the table says, which may be damaged, no more than a few megabytes.
    rows.reserveCapacity(Int(min(max(self.summary.runs ?? 0, 0), 20_000)))
    let columns = (RunRow.columns.map(\.name) + ["checksum"]).joined(separator: ", ")
    let statement = try db.makeStatement(sql: "SELECT \(columns) FROM run ORDER BY name COLLATE BINARY")
    let cursor = try GRDB.Row.fetchCursor(statement)
    while try cursor.next() != nil {
      let checksum = DatabaseValue(sqliteStatement: statement.sqliteStatement, index: CInt(RunRow.columns.count))
      rows.append(Row(values: RunRow(statement), checksum: checksum))
    }
    self.rows = rows
  }

  /// - Throws: `IndexDatabase.Mismatch` where a row or all of them are not what was written.
  func runs() throws -> [IndexedRun] {
    let mismatch = Mutex<IndexDatabase.Mismatch?>(nil)
    // Every run is put where it stays: moving ten thousand of them takes as long as reading them.
    let runs = parallelMap(rows, workers: Machine.processors) { [parts] row in
      do throws(IndexDatabase.Mismatch) {
        guard case .int64(row.values.checksum) = row.checksum.storage else {
          throw IndexDatabase.Mismatch(description: "a run's row has changed")
        }
        return try row.values.run(parts)
      } catch {
        mismatch.withLock { $0 = $0 ?? error }
        return IndexedRun(name: "")
      }
    }
    if let mismatch = mismatch.withLock({ $0 }) { throw mismatch }
    guard summary.runs == Int64(runs.count), summary.checksum == checksum else {
      throw IndexDatabase.Mismatch(description: "rows of runs are missing")
    }
    return runs
  }

  /// Over those of all rows.
  private var checksum: Int64 {
    var all = CRC32()
    for row in rows {
      if case .int64(let own) = row.checksum.storage { all.update(own.bytes) }
    }
    return Int64(all.value)
  }
}

import Foundation
import Synchronization
import System

/// Sizes and modification times, in nanoseconds, of the files that a row of the index is made from; zeros for one that does
/// not exist, and the negative `errno` for one that cannot be looked at: a link to itself costs no other run.
///
/// Ten thousand runs are looked at before each answer: this is the only thing that is asked of those that have not changed.
struct RunStamp: Equatable, Sendable {
  /// Size and time of each file, one after another; zeros behind them. No array: ten thousand of them are made and compared.
  private var numbers = SIMD16<Int64>(repeating: 0)

  /// Plan or record of an import, journal, results, and what people wrote.
  private static let files = [
    "plan.json", "import.json", "journal.jsonl", "evaluation.h5", "best.h5", "last.h5", "notes.json",
  ]
  /// That of an import, which is asked for where there is no plan: nothing is both.
  private static let importRecord = 1
  /// As C strings.
  private static let names = files.map { Array($0.utf8CString) }
  /// Those that make a folder the directory of a run: `RunDirectory.exists`.
  private static let makers = [0, 1, 2, 5]

  init() {}

  /// - Returns: nil where they are not as many as `values`.
  init?(values: [Int64]) {
    guard values.count == 2 * Self.files.count else { return nil }
    for (index, value) in values.enumerated() { numbers[index] = value }
  }

  /// What the index keeps.
  var values: [Int64] { (0..<2 * Self.files.count).map { numbers[$0] } }

  /// Whether nothing of a run is there.
  private var isEmpty: Bool {
    Self.makers.allSatisfy { numbers[2 * $0 + 1] == 0 && [0, Self.hidden].contains(numbers[2 * $0]) }
  }

  /// In a folder that may not be searched, which need not be a run's.
  private static let hidden = -Int64(EACCES)

  private var hasPlan: Bool { numbers[1] != 0 }

  /// - Parameter folder: a descriptor of the folder of runs.
  /// - Returns: nil where there is no run of that name.
  /// - Throws: what keeps all runs from being looked at.
  private init?(of run: String, in folder: Int32, path: String) throws {
    var refusal: SystemError?
    // As bytes, of which only the end changes: seven strings for each of ten thousand runs would cost as much as the answers.
    var place = Array((run + "/").utf8CString.dropLast())
    let start = place.count
    for (index, file) in Self.files.enumerated() where index != Self.importRecord || !hasPlan {
      var status = stat()
      place.replaceSubrange(start..., with: Self.names[index])
      if fstatat(folder, place, &status, 0) == 0 {
        numbers[2 * index] = Int64(status.st_size)
        numbers[2 * index + 1] = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
      } else if errno != ENOENT {
        // What is no folder has no files.
        if errno == ENOTDIR { return nil }
        let error = SystemError(file: "\(path)/\(run)/\(file)", action: .read, code: errno)
        if error.isOfOneFile { numbers[2 * index] = -Int64(error.code) } else { refusal = error }
      }
    }
    if isEmpty { return nil }
    if let refusal { throw refusal }
  }

  /// Every run of a workspace with its stamp, by name; none where there is no such folder.
  static func all(in workspace: Workspace) throws -> [(run: String, stamp: RunStamp)] {
    let names = try workspace.entries()
    if names.isEmpty { return [] }
    var found: [(run: String, stamp: RunStamp)] = []
    found.reserveCapacity(names.count)
    for (run, stamp) in try all(names, in: workspace) { if let stamp { found.append((run, stamp)) } }
    return found
  }

  /// Of these, in their order; nil for what is no run.
  static func all(_ names: [String], in workspace: Workspace) throws -> [(run: String, stamp: RunStamp?)] {
    let path = workspace.runsFolder.path
    return try all(names, in: Descriptor(path, O_RDONLY | O_DIRECTORY, action: .list), path: path)
  }

  private static func all(
    _ names: [String], in folder: borrowing Descriptor, path: String
  ) throws -> [(run: String, stamp: RunStamp?)] {
    // A closure cannot hold what must not be copied: its number is enough.
    let number = folder.number
    let refusal = Mutex<(any Error)?>(nil)
    let found = parallelMap(names, workers: Machine.processors) { name -> (run: String, stamp: RunStamp?) in
      do { return (name, try RunStamp(of: name, in: number, path: path)) } catch {
        refusal.withLock { $0 = $0 ?? error }
        return (name, nil)
      }
    }
    if let refusal = refusal.withLock({ $0 }) { throw refusal }
    return found
  }
}

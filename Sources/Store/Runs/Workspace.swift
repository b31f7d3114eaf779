import Foundation
import System

/// The folder with all runs, the cache of prepared cases and the index.
package struct Workspace: Sendable, Equatable {
  package let root: URL
  /// Where the index is kept: beside the runs, or elsewhere by those who only look and write nothing here.
  package let indexFolder: URL
  /// Called with what its index says of itself, whoever opens it; nil: nobody hears of it.
  let hearIndex: (@Sendable (IndexNotice) -> Void)?

  /// - Parameter indexFolder: nil: the workspace itself.
  package init(_ root: URL, indexFolder: URL? = nil, hearIndex: (@Sendable (IndexNotice) -> Void)? = nil) {
    (self.root, self.indexFolder, self.hearIndex) = (root, indexFolder ?? root, hearIndex)
  }

  package static func == (a: Workspace, b: Workspace) -> Bool { (a.root, a.indexFolder) == (b.root, b.indexFolder) }

  package var runsFolder: URL { root.appending(path: "runs", directoryHint: .isDirectory) }
  package var cacheFolder: URL { root.appending(path: "cache", directoryHint: .isDirectory) }
  package var indexFile: URL { indexFolder.appending(path: "index.sqlite", directoryHint: .notDirectory) }

  /// Makes the folders that are missing.
  package func prepare() throws {
    for folder in [runsFolder, cacheFolder] { try Folder.create(folder) }
  }

  /// What `prepare` would be refused, found without making anything.
  package func checkPreparation() throws(SystemError) {
    for folder in [runsFolder, cacheFolder] { try Folder.checkCreation(folder) }
  }

  package func runDirectory(named name: String) -> RunDirectory {
    precondition(!name.contains("/") && !name.hasPrefix(".") && !name.isEmpty, "'\(name)' cannot name a run")
    return RunDirectory(runsFolder.appending(path: name, directoryHint: .isDirectory))
  }

  /// Whether a run was ever begun in it. Where none was, nobody who only reads writes an index: it may be any folder.
  ///
  /// One that this user may not look into is there: what is read of it is refused, and says so.
  package var exists: Bool { access(runsFolder.path, F_OK) == 0 || errno == EACCES }

  /// Every run that was begun, by name; none if there is no workspace yet.
  package func runDirectories() throws -> [RunDirectory] { try runNames().map(runDirectory(named:)) }

  /// What they are called, in their order.
  package func runNames() throws -> [String] { try names(holding: RunDirectory.signs) }

  /// The folders of runs that hold one of these files. Of ten thousand runs no path is put together.
  func names(holding files: [String]) throws -> [String] {
    let all = try entries()
    if all.isEmpty { return [] }
    let folder = try Descriptor(runsFolder.path, O_RDONLY | O_DIRECTORY, action: .list)
    // A closure cannot hold what must not be copied: its number is enough.
    let number = folder.number
    let holds = parallelMap(all, workers: Machine.processors) { name in
      files.contains { faccessat(number, name + "/" + $0, F_OK, 0) == 0 || errno == ELOOP }
    }
    return zip(all, holds).filter(\.1).map(\.0)
  }

  /// That there are folders into which this user may not look, so that nobody can tell whether they are runs; nil where there
  /// are none.
  package func closedFolders() throws -> String? {
    let all = try entries()
    guard !all.isEmpty else { return nil }
    let folder = try Descriptor(runsFolder.path, O_RDONLY | O_DIRECTORY, action: .list)
    let closed = all.filter {
      faccessat(folder.number, $0 + "/" + RunDirectory.signs[0], F_OK, 0) != 0 && errno == EACCES
    }
    guard !closed.isEmpty else { return nil }
    let names = closed.prefix(3).joined(separator: ", ") + (closed.count > 3 ? " and \(closed.count - 3) more" : "")
    return
      "\(closed.count == 1 ? "a folder" : "\(closed.count) folders") in \(runsFolder.path) may not be looked into (permission"
      + " denied): \(names). If they are runs, they are missing here; give this user the right to read them (chmod, chown)"
  }

  /// What lies in the folder of runs, by name, whether it is one or not; nothing where there is no such folder.
  package func entries() throws -> [String] {
    guard exists else { return [] }
    return try Folder.names(in: runsFolder).filter { !$0.hasPrefix(".") }
  }
}

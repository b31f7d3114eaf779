import Foundation
import System

/// The folder with all runs, the cache of prepared cases and the index.
package struct Workspace: Sendable, Equatable {
  package let root: URL

  package init(_ root: URL) { self.root = root }

  package var runsFolder: URL { root.appending(path: "runs", directoryHint: .isDirectory) }
  package var cacheFolder: URL { root.appending(path: "cache", directoryHint: .isDirectory) }
  package var indexFile: URL { root.appending(path: "index.sqlite", directoryHint: .notDirectory) }

  /// Makes the folders that are missing.
  package func prepare() throws {
    for folder in [runsFolder, cacheFolder] { try Folder.create(folder) }
  }

  package func runDirectory(named name: String) -> RunDirectory {
    precondition(!name.contains("/") && !name.hasPrefix(".") && !name.isEmpty, "'\(name)' cannot name a run")
    return RunDirectory(runsFolder.appending(path: name, directoryHint: .isDirectory))
  }

  /// Every run that has a plan, by name; none if there is no workspace yet.
  package func runDirectories() throws -> [RunDirectory] {
    guard access(runsFolder.path, F_OK) == 0 else { return [] }
    let names = try Folder.names(in: runsFolder).filter { !$0.hasPrefix(".") }
    return names.map(runDirectory(named:)).filter(\.exists)
  }
}

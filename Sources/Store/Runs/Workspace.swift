import Foundation
import System

/// The folder with all runs, the cache of prepared cases and the index.
package struct Workspace: Sendable, Equatable {
  package let root: URL
  /// Where the index is kept: beside the runs, or elsewhere by those who only look and write nothing here.
  package let indexFolder: URL

  /// - Parameter indexFolder: nil: the workspace itself.
  package init(_ root: URL, indexFolder: URL? = nil) { (self.root, self.indexFolder) = (root, indexFolder ?? root) }

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

  /// What lies in the folder of runs, by name, whether it is one or not; nothing where there is no such folder.
  package func entries() throws -> [String] {
    guard exists else { return [] }
    return try Folder.names(in: runsFolder).filter { !$0.hasPrefix(".") }
  }
}

/// A command that reads a workspace was given, or is called from, the wrong folder.
package struct WrongWorkspace: Error, Equatable, CustomStringConvertible {
  package var path: String
  /// The nearest folder that is one.
  package var nearest: String?
  /// Whether runs were begun in it, and their folder is not there any more.
  package var hasLostRuns: Bool

  package init(path: String, nearest: String? = nil, hasLostRuns: Bool = false) {
    (self.path, self.nearest, self.hasLostRuns) = (path, nearest, hasLostRuns)
  }

  package var description: String {
    if hasLostRuns {
      return
        "runs were begun in the workspace \(path), and its folder runs is not there: if it was renamed or moved, put it"
        + " back. `safnet run` would train all of them anew."
    }
    let hint = nearest.map { "The nearest one is \($0): give --workspace \($0). " } ?? ""
    return "there is no workspace in \(path). \(hint)`safnet run` with an experiment makes one."
  }
}

extension Workspace {
  /// - Throws: `WrongWorkspace` when no run was ever begun here.
  package func requireRuns() throws {
    if !exists { throw absence }
  }

  /// For commands that can do without runs, before the first of them.
  ///
  /// - Parameters:
  ///   - experiment: whose runs are looked for; nil: all.
  ///   - file: the experiment's.
  ///   - isAsked: whether somebody named this folder.
  /// - Throws: `WrongWorkspace` where another folder is surely meant: this one was named and is none, its runs are lost, or
  ///   those of the experiment lie elsewhere.
  package func requireMeant(for experiment: String?, beside file: URL?, isAsked: Bool) throws {
    guard !exists else { return }
    let absence = absence(of: experiment, beside: file)
    let isElsewhere = absence.nearest.map { path in
      Workspace(URL(fileURLWithPath: path)).experimentRecords().contains { $0.name == experiment }
    }
    if isAsked || hasLostRuns || isElsewhere == true { throw absence }
  }

  /// Whether a run was ever begun in it. Where none was, nobody who only reads writes an index: it may be any folder.
  package var exists: Bool { access(runsFolder.path, F_OK) == 0 }

  /// Whether experiments have asked for runs in it, and the folder of runs is gone.
  package var hasLostRuns: Bool {
    !exists && experimentRecords().contains { $0.variants.contains { !$0.runs.isEmpty } }
  }

  /// That there is none, and where one is that may be meant.
  package var absence: WrongWorkspace { absence(of: nil, beside: nil) }

  /// The same for an experiment: a workspace beside its file, or near, that has its runs is meant before any other.
  ///
  /// - Parameter file: the experiment's.
  package func absence(of experiment: String?, beside file: URL?) -> WrongWorkspace {
    if hasLostRuns { return WrongWorkspace(path: root.path, hasLostRuns: true) }
    func holds(_ other: Workspace) -> Bool { other.experimentRecords().contains { $0.name == experiment } }
    let beside = file.flatMap { Workspace($0.deletingLastPathComponent()).nearest(where: holds) }
    let found = beside ?? (experiment == nil ? nil : nearest(where: holds)) ?? nearest()
    return WrongWorkspace(path: root.path, nearest: found?.root.path)
  }

  /// Looks at it and the folders above, and at what stands in them: `Workspace` first.
  package func nearest(where isMeant: (Workspace) -> Bool = { _ in true }) -> Workspace? {
    var folder = root.absoluteURL
    for level in 0...Self.levels where folder.path != "/" {
      if level > 0 { folder = folder.deletingLastPathComponent() }
      let names = (try? Folder.names(in: folder)) ?? []
      let inside = (["Workspace"] + names).map { Workspace(folder.appending(path: $0, directoryHint: .isDirectory)) }
      let found = ([Workspace(folder)] + inside).first {
        $0.exists && access($0.cacheFolder.path, F_OK) == 0 && isMeant($0)
      }
      if let found { return found }
    }
    return nil
  }

  private static let levels = 4
}

import Foundation
import System
import Text

/// A command that reads a workspace was given, or is called from, the wrong folder.
package struct WrongWorkspace: Error, Equatable, CustomStringConvertible {
  package var path: String
  /// The nearest folder that is one; where an experiment's runs are looked for, the nearest that has some.
  package var nearest: String?
  /// The experiment whose runs were looked for, and whether the nearest has some.
  package var search: Search?
  /// Whether runs were begun in it, and their folder is not there any more.
  package var hasLostRuns: Bool
  /// Runs that lie in the folder itself, and not in its folder of runs.
  package var misplaced: [String]
  /// What stands in its place, or on the way to it: a link to nothing, or a file; in words with the remedy.
  package var obstacle: String?

  package struct Search: Equatable, Sendable {
    package var experiment: String
    package var isFound: Bool

    package init(_ experiment: String, isFound: Bool) { (self.experiment, self.isFound) = (experiment, isFound) }
  }

  package init(
    path: String, nearest: String? = nil, search: Search? = nil, hasLostRuns: Bool = false, misplaced: [String] = [],
    obstacle: String? = nil
  ) {
    (self.path, self.nearest, self.search, self.hasLostRuns) = (path, nearest, search, hasLostRuns)
    (self.misplaced, self.obstacle) = (misplaced, obstacle)
  }

  package var description: String {
    if hasLostRuns {
      return
        "runs were begun in the workspace \(path), as its folder experiments tells, and its folder runs is not there: if it"
        + " was renamed or moved, put it back. `safnet run` would train all of them anew."
    }
    if !misplaced.isEmpty {
      let runs = ShellWord.quoted(path + "/runs")
      let files = misplaced.map { ShellWord.quoted("\(path)/\($0)") }.joined(separator: " ")
      return
        "\(path) is no workspace yet: runs lie in it (\(misplaced.joined(separator: ", "))) that belong into its folder runs. Move"
        + " them: mkdir \(runs) && mv \(files) \(runs)/"
    }
    if let obstacle { return "there is no workspace in \(path): \(obstacle). \(hint.dropLast())" }
    return "there is no workspace in \(path). \(hint)`safnet run` with an experiment makes one."
  }

  /// Where to look instead, with a blank behind; empty where nothing is known.
  private var hint: String {
    guard let nearest else { return "Runs that lie elsewhere are found with --workspace. " }
    let option = "--workspace \(ShellWord.quoted(nearest))"
    return switch search {
    case nil: "The nearest one is \(nearest): give \(option). "
    case .some(let search) where search.isFound: "\(nearest) has runs of \(search.experiment): give \(option). "
    case .some(let search):
      "The nearest one, \(nearest), has none of \(search.experiment); \(option) looks there all the same. "
    }
  }
}

extension Workspace {
  /// - Parameters:
  ///   - experiment: whose runs are meant; nil: any.
  ///   - file: the experiment's.
  /// - Throws: `WrongWorkspace` when no run was ever begun here.
  package func requireRuns(of experiment: String? = nil, beside file: URL? = nil) throws {
    if !exists { throw absence(of: experiment, beside: file) }
  }

  /// For commands that can do without runs, before the first of them.
  ///
  /// - Parameters:
  ///   - experiment: whose runs are looked for; nil: all.
  ///   - file: the experiment's.
  ///   - isAsked: whether somebody named this folder.
  /// - Throws: `WrongWorkspace` where another folder is surely meant: this one was named and is none, its runs are lost, or
  ///   those of the experiment lie elsewhere, or none could be made where it is.
  package func requireMeant(for experiment: String?, beside file: URL?, isAsked: Bool) throws {
    guard !exists else { return }
    let absence = absence(of: experiment, beside: file)
    if isAsked || hasLostRuns || absence.search?.isFound == true || absence.obstacle != nil { throw absence }
  }

  /// Whether experiments have asked for runs in it, and the folder of runs is gone.
  package var hasLostRuns: Bool {
    !exists && experimentRecords().contains { $0.variants.contains { !$0.runs.isEmpty } }
  }

  /// Runs that were put into the workspace's own folder. One that is given by its folder of runs is another mistake.
  private var misplaced: [String] {
    guard root.lastPathComponent != runsFolder.lastPathComponent else { return [] }
    let names = (try? Folder.names(in: root)) ?? []
    return names.sorted().filter { RunDirectory(root.appending(path: $0, directoryHint: .isDirectory)).exists }
  }

  /// What keeps its folder of runs from being one, or from being made.
  private var obstacle: String? {
    if let dead = DeadLink(at: runsFolder) {
      return "\(dead.words(of: root.path)); "
        + (dead.isCircle ? "remove it" : "mount or put back what it leads to, or remove the link")
    }
    return BlockedPath(runsFolder).map { "\($0.words): \($0.isMovable ? "move it away" : "give another folder")" }
  }

  /// That there is none, and where one is that may be meant.
  package var absence: WrongWorkspace { absence(of: nil, beside: nil) }

  /// The same for an experiment: a workspace beside its file, or near, that has its runs is meant before any other.
  ///
  /// - Parameter file: the experiment's.
  package func absence(of experiment: String?, beside file: URL?) -> WrongWorkspace {
    let misplaced = misplaced
    guard misplaced.isEmpty else { return WrongWorkspace(path: root.path, misplaced: misplaced) }
    let obstacle = obstacle
    if hasLostRuns, obstacle == nil { return WrongWorkspace(path: root.path, hasLostRuns: true) }
    guard let experiment else {
      return WrongWorkspace(path: root.path, nearest: nearest()?.root.path, obstacle: obstacle)
    }
    let found = nearest(of: experiment, beside: file)
    return WrongWorkspace(
      path: root.path, nearest: (found ?? nearest())?.root.path, search: .init(experiment, isFound: found != nil),
      obstacle: obstacle)
  }

  /// Another workspace that has runs of the experiment: beside its file, else near this one.
  package func nearest(of experiment: String, beside file: URL?) -> Workspace? {
    func holds(_ other: Workspace) -> Bool { !other.runs(of: experiment).isEmpty }
    return file.flatMap { Self.around($0.deletingLastPathComponent(), where: holds) } ?? nearest(where: holds)
  }

  /// Names of the runs that are there and that an experiment of this name asks for, or did before.
  package func runs(of experiment: String) -> [String] {
    guard let record = experimentRecords().first(where: { $0.name == experiment }), let names = try? runNames() else {
      return []
    }
    return (record.variants + (record.earlier ?? [])).flatMap(\.runs).filter(Set(names).contains)
  }

  /// Looks at it and what stands in it, then around the folder in which it stands.
  package func nearest(where isMeant: (Workspace) -> Bool = { _ in true }) -> Workspace? {
    let folder = root.absoluteURL.physicalFileURL
    return Self.inside(folder).first { $0.isOne && isMeant($0) }
      ?? Self.around(folder.deletingLastPathComponent(), where: isMeant)
  }

  /// In a folder and those above, `Workspace` first; of the folder itself also in the projects that stand in it.
  private static func around(_ start: URL, where isMeant: (Workspace) -> Bool) -> Workspace? {
    var folder = start.absoluteURL.physicalFileURL
    for level in 0..<levels where folder.path != "/" {
      if level > 0 { folder = folder.deletingLastPathComponent() }
      if let found = inside(folder, projects: level == 0).first(where: { $0.isOne && isMeant($0) }) { return found }
    }
    return nil
  }

  /// The folder and what stands in it, be it a workspace or not.
  private static func inside(_ folder: URL, projects: Bool = false) -> [Workspace] {
    let names = ((try? Folder.names(in: folder)) ?? []).filter { !$0.hasPrefix(".") }
    let all = ["Workspace"] + names + (projects ? names.map { $0 + "/Workspace" } : [])
    return [Workspace(folder)] + all.map { Workspace(folder.appending(path: $0, directoryHint: .isDirectory)) }
  }

  /// Whether a program of ours has made it: any folder may hold one called `runs`.
  private var isOne: Bool {
    exists && [cacheFolder, indexFile, experimentsFolder].contains { access($0.path, F_OK) == 0 }
  }

  private static let levels = 4
}

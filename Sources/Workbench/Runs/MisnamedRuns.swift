import Experiments
import Foundation
import Store
import Text

/// Folders of runs that are not called as the run that they hold: somebody renamed one, or made a copy beside it. Runs are
/// found by the names of their folders, so that no experiment finds these.
package struct MisnamedRuns {
  /// What each is, and what to do about it: a sentence for each, in the order of the folders.
  package let sentences: [String]

  /// - Parameter asked: names of the runs that an experiment asks for, to be told of no others; nil: of all.
  package init(in workspace: Workspace, asked: Set<String>? = nil) throws {
    self.init(try workspace.runNames(), in: workspace, asked: asked)
  }

  /// Plans are read where a name gives cause to it only: of ten thousand runs no more than the names is looked at.
  ///
  /// - Parameter names: of all runs.
  init(_ names: [String], in workspace: Workspace, asked: Set<String>? = nil) {
    let ends = names.map(Self.end)
    let wanted = Dictionary(grouping: asked ?? [], by: Self.end)
    var (seen, shared) = (Set<UInt64>(), Set<UInt64>())
    for case let end? in ends where !seen.insert(end).inserted { shared.insert(end) }
    let suspects = names.indices.filter { place in
      guard let end = ends[place] else { return true }
      return shared.contains(end) || (wanted[end].map { !$0.contains(names[place]) } ?? false)
    }.map { names[$0] }
    sentences = suspects.compactMap { name in
      guard let right = Self.right(workspace.runDirectory(named: name)), right != name,
        asked?.contains(right) != false
      else { return nil }
      return Self.sentence(workspace.runDirectory(named: name), right)
    }
  }

  /// The same for one run, wherever it lies; nil where it is called rightly, or its plan cannot be read.
  package static func sentence(of run: RunDirectory) -> String? {
    guard let right = right(run), right != run.name else { return nil }
    return sentence(run, right)
  }

  /// Those that are called as others, and hold what no folder of the right name does.
  package static func onlyCopies(among runs: [RunDirectory]) -> Set<RunDirectory> {
    Set(runs.filter { run in right(run).map { $0 != run.name && self.right(run.beside($0)) != $0 } ?? false })
  }

  /// With `mv -T`, which puts no run into another's folder where two copies are told to take one name.
  private static func sentence(_ run: RunDirectory, _ right: String) -> String {
    let (name, folder, place) = (run.name, run.url.deletingLastPathComponent(), run.beside(right))
    let holds = "\(name) in \(folder.path) holds the run \(right)"
    if Self.right(place) == right {
      return
        "\(holds), which is there too and is the one that counts; remove this one"
        + " (`safnet runs remove \(ShellWord.quoted(name))`), or move it away"
    }
    let (from, to) = (ShellWord.quoted("\(folder.path)/\(name)"), ShellWord.quoted("\(folder.path)/\(right)"))
    let (isTaken, aside) = (Self.isThere(place.url.path), ShellWord.quoted("\(folder.path)/\(right).moved"))
    if Self.right(place) == name, !Self.isThere("\(folder.path)/\(right).moved") {
      return
        "\(holds), and \(right) holds \(name); exchange their names: mv -T \(to) \(aside) && mv -T \(from) \(to) &&"
        + " mv -T \(aside) \(from)"
    }
    return "\(holds), which no experiment finds under this name; "
      + (isTaken
        ? "move \(right), which holds something else, out of the workspace first, then name this one" : "name it")
      + " back: mv -T \(from) \(to)"
  }

  private static func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// What stands in the place of the identity in a name that a run may have.
  private static func end(_ name: String) -> UInt64? {
    let digits = name.utf8.suffix(PlannedRun.identityDigits)
    guard digits.count == PlannedRun.identityDigits,
      name.utf8.dropLast(PlannedRun.identityDigits).last == UInt8(ascii: "-")
    else { return nil }
    var end: UInt64 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): end = end << 4 | UInt64(digit - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): end = end << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
      default: return nil
      }
    }
    return end
  }

  private static func right(_ run: RunDirectory) -> String? {
    guard let stored = try? run.readPlan(), let plan = try? Plan(json: stored.planJSON, file: run.planFile.path) else {
      return nil
    }
    return PlannedRun(variant: "", plan: plan).directoryName
  }
}

extension RunDirectory {
  fileprivate func beside(_ name: String) -> RunDirectory {
    RunDirectory(url.deletingLastPathComponent().appending(path: name, directoryHint: .isDirectory))
  }
}

extension KnownExperiment {
  /// Which of its variants were called otherwise before; nil where none was.
  func renamed(in workspace: Workspace) -> String? {
    RenamedVariants(runs, of: specification, in: workspace).words
  }

  /// Of the runs that it asks for: those that lie in folders of other names.
  func misnamed(in workspace: Workspace) throws -> [String] {
    try MisnamedRuns(in: workspace, asked: Set(runs.map(\.directoryName))).sentences
  }
}

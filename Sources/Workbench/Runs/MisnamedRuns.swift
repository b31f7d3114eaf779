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
      return Self.sentence(name, right, in: workspace, isCopy: names.contains(right))
    }
  }

  /// The same for one run; nil where it is called rightly, or its plan cannot be read.
  package static func sentence(of run: RunDirectory, in workspace: Workspace) -> String? {
    guard let right = right(run), right != run.name else { return nil }
    return sentence(run.name, right, in: workspace, isCopy: workspace.runDirectory(named: right).exists)
  }

  private static func sentence(_ name: String, _ right: String, in workspace: Workspace, isCopy: Bool) -> String {
    let folder = workspace.runsFolder.path
    if isCopy {
      return
        "\(name) in \(folder) holds the run \(right), which is there too and is the one that counts; remove this one"
        + " (`safnet runs remove \(ShellWord.quoted(name))`), or move it away"
    }
    let (from, to) = (ShellWord.quoted("\(folder)/\(name)"), ShellWord.quoted("\(folder)/\(right)"))
    return "\(name) in \(folder) holds the run \(right), which no experiment finds under this name; name it back:"
      + " mv \(from) \(to)"
  }

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

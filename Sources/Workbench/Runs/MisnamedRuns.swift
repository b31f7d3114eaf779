import Experiments
import Foundation
import Store
import Text

/// Folders of runs that are not called as the run that they hold: somebody renamed one, or made a copy beside it. Runs are
/// found by the names of their folders, so that no experiment finds these.
package struct MisnamedRuns {
  /// What each is, and what to do about it: a sentence for each, in the order of the folders.
  package let sentences: [String]

  /// Plans are read where a name gives cause to it only.
  ///
  /// - Parameter asked: names of the runs that an experiment asks for, to be told of no others; nil: of all.
  package init(in workspace: Workspace, asked: Set<String>? = nil) throws {
    let names = try workspace.runNames()
    let ends = Dictionary(grouping: names, by: Self.end)
    let wanted = Dictionary(grouping: asked ?? [], by: Self.end)
    let known = Set(names)
    let suspects = names.filter { name in
      guard let end = Self.end(name) else { return true }
      return ends[end, default: []].count > 1 || (wanted[end].map { !$0.contains(name) } ?? false)
    }
    sentences = suspects.compactMap { name in
      guard let right = Self.right(workspace.runDirectory(named: name)), right != name,
        asked?.contains(right) != false
      else { return nil }
      return Self.sentence(name, right, in: workspace, isCopy: known.contains(right))
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

  /// Where the identity stands in a name that a run may have.
  private static func end(_ name: String) -> Substring? {
    let end = name.suffix(PlannedRun.identityDigits)
    let isName =
      end.count == PlannedRun.identityDigits && end.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
      && name.dropLast(end.count).hasSuffix("-")
    return isName ? end : nil
  }

  private static func right(_ run: RunDirectory) -> String? {
    guard let stored = try? run.readPlan(), let plan = try? Plan(json: stored.planJSON, file: run.planFile.path) else {
      return nil
    }
    return PlannedRun(variant: "", plan: plan).directoryName
  }
}

extension KnownExperiment {
  /// Of the runs that it asks for: those that lie in folders of other names.
  func misnamed(in workspace: Workspace) throws -> [String] {
    try MisnamedRuns(in: workspace, asked: Set(runs.map(\.directoryName))).sentences
  }
}

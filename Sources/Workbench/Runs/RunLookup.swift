import Experiments
import Foundation
import JSON
import Store
import Text

/// Runs that a name stands for.
package struct NamedRuns {
  package let directories: [RunDirectory]
  /// Which were chosen; nil where the name is a run's.
  package let notice: String?
  /// Runs that belong to them and are not finished.
  package let notTaken: [String]
}

extension Workspace {
  /// The run of that name; of a variant's name its finished runs, where these are of one plan.
  ///
  /// - Parameter takesSeveral: whether the command takes several runs; else the newest of a variant's is chosen.
  package func runs(named name: String, takesSeveral: Bool) throws -> NamedRuns {
    do {
      return NamedRuns(directories: [try run(named: name, takesVariants: takesSeveral)], notice: nil, notTaken: [])
    } catch let refusal as UsageError {
      guard case .variantForRun = refusal, let own = try VariantRuns(name, takesSeveral: takesSeveral, in: self) else {
        throw refusal
      }
      return NamedRuns(directories: own.directories, notice: own.notice, notTaken: own.notTaken)
    }
  }

  /// The run of that name, or the only one that begins with it, or whose identity does.
  ///
  /// - Parameter takesVariants: whether the command could be given a variant instead, as the refusal then says.
  package func run(named name: String, exactly: Bool = false, takesVariants: Bool = false) throws -> RunDirectory {
    if let weights = WeightsFile(name), entry(named: name) == nil {
      throw UsageError.weightsForRun(words: weights.words(name))
    }
    // Of a run that was copied away, which needs no workspace.
    if !exists, let part = NamedInstead(name, in: self, takesVariants: takesVariants, isLiteral: true).part {
      throw part
    }
    try requireRuns()
    let all = try runNames()
    if all.contains(name) { return runDirectory(named: name) }
    // By its path, as a shell completes it.
    if name.contains("/"), let run = entry(named: name), all.contains(run.name) { return runDirectory(named: run.name) }
    let beginning = all.filter { $0.hasPrefix(name) }
    if !exactly, beginning.count == 1 { return runDirectory(named: beginning[0]) }
    let identified = identified(by: name, among: all)
    if !exactly, identified.count == 1 { return runDirectory(named: identified[0]) }
    let labelled = RunLabel(name)?.runs(in: self) ?? []
    if !exactly, labelled.count == 1 { return runDirectory(named: labelled[0]) }
    if let instead = NamedInstead(
      name, in: self, takesVariants: takesVariants, isLiteral: !beginning.isEmpty
    ).refusal {
      throw instead
    }
    let meant = [beginning, identified, labelled].first { !$0.isEmpty } ?? []
    if meant.count > 1 {
      throw UsageError.ambiguousRun(
        name: name, workspace: root.path, runs: try told(meant), takesBeginning: !exactly, isLabel: meant == labelled)
    }
    if name.contains(where: "*?".contains) {
      let pattern = NamePattern(name)
      throw UsageError.patternForRun(name: name, workspace: root.path, matching: all.filter(pattern.matches))
    }
    throw UsageError.unknownRun(name: name, workspace: root.path, nearest: meant.first ?? name.nearest(in: all))
  }

  /// Runs whose plan's identity begins so, of which their names hold the first digits.
  private func identified(by text: String, among names: [String]) -> [String] {
    let digits = text.lowercased()
    guard (6...64).contains(digits.count), digits.allSatisfy(\.isHexDigit) else { return [] }
    let known = PlannedRun.identityDigits
    return names.filter { $0.suffix(known).hasPrefix(digits.prefix(known)) }
  }

  /// Their names, each with what tells it apart: experiment, variant, fold, seed and state, and where these are alike the fields in which
  /// the plans differ.
  private func told(_ names: [String]) throws -> [String] {
    let index = WorkspaceIndex(self)
    _ = try index.refresh()
    let states = Dictionary(uniqueKeysWithValues: try index.runs(named: names).map { ($0.name, $0.state.rawValue) })
    let marks = try RunMarks(of: names, in: index)
    let (stored, claims) = (try StoredRuns(self), RunClaims(of: self))
    let plans = names.map { stored[$0]?.plan }
    let owners = names.map { claims.owners(of: $0) ?? "" }
    let isShared = Set(owners).count > 1
    let isSeeded = Set(plans.compactMap { $0?.training.seed }).count > 1
    let places = names.indices.map { number in
      let (name, plan) = (names[number], plans[number])
      return [
        claims.variant(of: name) ?? plan.map { "\($0.model.kind)" } ?? "",
        plan.map { "fold \($0.fold.number)" + (isSeeded ? ", seed \($0.training.seed)" : "") } ?? "",
      ]
    }
    let words = marks.words(places)
    let rows = names.indices.map { number in
      [names[number]] + (isShared ? [owners[number]] : []) + places[number] + [states[names[number]] ?? ""]
        + [words[number]].filter { !$0.isEmpty }
    }
    return AlignedTable.lines(rows)
  }

  /// What a removal by these full names would delete; nothing of it unless all of them exist and nobody trains one.
  package func removable(_ names: [String]) throws -> [RunDirectory] {
    let runs = try names.map { try entry(named: $0) ?? run(named: $0, exactly: true) }
    try requireIdle(runs)
    return runs
  }

  /// Deletes runs, given by their full names, with everything they hold, and whatever else lies in the folder of runs;
  /// nothing unless all of them exist, nobody trains one, and `confirmed`. One that is begun meanwhile is left, and so are those
  /// after it.
  ///
  /// - Parameter removed: called with the name of each run that is gone.
  package func remove(_ names: [String], confirmed: Bool, removed: (String) -> Void) throws {
    let runs = try removable(names)
    guard confirmed else { throw UsageError.needsConfirmation(runs: runs.count) }
    for run in runs {
      guard try run.remove() else { throw UsageError.runsAreBusy(busy([run])) }
      removed(run.name)
    }
    _ = try? WorkspaceIndex(self).refresh()
  }
}

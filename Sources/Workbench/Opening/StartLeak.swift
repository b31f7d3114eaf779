import Experiments
import Store
import Volumes

/// A run whose test cases its first weights have seen.
package struct StartLeak: Error, Equatable, CustomStringConvertible {
  package let run: String
  package let source: String
  package let cases: [String]
  /// Folds that could be trained from the same weights.
  package let folds: [Int]

  package var description: String {
    let remedy =
      folds.isEmpty
      ? "no fold of this experiment is without such cases"
      : "give --folds \(folds.map(String.init).joined(separator: ","))"
    return "\(run): training.start is \(source), which was trained or chosen on test cases of this run"
      + " (\(DatasetNotice.shortList(cases))), so that its scores would be too good; \(remedy), or begin with another run"
  }

  /// - Parameter found: plans that trained weights which are not kept in the workspace, by the weights' digests.
  /// - Throws: `StartLeak` for the first of the chosen runs that would be tested on what its weights were trained on.
  static func refuse(
    _ chosen: [PlannedRun], among all: [PlannedRun], in workspace: Workspace, found: [String: String]
  ) throws {
    let starts = try workspace.keptStarts()
    let runs = chosen.contains { $0.plan.training.startDigest != nil } ? try workspace.runDirectories() : []
    for run in chosen {
      guard let digest = run.plan.training.startDigest,
        let identity = starts.first(where: { $0.file == workspace.startFile(digest) })?.plan ?? found[digest],
        let source = runs.first(where: { $0.name.hasSuffix("-" + identity.prefix(12)) }),
        let plan = try? source.plan(), plan.dataset == run.plan.dataset
      else { continue }
      let seen = Set(plan.fold.train + plan.fold.validation)
      let leaked = run.plan.fold.test.filter(seen.contains)
      guard !leaked.isEmpty else { continue }
      let sound = Set(all.filter { seen.isDisjoint(with: $0.plan.fold.test) }.map(\.fold)).sorted()
      throw StartLeak(run: run.label, source: source.name, cases: leaked, folds: sound)
    }
  }
}

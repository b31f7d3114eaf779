import Experiments
import Foundation
import Store
import Volumes

/// What imported maps are compared with: an experiment's folds, and the truth of its cases on their images' own grids.
struct ImportTarget: Sendable {
  let specification: Specification
  let labels: LabelMap
  let folds: [Fold]
  /// SHA-256 of the dataset's content.
  let digest: String
  let cache: PreparedCache
  /// Where `safnet run` writes its folds as nnU-Net reads them.
  let splits: URL
  /// What was not looked at.
  let notices: [String]

  /// Believes what is prepared; a dataset that was never prepared is prepared and checked here.
  init(_ specification: Specification, in workspace: Workspace, workers: Int, console: any Console) throws {
    splits = workspace.root.appendingPathComponent("splits/\(specification.name)/\(SplitsFile.name)")
    let known = try KnownExperiment(specification, in: workspace, workers: workers)
    let folds = known.runs.map(\.plan.fold).reduce(into: [Fold]()) { folds, fold in
      if !folds.contains(where: { $0.number == fold.number }) { folds.append(fold) }
    }
    if let digest = known.runs.first?.plan.dataset.digest, folds.count == known.folds.count,
      let one = folds.first?.test.first, (try? known.cache.truth(one)) != nil
    {
      (self.specification, labels, self.folds) = (specification, known.labels, folds)
      (self.digest, cache, notices) = (digest, known.cache, known.notices)
      return
    }
    console.error("preparing the cases of \(specification.name)")
    let opening = ExperimentOpening(
      specification: specification, workspace: workspace, workers: workers, report: { _ in })
    let opened = try opening.open()
    try opening.checkCases(of: opened)
    (self.specification, labels, self.folds) = (specification, opened.plan.labels, opened.plan.folds)
    (digest, cache, notices) = (opened.plan.runs.first?.plan.dataset.digest ?? "", opened.cache, [])
  }

  func fold(_ number: Int) -> Fold? { folds.first { $0.number == number } }

  var names: Set<String> { Set(folds.flatMap { $0.train + $0.validation + $0.test }) }

  /// The case that a file's stem means: its name, or MRSpineSeg's `seg_case12` and `mask_case12` for Case12.
  func name(of stem: String, among names: Set<String>) -> String? {
    if names.contains(stem) { return stem }
    var rest = Substring(stem.lowercased())
    for prefix in ["seg_", "mask_"] where rest.hasPrefix(prefix) { rest = rest.dropFirst(prefix.count) }
    guard rest.hasPrefix("case") else { return nil }
    let name = "Case" + rest.dropFirst(4)
    return names.contains(name) ? name : nil
  }
}

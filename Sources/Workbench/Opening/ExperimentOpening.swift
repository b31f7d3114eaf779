import Experiments
import Foundation
import Store
import Volumes
import System

/// From a specification to its plan: makes the phantom if the specification asks for one, reads the dataset once,
/// prepares its cases, divides them into folds.
package struct ExperimentOpening {
  /// What takes long enough to be told.
  package enum Step: Equatable, Sendable {
    case phantom(done: Int, of: Int)
    case fingerprint(cases: Int)
    case preparing(done: Int, of: Int)
  }

  package let specification: Specification
  package let workspace: Workspace
  package let workers: Int
  package let report: @Sendable (Step) -> Void

  package init(
    specification: Specification, workspace: Workspace, workers: Int, report: @escaping @Sendable (Step) -> Void
  ) {
    (self.specification, self.workspace) = (specification, workspace)
    (self.workers, self.report) = (workers, report)
  }

  /// Believes what the last complete check of the cases found; a dataset that was never prepared is prepared and
  /// checked here.
  package func open() throws -> OpenedExperiment {
    let dataset = try openDataset()
    let labels = try specification.labels(of: dataset)
    report(.fingerprint(cases: dataset.cases.count))
    let fingerprint = try DatasetFingerprint(of: dataset, workers: workers)
    let cache = PreparedCache(
      directory: workspace.cacheFolder, fingerprint: fingerprint.digest, labels: labels,
      preprocessing: specification.preprocessing)
    let known = cache.readSummary()
    let summary = try known ?? prepare(cache, dataset)
    let plan = try ExperimentPlan(
      specification: specification, dataset: dataset, fingerprint: fingerprint, present: summary.present)
    return OpenedExperiment(plan: plan, dataset: dataset, cache: cache, casesWereChecked: known == nil)
  }

  /// Reads every prepared case and checks it, as must be before training; nothing when opening has just done so.
  package func checkCases(of opened: OpenedExperiment) throws {
    if !opened.casesWereChecked { _ = try prepare(opened.cache, opened.dataset) }
  }

  private func prepare(_ cache: PreparedCache, _ dataset: Dataset) throws -> CacheSummary {
    try cache.prepare(dataset, workers: workers) { [report] in report(.preparing(done: $0, of: $1)) }
  }

  private func openDataset() throws -> Dataset {
    let root = specification.datasetRoot
    if let phantom = specification.dataset.phantom, !FileManager.default.fileExists(atPath: root.path) {
      try write(phantom, to: root)
    }
    return try Dataset.open(root, layout: specification.dataset.layout)
  }

  /// Under another name first: a phantom of which a part was written must not be taken for a dataset.
  private func write(_ phantom: Phantom, to root: URL) throws {
    let staged = try StagedFolder.create(for: root)
    try phantom.write(to: staged.url, workers: workers) { report(.phantom(done: $0, of: $1)) }
    // Another process may have made the same phantom meanwhile.
    _ = try staged.takePlace()
  }
}

/// An experiment whose dataset was read.
package struct OpenedExperiment: Sendable {
  package let plan: ExperimentPlan
  package let dataset: Dataset
  package let cache: PreparedCache
  fileprivate let casesWereChecked: Bool

  /// Writes the folds as nnU-Net reads them, so that others can train on the same ones.
  package func writeSplits(to folder: URL) throws {
    try SplitsFile.write(plan.folds, in: folder)
  }
}

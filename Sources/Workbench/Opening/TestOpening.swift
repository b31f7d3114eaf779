import Experiments
import Foundation
import Store
import System
import Volumes

/// An external test set that was read, and prepared as the training cases are.
struct OpenedTest {
  let external: PlannedPrediction.External
  let cache: PreparedCache
  let record: TestSetRecord

  /// - Parameters:
  ///   - opened: the experiment, whose own cases are prepared.
  ///   - keeps: whether prepared cases and what was found stay: not where a dry run promises to do nothing.
  /// - Returns: nil where the experiment has no test set.
  init?(
    of specification: Specification, beside opened: OpenedExperiment, in workspace: Workspace, workers: Int,
    keeps: Bool,
    report: @escaping @Sendable (ExperimentOpening.Step) -> Void
  ) throws {
    guard let set = try specification.testSet(beside: opened.dataset, labels: opened.plan.labels) else { return nil }
    for words in set.notices { report(.notice(words)) }
    let contents = try DatasetContents(of: set.dataset, workers: workers)
    let digest = contents.fingerprint.digest
    external = PlannedPrediction.External(digest: digest, cases: set.names)
    record = TestSetRecord(
      digest: digest, cases: set.names, patients: set.dataset.patients, place: set.dataset.root.path)
    guard !set.isOwn else {
      cache = opened.cache
      if keeps { try workspace.store(record, of: specification.name) }
      return
    }
    let labels = set.labels(opened.plan.labels)
    cache = PreparedCache(
      directory: workspace.cacheFolder, fingerprint: digest, labels: labels, preprocessing: specification.preprocessing)
    func read() throws -> CacheSummary {
      let grids = ImageGrids(of: set.dataset, specification.preprocessing, workers: workers)
      let workers = try PreparationMemory.workers(workers, specification.preprocessing, grids, of: set.dataset)
      let progress: @Sendable (Int, Int) -> Void = { report(.preparing(done: $0, of: $1)) }
      return keeps
        ? try cache.prepare(set.dataset, contents, workers: workers, progress: progress)
        : try cache.inspect(set.dataset, contents, workers: workers, progress: progress)
    }
    func prepare() throws -> CacheSummary {
      do { return try read() } catch let errors as DatasetErrors { throw specification.ofTest(errors) }
    }
    let summary = try cache.readSummary(of: set.dataset) ?? prepare()
    let more = labels.background.filter { number in
      !opened.plan.labels.background.contains(number) && summary.cases.contains { $0.apart?[number] != nil }
    }
    if !more.isEmpty {
      report(
        .notice(
          "masks of the test set hold \(more.map(String.init).joined(separator: ", ")), which its own file names and no network"
            + " here learns: background"))
    }
    let known = specification.knownImages(among: summary, opened.summary)
    guard known.isEmpty else { throw SpecificationErrors(known) }
    for words in NearCopies.notices(ofTests: summary.cases, among: opened.summary?.cases ?? []) {
      report(.notice(words))
    }
    guard keeps else { return }
    try workspace.store(record, of: specification.name)
  }
}

/// What is known of the external test set without preparing anything.
struct KnownTest {
  let record: TestSetRecord
  /// What was not looked at, or has changed since.
  let notices: [String]

  /// - Returns: nil where the experiment has no test set.
  /// - Throws: what is wrong with the test set when no record of it could serve instead.
  init?(of specification: Specification, labels: LabelMap, in workspace: Workspace, workers: Int) throws {
    guard specification.test != nil else { return nil }
    let stored = workspace.testSet(of: specification.name)
    do {
      guard let set = try specification.testSet(beside: specification.openDataset(), labels: labels) else { return nil }
      let digest = try DatasetFingerprint(of: set.dataset, workers: workers).digest
      record = TestSetRecord(
        digest: digest, cases: set.names, patients: set.dataset.patients, place: set.dataset.root.path)
      notices =
        stored == nil || stored?.digest == digest
        ? []
        : [
          "the test set \(set.dataset.root.path) has changed since the runs were tested on it; `safnet run` tests them on"
            + " what it holds now"
        ]
    } catch let error where !(error is SpecificationErrors) {
      guard let stored else { throw error }
      record = stored
      notices = ["the test set was not looked at (\(error)); its scores are those of the last `safnet run`"]
    }
  }
}

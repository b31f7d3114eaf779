import Experiments
import Foundation
import Store
import Volumes
import System

/// From a specification to its plan: makes the phantom if the specification asks for one, reads the dataset once,
/// prepares its cases, divides them into folds.
package struct ExperimentOpening {
  /// What takes long enough to be told, and what was found.
  package enum Step: Equatable, Sendable {
    /// - Parameter stays: whether the images are kept, and not of a dry run.
    case phantom(done: Int, of: Int, stays: Bool = true)
    case fingerprint(cases: Int)
    case preparing(done: Int, of: Int)
    case census(DatasetCensus)
    /// Where the folds come from, and how many they are.
    case folds(String)
    /// What is legal, and should be known.
    case notice(String)
  }

  package let specification: Specification
  package let workspace: Workspace
  package let workers: Int
  package let report: @Sendable (Step) -> Void
  /// Called before the first image is read, where cases are to be prepared: what costs nothing to check (memory) comes
  /// before what costs minutes.
  package var beforePreparing: (_ classes: Int, _ folds: [FoldSizes], _ images: ImageGrids?) throws -> Void = {
    _, _, _ in
  }

  /// Whether prepared cases and a phantom stay: not where a dry run promises to do nothing.
  package var keeps = true

  package init(
    specification: Specification, workspace: Workspace, workers: Int, report: @escaping @Sendable (Step) -> Void
  ) {
    (self.specification, self.workspace) = (specification, workspace)
    (self.workers, self.report) = (workers, report)
  }

  /// Believes what the last complete check of the cases found; a dataset that was never prepared is prepared and
  /// checked here.
  package func open() throws -> OpenedExperiment {
    _ = try settledSpecification(specification.dataset.knownLabels, keeps: false)
    let (dataset, scratch) = try openDataset()
    try specification.checkTestPlace()
    let settledStarts = try settledSpecification(specification.labels(of: dataset), keeps: keeps)
    let sizes = try specification.checkCounts(of: dataset, labels: specification.labels(of: dataset))
    report(.fingerprint(cases: dataset.cases.count))
    let contents = try DatasetContents(of: dataset, workers: workers)
    let settled = try SettledLabels(specification, dataset, digest: contents.fingerprint.digest, workspace)
    let labels = settled.labels(workers: workers)
    let cache = PreparedCache(
      directory: workspace.cacheFolder, fingerprint: contents.fingerprint.digest, labels: labels,
      preprocessing: specification.preprocessing)
    let known = cache.readPresence(of: dataset)
    let images =
      cache.readSummary(of: dataset).flatMap { ImageGrids($0) }
      ?? ImageGrids(of: dataset, specification.preprocessing, workers: workers)
    let tooLarge = images.map { specification.patchConflicts($0) } ?? []
    guard tooLarge.isEmpty else { throw SpecificationErrors(tooLarge) }
    if known == nil { try beforePreparing(labels.classes, sizes, images) }
    let summary = known == nil ? try prepare(cache, dataset, contents, images) : nil
    let plan = try ExperimentPlan(
      specification: settledStarts, dataset: dataset, fingerprint: contents.fingerprint, labels: labels,
      present: known ?? summary?.present ?? [:])
    return OpenedExperiment(
      plan: plan, dataset: dataset, cache: cache, images: images, contents: contents, known: known, checked: summary,
      scratch: scratch)
  }

  /// Reads every prepared case and checks it, as must be before training, unless opening has just done so; reports what
  /// was found, taken and kept.
  ///
  /// - Throws: `CasesDiffer` when the plan was made from what is not so.
  package func checkCases(of opened: OpenedExperiment) throws {
    let summary = try opened.checked ?? prepare(opened.cache, opened.dataset, opened.contents, opened.images)
    if let known = opened.known, known != summary.present { throw CasesDiffer(folder: opened.cache.folder.path) }
    report(.census(census(of: opened, summary)))
    report(.folds(specification.foldWords(of: opened.dataset)))
    let ofTraining =
      (opened.images.map(specification.paddingNotices) ?? []) + specification.layerNotices(summary.cases.map(\.spacing))
      + specification.averageNotices(cases: opened.plan.folds.map(\.train.count).min() ?? 0)
      + specification.groupNotices(ofOpened: opened.plan.labels)
    let shifted = ShiftedMasks.notices(taken(summary, of: opened), in: opened.cache, labels: opened.plan.labels)
    for words in ofTraining + dataNotices(opened, summary) + shifted { report(.notice(words)) }
  }

  /// The warnings of the data that `checkCases` gives, and `safnet dataset check` too, by what is stored of the cases: none is
  /// read.
  ///
  /// - Returns: those that say which cases and folds are used, and how many others there are; 0 where nothing is stored.
  package func knownWarnings(of opened: OpenedExperiment) -> (named: [String], others: Int) {
    let named = DatasetNotice.lines(opened.dataset.notices.filter(\.decidesCases), below: opened.dataset.root)
    guard let summary = opened.cache.readSummary() else { return (named, 0) }
    return (named, census(of: opened, summary).notices.count + dataNotices(opened, summary).count - named.count)
  }

  private func taken(_ summary: CacheSummary, of opened: OpenedExperiment) -> [CaseFacts] {
    let excluded = opened.dataset.excludedNames
    return summary.cases.filter { !excluded.contains($0.name) }
  }

  private func census(of opened: OpenedExperiment, _ summary: CacheSummary) -> DatasetCensus {
    var census = DatasetCensus(
      opened.dataset, labels: opened.plan.labels, written: try? specification.labels(of: opened.dataset),
      isAssumed: specification.takesLabelsOfLayout(of: opened.dataset), preprocessing: specification.preprocessing,
      facts: summary.cases)
    if specification.hasTestOfItsOwn { census.leaveToTest() }
    return census
  }

  private func dataNotices(_ opened: OpenedExperiment, _ summary: CacheSummary) -> [String] {
    specification.coarseNotices(summary.cases.map(\.extent))
      + RareStructures.notices(opened.plan.labels.names, summary.cases, folds: opened.plan.folds) {
        specification.untaughtRemedy(of: opened.dataset, isInValidation: $0)
      }
  }

  private func prepare(
    _ cache: PreparedCache, _ dataset: Dataset, _ contents: DatasetContents, _ images: ImageGrids?
  ) throws -> CacheSummary {
    let workers = try PreparationMemory.workers(workers, specification.preprocessing, images, of: dataset)
    let progress: @Sendable (Int, Int) -> Void = { [report] in report(.preparing(done: $0, of: $1)) }
    do {
      return keeps
        ? try cache.prepare(dataset, contents, workers: workers, progress: progress)
        : try cache.inspect(dataset, contents, workers: workers, progress: progress)
    } catch let errors as DatasetErrors {
      let place = specification.labelsPlace(of: dataset)
      throw DatasetErrors(dataset.blamingMap(cache.labels, at: place, errors.problems, workers: workers))
    }
  }

  private func settledSpecification(_ labels: LabelMap?, keeps: Bool) throws -> Specification {
    try specification.settlingStarts(in: workspace, structures: labels, keeps: keeps)
  }

  /// The dataset, and the folder that holds it where it is to go again.
  private func openDataset() throws -> (Dataset, scratch: StagedFolder?) {
    var root = specification.datasetRoot
    var scratch: StagedFolder?
    if let phantom = specification.dataset.phantom, !FileManager.default.fileExists(atPath: root.path) {
      if let labels = specification.dataset.knownLabels {
        try beforePreparing(labels.classes, specification.foldSizes(cases: phantom.cases), nil)
      }
      if let words = madeUp(beside: root) { report(.notice(words)) }
      let temporary = FileManager.default.temporaryDirectory.appending(path: "safnet-dry-run")
      let staged = try StagedFolder.create(for: keeps ? root : temporary)
      try phantom.write(to: staged.url, workers: workers) { [report, keeps] in
        report(.phantom(done: $0, of: $1, stays: keeps))
      }
      // Under another name first: a phantom of which a part was written must not be taken for a dataset. Another process
      // may have made the same one meanwhile.
      if keeps { _ = try staged.takePlace() } else { (root, scratch) = (staged.url, staged) }
    }
    return (try specification.openDataset(at: root), scratch)
  }

  /// What is said of a phantom in the place of a dataset that has nearly its name; nil where there is none.
  private func madeUp(beside root: URL) -> String? {
    guard let name = Dataset.neighbour(of: root) else { return nil }
    let other = root.deletingLastPathComponent().appendingPathComponent(name)
    guard Dataset.isOne(other) else { return nil }
    return
      "nothing is at \(root.path), which dataset.path names, so that made-up images (dataset.phantom) take its place; \(other.path)"
      + " is beside it: write that into dataset.path, and take dataset.phantom out, if those images are meant"
  }
}

/// The folds were balanced by a summary that the cases themselves do not bear out; it has been written anew.
package struct CasesDiffer: Error, Equatable, CustomStringConvertible {
  package let folder: String
  package var description: String {
    "\(folder): what it said of the cases was not so and was written anew; give the same command again"
  }
}

/// An experiment whose dataset was read.
package struct OpenedExperiment: Sendable {
  package let plan: ExperimentPlan
  package let dataset: Dataset
  package let cache: PreparedCache
  /// The images as the networks see them; nil where none can be read.
  package let images: ImageGrids?
  fileprivate let contents: DatasetContents
  /// What was believed of the cases; nil where nothing was known.
  fileprivate let known: [String: [Bool]]?
  /// What was found when they were prepared while opening; nil where they were not.
  fileprivate let checked: CacheSummary?
  /// Holds the dataset of a dry run, and goes with it.
  fileprivate let scratch: StagedFolder?

  /// Of its cases: as they are kept, else as they were looked at; nil where neither was done.
  package var summary: CacheSummary? { cache.readSummary() ?? checked }

  /// Writes the folds as nnU-Net reads them, so that others can train on the same ones.
  package func writeSplits(to folder: URL) throws {
    try SplitsFile.write(plan.folds, in: folder)
  }
}

import Experiments
import Foundation
import Synchronization
import System
import Text
import Volumes

/// `safnet dataset check`: every case read, everything that would stop a training, and everything that is left out.
package struct DatasetReport: Encodable, Equatable, Sendable {
  /// What the masks' numbers mean.
  package enum LabelSource: String, CaseIterable, Sendable { case mrspineseg, datasetFile = "dataset.json" }

  package var layout: String
  package var cases: Int
  /// Found, taken, kept; with the notices.
  package var census: DatasetCensus
  package var problems: [String]
  /// Cases that could be looked into: of the others, nothing is counted.
  private let sound: Int
  /// The problems as they are shown: equal ones on one line.
  private(set) var shownProblems: [String]
  /// The preprocessing that was looked through, as the text says it.
  private var preprocessing: String
  /// Where the folds come from; nil where no experiment says it.
  private var folds: String?

  private enum CodingKeys: CodingKey { case layout, cases, census, problems }

  /// Opens the dataset and reads all its cases, with the usual preprocessing.
  ///
  /// - Parameters:
  ///   - folder: or a manifest.
  ///   - labels: nil: `dataset.json` where there is one.
  package init(checking folder: String, layout: DatasetLayout, labels: LabelSource?) throws {
    let dataset = try Dataset.open(URL(fileURLWithPath: folder), layout: layout, channels: .all)
    let map = try Self.labelMap(labels, of: dataset, folder: folder)
    try self.init(
      dataset, labels: map, isAssumed: labels == nil && dataset.labels == nil && dataset.layout == .mrSpineSeg,
      labelsPlace: dataset.labels == map ? dataset.labelsPlace : nil,
      preprocessing: Preprocessing(), of: "an experiment that sets none",
      further: { _, _ in StudyFolds.fewNotices(of: dataset, batch: TrainingPlan().batch) })
    let wrong = Self.splitsProblems(of: dataset)
    problems += wrong
    shownProblems += wrong
  }

  /// What keeps the dataset's own splits from being folds, one line each: an experiment takes them unless it says otherwise.
  private static func splitsProblems(of dataset: Dataset) -> [String] {
    if let strange = dataset.strangeSplits { return [Conflict.splitsOfAnother(strange).words] }
    return dataset.splitsErrors?.lines ?? []
  }

  /// The dataset of an experiment, as its own preprocessing leaves it.
  ///
  /// - Parameter progress: called after each case with how many are done and how many there are.
  package init(
    _ specification: Specification, progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws {
    let root = specification.datasetRoot.path
    if specification.dataset.phantom != nil, !FileManager.default.fileExists(atPath: root) {
      throw PhantomNotWritten(folder: root)
    }
    let dataset = try specification.openDataset()
    let labels = try specification.labels(of: dataset)
    _ = try specification.checkCounts(of: dataset, labels: labels)
    let all = labels.leavingOut(specification.leftOut(of: dataset, besides: labels))
    try self.init(
      dataset, labels: all, written: labels, isAssumed: specification.takesLabelsOfLayout(of: dataset),
      labelsPlace: specification.labelsPlace(of: dataset), preprocessing: specification.preprocessing,
      of: specification.name, progress: progress,
      further: { facts, present in
        specification.coarseNotices(facts.map(\.extent)) + specification.groupNotices(ofOpened: labels)
          + specification.rareNotices(of: dataset, all, facts, present: present)
      })
    folds = specification.foldWords(of: dataset)
    if specification.hasTestOfItsOwn { census.leaveToTest() }
  }

  /// - Parameter labelsPlace: where the labels are given, as messages begin; nil: in an option of the command, or by nobody.
  private init(
    _ dataset: Dataset, labels: LabelMap, written: LabelMap? = nil, isAssumed: Bool, labelsPlace: String?,
    preprocessing: Preprocessing, of owner: String,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in },
    further: (_ taken: [CaseFacts], _ present: [String: [Bool]]) -> [String] = { _, _ in [] }
  ) throws {
    let cores = Machine.current().cores
    let grids = ImageGrids(of: dataset, preprocessing, workers: cores)
    let workers = try PreparationMemory.workers(cores, preprocessing, grids, of: dataset)
    let check = CaseCheck(labels: labels, preprocessing: preprocessing)
    // What is prepared goes at once: only its facts are kept.
    let results = parallelMap(dataset.cases, workers: workers, progress: progress) { one in
      Result { () throws(DatasetErrors) in
        try check.prepare(one, of: DatasetContents(of: one)).get().facts
      }
    }
    let excluded = dataset.excludedNames
    let kept = zip(dataset.cases, results).filter { !excluded.contains($0.0.name) }
    let facts = kept.compactMap { try? $1.get() }
    let found = kept.flatMap { _, result -> [DatasetProblem] in
      if case .failure(let errors) = result { errors.problems } else { [] }
    }
    let images = kept.compactMap { one, result in
      (try? result.get()).map { (file: one.image, digest: $0.imageDigest) }
    }
    let ofMap = labelsPlace.map { dataset.blamingMap(labels, at: $0, found, workers: cores) } ?? found
    let all = ofMap + CaseCheck.duplicates(images)
    (layout, cases, sound) = (dataset.layout.rawValue, kept.count, facts.count)
    census = DatasetCensus(
      dataset, labels: labels, written: written, isAssumed: isAssumed, preprocessing: preprocessing, facts: facts)
    let present = results.compactMap { try? $0.get() }.map { ($0.name, $0.present) }
    census.notices += ShiftedMasks.notices(facts, of: dataset, labels: labels)
    census.notices += further(facts, Dictionary(present, uniquingKeysWith: { first, _ in first }))
    (problems, shownProblems) = (all.map(\.description), DatasetProblem.folded(all))
    let crop = preprocessing.crop == .none ? "the whole width" : "the middle half of the width"
    let grid =
      preprocessing.spacing.map { "spacing \($0.map { "\($0)" }.joined(separator: " x ")) mm" }
      ?? "size \(preprocessing.size)"
    self.preprocessing = "as \(owner) prepares it: \(grid), \(crop)"
  }

  private static func labelMap(_ source: LabelSource?, of dataset: Dataset, folder: String) throws -> LabelMap {
    switch source {
    case .mrspineseg: return .mrSpineSeg
    case nil:
      if let own = dataset.ownLabels { return own }
      // A manifest names no structures: its numbers stand for themselves.
      let numbers = dataset.structureNumbers(workers: Machine.current().cores).sorted()
      return LabelMap(structures: numbers.prefix(255).map { .init(name: "label \($0)", value: $0) })
    case .datasetFile:
      guard let labels = dataset.labels else { throw UsageError.noLabels(dataset: folder) }
      return labels
    }
  }

  package var text: String {
    let looked = Quantity.of(sound < cases ? sound : cases, sound < cases ? "sound case" : "case")
    let counts = (sound == 0 ? [] : census.structures).map { structure in
      let seen = "  \(structure.name): in \(structure.cases) of \(looked)"
      guard structure.masks > structure.cases else { return seen }
      return seen + ", in \(Quantity.of(structure.masks, "mask"))"
    }
    let verdict =
      problems.isEmpty
      ? [census.notices.isEmpty ? "no problems" : "no problems beside the warnings above"]
      : ["\(Quantity.of(problems.count, "problem")):"] + shownProblems.map { "  \($0)" }
    let taken = cases + census.excluded.count
    let (images, masks) = (census.foundImages - taken * (census.channels?.count ?? 1), census.foundMasks - taken)
    let left = images + masks > 0 ? ", left out: \(Quantity.of(images, "image")) and \(Quantity.of(masks, "mask"))" : ""
    return
      (["\(Quantity.of(cases, "case")), layout \(layout)\(left)"] + census.lines + [preprocessing]
      + (folds.map { ["folds: \($0)"] } ?? []) + counts + verdict)
      .joined(separator: "\n")
  }
}

/// An experiment's made-up dataset, before its first run.
package struct PhantomNotWritten: Error, Equatable, CustomStringConvertible {
  package let folder: String
  package var description: String {
    "\(folder) is not there yet; `safnet run` writes the experiment's phantom to it"
  }
}

import Experiments
import Foundation
import JSON
import Measurement
import Networks
import Text
import Volumes

/// The experiment that a dataset's fingerprint leads to, before it is written.
struct StudyDraft {
  private(set) var choices: [StudyChoice] = []
  private(set) var questions: [StudyQuestion] = []
  /// As `safnet validate` reads it.
  private(set) var specification = Specification()

  private let dataset: Dataset
  private let output: URL
  private let memory: StudyMemory
  private let engine: any Engine
  private let labels: StudyLabels
  private let grid: StudyGrid
  /// Nil: networks see whole images of the grid.
  private(set) var patches: StudyPatches?
  /// What does not depend on the grid: before it, and behind it.
  private let head: [StudyChoice]
  private var tail: [StudyChoice]

  /// The experiment's text.
  var text: String { CanonicalJSON.pretty(.experiment(choices)) + "\n" }

  init(
    _ dataset: Dataset, _ survey: DatasetSurvey, _ drawn: StudyFolds, output: URL, path: String, memory: StudyMemory,
    recipe: NewStudy.Recipe, engine: any Engine
  ) throws {
    (self.dataset, self.output, self.memory, self.engine) = (dataset, output, memory, engine)
    labels = try StudyLabels(dataset, survey)
    let problems = labels.map.problems
    guard problems.isEmpty else { throw StudyRefusal.structures(folder: dataset.root.path, problems: problems) }
    grid = StudyGrid(survey)
    if case .nnUNet(let patch) = recipe {
      patches = try StudyPatches(survey, classes: Self.classes(dataset, labels), memory: memory.given, own: patch)
    }
    let name = Self.name(output)
    head =
      [
        StudyChoice("name", .string(name), "the file's name; names the report's folder"),
        StudyChoice(
          "title",
          .string("\(Quantity.of(survey.cases.count, "case")) of \(dataset.root.lastPathComponent)"),
          "heads the report"),
        StudyChoice("dataset.path", .string(path), "as seen from the study's own folder"),
        StudyChoice("dataset.layout", .string(dataset.layout.rawValue), "recognised by its files"),
      ] + Self.channels(dataset) + [labels.choice]
    var folds = drawn
    tail = StudyTraining.augmentation(labels) + folds.choices
    var sizes: [FoldSizes]
    do { sizes = try foldSizes(survey) } catch is FoldErrors {
      // More validation cases than one may take every patient that a fold trains with.
      folds.choosesByOne = true
      tail = StudyTraining.augmentation(labels) + folds.choices
      sizes = try foldSizes(survey)
    }
    let training = sizes.map(\.train).min() ?? 1
    if let patches { try take(patches, training: training) } else { try settle(training: training) }
    questions =
      folds.questions(dataset.names) + labels.questions(survey, folds: sizes.count)
      + StudyQuestion.all(dataset, survey, labels, isPatched: patches != nil)
    questions.sort { $0.key < $1.key }
  }

  /// With the background. nnU-Net plans for all that dataset.json names, whether a mask has it or not.
  private static func classes(_ dataset: Dataset, _ labels: StudyLabels) -> Int {
    guard dataset.layout == .nnUNet, let own = dataset.ownLabels else { return labels.map.classes }
    return own.structures.count + (own.ignore == nil ? 1 : 2)
  }

  /// All that the dataset names, where it names several.
  private static func channels(_ dataset: Dataset) -> [StudyChoice] {
    guard dataset.channels.count > 1 else { return [] }
    let names = zip(dataset.channels, dataset.channelNames).map { "\($0) \($1)" }.joined(separator: ", ")
    return [
      StudyChoice(
        "dataset.channels", .numbers(dataset.channels),
        "all that \(dataset.layout == .nnUNet ? "dataset.json" : "the table") names: \(names); each normalised by itself"
      )
    ]
  }

  /// Letters, digits and a few signs of the file's name.
  private static func name(_ output: URL) -> String {
    let stem = output.deletingPathExtension().lastPathComponent
    let plain = stem.map { $0.isASCII && ($0.isLetter || $0.isNumber) || "._-".contains($0) ? $0 : "-" }
    let name = String(plain.drop { !($0.isLetter || $0.isNumber) })
    return name.isEmpty ? "study" : name
  }

  /// Of the folds as they will be drawn, and of those that plans count with, whichever trains fewer.
  private func foldSizes(_ survey: DatasetSurvey) throws -> [FoldSizes] {
    guard let coarsest = grid.candidates.last else { return [] }
    let draft = try specification(
      of: patches.map { choices($0, training: 1) } ?? choices(coarsest, batch: 1, training: 1))
    let planned = try draft.checkCounts(of: dataset, labels: draft.labels(of: dataset))
    let drawn = try draft.folds(of: dataset, present: survey.present(labels.map)).map(FoldSizes.init)
    return zip(planned, drawn).map { $0.train < $1.train ? $0 : $1 }
  }

  /// Whatever memory there is: the report says what the patches take of it.
  private mutating func take(_ patches: StudyPatches, training: Int) throws {
    choices = self.choices(patches, training: training)
    specification = try specification(of: choices)
    try patches.check(specification)
  }

  /// The finest grid on which two cases of every network fit, and as many as fit there.
  private mutating func settle(training: Int) throws {
    let (smallest, largest) = (
      min(StudyTraining.smallestBatch, training), StudyTraining.largestBatch(training: training)
    )
    for least in Set([smallest, 1]).sorted(by: >) {
      for candidate in grid.candidates where try fits(candidate, least, training) {
        var batch = least
        while batch < largest, try fits(candidate, batch + 1, training) { batch += 1 }
        choices = self.choices(candidate, batch: batch, training: training)
        specification = try specification(of: choices)
        return
      }
    }
    guard let last = grid.candidates.last else { return }
    let needed = try shortages(last, 1, training).map(\.needed).max() ?? 0
    throw StudyRefusal.doesNotFit(size: "\(last.size)", needed: needed, free: memory.bytes)
  }

  private func fits(_ candidate: StudyGrid.Candidate, _ batch: Int, _ training: Int) throws -> Bool {
    try shortages(candidate, batch, training).isEmpty
  }

  private func shortages(
    _ candidate: StudyGrid.Candidate, _ batch: Int, _ training: Int
  ) throws -> [MemoryShortage] {
    let draft = try specification(of: choices(candidate, batch: batch, training: training))
    let sizes = try draft.checkCounts(of: dataset, labels: draft.labels(of: dataset))
    return draft.memoryShortages(classes: labels.map.classes, folds: sizes, free: memory.bytes, engine: engine)
  }

  private func choices(_ candidate: StudyGrid.Candidate, batch: Int, training: Int) -> [StudyChoice] {
    let limit = StudyTraining.limit(batch: batch, training: training, memory: memory.words)
    return choices(
      grid.choices(candidate, memory: memory.words),
      StudyTraining.choices(batch: batch, training: training, because: limit), spacing: candidate.spacing)
  }

  private func choices(_ patches: StudyPatches, training: Int) -> [StudyChoice] {
    choices(patches.choices, patches.training(training), spacing: patches.spacing)
  }

  private func choices(_ images: [StudyChoice], _ training: [StudyChoice], spacing: [Double]) -> [StudyChoice] {
    head + images + tail + training + StudyTraining.networks(spacing: spacing)
      + [StudyChoice("report.baseline", "Base", "the others are compared with it")]
  }

  private func specification(of choices: [StudyChoice]) throws -> Specification {
    let text = CanonicalJSON.pretty(.experiment(choices))
    let document = try JSONParser.parse(Array(text.utf8), origin: .file(output.path))
    return try Specification(document, workingDirectory: output.deletingLastPathComponent())
  }
}

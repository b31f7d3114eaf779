import Compute
import Experiments
import Foundation
import JSON
import Measurement
import Networks
import System
import Text
import Volumes

/// `safnet new`: from a dataset to a whole experiment, with the reason for each of its numbers.
///
/// The rules are in `docs/new.md`. Nothing is written but the experiment's file, and that last.
package struct NewStudy {
  private let root: URL
  private let output: URL
  /// As it was typed.
  private let written: String
  private let engine: any Engine
  private let console: any Console
  /// Bytes that a run may take; nil: what this machine has to give.
  package var memory: Int?
  /// Train each network for a moment to estimate times.
  package var measures = true
  /// What the networks see at once.
  package var recipe = Recipe.images

  package enum Recipe: Equatable, Sendable {
    /// Whole images of one size.
    case images
    /// nnU-Net's planned spacing, patch and batch, or a patch of one's own.
    case nnUNet(patch: Extent3?)
  }

  /// - Throws: an output that cannot be written, or a dataset that cannot be one, by its name alone.
  package init(dataset: String, output: String, engine: any Engine, console: any Console) throws {
    root = URL(fileURLWithPath: dataset).physicalFileURL
    self.output = URL(fileURLWithPath: output).physicalFileURL
    (written, self.engine, self.console) = (output, engine, console)
    try OutputPlace.requireFile(output, at: self.output)
    try refuseExisting()
    if let known = try? Specification.load(root) {
      throw UsageError.experimentForDataset(file: dataset, dataset: known.datasetRoot.path)
    }
    if let errors = DatasetErrors(fileAt: root) { throw errors }
  }

  private func refuseExisting() throws(UsageError) {
    var status = stat()
    if lstat(output.path, &status) == 0 { throw .outputExists(file: output.path) }
  }

  /// Reads the dataset, writes the experiment, and says what was chosen.
  package func write(on machine: Machine = .current()) throws -> NewStudyReport {
    let dataset = try Dataset.open(root, channels: .all)
    let folds = try StudyFolds(dataset)
    if let warning = folds.warning { console.error("warning: \(warning)") }
    let lines = PreparationLines(console)
    let survey = try DatasetSurvey(dataset.cases) { lines.counter("reading images and masks", $0, $1) }
    let draft = try StudyDraft(
      dataset, survey, folds, output: output, path: relativePath, memory: StudyMemory(memory, machine),
      recipe: recipe, engine: engine)
    let check = try DatasetReport(draft.specification) { lines.counter("checking cases", $0, $1) }
    guard check.problems.isEmpty else { throw StudyRefusal.problems(check.shownProblems) }
    var planning = Planning()
    (planning.measures, planning.freeMemory) = (measures, memory)
    if measures { console.error("timing \(Quantity.of(draft.specification.variants.count, "network"))") }
    let estimate = try planning.estimate(draft.specification, engine: engine, on: machine)
    try refuseExisting()
    try AtomicFile.write(Data(draft.text.utf8), to: output)
    return NewStudyReport(
      study: written, fingerprint: survey, check: check, choices: draft.choices,
      questions: draft.questions, patches: draft.patches, estimate: estimate)
  }

  /// The dataset as seen from the study's folder; in full where they share no folder but the root.
  private var relativePath: String {
    let folder = output.deletingLastPathComponent()
    let (near, below) = (folder.pathComponents, root.pathComponents)
    if below.count > near.count, below.starts(with: near) { return below.dropFirst(near.count).joined(separator: "/") }
    // Steps out of a folder lead to where it really lies.
    let (start, place) = (
      folder.resolvingSymlinksInPath().pathComponents, root.resolvingSymlinksInPath().pathComponents
    )
    let shared = zip(start, place).prefix { $0 == $1 }.count
    guard shared > 1 else { return root.path }
    let steps = Array(repeating: "..", count: start.count - shared) + place.dropFirst(shared)
    return steps.isEmpty ? "." : steps.joined(separator: "/")
  }
}

/// What the runs of a new study may take of a machine's memory.
struct StudyMemory {
  let bytes: Int
  let words: String
  /// As `--memory` says it; nil: it does not.
  let given: Int?

  /// nnU-Net's planner plans for a GPU of this size, whatever there is.
  private static let usual = 8 << 30

  init(_ given: Int?, _ machine: Machine) {
    self.given = given
    if let given {
      (bytes, words) = (given, "\(Quantity.bytes(given)) (--memory)")
    } else if machine.freeMemory / 4 * 3 < Self.usual {
      bytes = machine.freeMemory / 4 * 3
      words = "three quarters of the \(Quantity.bytes(machine.freeMemory)) that are free"
    } else {
      (bytes, words) = (Self.usual, "\(Quantity.bytes(Self.usual)), what nnU-Net plans for")
    }
  }
}

import Foundation
import JSON
import Models
import Networks
import Volumes

/// One experiment: a file of `Experiments/` with every `extends` and `--set` applied and every default filled in.
package struct Specification: Sendable {
  /// Names the report's folder: letters, digits, `.`, `_` and `-`.
  package var name = ""
  /// Heads the report; the name where nothing is said.
  package var title = ""
  /// Where the images are and what their masks mean.
  package var dataset = DatasetPlan()
  /// How an image becomes the network's input, for all variants.
  package var preprocessing = Preprocessing()
  /// Random changes to training cases, for all variants; nil: none.
  package var augmentation: Augmentation? = Augmentation()
  /// How the cases are divided, for all variants.
  package var folds = FoldPlan()
  /// What variants that say nothing else have as their network.
  package var model = ModelConfiguration(SAFNet())
  /// What variants that say nothing else have as their training.
  package var training = TrainingPlan()
  /// What variants that say nothing else are trained with, one after the other, in place of `training.seed`; nil: with
  /// that alone. Folds do not depend on them.
  package var seeds: [UInt64]?
  /// Of every variant that has none of its own; used up when the variants are made.
  var grid: Grid?
  /// The rows of the tables, at least one.
  package var variants: [Variant] = []
  /// Cases beside cross-validation that every run is tested on; nil: none.
  package var test: TestPlan?
  /// Ways of predicting that stand in the tables beside the plain one; they train nothing.
  package var prediction: [PredictionPlan] = []
  /// Which tables are made, and how numbers are averaged.
  package var report = ReportPlan()

  /// The merged document, for the places of later errors.
  var document = JSONNode(.object([]), SourcePlace(.option("")))
  /// From which relative paths are meant.
  package internal(set) var workingDirectory = URL(fileURLWithPath: "/")
  /// The files and options that the document was merged from, each changing what comes before it.
  var origins: [SourcePlace.Origin] = []
  /// The file that it was read from: the last of those that extend each other; nil where there is none.
  package var file: URL? { files.last }
  /// That file, behind those that it extends.
  package var files: [URL] { shownFiles.map { URL(fileURLWithPath: $0, relativeTo: workingDirectory).absoluteURL } }
  /// Its path as messages show it.
  package var shownFile: String? { shownFiles.last }
  private var shownFiles: [String] { origins.compactMap { if case .file(let path) = $0 { path } else { nil } } }

  /// What `--set` said.
  package var options: [String] {
    origins.compactMap { if case .option(let text) = $0 { text } else { nil } }
  }

  /// What decides its runs, as it was written: how the report looks is none of it.
  package var asked: JSONValue {
    guard case .object(let members) = document.value else { return document.value }
    return .object(members.filter { !["title", "report"].contains($0.0) })
  }

  /// What was said by `--set` and does not hold for every variant, or in a file and holds for none: a line for each.
  var idleOptions: [String] = []

  /// The defaults, without name, dataset and variants.
  package init() {}

  /// The dataset's folder as an absolute path.
  package var datasetRoot: URL { dataset.path.url(workingDirectory: workingDirectory) }
  /// What a variant is that says nothing itself.
  var blankVariant: Variant {
    var variant = Variant(name: "", model: model, training: training, writtenSeeds: seeds)
    variant.grid = grid
    return variant
  }
  /// The row that others are compared with.
  package var baseline: String? { report.baseline ?? variants.first?.name }

  /// An experiment as its file is read, checked, and described in the schema.
  ///
  /// - Parameters:
  ///   - networks: those that `model.kind` may name.
  ///   - losses: those that `training.loss` may name.
  package static func form(
    _ networks: NetworkRegistry = .standard, _ losses: LossRegistry = .standard
  ) -> Form<Specification> {
    let variants = { (own: Specification) in
      Variant.listForm(networks, losses, own)
    }
    return .record(
      "An experiment: variants of a model, trained and tested on the same folds", Specification(),
      [
        Field("name", \.name, .identifier, required: true, "Names the report's folder: letters, digits, . _ -")
          .showing("study"),
        Field("title", \.title, .text, "Heads the report"),
        Field("dataset", \.dataset, DatasetPlan.form, required: true, "The images and their masks")
          .showing(["path": "images"]),
        Field("preprocessing", \.preprocessing, Preprocessing.form, "How an image becomes the network's input"),
        Field(
          "augmentation", \.augmentation, .orFalse(Augmentation.form, standard: Augmentation()),
          "Random changes to training cases, or false"),
        Field("folds", \.folds, FoldPlan.form, "How the cases are divided"),
        Field("model", \.model, networks.form, "What all variants share; each can change it"),
        Field("training", \.training, TrainingPlan.form(losses), "How all variants are trained; each can change it"),
        Field(
          "seeds", \.seeds, Variant.seedsForm,
          "Every variant is trained on every fold once with each of these, each in place of training.seed: it decides"
            + " the initial weights, the order of the cases and augmentation, not the folds (folds.seed). All runs of"
            + " the first seed come before those of the second. Absent: training.seed alone"),
        Field(
          "grid", \.grid, Grid.form,
          "Every variant is made once with each combination of these values, under a name that tells them: fields of"
            + " model and training by their paths, each with a list, such as \"training.learningRate\": [1e-3, 3e-4]"),
        Field(
          "variants", \.variants, variants, schemaForm: variants(Specification()), required: true,
          "The rows of the tables"
        ).showing([["name": "SAFNet", "model": ["kind": "safnet"]]]),
        Field(
          "test", \.test, .optional(TestPlan.form), absentMeans: nil,
          "An external test set: every run, and the ensemble of its folds, is tested on it; nothing is trained for it"),
        Field(
          "prediction", \.prediction, PredictionPlan.listForm, absentMeans: [],
          "Ways of predicting, or one of them, that finished runs are scored with besides the plain one: each is a row"
            + " of its own for every variant, and trains nothing"),
        Field("report", \.report, ReportPlan.form, "What the report shows"),
      ])
  }
}

extension Form where Value == String {
  /// A name that is also a file name.
  static var identifier: Form {
    Form(
      scalar: ["type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$"],
      accept: { input throws(Refusal) in
        guard let text = input.text else { throw Refusal(input.wrongType(input.node.wantedText("a name"))) }
        guard isIdentifier(text) else {
          throw Refusal(
            .outOfRange(
              found: input.node.shown, allowed: "letters a to z, digits, . _ and -, beginning with a letter or digit"))
        }
        return text
      },
      write: { .string($0) })
  }

  private static func isIdentifier(_ text: String) -> Bool {
    func isPlain(_ character: Character) -> Bool {
      character.isASCII && (character.isLetter || character.isNumber)
    }
    return text.first.map(isPlain) == true && text.allSatisfy { isPlain($0) || "._-".contains($0) }
  }
}

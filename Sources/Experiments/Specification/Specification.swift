import Foundation
import JSON
import Models
import Volumes

/// One experiment: a file of `Experiments/` with every `extends` and `--set` applied and every default filled in.
package struct Specification: Sendable {
  package var name = ""
  package var title = ""
  package var dataset = DatasetPlan()
  package var preprocessing = Preprocessing()
  package var augmentation: Augmentation? = Augmentation()
  package var folds = FoldPlan()
  package var model = ModelConfiguration(SAFNet())
  package var training = TrainingPlan()
  package var variants: [Variant] = []
  package var report = ReportPlan()

  /// The merged document, for the places of later errors.
  var document = JSONNode(.object([]), SourcePlace(.option("")))
  var workingDirectory = URL(fileURLWithPath: "/")

  package init() {}

  package var datasetRoot: URL { dataset.path.url(workingDirectory: workingDirectory) }
  /// The row that others are compared with.
  package var baseline: String? { report.baseline ?? variants.first?.name }

  package static func form(_ networks: NetworkRegistry = .standard) -> Form<Specification> {
    let variants = { (own: Specification) in
      Form<[Variant]>.list(of: Variant.form(networks, model: own.model, training: own.training), count: 1...1000)
    }
    return .record(
      "An experiment: variants of a model, trained and tested on the same folds", Specification(),
      [
        Field("name", \.name, .identifier, required: true, "Names the report's folder: letters, digits, . _ -"),
        Field("title", \.title, .text, "Heads the report"),
        Field("dataset", \.dataset, DatasetPlan.form, required: true, "The images and their masks"),
        Field("preprocessing", \.preprocessing, Preprocessing.form, "How an image becomes the network's input"),
        Field(
          "augmentation", \.augmentation, .orFalse(Augmentation.form, standard: Augmentation()),
          "Random changes to training cases, or false"),
        Field("folds", \.folds, FoldPlan.form, "How the cases are divided"),
        Field("model", \.model, networks.form, "What all variants share; each can change it"),
        Field("training", \.training, TrainingPlan.form, "How all variants are trained; each can change it"),
        Field(
          "variants", \.variants, variants, schemaForm: variants(Specification()), required: true,
          "The rows of the tables"),
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
              found: input.node.shown, allowed: "letters, digits, . _ and -, beginning with a letter or digit"))
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

import Crypto
import Foundation
import JSON
import Models
import Volumes
import System

/// Everything that decides the result of one run, and nothing else: no names of experiment or variant, no paths, no
/// threads. The same plan is the same run, in whatever experiment it stands.
package struct Plan: Hashable, Sendable {
  /// Raised when the meaning of a plan's fields changes.
  package static let currentFormat = 1

  package var format = Plan.currentFormat
  package var model: ModelConfiguration
  package var structures: LabelMap
  package var dataset: DatasetFingerprint
  package var preprocessing: Preprocessing
  package var augmentation: Augmentation?
  package var fold: Fold
  package var training: TrainingPlan

  package init(
    model: ModelConfiguration, structures: LabelMap, dataset: DatasetFingerprint, preprocessing: Preprocessing,
    augmentation: Augmentation?, fold: Fold, training: TrainingPlan
  ) {
    self.model = model.resolved
    (self.structures, self.dataset, self.preprocessing) = (structures, dataset, preprocessing)
    (self.augmentation, self.fold, self.training) = (augmentation, fold, training)
  }

  /// RFC 8785 text: the same bytes for the same plan on every machine.
  package var canonicalJSON: Data { Data(CanonicalJSON.text(json).utf8) }

  /// SHA-256 of the canonical text, in hexadecimal.
  package var identity: String { SHA256.hash(data: canonicalJSON).hex }

  var json: JSONValue { Self.form(.standard).write(self)! }
}

extension Plan {
  static func form(_ networks: NetworkRegistry) -> Form<Plan> {
    .record(
      "One run", blank,
      [
        Field("format", \.format, .integer(1...Int.max), required: true, "The plan's format"),
        Field("model", \.model, networks.form, required: true, "The network"),
        Field("structures", \.structures, LabelMap.form, required: true, "The classes"),
        Field("dataset", \.dataset, DatasetFingerprint.form, required: true, "The dataset's content"),
        Field("preprocessing", \.preprocessing, Preprocessing.form, required: true, "The input"),
        Field(
          "augmentation", \.augmentation, .orFalse(Augmentation.form, standard: Augmentation()), required: true,
          "Random changes, or false"),
        Field("fold", \.fold, Fold.form, required: true, "The cases"),
        Field("training", \.training, TrainingPlan.form, required: true, "The training"),
      ])
  }

  private static var blank: Plan {
    Plan(
      model: ModelConfiguration(SAFNet()), structures: LabelMap(structures: []),
      dataset: DatasetFingerprint(digest: "", cases: 0), preprocessing: Preprocessing(), augmentation: nil,
      fold: Fold(number: 0, train: [], validation: [], test: []), training: TrainingPlan())
  }

  /// Reads a plan; `file` is named in the mistakes.
  package init(json: Data, file: String, networks: NetworkRegistry = .standard) throws(SpecificationErrors) {
    let node: JSONNode
    do throws(JSONSyntaxError) {
      node = try JSONParser.parse(Array(json), origin: .file(file))
    } catch {
      throw SpecificationErrors([SpecificationError(error)])
    }
    try self.init(node, networks)
  }

  private init(_ node: JSONNode, _ networks: NetworkRegistry) throws(SpecificationErrors) {
    if case .number(let format) = node["format"]?.content, format > Double(Self.currentFormat) {
      let conflict = Conflict.newerFormat(found: CanonicalJSON.text(format), known: Self.currentFormat)
      throw SpecificationErrors([SpecificationError(.conflict(conflict), at: "format", node["format"]?.place)])
    }
    var errors: [JSONError] = []
    guard let plan = Self.form(networks).read(Input(node), nil, &errors), errors.isEmpty else {
      throw SpecificationErrors(errors.map(SpecificationError.init))
    }
    self = plan
  }
}

/// Inside a larger record a plan is the object that its canonical text is.
extension Plan: Codable {
  package init(from decoder: any Decoder) throws {
    let text = CanonicalJSON.text(try JSONValue(from: decoder))
    try self.init(json: Data(text.utf8), file: "plan")
  }

  package func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }
}

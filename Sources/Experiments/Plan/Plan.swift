import Crypto
import Foundation
import JSON
import Models
import Networks
import Volumes
import System

/// Everything that decides the result of one run, and nothing else: no names of experiment or variant, no paths, no
/// threads. The same plan is the same run, in whatever experiment it stands.
package struct Plan: Hashable, Sendable {
  /// Raised when the meaning of a plan's fields changes; a plan of a later format is refused.
  package static let currentFormat = 1

  /// The format that the plan was written in.
  package var format = Plan.currentFormat
  /// The network with every choice spelt out.
  package var model: ModelConfiguration
  /// What the classes stand for, and which numbers in a mask they are.
  package var structures: LabelMap
  /// The dataset by content: a run does not care where it lies.
  package var dataset: DatasetFingerprint
  /// How an image becomes the network's input.
  package var preprocessing: Preprocessing
  /// Random changes to training cases; nil: none.
  package var augmentation: Augmentation?
  /// The cases by name: who trains, who chooses the checkpoint, who is tested.
  package var fold: Fold
  /// Every number of the training, precision and seed included.
  package var training: TrainingPlan

  /// A plan of today's format; the model is resolved, so that equal networks have equal plans.
  package init(
    model: ModelConfiguration, structures: LabelMap, dataset: DatasetFingerprint, preprocessing: Preprocessing,
    augmentation: Augmentation?, fold: Fold, training: TrainingPlan
  ) {
    self.model = model.resolved
    self.model.channels = dataset.channels.count
    (self.structures, self.dataset, self.preprocessing) = (structures, dataset, preprocessing)
    (self.augmentation, self.fold, self.training) = (augmentation, fold, training)
  }

  /// RFC 8785 text: the same bytes for the same plan on every machine.
  package var canonicalJSON: Data { Data(CanonicalJSON.text(json).utf8) }

  /// SHA-256 of the canonical text, in hexadecimal.
  package var identity: String { SHA256.hash(data: canonicalJSON).hex }

  var json: JSONValue { Self.standardForm.write(self)! }

  /// Made once: thousands of plans are written where an experiment has thousands of runs. Its closures hold constants only,
  /// so that several threads may write at once.
  private nonisolated(unsafe) static let standardForm = form(.standard, .standard)
}

extension Plan {
  static func form(_ networks: NetworkRegistry, _ losses: LossRegistry) -> Form<Plan> {
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
        Field("training", \.training, TrainingPlan.form(losses), required: true, "The training"),
      ])
  }

  private static var blank: Plan {
    Plan(
      model: ModelConfiguration(SAFNet()), structures: LabelMap(structures: []),
      dataset: DatasetFingerprint(digest: "", cases: 0), preprocessing: Preprocessing(), augmentation: nil,
      fold: Fold(number: 0, train: [], validation: [], test: []), training: TrainingPlan())
  }

  /// Reads a plan; `file` is named in the mistakes.
  ///
  /// - Parameters:
  ///   - networks: those that the plan may name.
  ///   - losses: those that the plan may name.
  package init(
    json: Data, file: String, networks: NetworkRegistry = .standard, losses: LossRegistry = .standard
  ) throws(SpecificationErrors) {
    let node: JSONNode
    do throws(JSONSyntaxError) {
      node = try JSONParser.parse(Array(json), origin: .file(file))
    } catch {
      throw SpecificationErrors([SpecificationError(error)])
    }
    try self.init(node, networks, losses)
  }

  private init(
    _ node: JSONNode, _ networks: NetworkRegistry, _ losses: LossRegistry
  ) throws(SpecificationErrors) {
    if case .number(let format) = node["format"]?.content, format > Double(Self.currentFormat) {
      let conflict = Conflict.newerFormat(found: CanonicalJSON.text(format), known: Self.currentFormat)
      throw SpecificationErrors([SpecificationError(.conflict(conflict), at: "format", node["format"]?.place)])
    }
    var errors: [JSONError] = []
    guard let plan = Self.form(networks, losses).read(Input(node), nil, &errors), errors.isEmpty else {
      throw SpecificationErrors(errors.map(SpecificationError.init))
    }
    self = plan
    model.channels = dataset.channels.count
  }
}

/// Inside a larger record a plan is the object that its canonical text is.
extension Plan: Codable {
  package init(from decoder: any Decoder) throws {
    let text = CanonicalJSON.text(try JSONValue(from: decoder))
    try self.init(json: Data(text.utf8), file: "plan")
  }

  /// The object that the canonical text is.
  package func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }
}

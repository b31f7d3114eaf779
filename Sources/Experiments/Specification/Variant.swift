import JSON
import Models
import Networks
import Text

/// One row of a table: a model, and how it is trained.
package struct Variant: Sendable, Equatable {
  /// Names its row in the tables; unique in the experiment, and no part of any plan.
  package var name: String
  /// The network, what the variant does not say taken from the experiment.
  package var model: ModelConfiguration
  /// The training, what the variant does not say taken from the experiment.
  package var training: TrainingPlan
  /// Those fields of which it is to have several values; nil once its variants are made, or where it has none.
  var grid: Grid?
  /// Where it was written, and by which grid it was made.
  package internal(set) var source = Source()
  /// Those that are written, in the variant or for all of them; nil: none are, and `training.seed` is the only one.
  package var writtenSeeds: [UInt64]?

  /// A row that says everything itself.
  ///
  /// - Parameter writtenSeeds: at least one, no two the same; nil: `training.seed` alone.
  package init(
    name: String, model: ModelConfiguration, training: TrainingPlan, writtenSeeds: [UInt64]? = nil
  ) {
    (self.name, self.model, self.training) = (name, model, training)
    self.writtenSeeds = writtenSeeds
  }

  /// What a variant was made from.
  package struct Source: Sendable, Equatable {
    /// The variant in the document; nil for one that was never in a document.
    package internal(set) var path: JSONPath?
    /// As the document has it; the name of a grid's variant says more.
    package internal(set) var name = ""
    /// The fields that a grid set.
    package internal(set) var axes: [Grid.Axis] = []
  }

  /// What it is trained with on each fold, each in place of `training.seed`; in the order of the sweep, at least one.
  package var seeds: [UInt64] { writtenSeeds ?? [training.seed] }

  /// A variant keeps what it does not say from the experiment's own `model`, `training` and `seeds`.
  static func form(
    _ networks: NetworkRegistry, _ losses: LossRegistry, _ own: Specification
  ) -> Form<Variant> {
    .record(
      "A model and how it is trained",
      own.blankVariant,
      [
        Field("name", \.name, .rowName, required: true, "Names its row in the tables; unique")
      ] + sections(networks, losses) + [
        Field("seeds", \.writtenSeeds, seedsForm, "The variant's own seeds, instead of the experiment's"),
        Field("grid", \.grid, Grid.form, "The variant's own grid, instead of the experiment's"),
      ])
  }

  /// What a grid may change too.
  static func sections(_ networks: NetworkRegistry, _ losses: LossRegistry) -> [Field<Variant>] {
    [
      Field(
        "model", \.model, networks.form,
        "Changes to the experiment's model; another kind starts from that kind's defaults"),
      Field("training", \.training, TrainingPlan.form(losses), "Changes to the experiment's training"),
    ]
  }

  /// The rows of the tables: those that are written, each with what its grid makes of it.
  static func listForm(_ networks: NetworkRegistry, _ losses: LossRegistry, _ own: Specification) -> Form<[Variant]> {
    let list = Form<[Variant]>.list(of: form(networks, losses, own), count: 1...GridExpansion.most)
    return Form(
      schema: list.schema,
      read: { input, starting, errors in
        guard let written = list.read(input, starting, &errors) else { return nil }
        let placed = written.enumerated().map { index, variant in
          var variant = variant
          variant.source = Source(path: input.path / index, name: variant.name)
          return variant
        }
        let expansion = GridExpansion(placed, networks, losses)
        let variants = placed.flatMap { expansion.variants(of: $0, &errors) }
        if variants.count > GridExpansion.most {
          errors.append(input.error(.wrongCount(found: variants.count, allowed: 1...GridExpansion.most)))
        }
        return variants
      },
      write: list.write)
  }

  /// One or more, no two the same.
  static var seedsForm: Form<[UInt64]?> {
    let list = Form<[UInt64]>.list(ofDistinct: .seed, count: 1...1000)
    let read = { (input: Input, starting: [UInt64]?, errors: inout [JSONError]) -> [UInt64]? in
      guard let words = wordsOfCount(input.node) else { return list.read(input, starting, &errors) }
      errors.append(input.error(input.wrongType("a list of seeds: \(words)")))
      return nil
    }
    return .optional(Form<[UInt64]>(schema: list.schema, read: read, write: list.write))
  }

  /// Of a range in the place of seeds, or a small number, which may say how many there are to be, or be one; nil for
  /// every other value.
  private static func wordsOfCount(_ node: JSONNode) -> String? {
    if let range = node.numbersOfRange { return "write \(node.asSet(range))" }
    guard case .number(let number) = node.content, let count = Int(exactly: number), (2...20).contains(count) else {
      return nil
    }
    let several = "[\((0..<count).map { "\(TrainingPlan().seed + UInt64($0))" }.joined(separator: ","))]"
    let typed = node.setting.map { ", written --set \(ShellWord.quoted("\($0.path)=\(several)"))" } ?? ""
    return "[\(count)] is one seed, called \(count); \(count) seeds are \(several)\(typed)"
  }
}

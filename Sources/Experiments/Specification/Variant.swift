import JSON
import Models
import Networks

/// One row of a table: a model, and how it is trained.
package struct Variant: Sendable, Equatable {
  /// Names its row in the tables; unique in the experiment, and no part of any plan.
  package var name: String
  /// The network, what the variant does not say taken from the experiment.
  package var model: ModelConfiguration
  /// The training, what the variant does not say taken from the experiment.
  package var training: TrainingPlan
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

  /// What it is trained with on each fold, each in place of `training.seed`; in the order of the sweep, at least one.
  package var seeds: [UInt64] { writtenSeeds ?? [training.seed] }

  /// A variant keeps what it does not say from the experiment's own `model`, `training` and `seeds`.
  static func form(
    _ networks: NetworkRegistry, _ losses: LossRegistry, _ own: Specification
  ) -> Form<Variant> {
    .record(
      "A model and how it is trained",
      Variant(name: "", model: own.model, training: own.training, writtenSeeds: own.seeds),
      [
        Field("name", \.name, .text, required: true, "Names its row in the tables; unique"),
        Field(
          "model", \.model, networks.form,
          "Changes to the experiment's model; another kind starts from that kind's defaults"),
        Field("training", \.training, TrainingPlan.form(losses), "Changes to the experiment's training"),
        Field("seeds", \.writtenSeeds, seedsForm, "The variant's own seeds, instead of the experiment's"),
      ])
  }

  /// One or more, no two the same.
  static var seedsForm: Form<[UInt64]?> { .optional(.list(ofDistinct: .seed, count: 1...1000)) }
}

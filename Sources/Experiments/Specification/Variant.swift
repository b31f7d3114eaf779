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

  /// A row that says everything itself.
  package init(name: String, model: ModelConfiguration, training: TrainingPlan) {
    (self.name, self.model, self.training) = (name, model, training)
  }

  /// A variant keeps what it does not say from the experiment's own `model` and `training`.
  static func form(
    _ networks: NetworkRegistry, _ losses: LossRegistry, model: ModelConfiguration, training: TrainingPlan
  ) -> Form<Variant> {
    .record(
      "A model and how it is trained", Variant(name: "", model: model, training: training),
      [
        Field("name", \.name, .text, required: true, "Names its row in the tables; unique"),
        Field(
          "model", \.model, networks.form,
          "Changes to the experiment's model; another kind starts from that kind's defaults"),
        Field("training", \.training, TrainingPlan.form(losses), "Changes to the experiment's training"),
      ])
  }
}

import JSON
import Models

/// One row of a table: a model, and how it is trained.
package struct Variant: Sendable, Equatable {
  package var name: String
  package var model: ModelConfiguration
  package var training: TrainingPlan

  package init(name: String, model: ModelConfiguration, training: TrainingPlan) {
    (self.name, self.model, self.training) = (name, model, training)
  }

  /// A variant keeps what it does not say from the experiment's own `model` and `training`.
  static func form(_ networks: NetworkRegistry, model: ModelConfiguration, training: TrainingPlan) -> Form<Variant> {
    .record(
      "A model and how it is trained", Variant(name: "", model: model, training: training),
      [
        Field("name", \.name, .text, required: true, "Names its row in the tables; unique"),
        Field(
          "model", \.model, networks.form,
          "Changes to the experiment's model; another kind starts from that kind's defaults"),
        Field("training", \.training, TrainingPlan.form, "Changes to the experiment's training"),
      ])
  }
}

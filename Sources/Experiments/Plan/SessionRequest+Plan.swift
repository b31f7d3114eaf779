import Compute
import Models
import Networks

extension SessionRequest {
  /// What a training asks of an engine: the one place where its fields become a session's.
  package init(
    _ training: TrainingPlan, model: ModelConfiguration, extent: Extent3, classes: Int, trainingBatches: [Int],
    threads: Int
  ) {
    self.init(
      model: model, extent: extent, channels: model.channels, classes: classes, trainingBatches: trainingBatches,
      loss: training.loss,
      optimiser: training.optimiser, initialWeights: training.initialWeights, parts: training.parts,
      precision: training.precision, threads: threads)
  }

  /// For `plan`'s network; without training batches it can only predict, and takes states as Adam leaves them.
  package init(_ plan: Plan, trainingBatches: [Int], threads: Int) {
    self.init(
      plan.training, model: plan.model, extent: plan.inputExtent, classes: plan.structures.classes,
      trainingBatches: trainingBatches, threads: threads)
    if trainingBatches.isEmpty { optimiser = Optimiser() }
    classWeights = plan.classWeights
  }
}

extension Specification {
  /// Asks an engine about every variant before anything is prepared or trained.
  ///
  /// - Throws: `EngineRefusal` for the first that it cannot train.
  package func check(with engine: any Engine, classes: Int, only names: Set<String>? = nil) throws(EngineRefusal) {
    for variant in variants where names?.contains(variant.name) ?? true {
      let request = SessionRequest(
        variant.training, model: variant.model, extent: inputExtent(of: variant.training), classes: classes,
        trainingBatches: [variant.training.batch], threads: 1)
      guard let obstacle = engine.obstacle(to: request) else { continue }
      throw EngineRefusal(engine: engine.name, obstacle: "\(variant.name): \(obstacle)")
    }
  }
}

extension Plan {
  /// In the order of the classes; nil where all count alike.
  fileprivate var classWeights: ClassWeights? {
    guard !training.classWeights.isEmpty else { return nil }
    return ClassWeights((["background"] + structures.names).map { Float(training.classWeights[$0] ?? 1) })
  }
}

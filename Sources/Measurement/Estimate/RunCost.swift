import Compute
import Experiments
import Models
import Networks

/// What one run takes, known before it starts.
package struct RunCost: Equatable, Sendable {
  /// Bytes of memory of its worker: the network's plan, the kept cases, and the program itself.
  package let memory: Int
  /// Bytes of one checkpoint: parameters, the moments of each, and its average where there is one.
  private let checkpoint: Int
  /// Bytes of evaluation and predictions; label maps compress to well under a byte per voxel.
  private let results: Int
  /// Multiply-adds of the whole run.
  package let work: Double

  /// The program without network and cases, as measured for a finished run.
  private static let programMemory = 120 << 20
  private static let caseShelf = 512 << 20

  init(_ cost: SessionCost, training: TrainingPlan, fold: FoldSizes, voxels: Int) {
    let epoch = training.workOfAnEpoch(fold)
    let cases = epoch.trained + epoch.predicted + fold.test
    memory =
      cost.trainingBytes + Self.programMemory + min(cases * voxels * 5, Self.caseShelf)
      + 3 * training.batch * voxels * 5
    checkpoint = training.optimiser.numbersPerParameter * 4 * cost.parameters
    results = fold.test * voxels / 4 + 1 << 20
    work = Double(cost.multiplyAdds) * Double(training.work(fold).forwardPasses)
  }
}

extension RunCost {
  /// Bytes it writes: the last checkpoint, the best, one being written, the earlier ones that are kept, and its results.
  package func disk(earlierCheckpoints: Int) -> Int { (3 + earlierCheckpoints) * checkpoint + results }
}

/// Costs of plans, worked out once for each network and size.
package struct RunCosts {
  private struct Key: Hashable {
    let model: ModelConfiguration
    let extent: Extent3
    let classes: Int
    let batch: Int
    let loss: AnyLoss
    let optimiser: Optimiser
    let parts: BatchParts
    let precision: Precision
  }

  /// Threads change what a run takes by little; a sweep decides how many there are only after it knows what runs take.
  private static let threads = 2

  private let engine: any Engine
  private var known: [Key: SessionCost] = [:]

  /// Nothing is worked out until a cost is asked for.
  package init(_ engine: any Engine) { self.engine = engine }

  /// The cost of one run, from the engine's own figures for its network, size, batch, loss and precision.
  package mutating func cost(of plan: Plan) -> RunCost {
    cost(
      of: plan.model, plan.training, fold: FoldSizes(plan.fold), extent: plan.preprocessing.size,
      classes: plan.structures.classes)
  }

  mutating func cost(
    of model: ModelConfiguration, _ training: TrainingPlan, fold: FoldSizes, extent: Extent3, classes: Int
  ) -> RunCost {
    let batch = training.batches(of: fold.train).max() ?? training.batch
    let key = Key(
      model: model, extent: extent, classes: classes, batch: batch, loss: training.loss, optimiser: training.optimiser,
      parts: training.parts,
      precision: training.precision)
    let cost =
      known[key]
      ?? engine.cost(
        of: SessionRequest(
          training, model: model, extent: extent, classes: classes, trainingBatches: [batch], threads: Self.threads))
    known[key] = cost
    return RunCost(cost, training: training, fold: fold, voxels: extent.count)
  }
}

import Compute
import Experiments
import Models
import Networks
import Volumes

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
  static let programMemory = 120 << 20
  private static let caseShelf = 512 << 20

  /// - Parameters:
  ///   - input: what the network sees at once.
  ///   - images: nil: all are of that size.
  init(
    _ cost: SessionCost, training: TrainingPlan, fold: FoldSizes, input: Extent3, channels: Int = 1, classes: Int,
    images: ImageGrids?
  ) {
    // Of an image, every channel in single precision and a label.
    let voxelBytes = 4 * channels + 1
    let epoch = training.workOfAnEpoch(fold)
    let cases = epoch.trained + epoch.predicted + fold.test
    let images = images ?? ImageGrids(size: input)
    memory =
      cost.trainingBytes + Self.programMemory + min(cases * images.meanVoxels * voxelBytes, Self.caseShelf)
      + 3 * training.batch * input.count * voxelBytes
      + (training.patch.map { Self.windowMemory(of: $0, in: images.largest, classes: classes, voxelBytes) } ?? 0)
    checkpoint = training.optimiser.numbersPerParameter * 4 * cost.parameters
    results = fold.test * images.meanVoxels / 4 + 1 << 20
    work =
      Double(cost.multiplyAdds) * training.work(fold).forwardPasses(windows: images.meanWindows(of: input))
  }

  /// Bytes of putting the windows of an image together: the scores of every class and the weights, twice while the
  /// padding is cut off; one window's scores and weights; the image with its labels, as it is and padded.
  private static func windowMemory(of patch: Extent3, in image: Extent3, classes: Int, _ voxelBytes: Int) -> Int {
    let windows = Windows(of: patch, in: image)
    return 2 * 4 * (classes + 1) * windows.padded.count + 4 * (classes + 1) * patch.count
      + 2 * voxelBytes * windows.padded.count
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
  /// Nil: all are of the network's own size, or nothing is known of them.
  package let images: ImageGrids?
  private var known: [Key: SessionCost] = [:]

  /// Nothing is worked out until a cost is asked for.
  package init(_ engine: any Engine, images: ImageGrids? = nil) { (self.engine, self.images) = (engine, images) }

  /// The cost of one run, from the engine's own figures for its network, size, batch, loss and precision.
  package mutating func cost(of plan: Plan) -> RunCost {
    cost(
      of: plan.model, plan.training, fold: FoldSizes(plan.fold), extent: plan.inputExtent,
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
    return RunCost(
      cost, training: training, fold: fold, input: extent, channels: model.channels, classes: classes, images: images)
  }
}

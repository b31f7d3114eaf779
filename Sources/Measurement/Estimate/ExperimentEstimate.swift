import Compute
import Experiments
import Models
import Networks
import Volumes

/// What an experiment will take, before any of it runs.
package struct ExperimentEstimate: Sendable {
  /// What one variant takes, all its folds and seeds together unless said otherwise.
  package struct VariantEstimate: Sendable {
    /// The variant.
    package let variant: Variant
    /// Depth, height and width of what its network sees at once.
    package let extent: Extent3
    /// Windows that the prediction of an image takes, in the mean; 1 for whole images, and where none is known.
    package let windows: Double
    /// Parameters, multiply-adds and bytes of one session at its batch.
    package let cost: SessionCost
    /// Bytes that the worker of its largest fold takes: network, cases and program.
    package let workerBytes: Int
    /// On how many folds it is trained, times with how many seeds.
    package let runs: Int
    /// Optimiser steps of all runs together.
    package let steps: Int
    /// Disk for `last`, the one before it, and `best` of every run: parameters, both moments, statistics.
    package let checkpointBytes: Int
    /// How fast its network is here; nil: nothing was measured.
    package let measurement: StepMeasurement?
    /// Training, validation and test of all runs, one after the other.
    package let seconds: Double?
  }

  /// The experiment's name.
  package let name: String
  /// Depth, height and width of the first variant's input.
  package let extent: Extent3
  /// The images as the networks see them; nil where nothing is known of them.
  package let images: ImageGrids?
  /// Number of classes with the background.
  package let classes: Int
  /// Sizes of every fold.
  package let folds: [FoldSizes]
  /// Where they come from; nil: nobody said.
  let foldWords: String?
  /// What is changed in training cases; nil: nothing.
  let augmentation: Augmentation?
  /// Threads of a run.
  package let threads: Int
  /// Whether they were asked for, and a sweep does not choose them.
  let areThreadsFixed: Bool
  /// What the machine gets done when runs share it; nil: not asked, or not measured.
  package let throughput: Throughput?
  /// Whether times were asked for.
  let measures: Bool
  /// Processes that wanted a processor while the times were taken, and processors.
  package let load: MachineLoad?
  /// In the experiment's order.
  package let variants: [VariantEstimate]
  /// Bytes to fit into; nil: not asked.
  package let freeMemory: Int?
  /// The variants that do not fit into them.
  package let shortages: [MemoryShortage]
  /// What the engine does not tell of memory; nil where it tells all.
  package let memoryNote: String?
  /// Disk for the prepared volumes: single-precision image and labels.
  package let cacheBytes: Int

  /// - Parameters:
  ///   - foldWords: where the folds come from, for the text.
  ///   - measure: train each network for a moment to learn its speed; without it there are no times.
  ///   - freeMemory: bytes that a run can have, to name the variants that take more.
  ///   - memory: bytes that there are here: what would take more is not measured.
  ///   - images: nil where each has a size of its own, and nothing is known of them.
  ///   - cores: processors that runs may share; nil: how they best do is not measured.
  ///   - areThreadsFixed: a sweep gives every run that many threads, and as many runs as cores and memory hold.
  ///   - load: taken before measuring, so that the text can say when times are too long.
  package init(
    _ specification: Specification, classes: Int, folds: [FoldSizes], foldWords: String? = nil,
    images: ImageGrids? = nil,
    engine: any Engine, threads: Int, cores: Int? = nil, areThreadsFixed: Bool = false, measure: Bool = true,
    freeMemory: Int? = nil,
    memory: Int = .max, load: MachineLoad? = nil
  ) throws {
    try specification.check(with: engine, classes: classes)
    let isFixed = specification.preprocessing.spacing == nil
    let images = isFixed ? ImageGrids(size: specification.preprocessing.size) : images
    var known: [TimedNetwork: StepMeasurement] = [:]
    variants = try specification.variants.map { variant in
      let (network, extent) = (TimedNetwork(variant), specification.inputExtent(of: variant.training))
      let measurement =
        try measure
        ? known[network]
          ?? Self.measured(variant, extent, classes: classes, engine, threads: threads, memory: memory) : nil
      known[network] = measurement
      return VariantEstimate(
        variant, extent: extent, classes: classes, folds: folds, images: images, engine: engine, threads: threads,
        measurement: measurement)
    }
    (measures, self.areThreadsFixed, self.foldWords) = (measure, areThreadsFixed, foldWords)
    extent = variants.first?.extent ?? specification.preprocessing.size
    (name, self.classes, self.folds, self.images) = (specification.name, classes, folds, images)
    augmentation = specification.augmentation
    (self.threads, self.load, self.freeMemory, memoryNote) = (threads, load, freeMemory, engine.memoryNote)
    shortages =
      freeMemory.map {
        specification.memoryShortages(classes: classes, folds: folds, free: $0, engine: engine, images: images)
      } ?? []
    let voxels = images?.meanVoxels ?? extent.count
    throughput =
      if measure, let cores {
        try Self.throughput(variants, cores, areThreadsFixed ? threads : nil, freeMemory, memory, classes, engine)
      } else {
        nil
      }
    let channels = variants.first?.variant.model.channels ?? 1
    cacheBytes = folds.first.map { ($0.train + $0.validation + $0.test) * voxels * (4 * channels + 1) } ?? 0
  }

  /// Of the first variant's network; nil where it was not measured.
  private static func throughput(
    _ variants: [VariantEstimate], _ cores: Int, _ fixedThreads: Int?, _ freeMemory: Int?, _ memory: Int,
    _ classes: Int,
    _ engine: any Engine
  ) throws -> Throughput? {
    let fitting = freeMemory.map { $0 / max(1, variants.map(\.workerBytes).max() ?? 1) } ?? cores
    let most = min(fitting, variants.reduce(0) { $0 + $1.runs })
    let ways =
      fixedThreads.map { [Sharing(cores: cores, most: most, threads: $0)] } ?? Sharing.ways(cores: cores, most: most)
    guard let first = variants.first, let alone = first.measurement else { return nil }
    // One run by itself was timed already.
    if ways.count == 1, ways[0].jobs == 1 { return Throughput(ways) { _ in 1 / alone.trainingSecondsPerCase } }
    do {
      return try Throughput(
        ways, of: first.variant.model, extent: first.extent, classes: classes, training: first.variant.training,
        engine: engine, memory: memory)
    } catch is MemoryRefusal { return nil }
  }

  /// Nil where its step takes more memory than there is here.
  private static func measured(
    _ variant: Variant, _ extent: Extent3, classes: Int, _ engine: any Engine, threads: Int, memory: Int
  ) throws -> StepMeasurement? {
    do {
      return try StepMeasurement(
        variant.model, extent: extent, classes: classes, training: variant.training, engine: engine, threads: threads,
        memory: memory)
    } catch is MemoryRefusal { return nil }
  }

  /// Training, validation and test of all runs, shared in a way: as long as one at a time, over what it gets done of the first
  /// variant's steps.
  package func seconds(_ way: Throughput.Way) -> Double? {
    guard let seconds, let measurement = variants.first?.measurement else { return nil }
    return seconds / (way.casesPerSecond * measurement.trainingSecondsPerCase)
  }

  /// How many runs of the whole experiment, in the mean, a way of sharing the machine trains in a day.
  package func runsPerDay(_ way: Throughput.Way) -> Double? {
    seconds(way).flatMap { $0 > 0 ? 86_400 * Double(runs) / $0 : nil }
  }

  /// The way that a sweep takes: the best where it is long enough to try them.
  package var taken: Throughput.Way? {
    guard let throughput, let first = throughput.ways.first else { return nil }
    return seconds(first).map { $0 > Throughput.paysAfter } ?? true ? throughput.best : first
  }

  /// Runs of all variants.
  package var runs: Int { variants.reduce(0) { $0 + $1.runs } }
  /// Disk for the checkpoints of all runs.
  package var checkpointBytes: Int { variants.reduce(0) { $0 + $1.checkpointBytes } }
  /// Bytes that the largest variant's training takes, cases and program not counted.
  package var peakBytes: Int { variants.map(\.cost.trainingBytes).max() ?? 0 }
  /// All runs one after the other; nil where a variant was not measured.
  package var seconds: Double? {
    let all = variants.compactMap(\.seconds)
    return all.count == variants.count ? all.reduce(0, +) : nil
  }
}

/// What the time of a step depends on: variants of a grid that differ in other things are timed once.
private struct TimedNetwork: Hashable {
  private let model: ModelConfiguration
  private let patch: Extent3?
  private let batch: Int
  private let loss: AnyLoss
  private let optimiser: Optimiser
  private let parts: BatchParts
  private let precision: Precision

  init(_ variant: Variant) {
    (model, patch) = (variant.model.resolved, variant.training.patch)
    (batch, loss) = (variant.training.batch, variant.training.loss)
    (optimiser, parts) = (variant.training.optimiser, variant.training.parts)
    precision = variant.training.precision
  }
}

extension ExperimentEstimate.VariantEstimate {
  /// Files that hold a whole training state: the last checkpoint, the one it replaced, and the best.
  private static let checkpointFiles = 3

  init(
    _ variant: Variant, extent: Extent3, classes: Int, folds: [FoldSizes], images: ImageGrids?, engine: any Engine,
    threads: Int, measurement: StepMeasurement?
  ) {
    let training = variant.training
    let windows = images?.meanWindows(of: extent) ?? 1
    cost = engine.cost(
      of: SessionRequest(
        training, model: variant.model, extent: extent, classes: classes, trainingBatches: [training.batch],
        threads: threads))
    let cost = cost
    workerBytes =
      folds.map {
        RunCost(
          cost, training: training, fold: $0, input: extent, channels: variant.model.channels, classes: classes,
          images: images
        ).memory
      }.max() ?? 0
    let seeds = variant.seeds.count
    runs = folds.count * seeds
    steps = seeds * folds.reduce(0) { $0 + training.epochs * training.batches(of: $1.train).count }
    checkpointBytes =
      runs * Self.checkpointFiles * training.optimiser.numbersPerParameter * cost.parameters
      * MemoryLayout<Float>.stride
    seconds = measurement.map { speed in
      Double(seeds)
        * folds.reduce(0) { total, fold in
          let work = training.work(fold)
          return total + Double(work.trained) * speed.trainingSecondsPerCase
            + Double(work.predicted) * windows * speed.predictionSeconds
        }
    }
    (self.variant, self.measurement, self.extent, self.windows) = (variant, measurement, extent, windows)
  }
}

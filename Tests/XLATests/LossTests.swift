import Compute
import Networks
import TestSupport
import Testing

import XLA

/// Every loss against the processor's engine: with and without weights of the classes, and voxels without truth. Deep
/// supervision is in `NetworkTests`.
@Suite(.needsDevicePlugin) struct LossTests {
  static let losses = [
    AnyLoss.crossEntropy, .pixelwise, AnyLoss(DiceLoss()),
    AnyLoss(DiceLoss(over: .batch, smoothing: 1, background: true)), AnyLoss(DiceCrossEntropyLoss()),
  ]

  static let plain = OperationNetwork("plain", [5]) { $0[0].relu() }

  @Test(arguments: losses) func againstTheProcessor(_ loss: AnyLoss) throws {
    for weights in [nil, ClassWeights([0, 1, 2.5, 0.3])] {
      let example = try DeviceCase(Self.plain, Extent3(3, 5, 7), batch: 3, loss: loss) { $0.classWeights = weights }
      try Comparison(example).check()
    }
  }

  /// Voxels without truth count as if they were not there: a slice of them changes nothing.
  @Test(arguments: losses) func voxelsWithoutTruth(_ loss: AnyLoss) throws {
    let weights = ClassWeights([0.2, 1, 2.5, 0.3])
    var larger = try DeviceCase(Self.plain, Extent3(3, 5, 7), batch: 1, loss: loss) { $0.classWeights = weights }
    var smaller = try DeviceCase(Self.plain, Extent3(2, 5, 7), batch: 1, loss: loss) { $0.classWeights = weights }
    let there = smaller.request.extent.count
    (smaller.images, smaller.labels) = (Array(larger.images.prefix(there)), Array(larger.labels.prefix(there)))
    for voxel in there..<larger.labels.count { larger.labels[voxel] = voxel % 2 == 0 ? 255 : 4 }
    try Comparison(
      exact: Computed(larger.onDevice(inDouble: true), larger, logits: false),
      device: Computed(larger.onDevice(), larger, logits: false),
      processor: Computed(smaller.onProcessor(), smaller, logits: false), voxels: there
    ).check()
  }

  /// Nothing is divided by the number of voxels where none counts.
  @Test(arguments: losses) func noVoxelCounts(_ loss: AnyLoss) throws {
    var example = try DeviceCase(Self.plain, Extent3(3, 5, 7), batch: 1, loss: loss)
    example.labels = example.labels.map { _ in 200 }
    let record = try example.step(example.onDevice())
    #expect(abs(record.loss) < 1e-9 && record.gradientNorm == 0)
  }

  /// Scores so far apart that the softmax of the largest is 1 in single precision.
  @Test func sureScores() throws {
    var example = try DeviceCase(Self.plain, Extent3(3, 5, 7), batch: 1, loss: .pixelwise)
    for index in example.state.parameters.indices where example.state.parameters[index].name == "end.weight" {
      example.state.parameters[index].values = example.state.parameters[index].values.map { $0 * 60 }
    }
    try Comparison(example).check()
  }

  /// A loss whose formula nobody has written for programs.
  private struct OtherOverlap: Loss {
    static let name = "otherOverlap"
    static let summary = "A test's"
    var passes: LossPasses { .overlaps { DiceLoss().loss($0) } }
  }

  @Test func anotherLossOfOverlapsIsRefused() throws {
    var request = SessionRequest(
      model: Self.plain, extent: Extent3(3, 5, 7), classes: 4, trainingBatches: [1], threads: 1)
    let engine = XLAEngine(PluginPlaces(environment: [:]))
    func isWritten(_ loss: AnyLoss) -> Bool {
      request.loss = loss
      return engine.obstacle(to: request) != "it has no formula for the loss \(loss.name)"
    }
    #expect(!isWritten(AnyLoss(OtherOverlap())) && Self.losses.allSatisfy(isWritten))
  }
}

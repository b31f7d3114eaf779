import Compute
import Networks
import TestSupport
import Testing

import XLA

/// Whole numbers, of which every sum on the way stays below 2^24 times its unit: single precision rounds nothing, in whatever
/// order, so both engines have one right answer, on any processor and any card. The bound is nought.
///
/// Images are from -3 to 3 and parameters from -2 to 2. Those of the last layer are 1024 times that, its biases 256 apart:
/// so no two classes of a voxel have equal scores, and with 256 between them softmax is 1 for one class and, as e^-256 is
/// no number of single precision, 0 for the others. A voxel's gradient then is one over the number of voxels, a power of
/// two, or nought; and the gradients of all layers before are whole numbers of such units again.
@Suite(.needsDevicePlugin) struct ExactTests {
  private static let extent = Extent3(4, 2, 8)

  /// Without the ones that divide, take roots or exponentials, or choose among equal numbers.
  private static let networks: [OperationNetwork] = [
    OperationNetwork("add+relu", [5, 5]) { ($0[0] + $0[1]).relu() },
    OperationNetwork("concat", [5, 18, 3]) { .concatenated($0) },
    OperationNetwork("convolution", [5]) { $0[0].convolved(7, bias: true, "c") },
    OperationNetwork("convolution with dilation", [5]) { $0[0].convolved(7, dilation: Extent3(2, 1, 2), "c") },
    OperationNetwork("convolution in the plane", [5]) { $0[0].convolved(7, kernel: Extent3(1, 3, 5), "c") },
    OperationNetwork("depthwise convolution", [5]) { $0[0].convolvedDepthwise("c") },
    OperationNetwork("convolution with stride and its transpose", [5]) {
      $0[0].convolved(7, stride: 2, "c").upsampled(6, by: 2, to: extent, "t")
    },
  ]

  private static func example(_ network: OperationNetwork, channels: Int = 1) throws -> DeviceCase {
    var example = try DeviceCase(network, extent, batch: 2) { $0.channels = channels }
    example.images = example.images.map { ($0 * 3.4).rounded() }
    for index in example.state.parameters.indices {
      let name = example.state.parameters[index].name
      let values = randomValues(example.state.parameters[index].values.count, seed: 40 + UInt64(index))
      example.state.parameters[index].values = values.enumerated().map { place, value in
        if name == "end.bias" { return 256 * Float(place) }
        return (value * 2.4).rounded() * (name == "end.weight" ? 1024 : 1)
      }
    }
    return example
  }

  @Test(arguments: networks) func scoresAndGradientsAreEqual(_ network: OperationNetwork) throws {
    try Self.compare(Self.example(network))
  }

  /// Of images of three channels, each of other numbers than the rest.
  @Test(arguments: [networks[0], networks[2]]) func ofThreeChannels(_ network: OperationNetwork) throws {
    let example = try Self.example(network, channels: 3)
    #expect(example.images.count == 3 * example.labels.count)
    try Self.compare(example)
  }

  private static func compare(_ example: DeviceCase) throws {
    let (device, processor) = (try example.onDevice(), try example.onProcessor())
    let (own, theirs) = (try device.logits(image: example.images), processor.logits(image: example.images))
    #expect(own == theirs, "scores")
    #expect(Set(own).count > 8 && own.allSatisfy { $0 == $0.rounded() })
    for session in [device, processor] as [any NetworkSession] { _ = try example.step(session) }
    let unit = 1024 / Float(example.labels.count)
    for (mine, other) in zip(try device.exportGradients(), processor.exportGradients()) {
      #expect(mine == other, "gradient of \(mine.name)")
      // Those of the last layer are in units of the loss's gradient, 1024 times smaller.
      let units = mine.values.map { $0 / (mine.name.hasPrefix("end") ? unit / 1024 : unit) }
      #expect(units.contains { $0 != 0 } && units.allSatisfy { $0 == $0.rounded() }, "gradient of \(mine.name)")
    }
  }
}

import Compute
import Networks
import TestSupport
import Testing

import XLA

/// What the precision `bfloat16` rounds, in whole numbers whose sums single precision holds exactly, in whatever order: so there is
/// one right answer on any processor and any card, which is the one of the processor's engine in single precision, rounded once
/// where the program says so. The bound is nought.
@Suite(.needsDevicePlugin) struct RoundedExactTests {
  private static let extent = Extent3(4, 2, 8)

  /// Each hands its result to a last layer that copies it: scores are that result.
  private static let networks: [OperationNetwork] = [
    OperationNetwork("add", [5, 5]) { $0[0] + $0[1] },
    OperationNetwork("convolution", [5]) { $0[0].convolved(7, "c") },
    OperationNetwork("convolution with dilation", [5]) { $0[0].convolved(7, dilation: Extent3(2, 1, 2), "c") },
    OperationNetwork("depthwise convolution", [5]) { $0[0].convolvedDepthwise("c") },
    OperationNetwork("transposed convolution", [5]) {
      $0[0].maxPooled().upsampled(6, by: Extent3(1, 2, 2), to: extent, "t")
    },
  ]

  /// Parameters by name, the list's whole numbers by `change`.
  private static func example(
    _ network: OperationNetwork, image: Float, _ change: (String, [Int], [Float]) -> [Float]
  ) throws -> DeviceCase {
    var example = try DeviceCase(network, extent, batch: 2)
    example.images = example.images.map { ($0 * image).rounded() }
    for index in example.state.parameters.indices {
      let (name, shape) = (example.state.parameters[index].name, example.state.parameters[index].shape)
      let values = randomValues(shape.reduce(1, *), seed: 40 + UInt64(index))
      example.state.parameters[index].values = change(name, shape, values)
    }
    return example
  }

  /// Of layer `end`: class k is channel k.
  private static func copying(_ shape: [Int]) -> [Float] {
    (0..<shape.reduce(1, *)).map { $0 / shape[1] == $0 % shape[1] ? 1 : 0 }
  }

  private static func rounded(_ values: [Float]) -> [Float] { values.map { widened(nearestBfloat16($0)) } }

  /// Sums need far more than 8 bits, and so does what is summed of them on the way: they are rounded once, at the end.
  @Test(arguments: networks) func resultsAreRoundedOnce(_ network: OperationNetwork) throws {
    var example = try Self.example(network, image: 3.4) { name, shape, values in
      if name == "end.weight" { return Self.copying(shape) }
      if name.hasSuffix("bias") { return values.map { _ in 0 } }
      // Kernels of the image make numbers of 8 bits, which bfloat16 holds.
      return values.map { name.hasPrefix("input") ? (abs($0) * 20).rounded() + 60 : (abs($0) * 3).rounded() + 1 }
    }
    let exact = try example.onProcessor().logits(image: example.images)
    let expected = Self.rounded(exact)
    #expect(exact.allSatisfy { $0 == $0.rounded() } && zip(exact, expected).count { $0 != $1 } > 8)
    example.request.precision = .bfloat16
    let scores = try example.onDevice().logits(image: example.images)
    #expect(scores == expected)
    // Masters that bfloat16 does not hold are rounded as they are read.
    for index in example.state.parameters.indices {
      example.state.parameters[index].values = example.state.parameters[index].values.map { $0 * (1 + 0x1p-10) }
    }
    #expect(try example.onDevice().logits(image: example.images) == scores)
  }

  /// One class is sure whatever the image is, so a voxel's gradient is one over the number of voxels, a power of two, or nought;
  /// small whole numbers from there on, until the sums over all voxels.
  @Test(arguments: networks) func gradientsOfKernelsAreRoundedOnce(_ network: OperationNetwork) throws {
    let isTransposed = network.description == "transposed convolution"
    var example = try Self.example(network, image: 1.4) { name, _, values in
      if name == "end.bias" { return values.indices.map { $0 == 1 ? 0x1p20 : 0 } }
      // Where five numbers are summed at most, they may be large, and then so are the sums over all voxels.
      let size: Float = name == "input0.weight" && isTransposed ? 50 : name == "end.weight" ? 2.4 : 1.4
      return values.map { ($0 * size).rounded() }
    }
    let processor = try example.onProcessor()
    _ = try example.step(processor)
    example.request.precision = .bfloat16
    let device = try example.onDevice()
    _ = try example.step(device, rate: 0x1p-12)
    for (own, exact) in zip(try device.exportGradients(), processor.exportGradients()) {
      // The compiler sums the products of a transposed convolution, and biases, into single precision.
      let isRounded = exact.name.hasSuffix("weight") && exact.name != "t.weight"
      #expect(own.values == (isRounded ? Self.rounded(exact.values) : exact.values), "gradient of \(own.name)")
      #expect(own.values.contains { $0 != 0 }, "gradient of \(own.name)")
      if exact.name == "t.weight" { #expect(exact.values != Self.rounded(exact.values), "else nothing is shown") }
    }
  }

  /// The sum of two is rounded before the third is added.
  @Test func whatIsHandedOnIsRounded() throws {
    let network = OperationNetwork("sum of three", [5, 5, 5]) { $0[0] + $0[1] + $0[2] }
    var example = try Self.example(network, image: 3.4) { name, shape, values in
      if name == "end.weight" { return Self.copying(shape) }
      if name.hasSuffix("bias") { return values.map { _ in 0 } }
      // The third takes away what makes the sum of two large, so that what that has lost shows.
      return values.map { ((abs($0) * 20).rounded() + 60) * (name.hasPrefix("input2") ? -1 : 1) }
    }
    example.request.precision = .bfloat16
    let factors = example.state.parameters.filter { $0.name.hasPrefix("input") && $0.isKernel }.map(\.values)
    let voxels = example.images.prefix(Self.extent.count)
    let expected = (0..<4).flatMap { channel in
      Self.rounded(
        zip(Self.rounded(voxels.map { $0 * (factors[0][channel] + factors[1][channel]) }), voxels).map {
          $0 + $1 * factors[2][channel]
        })
    }
    #expect(try example.onDevice().logits(image: example.images) == expected)
    #expect(try example.onProcessor().logits(image: example.images).map { widened(nearestBfloat16($0)) } != expected)
  }

  /// Adam's first step moves every parameter that has a gradient by the rate, which is far below what bfloat16 tells apart.
  @Test func mastersStayInSinglePrecision() throws {
    let example = try DeviceCase(Self.networks[1], Self.extent, batch: 2) { $0.precision = .bfloat16 }
    let (device, rate) = (try example.onDevice(), Float(0x1p-14))
    _ = try example.step(device, rate: rate)
    let (state, gradients) = (try device.exportState(), try device.exportGradients())
    for (index, before) in example.state.parameters.enumerated() {
      for (place, value) in before.values.enumerated() where abs(gradients[index].values[place]) > 1e-4 {
        let step = abs(state.parameters[index].values[place] - value)
        #expect(abs(step - rate) < 0x1p-6 * rate, "\(before.name): \(step)")
      }
    }
  }
}

import Compute
import Networks
import TestSupport
import Testing

import XLA

/// A network around one operation: its inputs are convolutions of the image by single voxels, so that everything about it,
/// its gradients by inputs and parameters included, shows in a session's.
struct OperationNetwork: NetworkModel, CustomStringConvertible {
  let description: String
  let channels: [Int]
  let write: @Sendable ([Node]) -> Node

  init(_ name: String, _ channels: [Int], _ write: @escaping @Sendable ([Node]) -> Node) {
    (description, self.channels, self.write) = (name, channels, write)
  }

  func logits(of image: Node, classes: Int) -> Node {
    let inputs = channels.enumerated().map { image.convolved($1, kernel: 1, bias: true, Name("input\($0)")) }
    return write(inputs).resized(to: image.shape.extent).convolved(classes, kernel: 1, bias: true, "end")
  }

  static let all: [OperationNetwork] = [
    OperationNetwork("add", [5, 5]) { $0[0] + $0[1] },
    OperationNetwork("add+relu", [5, 5]) { ($0[0] + $0[1]).relu() },
    OperationNetwork("relu", [5]) { $0[0].relu() },
    OperationNetwork("leaky relu", [5]) { $0[0].leakyRelu(slope: 0.1) },
    OperationNetwork("sigmoid", [5]) { $0[0].sigmoid() },
    OperationNetwork("gelu", [5]) { $0[0].gelu() },
    OperationNetwork("multiply", [5, 5]) { $0[0] * $0[1] },
    OperationNetwork("gate", [5, 5]) { $0[0].globalMean() * $0[1] },
    OperationNetwork("concat", [5, 18, 3]) { .concatenated($0) },
    OperationNetwork("mean and broadcast", [5]) { $0[0].globalMean().broadcast(to: $0[0].shape.extent) },
    OperationNetwork("resize up and down", [5]) { $0[0].resized(to: Extent3(4, 9, 11)).resized(to: Extent3(7, 3, 2)) },
    OperationNetwork("scaled add", [5, 5]) { $0[0].addingScaled($0[1], "s") },
    OperationNetwork("layer scale", [5, 5]) { $0[0].adding(layerScaled: $0[1], initialValue: 1, "s") },
    OperationNetwork("attention gate", [5, 5]) {
      $0[0].gated(by: $0[1].convolved(1, kernel: 1, "a"))
    },
    OperationNetwork("batch norm", [5]) { ($0[0] * $0[0].sigmoid()).batchNormalized("n") },
    OperationNetwork("batch norm+relu", [5]) { ($0[0] * $0[0].sigmoid()).batchNormalized("n").relu() },
    OperationNetwork("instance norm", [5]) { ($0[0] * $0[0].sigmoid()).instanceNormalized("n") },
    OperationNetwork("instance norm+leaky relu", [5]) {
      ($0[0] * $0[0].sigmoid()).instanceNormalized("n").leakyRelu()
    },
    OperationNetwork("layer norm", [18]) { $0[0].layerNormalized("n") },
    OperationNetwork("position attention", [5, 5, 18]) { $0[2].attended(queries: $0[0], keys: $0[1]) },
    OperationNetwork("position attention of one", [5, 5, 18]) {
      $0[2].globalMean().attended(queries: $0[0].globalMean(), keys: $0[1].globalMean())
    },
    OperationNetwork("channel attention", [5]) { $0[0].sigmoid().channelAttended() },
    OperationNetwork("max pooling", [5]) { $0[0].maxPooled() },
    OperationNetwork("average pooling", [5]) { $0[0].averagePooled(2) },
    OperationNetwork("average pooling of rows", [5]) { $0[0].averagePooled(Extent3(1, 2, 1)) },
    OperationNetwork("convolution", [5]) { $0[0].convolved(7, bias: true, "c") },
    OperationNetwork("convolution with stride and dilation", [5]) {
      $0[0].convolved(7, stride: Extent3(1, 2, 3), dilation: Extent3(1, 2, 2), "c")
    },
    OperationNetwork("convolution of stride 2", [5]) { $0[0].convolved(7, kernel: 1, stride: 2, "c") },
    OperationNetwork("convolution in the plane", [5]) {
      $0[0].convolved(7, kernel: Extent3(1, 5, 3), stride: Extent3(1, 2, 1), "c")
    },
    OperationNetwork("depthwise convolution", [5]) { $0[0].convolvedDepthwise("c") },
    OperationNetwork("depthwise convolution, wide", [5]) { $0[0].convolvedDepthwise(dilation: 2, "c") },
    OperationNetwork("transposed convolution", [5]) { $0[0].doubled(6, to: Extent3(3, 11, 14), "c") },
    OperationNetwork("transposed convolution with a rest", [5]) { $0[0].doubled(6, to: Extent3(3, 11, 15), "c") },
    OperationNetwork("transposed convolution of all axes", [5]) {
      $0[0].upsampled(6, by: 2, to: Extent3(6, 10, 14), "c")
    },
    OperationNetwork("transposed convolution of rows", [5]) {
      $0[0].upsampled(6, by: Extent3(1, 2, 1), to: Extent3(3, 10, 7), "c")
    },
  ]
}

/// Every operation, forward and back, against the processor's engine.
@Suite(.needsDevicePlugin) struct OperationTests {
  @Test(arguments: OperationNetwork.all) func againstTheProcessor(_ network: OperationNetwork) throws {
    // An odd side along every axis, so that windows leave a rest.
    try Comparison(DeviceCase(network, Extent3(3, 5, 7), batch: 3)).check()
  }

  /// Over six voxels the unbiased variance is a fifth larger than the biased one, far from any rounding.
  @Test func runningStatisticsAreTheProcessors() throws {
    let network = try #require(OperationNetwork.all.first { $0.description == "batch norm" })
    let example = try DeviceCase(network, Extent3(1, 2, 3), batch: 1)
    let sessions: [any NetworkSession] = [try example.onDevice(), try example.onProcessor()]
    let states = try sessions.map { session in
      _ = try example.step(session)
      return try session.exportState().statistics
    }
    #expect(states[0].map(\.name) == states[1].map(\.name) && states[0].count == 3)
    for (own, theirs) in zip(states[0], states[1]) {
      let largest = theirs.values.map(abs).max() ?? 0
      for (a, b) in zip(own.values, theirs.values) { #expect(abs(a - b) <= 1e-5 * largest, "\(own.name): \(a), \(b)") }
    }
  }
}

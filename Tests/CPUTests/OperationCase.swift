import CPU
import Compute
import Foundation
import Networks
import TestSupport

/// One operation of `Golden/make_operations.py`: its inputs, how a model writes it, and how much it may round.
struct OperationCase: Sendable, CustomStringConvertible {
  let name: String
  let inputs: [Shape]
  /// Roundings on the longest way from an input to a result; the bound is as many units of half a last place of the
  /// largest sum of magnitudes that enter a result.
  let forwardTerms: Int
  let backwardTerms: Int
  /// Largest sum of magnitudes of one result, with inputs in -1 ... 1.
  let forwardMagnitude: Float
  let backwardMagnitude: Float
  /// True when a matrix product or convolution is inside, whose bits depend on the instruction set.
  let mayDifferBetweenSets: Bool
  private let write: @Sendable ([Node]) -> Node

  var description: String { name }

  init(
    _ name: String, _ inputs: [Shape], forward: (Int, Float), backward: (Int, Float), products: Bool = false,
    _ write: @escaping @Sendable ([Node]) -> Node
  ) {
    (self.name, self.inputs, self.write) = (name, inputs, write)
    (forwardTerms, forwardMagnitude) = forward
    (backwardTerms, backwardMagnitude) = backward
    mayDifferBetweenSets = products
  }

  static let seed: UInt64 = 11

  static func drawn(_ count: Int, index: Int) -> [Float] {
    var stream = RandomStream(seed: seed, purpose: .test, index: index)
    return (0..<count).map { _ in stream.nextUniform(in: -1...1) }
  }

  /// The operation that the model's line adds to a graph, after fusion.
  var operation: any Networks.Operation {
    let builder = GraphBuilder()
    let image = builder.image(Shape(batch: inputs[0].batch, Extent3(4, 5, 3), channels: 1))
    let nodes = inputs.enumerated().map { index, shape in
      let node = image.convolved(shape.channels, kernel: 1, Name("input\(index)"))
      return shape.extent == 1 ? node.globalMean() : node
    }
    let result = write(nodes)
    let graph = Graph(entries: builder.entries, output: result.index).withFusedRectifiers()
      .withGatedProducts().withConcatenatedSums()
    return graph.entries[graph.output].operation
  }

  var outputShape: Shape { operation.outputShape(of: inputs) }

  static let plain = Shape(batch: 2, Extent3(4, 5, 3), channels: 5)
  static let wide = Shape(batch: 2, Extent3(4, 5, 3), channels: 18)
  static let gate = Shape(batch: 2, 1, channels: 5)
  private static let wideGate = Shape(batch: 2, 1, channels: 18)
  private static let full = Shape(batch: 2, Extent3(4, 5, 3), channels: 16)
  private static let double = Shape(batch: 2, Extent3(4, 5, 3), channels: 32)

  static let all = common + ofBaselines

  private static let common: [OperationCase] = [
    OperationCase("add", [plain, plain], forward: (1, 2), backward: (0, 1)) { $0[0] + $0[1] },
    OperationCase("add-relu", [plain, plain], forward: (1, 2), backward: (0, 1)) { ($0[0] + $0[1]).relu() },
    OperationCase("relu", [plain], forward: (0, 1), backward: (0, 1)) { $0[0].relu() },
    // exp: 2 units; one sum, one quotient, two products.
    OperationCase("sigmoid", [plain], forward: (8, 1), backward: (12, 1)) { $0[0].sigmoid() },
    OperationCase("multiply", [plain, plain], forward: (1, 1), backward: (1, 1)) { $0[0] * $0[1] },
    OperationCase("gate", [gate, plain], forward: (1, 1), backward: (1, 60)) { $0[0] * $0[1] },
    // The gate's gradient is a sum over 60 voxels of products of three numbers.
    OperationCase("gated-product", [gate, plain, plain], forward: (2, 1), backward: (3, 60)) { $0[0] * $0[1] * $0[2] },
    OperationCase("gated-product-wide", [wideGate, wide, wide], forward: (2, 1), backward: (3, 60)) {
      $0[0] * $0[1] * $0[2]
    },
    OperationCase("concat-sums", [full, full, double, double], forward: (1, 2), backward: (0, 1)) {
      .concatenated([$0[0] + $0[1], $0[2] + $0[3]])
    },
    OperationCase("concat", [plain, wide, plain], forward: (0, 1), backward: (0, 1)) { .concatenated($0) },
    OperationCase("mean", [wide], forward: (1, 1), backward: (2, 1)) { $0[0].globalMean() },
    OperationCase("broadcast", [gate], forward: (0, 1), backward: (1, 60)) { $0[0].broadcast(to: Extent3(4, 5, 3)) },
    // A weight and a product per axis, a sum per corner; backward sums over the outputs that read an input.
    OperationCase("resize-up", [plain], forward: (12, 1), backward: (24, 8)) { $0[0].resized(to: Extent3(4, 9, 7)) },
    OperationCase("resize-down", [plain], forward: (12, 1), backward: (24, 2)) { $0[0].resized(to: Extent3(3, 2, 2)) },
    OperationCase("resize-deep", [plain], forward: (12, 1), backward: (24, 4)) { $0[0].resized(to: Extent3(7, 5, 3)) },
    OperationCase("scaled-add", [plain, plain], forward: (2, 2), backward: (1, 600)) { $0[0].addingScaled($0[1], "s") },
    // Values up to 3 after normalisation; mean, variance and their quotients in double, then three roundings.
    OperationCase("norm", [wide], forward: (6, 3), backward: (10, 120)) { $0[0].batchNormalized("n") },
    OperationCase("norm-relu", [wide], forward: (6, 3), backward: (10, 120)) { $0[0].batchNormalized("n").relu() },
    // Scores of 5 products, exp, a sum over 60 positions; backward again with the softmax's gradient between.
    OperationCase("position-attention", [plain, plain, wide], forward: (80, 1), backward: (160, 2), products: true) {
      $0[2].attended(queries: $0[0], keys: $0[1])
    },
    // Scores are sums of up to 30 over 60 positions; their absolute error is a relative one after exp.
    OperationCase("channel-attention", [wide], forward: (120, 30), backward: (240, 120), products: true) {
      $0[0].channelAttended()
    },
    OperationCase("convolution", [plain], forward: (136, 40), backward: (486, 120), products: true) {
      $0[0].convolved(18, stride: Extent3(1, 2, 2), dilation: Extent3(1, 2, 2), bias: true, "c")
    },
  ]
}

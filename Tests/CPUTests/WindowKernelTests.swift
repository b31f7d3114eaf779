import CPU
import Compute
import TestSupport
import Testing

/// The vector kernels of sums of products against the definitions: at most γ(n + 2) · Σ|a b| apart (two more for the
/// bias and the final rounding). All sets and thread counts of a kernel do the same operations in the same order.
struct WindowKernelTests {
  static let poolings = [
    Shape(batch: 1, Extent3(1, 2, 2), channels: 1), Shape(batch: 2, Extent3(3, 5, 4), channels: 20),
    Shape(batch: 1, Extent3(4, 6, 9), channels: 33),
  ]

  @Test(arguments: poolings, vectorSets) func poolingIsTheDefinitionBitForBit(_ shape: Shape, _ set: InstructionSet) {
    let (definition, pooling) = (
      MaxPoolingKernel(shape, instructionSet: .scalar), MaxPoolingKernel(shape, instructionSet: set)
    )
    // Few different values, so that windows have ties.
    let x = randomActivation(shape, seed: 1).map { ($0 * 3).rounded() + 0 }
    let dy = randomActivation(pooling.output, seed: 2)
    let start = randomActivation(shape, seed: 3)
    expectSameBits(pooling.forward(x, threads: 3), definition.forward(x))
    expectSameBits(pooling.backward(x, dy, threads: 3), definition.backward(x, dy))
    expectSameBits(pooling.backward(x, dy, addingTo: start, threads: 2), definition.backward(x, dy, addingTo: start))
  }

  /// A value that is not a number must not vanish in a pool: training would not see that it has diverged.
  @Test(arguments: InstructionSet.available) func poolingKeepsWhatIsNotANumber(_ set: InstructionSet) {
    let shape = Shape(batch: 1, Extent3(1, 2, 2), channels: 1)
    for place in 0..<4 {
      var x = [Float](repeating: 0, count: shape.storedCount)
      x[place * 16] = .nan
      #expect(MaxPoolingKernel(shape, instructionSet: set).forward(x)[0].isNaN)
    }
  }

  struct Example: Sendable {
    var shape: Shape
    var outChannels = 0
    var extent: Extent3 = 1
    var dilation = 1
  }

  static let transposed = [
    Example(shape: Shape(batch: 1, 1, channels: 1), outChannels: 1, extent: Extent3(1, 2, 2)),
    Example(shape: Shape(batch: 2, Extent3(4, 5, 3), channels: 5), outChannels: 7, extent: Extent3(4, 11, 6)),
    Example(shape: Shape(batch: 1, Extent3(3, 4, 19), channels: 20), outChannels: 33, extent: Extent3(3, 8, 39)),
    Example(shape: Shape(batch: 2, Extent3(2, 3, 29), channels: 48), outChannels: 40, extent: Extent3(2, 7, 59)),
    Example(shape: Shape(batch: 1, Extent3(2, 70, 2), channels: 64), outChannels: 96, extent: Extent3(2, 140, 4)),
  ]

  @Test(arguments: transposed, vectorSets)
  func transposedConvolutionIsTheDefinition(_ example: Example, _ set: InstructionSet) {
    let operation = example.transposed(set), definition = example.transposed(.scalar)
    let x = randomActivation(operation.input, seed: 1), dy = randomActivation(operation.output, seed: 2)
    let w = randomValues(operation.weightCount, seed: 3), b = randomValues(example.outChannels, seed: 4)
    let start = randomActivation(operation.input, seed: 5)
    expectSums(
      operation.forward(x, w, b), definition.forward(x, w, b),
      of: definition.forward(x.absolutes, w.absolutes, b.absolutes), terms: example.shape.channels)
    expectSums(
      operation.backwardInput(dy, w), definition.backwardInput(dy, w),
      of: definition.backwardInput(dy.absolutes, w.absolutes), terms: 4 * example.outChannels)
    expectSums(
      operation.backwardInput(dy, w, addingTo: start), definition.backwardInput(dy, w, addingTo: start),
      of: definition.backwardInput(dy.absolutes, w.absolutes, addingTo: start.absolutes),
      terms: 4 * example.outChannels)
    expectSums(
      operation.backwardWeights(x, dy), definition.backwardWeights(x, dy),
      of: definition.backwardWeights(x.absolutes, dy.absolutes), terms: example.shape.voxels)
  }

  @Test(arguments: transposed) func transposedConvolutionDoesNotDependOnThreadsOrSet(_ example: Example) {
    let reference = example.transposed(vectorSets.first ?? .scalar)
    let x = randomActivation(reference.input, seed: 1), dy = randomActivation(reference.output, seed: 2)
    let w = randomValues(reference.weightCount, seed: 3), b = randomValues(example.outChannels, seed: 4)
    for (set, threads) in vectorSets.flatMap({ set in [1, 2, 3].map { (set, $0) } }) {
      let operation = example.transposed(set)
      expectSameBits(operation.forward(x, w, b, threads: threads), reference.forward(x, w, b))
      expectSameBits(operation.backwardInput(dy, w, threads: threads), reference.backwardInput(dy, w))
      expectSameBits(operation.backwardWeights(x, dy, threads: threads), reference.backwardWeights(x, dy))
    }
  }

  static let depthwise = [
    Example(shape: Shape(batch: 1, 1, channels: 1)),
    Example(shape: Shape(batch: 2, Extent3(2, 5, 3), channels: 5)),
    Example(shape: Shape(batch: 1, Extent3(3, 9, 38), channels: 20)),
    Example(shape: Shape(batch: 2, Extent3(1, 20, 17), channels: 48)),
    Example(shape: Shape(batch: 1, Extent3(2, 4, 3), channels: 7), dilation: 2),
    Example(shape: Shape(batch: 2, Extent3(2, 16, 8), channels: 33), dilation: 3),
    Example(shape: Shape(batch: 1, Extent3(1, 21, 29), channels: 16), dilation: 3),
  ]

  @Test(arguments: depthwise, vectorSets)
  func depthwiseConvolutionIsTheDefinition(_ example: Example, _ set: InstructionSet) {
    let operation = example.depthwise(set, 2), definition = example.depthwise(.scalar, 1)
    let shape = example.shape
    let x = randomActivation(shape, seed: 1), dy = randomActivation(shape, seed: 2)
    let w = randomValues(operation.weightCount, seed: 3), b = randomValues(shape.channels, seed: 4)
    let start = randomActivation(shape, seed: 5)
    expectSums(
      operation.forward(x, w, b), definition.forward(x, w, b),
      of: definition.forward(x.absolutes, w.absolutes, b.absolutes), terms: 49)
    expectSums(
      operation.backwardInput(dy, w), definition.backwardInput(dy, w),
      of: definition.backwardInput(dy.absolutes, w.absolutes), terms: 49)
    expectSums(
      operation.backwardInput(dy, w, addingTo: start), definition.backwardInput(dy, w, addingTo: start),
      of: definition.backwardInput(dy.absolutes, w.absolutes, addingTo: start.absolutes), terms: 49)
    expectSums(
      operation.backwardWeights(x, dy), definition.backwardWeights(x, dy),
      of: definition.backwardWeights(x.absolutes, dy.absolutes), terms: shape.voxels)
  }

  @Test(arguments: depthwise) func depthwiseConvolutionDoesNotDependOnThreadsOrSet(_ example: Example) {
    let reference = example.depthwise(vectorSets.first ?? .scalar, 1)
    let x = randomActivation(example.shape, seed: 1), dy = randomActivation(example.shape, seed: 2)
    let w = randomValues(reference.weightCount, seed: 3), b = randomValues(example.shape.channels, seed: 4)
    for (set, threads) in vectorSets.flatMap({ set in [1, 2, 3].map { (set, $0) } }) {
      let operation = example.depthwise(set, threads)
      expectSameBits(operation.forward(x, w, b), reference.forward(x, w, b))
      expectSameBits(operation.backwardInput(dy, w), reference.backwardInput(dy, w))
      expectSameBits(operation.backwardWeights(x, dy), reference.backwardWeights(x, dy))
    }
  }

  /// `terms` products, at most two more roundings for bias, old value and storing.
  private func expectSums(
    _ actual: [Float], _ expected: [Float], of magnitudes: [Float], terms: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let factor = roundingBound(terms: terms + 3)
    expectClose(actual, expected, bounds: magnitudes.map { $0 * factor }, sourceLocation: sourceLocation)
  }
}

extension WindowKernelTests.Example {
  func transposed(_ set: InstructionSet) -> TransposedConvolutionKernel {
    TransposedConvolutionKernel(shape, outChannels: outChannels, extent: extent, instructionSet: set)
  }

  func depthwise(_ set: InstructionSet, _ workers: Int) -> DepthwiseConvolutionKernel {
    DepthwiseConvolutionKernel(shape, dilation: dilation, workers: workers, instructionSet: set)
  }
}

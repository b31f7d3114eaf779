import CPU
import Compute
import Networks
import TestSupport
import Testing

/// Convolutions that write, or read the gradient of, an output stored as bfloat16. Every kernel must give the bits that it
/// gives between floats: of its float sums, rounded to nearest by the definition, and of dy widened to floats.
struct Bfloat16StorageTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let geometry: ConvolutionGeometry
    let algorithm: ConvolutionAlgorithm
    var testDescription: String {
      "\(geometry.input) to \(geometry.outChannels), \(geometry.kernel) \(geometry.stride) \(geometry.dilation), "
        + algorithm.name
    }
  }

  static let examples: [Example] = {
    let taps = TapConvolutionTests.examples.filter { $0.algorithm == .direct }.map(\.geometry)
    let direct = taps.map { Example(geometry: $0, algorithm: .direct) }
    let rounded = taps.filter { !$0.inputIsPlanar }.map { Example(geometry: $0, algorithm: .bfloat16) }
    let windows = WinogradConvolutionTests.examples.flatMap { example in
      example.algorithms.map { Example(geometry: example.geometry, algorithm: $0) }
    }
    return (direct + rounded + windows).filter(\.algorithm.isSupported)
  }()

  static let vectorSets = InstructionSet.available.filter { $0 != .scalar }

  @Test(arguments: examples, vectorSets) func targetsAreRounded(_ example: Example, _ set: InstructionSet) {
    let geometry = example.geometry
    let inputs = ConvolutionInputs(geometry)
    for workers in [1, 3] {
      let kernel = ConvolutionKernel(geometry, workers: workers, instructionSet: set, algorithm: example.algorithm)
      expectSame(kernel.forwardToBfloat16(inputs.x, inputs.weights), kernel.forward(inputs.x, inputs.weights))
      expectSame(
        kernel.forwardToBfloat16(
          inputs.x, inputs.weights, scale: inputs.scale, bias: inputs.bias, rectifies: true),
        kernel.forward(inputs.x, inputs.weights, scale: inputs.scale, bias: inputs.bias, rectifies: true))
    }
  }

  @Test(arguments: examples, vectorSets) func gradientsAreWidened(_ example: Example, _ set: InstructionSet) {
    let geometry = example.geometry
    let inputs = ConvolutionInputs(geometry)
    let dy = inputs.dy.map(nearestBfloat16)
    let floats = dy.map(widened)
    for workers in [1, 3] {
      let kernel = ConvolutionKernel(geometry, workers: workers, instructionSet: set, algorithm: example.algorithm)
      expectSameBits(kernel.backwardWeights(inputs.x, dy), kernel.backwardWeights(inputs.x, floats), "weights")
      if geometry.inputIsPlanar { continue }
      expectSameBits(kernel.backwardInput(dy, inputs.weights), kernel.backwardInput(floats, inputs.weights), "input")
      expectSameBits(
        kernel.backwardInput(dy, inputs.weights, addingTo: inputs.x),
        kernel.backwardInput(floats, inputs.weights, addingTo: inputs.x), "accumulated")
    }
  }

  static let builds: [(ConvolutionAlgorithm, InstructionSet)] = vectorSets.flatMap { set in
    [
      (.direct, set), (.bfloat16, set), (.winograd(WinogradScheme(.large, slices: 1)), set),
      (.winograd(WinogradScheme(.strided, slices: 1, rounds: true)), set),
    ].filter(\.0.isSupported)
  }

  /// Every kernel's own rounding, of sums that are zero but for a bias: ties, infinities, NaN and subnormal numbers too.
  @Test(arguments: builds) func everyNumberIsRoundedByTheDefinition(
    _ algorithm: ConvolutionAlgorithm, _ set: InstructionSet
  ) {
    let side = if case .winograd(let scheme) = algorithm, scheme.tile == .strided { 2 } else { 1 }
    let kernelExtent: Extent3 = algorithm == .direct || algorithm == .bfloat16 ? 1 : 3
    let count = 1 << 13
    let geometry = ConvolutionGeometry(
      input: Shape(batch: 1, 1, channels: 2), outChannels: count, kernel: kernelExtent, stride: Extent3(1, side, side))
    let kernel = ConvolutionKernel(geometry, workers: 2, instructionSet: set, algorithm: algorithm)
    let zeros = [Float](repeating: 0, count: geometry.weightCount)
    let x = [Float](repeating: 0, count: geometry.inputCount)
    for first in stride(from: 0, to: floatsAroundBfloat16.count, by: count) {
      let bias = Array(floatsAroundBfloat16[first..<first + count])
      let sums = kernel.forward(x, zeros, bias: bias)
      // Nothing is lost on the way but the sign of zero.
      #expect(zip(sums, bias).allSatisfy { $0.bitPattern == $1.bitPattern || $0 == $1 || $1.isSignalingNaN })
      expectSame(kernel.forwardToBfloat16(x, zeros, bias: bias), sums)
    }
  }

  private func expectSame(_ bits: [UInt16], _ sums: [Float], sourceLocation: SourceLocation = #_sourceLocation) {
    expectSameBits(bits.map(widened), sums.map { widened(nearestBfloat16($0)) }, sourceLocation: sourceLocation)
  }
}

/// The definition that all these tests rest on.
struct Bfloat16DefinitionTests {
  @Test(
    arguments: [
      (0x3F80_0000, 0x3F80), (0x3F80_7FFF, 0x3F80), (0x3F80_8000, 0x3F80), (0x3F80_8001, 0x3F81), (0x3F81_8000, 0x3F82),
      (0xBF81_8000, 0xBF82), (0x7F7F_7FFF, 0x7F7F), (0x7F7F_8000, 0x7F80), (0xFF7F_FFFF, 0xFF80), (0x7F80_0000, 0x7F80),
      (0x7F80_0001, 0x7FC0), (0xFFC1_2345, 0xFFC1), (0x0080_0000, 0x0080), (0x007F_FFFF, 0), (0x8000_0001, 0x8000),
      (0, 0),
    ] as [(UInt32, UInt16)])
  func roundsToNearest(_ bits: UInt32, _ expected: UInt16) {
    #expect(nearestBfloat16(Float(bitPattern: bits)) == expected)
  }
}

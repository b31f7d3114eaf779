import CPU
import Compute
import Networks
import TestSupport
import Testing

/// The Winograd kernels against the definition.
///
/// With |x| <= X and |w| <= 1 the transformed factors grow, per axis, by the absolute row sums of the transforms, so every
/// intermediate sum is at most `growth · terms · X`, and the result of n additions and multiplications, transforms
/// included, is off by at most γ(n) times that. Rounding the transformed factors adds 2⁻⁷ + 2⁻¹⁶ of it.
struct WinogradConvolutionTests {
  struct Example: Sendable, CustomTestStringConvertible {
    var geometry: ConvolutionGeometry

    init(
      _ extent: Extent3, _ channels: Int, _ outChannels: Int, batch: Int = 1, depthKernel: Int = 3, stride: Int = 1,
      dilation: Int = 1
    ) {
      geometry = ConvolutionGeometry(
        input: Shape(batch: batch, extent, channels: channels), outChannels: outChannels,
        kernel: Extent3(depthKernel, 3, 3), stride: Extent3(1, stride, stride), dilation: Extent3(1, dilation, dilation)
      )
    }

    var testDescription: String {
      "\(geometry.input) to \(geometry.outChannels), \(geometry.kernel) \(geometry.stride) \(geometry.dilation)"
    }
    /// Every algorithm that can serve the shape.
    var algorithms: [ConvolutionAlgorithm] {
      WinogradConvolutionTests.allSchemes.filter { $0.serves(geometry) }.map(ConvolutionAlgorithm.winograd)
        .filter(\.isSupported)
    }
  }

  static let allSchemes = [false, true].flatMap { rounds in
    WinogradScheme.Tile.allCases.flatMap { tile in
      [1, 2, 3].map { WinogradScheme(tile, slices: $0, rounds: rounds) }
    }
  }

  @Test func everySchemeHasExamples() {
    for scheme in Self.allSchemes { #expect(Self.examples.contains { scheme.serves($0.geometry) }, "\(scheme)") }
  }

  static let examples =
    [1, 2].flatMap { stride in
      [
        Example(Extent3(3, 8, 12), 16, 32, stride: stride),
        Example(Extent3(4, 7, 9), 20, 33, stride: stride),
        Example(Extent3(2, 5, 39), 5, 7, batch: 3, stride: stride),
        Example(Extent3(1, 1, 1), 3, 4, stride: stride),
        Example(Extent3(5, 1, 6), 48, 40, stride: stride),
        Example(Extent3(2, 37, 2), 17, 16, batch: 2, stride: stride),
        Example(Extent3(3, 6, 10), 18, 50, depthKernel: 1, stride: stride),
        Example(Extent3(6, 10, 7), 16, 16, depthKernel: 5, stride: stride),
        Example(Extent3(7, 13, 22), 64, 40, batch: 2, stride: stride),
      ]
    } + [
      Example(Extent3(5, 13, 22), 40, 33, batch: 2, dilation: 2),
      Example(Extent3(4, 11, 9), 16, 20, dilation: 3),
      Example(Extent3(3, 4, 5), 5, 7, batch: 3, dilation: 7),
      // Images that share groups, the last group with fewer.
      Example(Extent3(4, 7, 5), 20, 33, batch: 7),
      Example(Extent3(3, 9, 8), 16, 20, batch: 3, dilation: 3),
      // Many groups of windows; so many channels that gradients are summed block by block, and that groups are large.
      Example(Extent3(4, 23, 21), 16, 20, batch: 5),
      Example(Extent3(4, 23, 21), 16, 20, batch: 5, stride: 2),
      Example(Extent3(3, 4, 5), 272, 256),
      Example(Extent3(2, 5, 6), 528, 16),
      Example(Extent3(2, 4, 4), 528, 260),
      // Weight gradients in pieces, over several groups.
      Example(Extent3(4, 12, 11), 144, 256),
    ]

  static let vectorSets = InstructionSet.available.filter { $0 != .scalar }

  /// Additions and multiplications of a result beside the sum over channels and taps: both transforms of the operands
  /// along both axes, joined products, the way back, bias.
  static let transformTerms = 50

  @Test(arguments: examples, vectorSets) func resultsAreTheDefinition(_ example: Example, _ set: InstructionSet) {
    let geometry = example.geometry
    let inputs = ConvolutionInputs(geometry)
    let definition = ConvolutionKernel(geometry, workers: 2, instructionSet: .scalar)
    let y = definition.forward(inputs.x, inputs.weights, bias: inputs.bias)
    let finished = definition.forward(
      inputs.x, inputs.weights, scale: inputs.scale, bias: inputs.bias, rectifies: true)
    let dx = definition.backwardInput(inputs.dy, inputs.weights)
    let dw = definition.backwardWeights(inputs.x, inputs.dy)
    for algorithm in example.algorithms {
      let kernel = ConvolutionKernel(geometry, workers: 2, instructionSet: set, algorithm: algorithm)
      let growth = kernel.errorGrowth
      let productError = algorithm.rounds ? Bfloat16ConvolutionTests.productError : 0
      func bound(_ terms: Int, _ growth: Double) -> Float {
        (productError + roundingBound(terms: terms + Self.transformTerms)) * Float(terms) * Float(growth)
      }
      let depth = geometry.kernel.depth
      expectClose(
        kernel.forward(inputs.x, inputs.weights, bias: inputs.bias), y,
        bound: bound(geometry.input.channels * depth + 1, growth.forward), "forward \(algorithm)")
      // Scales are 1 at most: one rounding more.
      expectClose(
        kernel.forward(inputs.x, inputs.weights, scale: inputs.scale, bias: inputs.bias, rectifies: true), finished,
        bound: bound(geometry.input.channels * depth + 2, growth.forward), "finished \(algorithm)")
      let inputBound = bound(geometry.outChannels * depth + 1, growth.backwardInput)
      expectClose(kernel.backwardInput(inputs.dy, inputs.weights), dx, bound: inputBound, "input \(algorithm)")
      expectClose(
        kernel.backwardInput(inputs.dy, inputs.weights, addingTo: inputs.x), zip(dx, inputs.x).map(+),
        bound: inputBound, "accumulated \(algorithm)")
      expectClose(
        kernel.backwardWeights(inputs.x, inputs.dy), dw,
        bound: bound(geometry.output.voxels, growth.backwardWeights), "weights \(algorithm)")
    }
  }

  /// Windows and weights that bfloat16 holds exactly once they are transformed: a bound that rounding cannot hide behind.
  /// (Large tiles and three slices divide by three.)
  @Test(
    .enabled(if: ConvolutionAlgorithm.bfloat16.isSupported),
    arguments: allSchemes.filter { $0.rounds && $0.tile != .large && $0.slices < 3 }, [50, 16])
  func exactOperandsAreNotRounded(_ scheme: WinogradScheme, _ channels: Int) {
    let geometry = Example(Extent3(4, 7, 9), channels, 33, stride: scheme.tile == .strided ? 2 : 1).geometry
    let x = channelsLast((0..<geometry.input.voxels * channels).map { Float($0 * 7 % 11 - 5) }, geometry.input)
    let weights = (0..<geometry.weightCount).map { Float($0 * 5 % 7 - 3) }
    let dy = channelsLast((0..<geometry.output.voxels * 33).map { Float($0 * 3 % 13 - 6) }, geometry.output)
    let definition = ConvolutionKernel(geometry, workers: 2, instructionSet: .scalar)
    let kernel = ConvolutionKernel(geometry, workers: 2, instructionSet: .avx512, algorithm: .winograd(scheme))
    expectClose(kernel.forward(x, weights), definition.forward(x, weights), bound: 0)
    expectClose(kernel.backwardInput(dy, weights), definition.backwardInput(dy, weights), bound: 0)
  }

  struct Default: Sendable {
    let scheme: WinogradScheme
    var stride = 1
    var depth = 4
    /// With 48 channels, 32 is too few to transform depth; weight gradients do all the same.
    let outChannels: Int
    /// Forward, input gradient, weight gradient.
    let limits: [Double]
  }

  static let defaults = [
    Default(scheme: WinogradScheme(.small, slices: 1), outChannels: 32, limits: [0.8, 0.8, 2.8]),
    Default(scheme: WinogradScheme(.strided, slices: 1), stride: 2, outChannels: 32, limits: [1.3, 1.3, 3]),
    Default(scheme: WinogradScheme(.small, slices: 2), outChannels: 64, limits: [0.7, 0.7, 2.6]),
    Default(scheme: WinogradScheme(.strided, slices: 2), stride: 2, outChannels: 64, limits: [1.1, 1.2, 3]),
    Default(scheme: WinogradScheme(.small, slices: 3), depth: 6, outChannels: 64, limits: [1.2, 1.2, 4.4]),
    Default(scheme: WinogradScheme(.strided, slices: 2), stride: 2, depth: 6, outChannels: 64, limits: [1.1, 1.2, 5]),
  ]

  /// The worst-case bound is wide; what float32 promises is an error of direct's size. Root mean squares over a layer,
  /// relative to direct's, were 0.61, 0.61, 2.41 with stride 1 and 1.00, 1.07, 2.37 with stride 2; with two slices at
  /// a time 0.54, 0.53, 2.25 and 0.86, 0.92, 2.53; with three 0.98, 0.97, 3.68, and 4.49 for strided weights.
  @Test(arguments: defaults, vectorSets)
  func defaultKernelsAreAboutAsAccurateAsDirect(_ example: Default, _ set: InstructionSet) {
    let geometry = Example(Extent3(example.depth, 16, 20), 48, example.outChannels, stride: example.stride).geometry
    #expect(ConvolutionKernel(geometry, workers: 2, instructionSet: set).algorithm == .winograd(example.scheme))
    let inputs = ConvolutionInputs(geometry)
    let exact = results(ConvolutionKernel(geometry, workers: 2, instructionSet: .scalar), inputs)
    let chosen = results(ConvolutionKernel(geometry, workers: 2, instructionSet: set), inputs)
    let direct = results(ConvolutionKernel(geometry, workers: 2, instructionSet: set, algorithm: .direct), inputs)
    for operation in 0..<3 {
      let ratio =
        rootMeanSquare(chosen[operation], exact[operation]) / rootMeanSquare(direct[operation], exact[operation])
      #expect(ratio <= example.limits[operation], "operation \(operation)")
      #expect(ratio > 0.1, "operation \(operation): is this still the kernel under test?")
    }
  }

  /// Errors stay of the size that rounded taps have: root mean squares relative to theirs were 1.78, 1.77 and with two
  /// slices at a time 2.49, 2.44.
  @Test(.enabled(if: ConvolutionAlgorithm.bfloat16.isSupported), arguments: [1, 2])
  func roundedWindowsAreAboutAsAccurateAsRoundedTaps(_ slices: Int) {
    let geometry = Example(Extent3(4, 16, 20), 48, slices == 1 ? 32 : 64, stride: 2).geometry
    let chosen = ConvolutionKernel(geometry, precision: .bfloat16, workers: 2, instructionSet: .avx512)
    #expect(chosen.algorithm == .winograd(WinogradScheme(.strided, slices: slices, rounds: true)))
    let inputs = ConvolutionInputs(geometry)
    let exact = results(ConvolutionKernel(geometry, workers: 2, instructionSet: .scalar), inputs)
    let limit = slices == 1 ? 2.0 : 2.8
    let taps = ConvolutionKernel(geometry, workers: 2, instructionSet: .avx512, algorithm: .bfloat16)
    let (windowed, direct) = (results(chosen, inputs), results(taps, inputs))
    for operation in 0..<2 {
      let ratio =
        rootMeanSquare(windowed[operation], exact[operation]) / rootMeanSquare(direct[operation], exact[operation])
      #expect(ratio <= limit, "operation \(operation)")
      #expect(ratio > 1.3, "operation \(operation): is this still the kernel under test?")
    }
    expectSameBits(windowed[2], direct[2])
  }

  private func results(_ kernel: ConvolutionKernel, _ inputs: ConvolutionInputs) -> [[Float]] {
    [
      kernel.forward(inputs.x, inputs.weights), kernel.backwardInput(inputs.dy, inputs.weights),
      kernel.backwardWeights(inputs.x, inputs.dy),
    ]
  }

  @Test(arguments: examples, vectorSets) func threadsDoNotChangeABit(_ example: Example, _ set: InstructionSet) {
    let inputs = ConvolutionInputs(example.geometry)
    for algorithm in example.algorithms {
      let all = [1, 2, 3, 20].map { workers in
        results(
          ConvolutionKernel(example.geometry, workers: workers, instructionSet: set, algorithm: algorithm), inputs)
      }
      for operation in 0..<3 {
        expectSameBits(all[1][operation], all[0][operation], "\(algorithm), 2 threads")
        expectSameBits(all[2][operation], all[0][operation], "\(algorithm), 3 threads")
        expectSameBits(all[3][operation], all[0][operation], "\(algorithm), 20 threads")
      }
    }
  }

  /// Six parts of four or five groups, and one of seven groups: parts that come out even and that do not, workers that have
  /// a part, share some, and are more than there are groups.
  @Test(
    arguments: [
      Example(Extent3(18, 40, 30), 16, 16), Example(Extent3(18, 40, 30), 16, 16, depthKernel: 1),
      Example(Extent3(4, 20, 18), 128, 128),
    ], vectorSets)
  func workersShareWeightGradientsWithoutChangingABit(_ example: Example, _ set: InstructionSet) {
    let inputs = ConvolutionInputs(example.geometry)
    for slices in example.geometry.kernel.depth == 1 ? [1] : [1, 3] {
      let all = [1, 2, 4, 5, 6, 20, 70].map { workers in
        ConvolutionKernel(
          example.geometry, workers: workers, instructionSet: set,
          algorithm: .winograd(WinogradScheme(.small, slices: slices))
        ).backwardWeights(inputs.x, inputs.dy)
      }
      for many in all.dropFirst() { expectSameBits(many, all[0], "\(slices) slices") }
    }
  }

  @Test(arguments: examples, vectorSets) func paddingStaysZero(_ example: Example, _ set: InstructionSet) {
    let geometry = example.geometry
    let inputs = ConvolutionInputs(geometry)
    for algorithm in example.algorithms {
      let kernel = ConvolutionKernel(geometry, workers: 2, instructionSet: set, algorithm: algorithm)
      #expect(paddingIsZero(kernel.forward(inputs.x, inputs.weights, bias: inputs.bias), geometry.output))
      #expect(paddingIsZero(kernel.backwardInput(inputs.dy, inputs.weights), geometry.input))
    }
  }
}

extension ConvolutionAlgorithm {
  fileprivate var rounds: Bool { if case .winograd(let scheme) = self { scheme.rounds } else { false } }
}

private func rootMeanSquare(_ actual: [Float], _ expected: [Float]) -> Double {
  precondition(actual.count == expected.count)
  let sum = zip(actual, expected).reduce(0.0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }
  return (sum / Double(actual.count)).squareRoot()
}

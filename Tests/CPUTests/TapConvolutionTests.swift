import CPU
import Compute
import Networks
import TestSupport
import Testing

/// The vector kernels that sum every tap, direct and 1x1x1, against the definitions. Both compute the same sum of n products,
/// the kernels in single precision and another order, so they differ by at most γ(n + 2) · Σ|a·b| (two more for the bias and
/// the final rounding).
struct TapConvolutionTests {
  struct Example: Sendable, CustomTestStringConvertible {
    var geometry: ConvolutionGeometry
    var algorithm: ConvolutionAlgorithm

    init(
      _ extent: Extent3, _ channels: Int, _ outChannels: Int, batch: Int = 1, kernel: Extent3 = 3,
      stride: Extent3 = 1, dilation: Extent3 = 1, by algorithm: ConvolutionAlgorithm = .direct
    ) {
      self.algorithm = algorithm
      geometry = ConvolutionGeometry(
        input: Shape(batch: batch, extent, channels: channels), outChannels: outChannels, kernel: kernel,
        stride: stride, dilation: dilation)
    }

    var testDescription: String {
      "\(geometry.input) to \(geometry.outChannels), kernel \(geometry.kernel) stride \(geometry.stride) "
        + "dilation \(geometry.dilation), \(algorithm.name)"
    }
  }

  static let downsampling = Extent3(1, 2, 2)

  static let examples = [
    Example(Extent3(4, 5, 3), 16, 32),
    Example(Extent3(4, 5, 3), 5, 7, batch: 3),
    Example(Extent3(3, 9, 19), 20, 33),
    Example(Extent3(2, 6, 29), 48, 40, batch: 2),
    Example(Extent3(1, 1, 1), 3, 4),
    Example(Extent3(1, 1, 33), 18, 16),
    Example(Extent3(5, 1, 1), 17, 70),
    Example(Extent3(3, 7, 9), 20, 33, stride: downsampling),
    Example(Extent3(3, 8, 10), 5, 7, batch: 3, stride: downsampling),
    Example(Extent3(2, 1, 6), 33, 16, stride: downsampling),
    Example(Extent3(3, 6, 1), 16, 48, stride: downsampling),
    Example(Extent3(5, 7, 8), 6, 20, stride: Extent3(2, 2, 3)),
    Example(Extent3(4, 9, 11), 20, 33, dilation: Extent3(1, 2, 2)),
    Example(Extent3(3, 19, 21), 16, 18, dilation: Extent3(1, 4, 4)),
    Example(Extent3(9, 8, 7), 17, 16, batch: 2, dilation: 6),
    Example(Extent3(2, 18, 35), 16, 20, dilation: Extent3(1, 16, 16)),
    Example(Extent3(3, 5, 4), 16, 16, dilation: 12),
    Example(Extent3(5, 9, 10), 18, 6, stride: downsampling, dilation: Extent3(2, 1, 3)),
    Example(Extent3(3, 5, 7), 40, 36, kernel: 1),
    Example(Extent3(2, 3, 4), 5, 7, batch: 3, kernel: 1),
    Example(Extent3(3, 7, 9), 20, 33, kernel: 1, stride: downsampling),
    Example(Extent3(4, 5, 6), 6, 5, kernel: Extent3(1, 3, 5)),
    Example(Extent3(4, 9, 8), 3, 16, kernel: 7, stride: downsampling),
    Example(Extent3(3, 7, 18), 1, 20),
    Example(Extent3(3, 6, 9), 1, 32, batch: 3),
    Example(Extent3(2, 5, 7), 1, 50, stride: downsampling),
    Example(Extent3(3, 9, 11), 1, 16, kernel: Extent3(3, 7, 7), stride: downsampling, dilation: Extent3(1, 2, 1)),
    Example(Extent3(2, 3, 4), 1, 5, kernel: 1),
    // Six bands of rows, the last one shorter.
    Example(Extent3(2, 45, 7), 1, 20, batch: 2),
    // Fewer voxels than a tile; more than a group and a chunk; more channels than a slab; either side wider.
    Example(Extent3(1, 1, 1), 3, 4, kernel: 1, by: .conv1x1),
    Example(Extent3(2, 3, 4), 5, 7, batch: 3, kernel: 1, by: .conv1x1),
    Example(Extent3(4, 5, 3), 40, 36, kernel: 1, by: .conv1x1),
    Example(Extent3(5, 11, 13), 20, 33, kernel: 1, by: .conv1x1),
    Example(Extent3(3, 11, 13), 70, 18, batch: 2, kernel: 1, by: .conv1x1),
    Example(Extent3(3, 4, 5), 530, 20, kernel: 1, by: .conv1x1),
    Example(Extent3(3, 4, 5), 18, 1050, kernel: 1, by: .conv1x1),
    // Several whole blocks and a part of one, whose weights are packed in two ways, on either side.
    Example(Extent3(4, 5, 3), 100, 70, kernel: 1, by: .conv1x1),
    Example(Extent3(4, 5, 3), 70, 100, kernel: 1, by: .conv1x1),
  ]

  static let vectorSets = InstructionSet.available.filter { $0 != .scalar }

  @Test(arguments: examples, vectorSets) func forwardIsTheDefinition(_ example: Example, _ set: InstructionSet) {
    let geometry = example.geometry
    let inputs = ConvolutionInputs(geometry)
    let expected = definition(geometry).forward(inputs.x, inputs.weights, bias: inputs.bias)
    let magnitude = definition(geometry).forward(
      inputs.x.magnitudes, inputs.weights.magnitudes, bias: inputs.bias.magnitudes)
    let factor = roundingBound(terms: geometry.input.channels * geometry.kernel.count + 2)
    let actual = ConvolutionKernel(geometry, workers: 2, instructionSet: set, algorithm: example.algorithm).forward(
      inputs.x, inputs.weights, bias: inputs.bias)
    expectClose(actual, expected, bounds: magnitude.map { factor * $0 })
    let unbiased = ConvolutionKernel(geometry, workers: 1, instructionSet: set, algorithm: example.algorithm).forward(
      inputs.x, inputs.weights)
    expectClose(
      unbiased, definition(geometry).forward(inputs.x, inputs.weights), bounds: magnitude.map { factor * $0 })
  }

  /// Scale, bias and ReLU, alone and together, with as many roundings more; a ReLU brings two values no further apart.
  @Test(arguments: examples, vectorSets) func finishedSumsAreTheDefinition(_ example: Example, _ set: InstructionSet) {
    let geometry = example.geometry
    let inputs = ConvolutionInputs(geometry)
    let factor = roundingBound(terms: geometry.input.channels * geometry.kernel.count + 4)
    let kernel = ConvolutionKernel(geometry, workers: 2, instructionSet: set, algorithm: example.algorithm)
    for (scale, bias, rectifies) in [
      (inputs.scale, nil, false), (nil, nil, true), (inputs.scale, inputs.bias, true),
    ] as [([Float]?, [Float]?, Bool)] {
      let magnitude = definition(geometry).forward(
        inputs.x.magnitudes, inputs.weights.magnitudes, scale: scale?.magnitudes, bias: bias?.magnitudes)
      let actual = kernel.forward(inputs.x, inputs.weights, scale: scale, bias: bias, rectifies: rectifies)
      let expected = definition(geometry).forward(
        inputs.x, inputs.weights, scale: scale, bias: bias, rectifies: rectifies)
      expectClose(actual, expected, bounds: magnitude.map { factor * $0 }, "\(rectifies)")
      #expect(paddingIsZero(actual, geometry.output))
    }
  }

  /// A ReLU does not hide a sum that is no number.
  @Test(arguments: InstructionSet.available) func rectifyingKeepsWhatIsNoNumber(_ set: InstructionSet) {
    for kernel in [1, 3] as [Extent3] {
      let geometry = ConvolutionGeometry(
        input: Shape(batch: 1, Extent3(3, 6, 8), channels: 16), outChannels: 16, kernel: kernel)
      var x = [Float](repeating: -1, count: geometry.inputCount)
      x[16 * 70 + 3] = .nan
      let y = ConvolutionKernel(geometry, workers: 1, instructionSet: set).forward(
        x, [Float](repeating: 1, count: geometry.weightCount), rectifies: true)
      #expect(y[16 * 70].isNaN, "\(set) \(kernel)")
      #expect(y[0] == 0, "\(set) \(kernel)")
    }
  }

  @Test(arguments: examples, vectorSets) func backwardInputIsTheDefinition(_ example: Example, _ set: InstructionSet) {
    let geometry = example.geometry
    let inputs = ConvolutionInputs(geometry)
    let expected = definition(geometry).backwardInput(inputs.dy, inputs.weights)
    let magnitude = definition(geometry).backwardInput(inputs.dy.magnitudes, inputs.weights.magnitudes)
    let factor = roundingBound(terms: geometry.outChannels * geometry.kernel.count + 2)
    let convolution = ConvolutionKernel(geometry, workers: 2, instructionSet: set, algorithm: example.algorithm)
    expectClose(
      convolution.backwardInput(inputs.dy, inputs.weights), expected, bounds: magnitude.map { factor * $0 })
    let added = convolution.backwardInput(inputs.dy, inputs.weights, addingTo: inputs.x)
    let sum = zip(expected, inputs.x).map(+)
    expectClose(added, sum, bounds: zip(magnitude, inputs.x).map { factor * ($0 + $1.magnitude) }, "accumulated")
  }

  @Test(arguments: examples, vectorSets)
  func backwardWeightsIsTheDefinition(_ example: Example, _ set: InstructionSet) {
    let geometry = example.geometry
    let inputs = ConvolutionInputs(geometry)
    let expected = definition(geometry).backwardWeights(inputs.x, inputs.dy)
    let magnitude = definition(geometry).backwardWeights(inputs.x.magnitudes, inputs.dy.magnitudes)
    let factor = roundingBound(terms: geometry.output.voxels + 2)
    let actual = ConvolutionKernel(geometry, workers: 2, instructionSet: set, algorithm: example.algorithm)
      .backwardWeights(
        inputs.x, inputs.dy)
    expectClose(actual, expected, bounds: magnitude.map { factor * $0 })
  }

  @Test(arguments: examples, vectorSets) func threadsDoNotChangeABit(_ example: Example, _ set: InstructionSet) {
    let geometry = example.geometry
    let inputs = ConvolutionInputs(geometry)
    let one = ConvolutionKernel(geometry, workers: 1, instructionSet: set, algorithm: example.algorithm)
    for workers in [2, 3, 5, 20] {
      let many = ConvolutionKernel(geometry, workers: workers, instructionSet: set, algorithm: example.algorithm)
      expectSameBits(
        many.forward(inputs.x, inputs.weights, bias: inputs.bias),
        one.forward(inputs.x, inputs.weights, bias: inputs.bias), "forward")
      expectSameBits(
        many.backwardInput(inputs.dy, inputs.weights), one.backwardInput(inputs.dy, inputs.weights), "input")
      expectSameBits(many.backwardWeights(inputs.x, inputs.dy), one.backwardWeights(inputs.x, inputs.dy), "weights")
    }
  }

  @Test(arguments: examples, vectorSets) func paddingStaysZero(_ example: Example, _ set: InstructionSet) {
    let geometry = example.geometry
    let inputs = ConvolutionInputs(geometry)
    let convolution = ConvolutionKernel(geometry, workers: 2, instructionSet: set, algorithm: example.algorithm)
    #expect(paddingIsZero(convolution.forward(inputs.x, inputs.weights, bias: inputs.bias), geometry.output))
    if !geometry.inputIsPlanar {
      #expect(paddingIsZero(convolution.backwardInput(inputs.dy, inputs.weights), geometry.input))
    }
  }

  /// One NaN voxel reaches every output that reads it, as in the definition, and every weight.
  @Test(
    arguments: [
      Example(Extent3(3, 7, 9), 20, 33), Example(Extent3(3, 7, 18), 1, 20),
      Example(Extent3(3, 7, 9), 20, 33, kernel: 1, by: .conv1x1),
    ], vectorSets)
  func notANumberPropagates(_ example: Example, _ set: InstructionSet) {
    let geometry = example.geometry
    var inputs = ConvolutionInputs(geometry)
    inputs.x[inputs.x.count / 2 - inputs.x.count / 2 % geometry.input.paddedChannels] = .nan
    let convolution = ConvolutionKernel(geometry, workers: 2, instructionSet: set, algorithm: example.algorithm)
    let actual = convolution.forward(inputs.x, inputs.weights)
    let expected = definition(geometry).forward(inputs.x, inputs.weights)
    #expect(zip(expected, actual).allSatisfy { !$0.isNaN || $1.isNaN })
    #expect(convolution.backwardWeights(inputs.x, inputs.dy).prefix(geometry.kernel.count).allSatisfy { $0.isNaN })
  }

  private func definition(_ geometry: ConvolutionGeometry) -> ConvolutionKernel {
    ConvolutionKernel(geometry, workers: 2, instructionSet: .scalar)
  }
}

/// Random operands of the three operations.
struct ConvolutionInputs {
  var x, weights, scale, bias, dy: [Float]

  init(_ geometry: ConvolutionGeometry) {
    x =
      geometry.inputIsPlanar
      ? randomValues(geometry.inputCount, seed: 1) : randomActivation(geometry.input, seed: 1)
    weights = randomValues(geometry.weightCount, seed: 2)
    scale = randomValues(geometry.outChannels, seed: 5)
    bias = randomValues(geometry.outChannels, seed: 3)
    dy = randomActivation(geometry.output, seed: 4)
  }
}

extension [Float] {
  var magnitudes: [Float] { map(\.magnitude) }
}

func paddingIsZero(_ stored: [Float], _ shape: Shape) -> Bool {
  stored.indices.allSatisfy { $0 % shape.paddedChannels < shape.channels || stored[$0] == 0 }
}

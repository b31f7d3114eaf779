import CPU
import Compute
import Networks
import TestSupport
import Testing

/// The kernels that round operands to bfloat16, against the definition.
///
/// Rounding to 8 significant bits changes a factor by at most 2⁻⁸ of itself and a product by at most 2⁻⁷ + 2⁻¹⁶; summing
/// n products in single precision adds γ(n + 3). All relative to Σ|a·b|.
@Suite(.enabled(if: ConvolutionAlgorithm.bfloat16.isSupported))
struct Bfloat16ConvolutionTests {
  static let examples = TapConvolutionTests.examples.filter { !$0.geometry.inputIsPlanar }
  static let productError: Float = 0x1p-7 + 0x1p-16

  @Test(arguments: examples) func resultsAreTheDefinition(_ example: TapConvolutionTests.Example) {
    let geometry = example.geometry
    let inputs = ConvolutionInputs(geometry)
    let definition = ConvolutionKernel(geometry, workers: 2, instructionSet: .scalar)
    let kernel = ConvolutionKernel(geometry, workers: 2, instructionSet: .avx512, algorithm: .bfloat16)
    func factor(_ terms: Int) -> Float { Self.productError + roundingBound(terms: terms + 3) }

    let magnitude = definition.forward(inputs.x.magnitudes, inputs.weights.magnitudes, bias: inputs.bias.magnitudes)
    expectClose(
      kernel.forward(inputs.x, inputs.weights, bias: inputs.bias),
      definition.forward(inputs.x, inputs.weights, bias: inputs.bias),
      bounds: magnitude.map { factor(geometry.input.channels * geometry.kernel.count) * $0 }, "forward")
    expectClose(
      kernel.forward(inputs.x, inputs.weights, scale: inputs.scale, bias: inputs.bias, rectifies: true),
      definition.forward(inputs.x, inputs.weights, scale: inputs.scale, bias: inputs.bias, rectifies: true),
      bounds: definition.forward(
        inputs.x.magnitudes, inputs.weights.magnitudes, scale: inputs.scale.magnitudes, bias: inputs.bias.magnitudes
      ).map { factor(geometry.input.channels * geometry.kernel.count + 1) * $0 }, "finished")
    let inputMagnitude = definition.backwardInput(inputs.dy.magnitudes, inputs.weights.magnitudes)
    expectClose(
      kernel.backwardInput(inputs.dy, inputs.weights), definition.backwardInput(inputs.dy, inputs.weights),
      bounds: inputMagnitude.map { factor(geometry.outChannels * geometry.kernel.count) * $0 }, "input")
    let weightMagnitude = definition.backwardWeights(inputs.x.magnitudes, inputs.dy.magnitudes)
    expectClose(
      kernel.backwardWeights(inputs.x, inputs.dy), definition.backwardWeights(inputs.x, inputs.dy),
      bounds: weightMagnitude.map { factor(geometry.output.voxels) * $0 }, "weights")
  }

  /// Operands that bfloat16 holds exactly must give single precision's result: a bound that rounding cannot hide behind.
  @Test func exactOperandsAreNotRounded() {
    let geometry = ConvolutionGeometry(
      input: Shape(batch: 1, Extent3(3, 7, 9), channels: 50), outChannels: 33, stride: Extent3(1, 2, 2))
    let x = channelsLast((0..<geometry.input.voxels * 50).map { Float($0 * 7 % 11 - 5) }, geometry.input)
    let weights = (0..<geometry.weightCount).map { Float($0 * 5 % 7 - 3) }
    let dy = channelsLast((0..<geometry.output.voxels * 33).map { Float($0 * 3 % 13 - 6) }, geometry.output)
    let definition = ConvolutionKernel(geometry, workers: 2, instructionSet: .scalar)
    let kernel = ConvolutionKernel(geometry, workers: 2, instructionSet: .avx512, algorithm: .bfloat16)
    expectClose(kernel.forward(x, weights), definition.forward(x, weights), bound: 0)
    expectClose(kernel.backwardInput(dy, weights), definition.backwardInput(dy, weights), bound: 0)
    expectClose(kernel.backwardWeights(x, dy), definition.backwardWeights(x, dy), bound: 0)
  }

  @Test(arguments: examples) func threadsDoNotChangeABitAndPaddingStaysZero(_ example: TapConvolutionTests.Example) {
    let geometry = example.geometry
    let inputs = ConvolutionInputs(geometry)
    func results(_ workers: Int) -> [[Float]] {
      let kernel = ConvolutionKernel(geometry, workers: workers, instructionSet: .avx512, algorithm: .bfloat16)
      return [
        kernel.forward(inputs.x, inputs.weights, bias: inputs.bias), kernel.backwardInput(inputs.dy, inputs.weights),
        kernel.backwardWeights(inputs.x, inputs.dy),
      ]
    }
    let one = results(1)
    for workers in [2, 3] { for (a, b) in zip(results(workers), one) { expectSameBits(a, b) } }
    #expect(paddingIsZero(one[0], geometry.output) && paddingIsZero(one[1], geometry.input))
  }
}

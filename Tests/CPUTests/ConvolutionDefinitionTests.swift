import CPU
import Compute
import Networks
import TestSupport
import Testing

/// The scalar definitions against PyTorch, exactly: inputs are small whole numbers, and a digest pins every element.
/// `Tests/convolution_digests.py` made the digests.
struct ConvolutionDefinitionTests {
  struct Example: Sendable {
    var geometry: ConvolutionGeometry
    var forward, backwardInput, backwardWeights: UInt64
  }

  static let examples = [
    Example(
      geometry: .init(input: Shape(batch: 1, Extent3(3, 4, 5), channels: 1), outChannels: 2),
      forward: 0x40f4_aeaa_5bc1_42c0, backwardInput: 0x1782_efcc_93a3_b842, backwardWeights: 0x8d8a_ccc7_da37_9021),
    Example(
      geometry: .init(
        input: Shape(batch: 2, Extent3(4, 7, 9), channels: 3), outChannels: 5, stride: Extent3(1, 2, 2)),
      forward: 0xc56c_bde9_7e1c_12a5, backwardInput: 0xf874_c35b_6089_44a7, backwardWeights: 0x6ebe_a4d2_e68c_e279),
    Example(
      geometry: .init(
        input: Shape(batch: 1, Extent3(5, 6, 4), channels: 2), outChannels: 3, kernel: Extent3(3, 1, 3),
        dilation: Extent3(1, 2, 2)),
      forward: 0xfe05_71c6_5252_9986, backwardInput: 0x40ac_8fc9_ecf4_1b00, backwardWeights: 0x9f09_31eb_e77d_f66a),
    Example(
      geometry: .init(
        input: Shape(batch: 1, Extent3(2, 3, 4), channels: 17), outChannels: 18, kernel: 1, stride: Extent3(2, 2, 1)),
      forward: 0x3019_877c_17fa_f86a, backwardInput: 0xe3da_c4e6_1c06_bc7a, backwardWeights: 0x2452_7f5e_e95d_7625),
    Example(
      geometry: .init(
        input: Shape(batch: 1, Extent3(4, 9, 7), channels: 2), outChannels: 2, kernel: Extent3(5, 3, 7),
        stride: Extent3(2, 3, 2), dilation: Extent3(2, 1, 3)),
      forward: 0x5f78_e0cd_6c79_270c, backwardInput: 0x2d9d_8a08_31be_d130, backwardWeights: 0x647b_d42a_45bb_bf33),
  ]

  @Test(arguments: examples) func theDefinitionIsPyTorchs(_ example: Example) {
    let geometry = example.geometry
    let convolution = ConvolutionKernel(geometry, workers: 1, instructionSet: .scalar)
    let x = stored(ramp(geometry.input.voxels * geometry.input.channels, 7, 11, 5), geometry)
    let weights = ramp(geometry.weightCount, 5, 7, 3)
    let bias = (0..<geometry.outChannels).map { Float($0 - 1) }
    let dy = channelsLast(ramp(geometry.output.voxels * geometry.outChannels, 3, 13, 6), geometry.output)
    #expect(digest(channelsFirst(convolution.forward(x, weights, bias: bias), geometry.output)) == example.forward)
    let dx = convolution.backwardInput(dy, weights)
    #expect(
      digest(geometry.inputIsPlanar ? dx : channelsFirst(dx, geometry.input)) == example.backwardInput)
    #expect(digest(convolution.backwardWeights(x, dy)) == example.backwardWeights)
  }

  @Test func outputExtentsRoundUp() {
    let geometry = ConvolutionGeometry(
      input: Shape(batch: 2, Extent3(5, 7, 10), channels: 3), outChannels: 4, stride: Extent3(1, 2, 3))
    #expect(geometry.output == Shape(batch: 2, Extent3(5, 4, 4), channels: 4))
    #expect(geometry.multiplyAdds == 2 * 5 * 4 * 4 * 4 * 3 * 27)
    #expect(!geometry.inputIsPlanar && geometry.inputCount == 2 * 5 * 7 * 10 * 16)
  }

  @Test func aOneChannelInputIsStoredWithoutPadding() {
    let geometry = ConvolutionGeometry(input: Shape(batch: 2, Extent3(3, 4, 5), channels: 1), outChannels: 4)
    #expect(geometry.inputIsPlanar && geometry.inputCount == 2 * 3 * 4 * 5)
  }

  @Test func evenKernelsTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = ConvolutionGeometry(input: Shape(batch: 1, 4, channels: 2), outChannels: 2, kernel: Extent3(3, 2, 3))
    }
  }

  @Test func tooManyThreadsTrap() async {
    await #expect(processExitsWith: .failure) {
      let geometry = ConvolutionGeometry(input: Shape(batch: 1, 4, channels: 2), outChannels: 2)
      let convolution = ConvolutionKernel(geometry, workers: 1)
      let x = [Float](repeating: 0, count: geometry.inputCount)
      let weights = [Float](repeating: 0, count: geometry.weightCount)
      let buffer = AlignedBuffer<Float>(count: geometry.output.storedCount)
      convolution.forward(
        x: x, weights: weights, finish: ConvolutionFinish(), y: MutableActivation(buffer.base), scratch: buffer.base,
        pool: WorkerPool(threads: 2))
    }
  }
}

private func stored(_ values: [Float], _ geometry: ConvolutionGeometry) -> [Float] {
  geometry.inputIsPlanar ? values : channelsLast(values, geometry.input)
}

private func ramp(_ count: Int, _ factor: Int, _ modulus: Int, _ offset: Int) -> [Float] {
  (0..<count).map { Float($0 * factor % modulus - offset) }
}

private func digest(_ values: [Float]) -> UInt64 {
  values.reduce(0) { $0 &* 31 &+ UInt64(bitPattern: Int64($1)) }
}

import CPU
import Compute
import TestSupport
import Testing

/// The scalar definitions against PyTorch. `Tests/kernel_digests.py` made the digests (inputs are small whole numbers,
/// so results are exact) and the tables.
struct DefinitionTests {
  @Test(
    arguments: [
      (Shape(batch: 1, Extent3(2, 2, 2), channels: 1), 0x0000_0000_0000_009f, 0xffff_ffff_ffab_729d),
      (Shape(batch: 2, Extent3(3, 5, 7), channels: 3), 0x2ab1_76da_b948_43e3, 0x2da2_81fc_4578_6fb8),
      (Shape(batch: 1, Extent3(2, 4, 9), channels: 17), 0xd7c2_0a0b_22c3_82a2, 0x1db6_4d70_ddea_a458),
    ] as [(Shape, UInt64, UInt64)])
  func maxPooling(_ shape: Shape, _ forward: UInt64, _ backward: UInt64) {
    let pooling = MaxPoolingKernel(shape, instructionSet: .scalar)
    let x = channelsLast(ramp(shape.voxels * shape.channels, 7, 11, 5), shape)
    let dy = channelsLast(ramp(pooling.output.voxels * shape.channels, 3, 13, 6), pooling.output)
    #expect(digest(channelsFirst(pooling.forward(x), pooling.output)) == forward)
    #expect(digest(channelsFirst(pooling.backward(x, dy), shape)) == backward)
  }

  struct Example: Sendable {
    var shape: Shape
    var outChannels = 0
    var extent: Extent3 = 1
    var dilation = 1
    var forward, backwardInput, backwardWeights: UInt64
  }

  @Test(arguments: [
    Example(
      shape: Shape(batch: 1, 1, channels: 1), outChannels: 1, extent: Extent3(1, 2, 2),
      forward: 0x0000_0000_0006_33d1, backwardInput: 0x0000_0000_0000_0006, backwardWeights: 0x0000_0000_000d_db62),
    Example(
      shape: Shape(batch: 2, Extent3(2, 3, 4), channels: 3), outChannels: 5, extent: Extent3(2, 7, 8),
      forward: 0x7cd2_8992_4543_a77b, backwardInput: 0xba04_818a_3b0c_b9a7, backwardWeights: 0x34c1_e532_a4f8_d8ce),
    Example(
      shape: Shape(batch: 1, Extent3(3, 2, 1), channels: 17), outChannels: 18, extent: Extent3(3, 4, 3),
      forward: 0xcb5a_be45_93e0_fce9, backwardInput: 0x94ac_5a78_ccca_d6a1, backwardWeights: 0xd4bf_29d7_6807_1f16),
  ])
  func transposedConvolution(_ example: Example) {
    let operation = TransposedConvolutionKernel(
      example.shape, outChannels: example.outChannels, extent: example.extent, instructionSet: .scalar)
    let (x, w, b) = inputs(example.shape, weights: operation.weightCount, biases: example.outChannels)
    let dy = channelsLast(ramp(operation.output.voxels * example.outChannels, 3, 13, 6), operation.output)
    #expect(digest(channelsFirst(operation.forward(x, w, b), operation.output)) == example.forward)
    #expect(digest(channelsFirst(operation.backwardInput(dy, w), example.shape)) == example.backwardInput)
    #expect(digest(operation.backwardWeights(x, dy)) == example.backwardWeights)
  }

  @Test(arguments: [
    Example(
      shape: Shape(batch: 1, Extent3(1, 3, 4), channels: 1),
      forward: 0x07ba_64f6_65e6_e262, backwardInput: 0xf494_e49e_57c9_9af8, backwardWeights: 0x2904_d265_55fd_b136),
    Example(
      shape: Shape(batch: 2, Extent3(2, 8, 9), channels: 3),
      forward: 0x04c1_c465_fe72_cbdb, backwardInput: 0x070f_49ea_57e2_0f07, backwardWeights: 0x58ac_15f3_a6fc_f05b),
    Example(
      shape: Shape(batch: 1, Extent3(2, 5, 11), channels: 17), dilation: 3,
      forward: 0xdbef_8a5e_a5f6_1ba0, backwardInput: 0x833d_e07b_c01f_cc37, backwardWeights: 0xf402_c2a5_9580_a61c),
  ])
  func depthwiseConvolution(_ example: Example) {
    let shape = example.shape
    let operation = DepthwiseConvolutionKernel(shape, dilation: example.dilation, workers: 1, instructionSet: .scalar)
    let (x, w, b) = inputs(shape, weights: operation.weightCount, biases: shape.channels)
    let dy = channelsLast(ramp(shape.voxels * shape.channels, 3, 13, 6), shape)
    #expect(digest(channelsFirst(operation.forward(x, w, b), shape)) == example.forward)
    #expect(digest(channelsFirst(operation.backwardInput(dy, w), shape)) == example.backwardInput)
    #expect(digest(operation.backwardWeights(x, dy)) == example.backwardWeights)
  }

  @Test func layerNormalization() {
    let shape = Shape(batch: 1, 1, channels: 5)
    let norm = LayerNormalizationKernel(shape, epsilon: 0.5, instructionSet: .scalar)
    let x = channelsLast((0..<5).map { Float($0 * $0) / 4 - 1 }, shape)
    let gamma = (0..<5).map { Float($0 + 1) }
    let y = norm.forward(x, gamma, (0..<5).map { Float(2 - $0) })
    let gradients = norm.backward(x, gamma, channelsLast([1, -2, 3, 0, 1], shape))
    expectRounded(
      channelsFirst(y, shape),
      [1.0828732392263853, -0.5285446012893578, -0.9171267607736147, 0.8342535215472293, 5.642723006446789])
    expectRounded(
      channelsFirst(gradients[0], shape),
      [0.05485618008365578, -3.133659287278818, 4.420493845074569, -1.7393980434859084, 0.3977073056065017])
    expectRounded(gradients[1], [-0.9171267607736147, 1.5285446012893578, -0.9171267607736147, 0, 1.5285446012893578])
    expectRounded(gradients[2], [1, -2, 3, 0, 1])
  }

  /// At -3 PyTorch's 1 + erf has lost digits of its own, far below ours.
  @Test func gelu() {
    let shape = Shape(batch: 1, 1, channels: 8)
    let operation = GELUKernel(shape, instructionSet: .scalar)
    let x = channelsLast([-3, -1, -0.125, 0, 0.5, 1, 2.5, 8], shape)
    expectRounded(
      channelsFirst(operation.forward(x), shape),
      [
        -0.00404969409489031, -0.15865525393145702, -0.056282721896235885, 0, 0.34573123063700656, 0.841344746068543,
        2.4844758366855597, 7.999999999999995,
      ])
    expectRounded(
      channelsFirst(operation.backward(x, [Float](repeating: 1, count: 16)), shape),
      [
        -0.01194564720418392, -0.08331547058768635, 0.4007820643017934, 0.5, 0.8674951246561629, 1.0833154705876864,
        1.037611085908145, 1.0000000000000397,
      ])
  }

  @Test func attentionGate() {
    let shape = Shape(batch: 1, Extent3(1, 1, 4), channels: 3)
    let gate = AttentionGateKernel(shape, instructionSet: .scalar)
    let map = Shape(batch: 1, shape.extent, channels: 1)
    let (x, a) = (channelsLast(columns([1, -2, 3]), shape), channelsLast([-40, -1, 0, 2], map))
    expectRounded(
      Array(channelsFirst(gate.forward(x, a), shape)[..<4]),
      [4.248354255291589e-18, 0.2689414213699951, 0.5, 0.8807970779778823])
    let gradients = gate.backward(x, a, channelsLast(columns([1, 1, 2]), shape))
    expectRounded(
      channelsFirst(gradients[1], map), [2.1241771276457944e-17, 0.9830596662074091, 1.25, 0.524967927017533])
    expectRounded(Array(channelsFirst(gradients[0], shape)[11...]), [2 * 0.8807970779778823])
  }

  @Test func layerScale() {
    let shape = Shape(batch: 1, Extent3(1, 1, 2), channels: 3)
    let operation = LayerScaleKernel(shape, instructionSet: .scalar)
    let (x, dy) = (channelsLast([1, 2, 3, 4, 5, 6], shape), channelsLast([1, -1, 2, 0, 3, 1], shape))
    let y = operation.forward(x, [2, 0, -1], shortcut: channelsLast([10, 20, 30, 40, 50, 60], shape))
    #expect(channelsFirst(y, shape) == [12, 24, 30, 40, 45, 54])
    let gradients = operation.backward(x, [2, 0, -1], dy)
    #expect(channelsFirst(gradients[0], shape) == [2, -2, 0, 0, -3, -1])
    #expect(gradients[1] == [-1, 6, 21])
  }

  @Test func shapesThatDoNotFitTrap() async {
    await #expect(processExitsWith: .failure) { _ = MaxPoolingKernel(Shape(batch: 1, Extent3(3, 1, 4), channels: 2)) }
    await #expect(processExitsWith: .failure) {
      _ = TransposedConvolutionKernel(Shape(batch: 1, 2, channels: 2), outChannels: 2, extent: Extent3(2, 6, 4))
    }
    await #expect(processExitsWith: .failure) {
      _ = TransposedConvolutionKernel(Shape(batch: 1, 2, channels: 2), outChannels: 2, extent: Extent3(4, 4, 4))
    }
  }
}

/// Double results stored as floats: half a unit in the last place of each.
private func expectRounded(_ actual: [Float], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation) {
  let bounds = expected.map { Float($0.magnitude * 0x1.001p-24) }
  expectClose(actual, expected.map { Float($0) }, bounds: bounds, sourceLocation: sourceLocation)
}

/// The same three channels at four voxels, in PyTorch's order.
private func columns(_ values: [Float]) -> [Float] { values.flatMap { [Float](repeating: $0, count: 4) } }

private func inputs(_ shape: Shape, weights: Int, biases: Int) -> (x: [Float], w: [Float], b: [Float]) {
  (
    channelsLast(ramp(shape.voxels * shape.channels, 7, 11, 5), shape), ramp(weights, 5, 7, 3),
    (0..<biases).map { Float($0 - 1) }
  )
}

private func ramp(_ count: Int, _ factor: Int, _ modulus: Int, _ offset: Int) -> [Float] {
  (0..<count).map { Float($0 * factor % modulus - offset) }
}

private func digest(_ values: [Float]) -> UInt64 {
  values.reduce(0) { $0 &* 31 &+ UInt64(bitPattern: Int64($1)) }
}

import CPU
import Compute
import Networks
import TestSupport
import Testing

/// Whole networks whose convolutions are stored as bfloat16 before their normalisations, against the same networks with
/// floats there: a convolution with a bias is not stored so, and with biases of zero computes the same.
@Suite(.enabled(if: bfloat16IsHere))
struct Bfloat16NetworkTests {
  /// Every kind of kernel: the image's, 1x1x1, windows flat and deep, strided ones, dilated ones, sums of taps.
  struct Model: NetworkModel {
    var keepsFloats: Bool

    func logits(of image: Node, classes: Int) -> Node {
      let stem = block(image, 32, 3, "stem").relu()
      let left = block(stem, 32, 3, "left")
      let right = block(stem, 32, 1, "right").relu()
      let sum = (left + right).relu()
      let down = block(sum, 70, 3, stride: Extent3(1, 2, 2), "down").relu()
      let wide = block(down, 40, 3, dilation: Extent3(1, 2, 2), "wide").relu()
      let deep = block(wide, 40, 3, dilation: 2, "deep")
      return Node.concatenated([deep.resized(to: stem.shape.extent), stem, sum])
        .convolved(classes, kernel: 1, bias: true, "classify")
    }

    private func block(
      _ x: Node, _ channels: Int, _ kernel: Extent3, stride: Extent3 = 1, dilation: Extent3 = 1, _ name: Name
    ) -> Node {
      x.convolved(channels, kernel: kernel, stride: stride, dilation: dilation, bias: keepsFloats, name / "conv")
        .batchNormalized(name / "norm")
    }
  }

  static let extent = Extent3(5, 19, 18)
  static let batch = 2
  static let images = randomValues(batch * extent.count, seed: 1)
  static let labels = images.indices.map { UInt8($0 % extent.width / 7) }

  static func session(
    _ model: some NetworkModel, _ precision: Precision = .bfloat16, threads: Int = 2
  ) throws -> CPUSession {
    let session = CPUSession(
      model: model, extent: extent, classes: 3, trainingBatches: [batch], precision: precision,
      pool: WorkerPool(threads: threads))
    session.initialize(seed: 5)
    var state = session.exportState()
    for index in state.parameters.indices {
      let tensor = state.parameters[index]
      let isBias = tensor.name.hasSuffix(".conv.bias")
      let values = isBias ? tensor.values.map { _ in 0 } : drawn(tensor)
      state.parameters[index] = NamedTensor(name: tensor.name, shape: tensor.shape, values: values)
    }
    try session.importState(state)
    return session
  }

  /// The same for the same name, whatever other parameters there are.
  private static func drawn(_ tensor: NamedTensor) -> [Float] {
    let seed = tensor.name.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) }
    let fanIn = Float(max(1, tensor.shape.dropFirst().reduce(1, *)))
    let (offset, width): (Float, Float) = tensor.name.hasSuffix("norm.weight") ? (1, 0.5) : (0, fanIn.squareRoot())
    return randomValues(tensor.values.count, seed: seed).map { offset + $0 * (offset == 1 ? width : 1 / width) }
  }

  static func gradients(_ session: CPUSession) throws -> [NamedTensor] {
    _ = try session.gradients(images: images, labels: labels, batch: batch)
    return session.exportGradients().filter { !$0.name.hasSuffix(".conv.bias") }
  }

  @Test func theModelHasEveryKindOfKernel() {
    let plan = CompiledPlan(
      Model(keepsFloats: false).graph(batch: 2, extent: Self.extent, classes: 3), mode: .training,
      CPUBackend(precision: .bfloat16, workers: 2))
    let kernels = plan.graph.entries.indices.compactMap { index in
      plan.kernels[index].choice
    }
    #expect(
      kernels == [
        "direct one channel avx512", "winograd 4x4, weights winograd 2x4x4 avx512", "direct bfloat16 avx512",
        "winograd 2x2x2 stride 2 bfloat16, weights direct bfloat16 avx512", "winograd 4x4 avx512",
        "direct bfloat16 avx512", "direct bfloat16 avx512",
      ])
    let stored = plan.graph.entries.indices.count { plan.schedule.storage(of: .activation($0)) == .bfloat16 }
    #expect(stored == 6)
  }

  @Test func bitsDoNotDependOnThreads() throws {
    let states = try [1, 2, 3].map { threads in
      let session = try Self.session(Model(keepsFloats: false), threads: threads)
      let records = try (0..<2).map { _ in
        try session.step(images: Self.images, labels: Self.labels, batch: Self.batch, learningRate: 1e-3)
      }
      return (records, session.exportState())
    }
    for state in states.dropFirst() { #expect(state.0 == states[0].0 && state.1 == states[0].1) }
  }

  /// In every layer two operands of a product may be rounded to bfloat16; storage rounds once more on the way forward and
  /// once on the way back. Twice as many errors of one size are √2 times as large a sum; where windows are large operands are
  /// not rounded, so the sums were up to 1.53 times as large (root mean squares against float32, parameter by parameter).
  @Test func storageAddsErrorsOfTheSizeThatOperandsHave() throws {
    let halves = try Self.gradients(Self.session(Model(keepsFloats: false)))
    let floats = try Self.gradients(Self.session(Model(keepsFloats: true)))
    let exact = try Self.gradients(Self.session(Model(keepsFloats: true), .float32))
    #expect(halves.map(\.name) == exact.map(\.name) && floats.map(\.name) == exact.map(\.name))
    for (index, tensor) in exact.enumerated() {
      let stored = Self.distance(halves[index].values, tensor.values)
      let error = Self.distance(floats[index].values, tensor.values)
      #expect(stored <= 2 * error, "\(tensor.name): \(stored) against \(error)")
      #expect(halves[index].values != floats[index].values, "\(tensor.name): is anything stored as bfloat16?")
    }
  }

  private static func distance(_ a: [Float], _ b: [Float]) -> Double {
    zip(a, b).reduce(0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }.squareRoot()
  }
}

/// A network whose convolution has sums that bfloat16 holds: up to the rounding of its gradient, storage changes no bit.
@Suite(.enabled(if: bfloat16IsHere))
struct ExactStorageTests {
  struct Model: NetworkModel {
    var keepsFloats: Bool

    func logits(of image: Node, classes: Int) -> Node {
      image.convolved(20, bias: keepsFloats, "stem.conv").batchNormalized("stem.norm").relu()
        .convolved(classes, kernel: 1, bias: true, "classify")
    }
  }

  static func session(_ model: Model) throws -> CPUSession {
    let session = try Bfloat16NetworkTests.session(model)
    var state = session.exportState()
    let weight = state.parameters.firstIndex { $0.name == "stem.conv.weight" }!
    let tensor = state.parameters[weight]
    let steps = tensor.values.indices.map { Float($0 * 5 % 7 - 3) }
    state.parameters[weight] = NamedTensor(name: tensor.name, shape: tensor.shape, values: steps)
    try session.importState(state)
    return session
  }

  /// 27 products of at most 3 make whole numbers below 2⁸. Only the stem's gradient comes after a rounding.
  @Test func exactOutputsChangeNothing() throws {
    let count = Bfloat16NetworkTests.images.count
    let images = (0..<count).map { Float($0 * 7 % 11 % 3 - 1) }
    let (half, float) = (try Self.session(Model(keepsFloats: false)), try Self.session(Model(keepsFloats: true)))
    let records = try [half, float].map {
      try $0.gradients(images: images, labels: Bfloat16NetworkTests.labels, batch: 2).loss
    }
    #expect(records[0] == records[1])
    let gradients = [half, float].map { session in
      session.exportGradients().filter { $0.name != "stem.conv.bias" }
    }
    for (a, b) in zip(gradients[0], gradients[1]) {
      if a.name == "stem.conv.weight" {
        #expect(a.values != b.values)
      } else {
        expectSameBits(a.values, b.values, a.name)
      }
    }
  }
}

import CPU
import Compute
import Networks
import TestSupport
import Testing

/// Convolutions and additions that normalise what they read. Every kernel must give the bits that it gives for the normalised
/// activation, at the borders too, where zeros surround what is normalised and not what is stored.
struct PendingNormalizationTests {
  static let examples: [Bfloat16StorageTests.Example] =
    (Bfloat16StorageTests.examples
    + TapConvolutionTests.examples.filter { $0.algorithm == .conv1x1 }.map {
      Bfloat16StorageTests.Example(geometry: $0.geometry, algorithm: .conv1x1)
    }).filter { !$0.geometry.inputIsPlanar }

  @Test(arguments: examples, TapConvolutionTests.vectorSets)
  func readersNormalizeAsAPassDoes(_ example: Bfloat16StorageTests.Example, _ set: InstructionSet) {
    let inputs = ConvolutionInputs(example.geometry)
    for rectifies in [false, true] {
      let norm = Normalization(example.geometry.input, rectifies: rectifies)
      for workers in [1, 3] {
        let kernel = ConvolutionKernel(
          example.geometry, workers: workers, instructionSet: set, algorithm: example.algorithm)
        #expect(kernel.normalizedInputs == [0])
        expectSame(kernel, inputs, norm, .float32)
        if example.algorithm != .conv1x1 { expectSame(kernel, inputs, norm, .bfloat16) }
      }
    }
  }

  private func expectSame(
    _ kernel: ConvolutionKernel, _ inputs: ConvolutionInputs, _ norm: Normalization, _ storage: Storage,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let halves = inputs.x.map(nearestBfloat16)
    let y = norm(storage == .float32 ? inputs.x : halves.map(widened), kernel.geometry.input)
    func pending<Result>(_ body: (Activation) -> Result) -> Result {
      norm.withPending { pending in
        storage == .float32
          ? inputs.x.withUnsafeBytes { body(Activation($0.baseAddress!, storage, pending: pending)) }
          : halves.withUnsafeBytes { body(Activation($0.baseAddress!, storage, pending: pending)) }
      }
    }
    expectSameBits(
      pending { kernel.forward($0, inputs.weights) }, kernel.forward(y, inputs.weights), "forward, \(storage)",
      sourceLocation: sourceLocation)
    expectSameBits(
      pending { kernel.backwardWeights($0, inputs.dy) }, kernel.backwardWeights(y, inputs.dy), "weights, \(storage)",
      sourceLocation: sourceLocation)
  }

  /// Either side may be normalised, or both, on every instruction set.
  @Test(arguments: InstructionSet.available, [false, true])
  func additionsNormalizeAsAPassDoes(_ set: InstructionSet, rectifies: Bool) {
    let shape = Shape(batch: 2, Extent3(4, 5, 3), channels: 20)
    let norm = Normalization(shape, rectifies: rectifies)
    let (a, b) = (randomActivation(shape, seed: 1), randomActivation(shape, seed: 2).map(nearestBfloat16))
    let (first, second) = (a, b.map(widened))
    let (x, y) = (norm(first, shape), norm(second, shape))
    let kernels = set.kernels.arithmetic.pointee
    func sum(_ a: Activation, _ b: Activation) -> [Float] {
      var sums = [Float](repeating: .nan, count: shape.storedCount)
      let stride = Int32(shape.paddedChannels)
      kernels.add(a.source, b.source, &sums, stride, shape.voxels, stride, rectifies ? 0 : 1)
      return sums
    }
    norm.withPending { pending in
      a.withUnsafeBytes { a in
        b.withUnsafeBytes { b in
          let left = Activation(a.baseAddress!, .float32, pending: pending)
          let right = Activation(b.baseAddress!, .bfloat16, pending: pending)
          expectSameBits(sum(left, right), definition(x, y), "both")
          expectSameBits(sum(Activation(a.baseAddress!, .float32), right), definition(first, y), "second")
          expectSameBits(sum(left, Activation(b.baseAddress!, .bfloat16)), definition(x, second), "first")
        }
      }
    }
    func definition(_ a: [Float], _ b: [Float]) -> [Float] {
      zip(a, b).map { a, b in !rectifies && a + b < 0 ? 0 : a + b }
    }
  }

  /// The largest of normalised values, an odd row and column outside every window.
  @Test(arguments: TapConvolutionTests.vectorSets, [Storage.float32, .bfloat16])
  func poolsNormalizeAsAPassDoes(_ set: InstructionSet, _ storage: Storage) {
    let shape = Shape(batch: 2, Extent3(4, 5, 3), channels: 20)
    let x = randomActivation(shape, seed: 1)
    let halves = x.map(nearestBfloat16)
    let pooling = MaxPoolingKernel(shape, instructionSet: set)
    let (dy, start) = (randomActivation(pooling.output, seed: 2), randomActivation(shape, seed: 3))
    #expect(pooling.normalizedInputs == [0])
    for rectifies in [false, true] {
      let norm = Normalization(shape, rectifies: rectifies)
      let y = norm(storage == .float32 ? x : halves.map(widened), shape)
      norm.withPending { pending in
        func check(_ address: UnsafeRawPointer) {
          let pool = WorkerPool(threads: 3)
          let input = Activation(address, storage, pending: pending)
          let output = filled(pooling.output.storedCount) { pooling.forward(input.pooled(to: $0, pool)) }
          expectSameBits(output, pooling.forward(y), "forward")
          for start in [nil, start] {
            let gradient = filled(shape.storedCount, start: start) { dx in
              dy.withUnsafeBufferPointer { dy in
                pooling.backward(input.unpooled(dy.baseAddress!, to: dx, accumulate: start != nil, pool))
              }
            }
            expectSameBits(gradient, pooling.backward(y, dy, addingTo: start), "backward")
          }
        }
        if storage == .float32 {
          x.withUnsafeBytes { check($0.baseAddress!) }
        } else {
          halves.withUnsafeBytes { check($0.baseAddress!) }
        }
      }
    }
  }

  /// The definitions and an image's convolution read what is normalised already.
  @Test func someReadersDoNot() {
    let volume = ConvolutionGeometry(input: Shape(batch: 2, Extent3(4, 5, 3), channels: 5), outChannels: 7)
    let image = ConvolutionGeometry(input: Shape(batch: 2, Extent3(4, 5, 3), channels: 1), outChannels: 7)
    #expect(ConvolutionKernel(volume, workers: 1, instructionSet: .scalar).normalizedInputs == [])
    #expect(ConvolutionKernel(image, workers: 1).normalizedInputs == [])
    #expect(MaxPoolingKernel(volume.input, instructionSet: .scalar).normalizedInputs == [])
  }

  @Test func nobodyElseReadsWhatIsPending() async {
    await #expect(processExitsWith: .failure) {
      let memory = AlignedBuffer<Float>(count: 16)
      let pending = PendingNormalization(mean: memory.base, scale: memory.base, shift: memory.base, rectifies: true)
      _ = Activation(UnsafeRawPointer(memory.base), .float32, pending: pending).floats
    }
  }

  // MARK: In a training step

  /// One norm that convolutions alone read, one that a product reads, one that is a result.
  private struct Chain: NetworkModel {
    func logits(of image: Node, classes: Int) -> Node {
      let stem = image.convolved(5, "stem.conv").batchNormalized("stem.norm").relu()
      let left = stem.convolved(8, "left.conv").batchNormalized("left.norm")
      let right = stem.convolved(8, kernel: 1, "right.conv").relu()
      return (left * right).convolved(classes, kernel: 1, "last.conv").batchNormalized("last.norm")
    }
  }

  @Test(arguments: InstructionSet.available)
  func aNormThatConvolutionsReadIsNeverWritten(_ set: InstructionSet) throws {
    let plan = CompiledPlan(
      Chain().graph(batch: 2, extent: Extent3(3, 7, 5), classes: 3), mode: .training,
      CPUBackend(workers: 2, instructionSet: set))
    let names = plan.graph.entries.map(\.name.path)
    let index = try #require(names.firstIndex(of: "stem.norm"))
    let isPending = set != .scalar
    #expect(plan.schedule.isPending.indices.filter { plan.schedule.isPending[$0] } == (isPending ? [index] : []))
    #expect((plan.schedule.bytes[.activation(index)] == nil) == isPending)
    #expect((plan.schedule.bytes[.recomputed(index)] == nil) == isPending)
    #expect(plan.schedule.steps[index].work == (isPending ? .measure(index) : .forward(index)))
    // Whoever reads it reads its input, and what was measured.
    for step in plan.schedule.steps {
      guard case .forward(let reader) = step.work, plan.graph.entries[reader].inputs == [index] else { continue }
      #expect(step.reads == (isPending ? [.activation(index - 1), .saved(index)] : [.activation(index)]))
    }
  }

  @Test func inferenceNormalizesInPassesOfItsOwn() {
    let plan = CompiledPlan(
      Chain().graph(batch: 2, extent: Extent3(3, 7, 5), classes: 3), mode: .inference, CPUBackend(workers: 2))
    #expect(!plan.schedule.isPending.contains(true))
  }
}

/// A mean, scale and shift for every channel, zeros in the padding.
struct Normalization {
  private let mean, scale, shift: [Float]
  private let rectifies: Bool

  init(_ shape: Shape, rectifies: Bool) {
    func values(_ seed: UInt64) -> [Float] {
      let padding = [Float](repeating: 0, count: shape.paddedChannels - shape.channels)
      return randomValues(shape.channels, seed: seed) + padding
    }
    (mean, scale, shift) = (values(11), values(12), values(13))
    self.rectifies = rectifies
  }

  /// `y = (x − mean) scale + shift`, two roundings behind the difference's; zero in place of negative values.
  func callAsFunction(_ x: [Float], _ shape: Shape) -> [Float] {
    x.enumerated().map { index, x in
      let channel = index % shape.paddedChannels
      let product = (x - mean[channel]) * scale[channel]
      let y = product + shift[channel]
      return rectifies && y < 0 ? 0 : y
    }
  }

  func withPending<Result>(_ body: (PendingNormalization) -> Result) -> Result {
    mean.withUnsafeBufferPointer { mean in
      scale.withUnsafeBufferPointer { scale in
        shift.withUnsafeBufferPointer { shift in
          body(
            PendingNormalization(
              mean: mean.baseAddress!, scale: scale.baseAddress!, shift: shift.baseAddress!, rectifies: rectifies))
        }
      }
    }
  }
}

/// A call of an operation without parameters, saved values and scratch.
extension Activation {
  fileprivate func pooled(to y: UnsafeMutablePointer<Float>, _ pool: WorkerPool) -> ForwardCall {
    ForwardCall(
      inputs: [self], output: MutableActivation(y), parameters: [], statistics: [],
      saved: UnsafeMutableRawPointer(y), scratch: UnsafeMutableRawPointer(y), mode: .training, pool: pool)
  }

  fileprivate func unpooled(
    _ dy: UnsafePointer<Float>, to dx: UnsafeMutablePointer<Float>, accumulate: Bool, _ pool: WorkerPool
  ) -> BackwardCall {
    BackwardCall(
      inputs: [self], output: nil, outputGradient: Activation(dy),
      inputGradients: [GradientTarget(MutableActivation(dx), accumulate: accumulate)], parameters: [],
      parameterGradients: [], saved: UnsafeMutableRawPointer(dx), scratch: UnsafeMutableRawPointer(dx), pool: pool)
  }
}

extension ConvolutionKernel {
  fileprivate func forward(_ x: Activation, _ weights: [Float]) -> [Float] {
    filled(geometry.output.storedCount) { y, scratch, pool in
      forward(
        x: x, weights: weights, finish: ConvolutionFinish(), y: MutableActivation(y), scratch: scratch, pool: pool)
    }
  }

  fileprivate func backwardWeights(_ x: Activation, _ dy: [Float]) -> [Float] {
    filled(geometry.weightCount) { dWeights, scratch, pool in
      dy.withUnsafeBufferPointer { dy in
        backwardWeights(x: x, dy: Activation(dy.baseAddress!), dWeights: dWeights, scratch: scratch, pool: pool)
      }
    }
  }
}

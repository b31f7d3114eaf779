import CPU
import CKernels
import Compute
import Networks
import TestSupport
import Testing

/// Convolutions that read a concatenation from its inputs, and write their gradients. Every kernel must give the bits that it
/// gives for the channels side by side.
struct JoinedConcatenationTests {
  /// Those of other tests, with 32 channels and perhaps 64 more before theirs.
  static let examples: [Bfloat16StorageTests.Example] = PendingNormalizationTests.examples.enumerated().map {
    let (geometry, before) = ($1.geometry, $0 % 2 == 0 ? 32 : 96)
    let input = Shape(
      batch: geometry.input.batch, geometry.input.extent, channels: before + geometry.input.channels)
    return Bfloat16StorageTests.Example(
      geometry: ConvolutionGeometry(
        input: input, outChannels: geometry.outChannels, kernel: geometry.kernel, stride: geometry.stride,
        dilation: geometry.dilation), algorithm: $1.algorithm)
  }

  @Test(arguments: examples, TapConvolutionTests.vectorSets)
  func partsAreReadAndWrittenAsOne(_ example: Bfloat16StorageTests.Example, _ set: InstructionSet) {
    let inputs = ConvolutionInputs(example.geometry)
    for workers in [1, 3] {
      let kernel = ConvolutionKernel(
        example.geometry, workers: workers, instructionSet: set, algorithm: example.algorithm)
      #expect(kernel.joinedInputs == [0])
      let parts = Parts(example.geometry.input, inputs.x, roundsOne: example.algorithm != .conv1x1)
      expectSameBits(parts.joined { kernel.forward($0, inputs.weights) }, kernel.forward(parts.whole, inputs.weights))
      expectSameBits(
        parts.joined { kernel.backwardWeights($0, inputs.dy) }, kernel.backwardWeights(parts.whole, inputs.dy),
        "weights")
      expectGradientsInParts(kernel, inputs, parts)
    }
  }

  /// The second part is added to, the others are written.
  private func expectGradientsInParts(_ kernel: ConvolutionKernel, _ inputs: ConvolutionInputs, _ parts: Parts) {
    let start = randomActivation(kernel.geometry.input, seed: 9)
    let written = parts.split(kernel.backwardInput(inputs.dy, inputs.weights))
    let added = parts.split(kernel.backwardInput(inputs.dy, inputs.weights, addingTo: start))
    let starts = parts.split(start)
    let memory = written.enumerated().map { index, values in
      index == 1 ? starts[1] : [Float](repeating: .nan, count: values.count)
    }.map { values in
      let buffer = AlignedBuffer<Float>(count: values.count)
      for (index, value) in values.enumerated() { buffer[index] = value }
      return buffer
    }
    let target = GradientTarget(
      joining: memory.indices.map {
        GradientTarget.Part(
          GradientTarget(MutableActivation(memory[$0].base), accumulate: $0 == 1),
          channels: parts.shapes[$0].paddedChannels)
      })
    withScratch(kernel.scratchBytes) { scratch in
      inputs.dy.withUnsafeBufferPointer { dy in
        kernel.backwardInput(
          dy: Activation(dy.baseAddress!), weights: inputs.weights, to: target, scratch: scratch,
          pool: WorkerPool(threads: kernel.workers))
      }
    }
    for index in memory.indices {
      expectSameBits(memory[index].values, index == 1 ? added[1] : written[index], "gradient of part \(index)")
    }
  }

  @Test func blocksOfChannelsLieInOnePart() { #expect(Concatenation.partChannels == Int(part_channels)) }

  @Test func nobodyElseReadsOrWritesParts() async {
    await #expect(processExitsWith: .failure) {
      let memory = AlignedBuffer<Float>(count: 16)
      _ = Activation(joining: [Activation.Part(Activation(memory.base), channels: 16)]).floats
    }
    await #expect(processExitsWith: .failure) {
      let target = GradientTarget(MutableActivation(AlignedBuffer<Float>(count: 16).base), accumulate: false)
      _ = GradientTarget(joining: [GradientTarget.Part(target, channels: 16)]).pointer
    }
  }

  // MARK: In a plan

  /// A norm, a resized map and a pooled one, concatenated for two convolutions; what else happens to the parts is `more`'s.
  private struct Fork: NetworkModel {
    var widths = (left: 32, middle: 64, right: 5)
    var more: @Sendable (_ parts: [Node], _ joined: Node) -> Node? = { _, _ in nil }

    func logits(of image: Node, classes: Int) -> Node {
      let left = image.convolved(widths.left, "left.conv").batchNormalized("left.norm").relu()
      let middle = left.convolved(widths.middle, stride: Extent3(1, 2, 2), "middle").resized(to: image.shape.extent)
      let right = image.convolved(widths.right, "right.conv")
      let joined = Node.concatenated([left, middle, right])
      let sum = joined.convolved(8, "deep") + joined.convolved(8, kernel: 1, "shortcut")
      let other = more([left, middle, right], joined).map { $0.convolved(8, kernel: 1, "other") }
      return (other.map { sum + $0 } ?? sum).convolved(classes, kernel: 1, "last")
    }
  }

  private static func plan(_ model: Fork, _ set: InstructionSet = .best, mode: Mode = .training) -> CompiledPlan {
    CompiledPlan(
      model.graph(batch: 2, extent: Extent3(3, 7, 5), classes: 3), mode: mode,
      CPUBackend(workers: 2, instructionSet: set))
  }

  @Test(arguments: InstructionSet.available, [Mode.training, .inference])
  func aConcatenationThatConvolutionsReadIsNeverWritten(_ set: InstructionSet, _ mode: Mode) throws {
    let plan = Self.plan(Fork(), set, mode: mode)
    let entries = plan.graph.entries
    let index = try #require(entries.firstIndex { $0.operation is Concatenation })
    let isJoined = set != .scalar
    #expect(plan.schedule.isJoined.indices.filter { plan.schedule.isJoined[$0] } == (isJoined ? [index] : []))
    #expect((plan.schedule.bytes[.activation(index)] == nil) == isJoined)
    #expect((plan.schedule.bytes[.gradient(index)] == nil) == (isJoined || mode == .inference))
    #expect(plan.schedule.steps.contains { $0.work == .forward(index) } != isJoined)
    guard isJoined && mode == .training else { return }
    // The norm is read before it is applied; both readers write all three gradients.
    let norm = entries[index].inputs[0]
    let parts = entries[index].inputs.map { $0 == norm ? norm - 1 : $0 }.map { Schedule.Buffer.activation($0) }
    for step in plan.schedule.steps {
      guard case .forward(let reader) = step.work, entries[reader].inputs == [index] else { continue }
      #expect(step.reads == [parts[0], .saved(norm), parts[1], parts[2]])
    }
    for step in plan.schedule.steps {
      guard case .backward(let reader) = step.work, entries[reader].inputs == [index] else { continue }
      #expect(entries[index].inputs.allSatisfy { step.writes.contains(.gradient($0)) })
    }
  }

  @Test func othersAreCopied() {
    func isJoined(_ model: Fork) -> Bool { Self.plan(model).schedule.isJoined.contains(true) }
    #expect(isJoined(Fork()) == (InstructionSet.best != .scalar))
    // Blocks of channels in two parts.
    #expect(!isJoined(Fork(widths: (16, 64, 5))))
    #expect(!isJoined(Fork(widths: (32, 48, 5))))
    // A reader that is no convolution; a reader of a part behind the concatenation.
    #expect(!isJoined(Fork { _, joined in joined.resized(to: Extent3(3, 4, 5)).resized(to: joined.shape.extent) }))
    #expect(!isJoined(Fork { parts, _ in parts[1] }))
  }

  /// A training step has neither the copy's bytes nor those of the gradient's.
  @Test(.enabled(if: InstructionSet.best != .scalar)) func copiesDoNotMove() {
    let (joined, copied) = (Self.plan(Fork()), Self.plan(Fork { parts, _ in parts[1] }))
    #expect(!joined.traffic.contains { $0.label.kind == "concat" })
    // 2 x 3 x 7 x 5 voxels of 32, 64 and 16 channels, read and written.
    let bytes = 2 * 210 * 112 * 4
    // To one gradient it is added.
    #expect(
      copied.traffic.filter { $0.label.kind == "concat" }.map(\.needed) == [bytes, bytes + 210 * 64 * 4])
  }
}

/// An activation as its concatenation's readers find it: the first part before its normalisation, the second as bfloat16.
private struct Parts {
  let shapes: [Shape]
  /// The channels side by side.
  let whole: [Float]
  private let norm: Normalization
  private let floats: [[Float]]
  private let halves: [UInt16]?

  /// - Parameter x: of which the first part is normalised, and the second rounded where `roundsOne`.
  init(_ shape: Shape, _ x: [Float], roundsOne: Bool) {
    let last = shape.channels % 32 == 0 ? 32 : shape.channels % 32
    let widths = shape.channels - last > 32 ? [32, shape.channels - last - 32, last] : [32, last]
    let shapes = widths.map { Shape(batch: shape.batch, shape.extent, channels: $0) }
    let floats = Self.split(x, shape, shapes)
    norm = Normalization(shapes[0], rectifies: true)
    halves = roundsOne ? floats[1].map(nearestBfloat16) : nil
    (self.shapes, self.floats) = (shapes, floats)
    var read = floats
    read[0] = norm(floats[0], shapes[0])
    if let halves { read[1] = halves.map(widened) }
    whole = Self.side(by: read, shape, shapes)
  }

  func joined<Result>(_ body: (Activation) -> Result) -> Result {
    let buffers = floats.map { values in
      let buffer = AlignedBuffer<Float>(count: values.count)
      for (index, value) in values.enumerated() { buffer[index] = value }
      return buffer
    }
    return norm.withPending { pending in
      (halves ?? [0]).withUnsafeBytes { rounded in
        let parts = buffers.indices.map { index in
          let part =
            index == 1 && halves != nil
            ? Activation(rounded.baseAddress!, .bfloat16)
            : Activation(UnsafeRawPointer(buffers[index].base), .float32, pending: index == 0 ? pending : nil)
          return Activation.Part(part, channels: shapes[index].paddedChannels)
        }
        return withExtendedLifetime(buffers) { body(Activation(joining: parts)) }
      }
    }
  }

  func split(_ values: [Float]) -> [[Float]] {
    let channels = shapes.reduce(0) { $0 + $1.channels }
    return Self.split(values, Shape(batch: shapes[0].batch, shapes[0].extent, channels: channels), shapes)
  }

  private static func split(_ values: [Float], _ shape: Shape, _ shapes: [Shape]) -> [[Float]] {
    var first = 0
    return shapes.map { own in
      defer { first += own.channels }
      return (0..<own.storedCount).map {
        values[$0 / own.paddedChannels * shape.paddedChannels + first + $0 % own.paddedChannels]
      }
    }
  }

  private static func side(by parts: [[Float]], _ shape: Shape, _ shapes: [Shape]) -> [Float] {
    (0..<shape.voxels).flatMap { voxel in
      zip(parts, shapes).flatMap { values, own in
        values[voxel * own.paddedChannels..<(voxel + 1) * own.paddedChannels]
      }
    }
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

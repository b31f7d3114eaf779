import CKernels
import CPU
import Compute
import TestSupport
import Testing

/// Batch normalisation of an input stored as bfloat16: the bits of the same input in floats, and its gradient rounded by the
/// definition, with every instruction set.
struct NormStorageTests {
  static func kernels(_ set: InstructionSet) -> batch_norm_kernels { set.kernels.batch_norm.pointee }

  /// - Parameters:
  ///   - x: of numbers of `storage`.
  ///   - vectors: mean, scale and shift.
  static func withJob(
    _ x: UnsafeRawPointer, _ storage: Storage, _ vectors: [[Float]], voxels: Int, stride: Int, rectify: Int32,
    _ body: (UnsafePointer<batch_norm_job>) -> Void
  ) {
    vectors[0].withUnsafeBufferPointer { mean in
      vectors[1].withUnsafeBufferPointer { scale in
        vectors[2].withUnsafeBufferPointer { shift in
          let job = batch_norm_job(
            x: Activation(x, storage).source, mean: mean.baseAddress, scale: scale.baseAddress,
            shift: shift.baseAddress, voxels: voxels, stride: Int32(stride), rectify: rectify, slope: 0)
          withUnsafePointer(to: job, body)
        }
      }
    }
  }

  /// Real and padding channels, several tiles and part of one.
  static let shape = Shape(batch: 3, Extent3(4, 11, 13), channels: 40)
  static let x = randomActivation(shape, seed: 1).map(nearestBfloat16)
  static let dy = randomActivation(shape, seed: 2)
  static let vectors = (3..<8).map { randomActivation(Shape(batch: 1, 1, channels: 40), seed: $0) }

  struct Results {
    var sums, backwardSums: [Double]
    var y, dx: [Float]
  }

  /// - Parameter x: of floats, or of the bits of bfloat16.
  static func results<Number>(_ x: [Number], _ storage: Storage, _ set: InstructionSet, rectify: Int32) -> Results {
    let (kernels, stride, voxels) = (kernels(set), shape.paddedChannels, shape.voxels)
    let tiles = (voxels + Int(partial_voxels) - 1) / Int(partial_voxels)
    let partials = [Double](repeating: .nan, count: tiles * 2 * stride)
    var result = Results(
      sums: partials, backwardSums: partials, y: [Float](repeating: .nan, count: shape.storedCount), dx: [])
    x.withUnsafeBytes { x in
      withJob(x.baseAddress!, storage, vectors, voxels: voxels, stride: stride, rectify: rectify) { job in
        kernels.sums(job, &result.sums, 0, tiles)
        kernels.apply(job, &result.y)
        kernels.backward_sums(job, dy, &result.backwardSums, 0, tiles)
        func gradient<Result>(_ start: Result) -> [Result] {
          var dx = Array(repeating: start, count: shape.storedCount)
          dx.withUnsafeMutableBytes {
            kernels.backward_apply(
              job, dy, vectors[3], vectors[4], MutableActivation($0.baseAddress!, storage).target, 0)
          }
          return dx
        }
        result.dx = storage == .float32 ? gradient(Float.nan) : gradient(UInt16(0x7FFF)).map(widened)
      }
    }
    return result
  }

  @Test(arguments: InstructionSet.available, [0, 1] as [Int32])
  func inputsAreWidenedAndGradientsRounded(_ set: InstructionSet, rectify: Int32) {
    let floats = Self.results(Self.x.map(widened), .float32, .scalar, rectify: rectify)
    let halves = Self.results(Self.x, .bfloat16, set, rectify: rectify)
    #expect(halves.sums == floats.sums && halves.backwardSums == floats.backwardSums)
    expectSameBits(halves.y, floats.y)
    expectSameBits(halves.dx, floats.dx.map { widened(nearestBfloat16($0)) })
    let same = Self.results(Self.x.map(widened), .float32, set, rectify: rectify)
    #expect(same.sums == floats.sums && same.backwardSums == floats.backwardSums)
    expectSameBits(same.y, floats.y)
    expectSameBits(same.dx, floats.dx)
  }

  /// dx = 1 · dy + (−0) · (x − 0) − 0 is dy, whatever it is.
  /// Of every partial and channel the sums in double, voxel after voxel.
  @Test(arguments: InstructionSet.available, [0, 1] as [Int32])
  func sumsAreFormedInOrder(_ set: InstructionSet, rectify: Int32) {
    let (x, stride, partial) = (Self.x.map(widened), Self.shape.paddedChannels, Int(partial_voxels))
    let results = Self.results(x, .float32, set, rectify: rectify)
    for tile in 0..<results.sums.count / (2 * stride) {
      for channel in 0..<stride {
        var (sum, squares, passed, products) = (0.0, 0.0, 0.0, 0.0)
        for voxel in tile * partial..<min((tile + 1) * partial, Self.shape.voxels) {
          let value = x[voxel * stride + channel]
          let centred = value - Self.vectors[0][channel]
          let isPassed = rectify == 0 || centred * Self.vectors[1][channel] + Self.vectors[2][channel] > 0
          let gradient = isPassed ? Double(Self.dy[voxel * stride + channel]) : 0
          sum += Double(value)
          squares += Double(value) * Double(value)
          passed += gradient
          products += gradient * Double(centred)
        }
        let (first, second) = (tile * 2 * stride + channel, (tile * 2 + 1) * stride + channel)
        #expect(results.sums[first] == sum && results.sums[second] == squares, "tile \(tile), channel \(channel)")
        #expect(
          results.backwardSums[first] == passed && results.backwardSums[second] == products,
          "backward, tile \(tile), channel \(channel)")
      }
    }
  }

  @Test(arguments: InstructionSet.available) func everyNumberIsRoundedByTheDefinition(_ set: InstructionSet) {
    let dy = floatsAroundBfloat16
    let x = [UInt16](repeating: 0, count: dy.count)
    var dx = [UInt16](repeating: 0x1234, count: dy.count)
    let (zero, minusZero, one) = (
      [Float](repeating: 0, count: 16), [Float](repeating: -0.0, count: 16), [Float](repeating: 1, count: 16)
    )
    x.withUnsafeBytes { x in
      dx.withUnsafeMutableBytes { dx in
        Self.withJob(
          x.baseAddress!, .bfloat16, [zero, one, zero], voxels: dy.count / 16, stride: 16, rectify: 0
        ) {
          Self.kernels(set).backward_apply(
            $0, dy, minusZero, minusZero, MutableActivation(dx.baseAddress!, .bfloat16).target, 0)
        }
      }
    }
    expectSameBits(dx.map(widened), dy.map { widened(nearestBfloat16($0)) })
  }

  /// Memory that may be streamed past the caches, and memory beside cache lines, which may not.
  @Test(arguments: InstructionSet.available) func largeOutputsAreStreamedAlike(_ set: InstructionSet) {
    let (voxels, stride) = (33000, 64)
    let count = voxels * stride
    let x = randomValues(count, seed: 1).map(nearestBfloat16)
    let vector = randomValues(stride, seed: 3)
    let (aligned, shifted) = (AlignedBuffer<Float>(count: count), AlignedBuffer<Float>(count: count + 4))
    x.withUnsafeBytes { x in
      for y in [aligned.base, shifted.base + 4] {
        Self.withJob(
          x.baseAddress!, .bfloat16, [vector, vector, vector], voxels: voxels, stride: stride, rectify: 1
        ) { Self.kernels(set).apply($0, y) }
      }
    }
    let isSame = (0..<count).allSatisfy { aligned[$0].bitPattern == shifted[$0 + 4].bitPattern }
    #expect(isSame && (0..<count).contains { aligned[$0] != 0 })
  }
}

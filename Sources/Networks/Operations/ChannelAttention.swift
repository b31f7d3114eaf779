import CKernels
import Compute

/// Attention among the channels of a volume (Fig. 6, after DANet), with F the `P x C` matrix of its features:
///
///     A = softmax over rows of (Fᵀ F),  y = F Aᵀ
///
/// Forward keeps A. The similarities are sums over all P positions: they are summed in parts of `chunk` positions in
/// single precision, and the parts in double, because softmax turns absolute errors into relative ones.
struct ChannelAttention: Operation {
  static let chunk = 256

  var kind: String { "channel attention" }
  func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }

  func multiplyAdds(_ inputs: [Shape]) -> Int {
    2 * inputs[0].batch * inputs[0].extent.count * inputs[0].channels * inputs[0].channels
  }

  var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }

  func savedBytes(_ inputs: [Shape]) -> Int { inputs[0].batch * matrixCount(inputs[0]) * MemoryLayout<Float>.stride }

  func scratchBytes(_ inputs: [Shape], _ phase: Phase, _ settings: ExecutionSettings) -> Int {
    let products = [
      gram(inputs[0], Self.chunk, settings), mix(inputs[0], settings, transposed: true, accumulate: true),
    ]
    return matrixCount(inputs[0]) * (MemoryLayout<Double>.stride + 2 * MemoryLayout<Float>.stride)
      + products.map(\.scratchBytes).max()!
  }

  private func matrixCount(_ shape: Shape) -> Int { shape.paddedChannels * shape.paddedChannels }

  func forward(_ call: ForwardCall) {
    let (shape, kernels) = (call.inputShapes[0], call.settings.kernels)
    let memory = Memory(call.scratch, matrixCount(shape))
    for volume in 0..<shape.batch {
      let weights = call.saved.assumingMemoryBound(to: Float.self) + volume * matrixCount(shape)
      let features = call.inputs[0].voxel(volume * shape.extent.count, of: shape)
      similarities(features, features, shape, into: weights, memory, call.settings, call.pool)
      call.pool.forEach(shape.channels) { range, _ in
        kernels.softmax_rows(
          weights + range.lowerBound * shape.paddedChannels, range.count, shape.channels, shape.paddedChannels)
      }
      mix(shape, call.settings, transposed: true, accumulate: false)(
        a: features, b: weights, c: call.output.voxel(volume * shape.extent.count, of: shape),
        scratch: memory.products, pool: call.pool)
    }
  }

  /// `dA = dyᵀ F`, `dG = A (dA − rows' means)`, `dF = dy A + F (dG + dGᵀ)`.
  func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0] else { return }
    let (shape, kernels) = (call.inputShapes[0], call.settings.kernels)
    let memory = Memory(call.scratch, matrixCount(shape))
    for volume in 0..<shape.batch {
      let start = volume * shape.extent.count
      let weights = call.saved.assumingMemoryBound(to: Float.self) + volume * matrixCount(shape)
      let (features, dy) = (call.inputs[0].voxel(start, of: shape), call.outputGradient.voxel(start, of: shape))
      let (dx, gradient) = (target.pointer.voxel(start, of: shape), memory.gradient)
      similarities(dy, features, shape, into: gradient, memory, call.settings, call.pool)
      kernels.softmax_backward(weights, gradient, shape.channels, shape.channels, shape.paddedChannels)
      symmetrize(gradient, shape)
      mix(shape, call.settings, transposed: false, accumulate: target.accumulate)(
        a: dy, b: weights, c: dx, scratch: memory.products, pool: call.pool)
      mix(shape, call.settings, transposed: false, accumulate: true)(
        a: features, b: gradient, c: dx, scratch: memory.products, pool: call.pool)
    }
  }

  /// `G += Gᵀ`
  private func symmetrize(_ matrix: UnsafeMutablePointer<Float>, _ shape: Shape) {
    let stride = shape.paddedChannels
    for row in 0..<shape.channels {
      for column in 0...row {
        let sum = matrix[row * stride + column] + matrix[column * stride + row]
        matrix[row * stride + column] = sum
        matrix[column * stride + row] = sum
      }
    }
  }

  /// `Aᵀ B` over all positions of a volume, in chunks.
  private func similarities(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ shape: Shape, into result: UnsafeMutablePointer<Float>,
    _ memory: Memory, _ settings: ExecutionSettings, _ pool: WorkerPool
  ) {
    let count = matrixCount(shape)
    memory.sums.update(repeating: 0, count: count)
    for first in stride(from: 0, to: shape.extent.count, by: Self.chunk) {
      gram(shape, min(Self.chunk, shape.extent.count - first), settings)(
        a: a.voxel(first, of: shape), b: b.voxel(first, of: shape), c: memory.part, scratch: memory.products,
        pool: pool)
      for index in 0..<count { memory.sums[index] += Double(memory.part[index]) }
    }
    for index in 0..<count { result[index] = Float(memory.sums[index]) }
  }

  private func gram(_ shape: Shape, _ positions: Int, _ settings: ExecutionSettings) -> MatrixProduct {
    let channels = shape.paddedChannels
    return MatrixProduct(
      rows: channels, columns: channels, inner: positions, transposeA: true, leadingA: channels, leadingB: channels,
      leadingC: channels, workers: settings.workers, instructionSet: settings.instructionSet)
  }

  private func mix(_ shape: Shape, _ settings: ExecutionSettings, transposed: Bool, accumulate: Bool) -> MatrixProduct {
    MatrixProduct(
      rows: shape.extent.count, columns: shape.paddedChannels, inner: shape.paddedChannels, transposeB: transposed,
      beta: accumulate ? 1 : 0, workers: settings.workers, instructionSet: settings.instructionSet)
  }

  /// Scratch: sums in double, one chunk's part, a gradient, the products' own.
  private struct Memory {
    let sums: UnsafeMutablePointer<Double>
    let part: UnsafeMutablePointer<Float>
    let gradient: UnsafeMutablePointer<Float>
    let products: UnsafeMutableRawPointer

    init(_ scratch: UnsafeMutableRawPointer, _ count: Int) {
      sums = scratch.assumingMemoryBound(to: Double.self)
      part = UnsafeMutableRawPointer(sums + count).assumingMemoryBound(to: Float.self)
      gradient = part + count
      products = UnsafeMutableRawPointer(gradient + count)
    }
  }
}

extension Node {
  package func channelAttended() -> Node { applying(ChannelAttention()) }
}

import CKernels
import Compute
import Networks

extension ChannelAttention: CPUOperation {
  /// Gram matrices of chunks of voxels in single precision, summed over chunks in double.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel { ChannelAttentionKernel(inputs[0], cpu) }
}

/// Forward keeps A. The similarities are sums over all P positions: they are summed in parts of `chunk` positions in
/// single precision, and the parts in double, because softmax turns absolute errors into relative ones.
private struct ChannelAttentionKernel: Kernel {
  private static let chunk = 256

  private let shape: Shape
  private let kernels: softmax_kernels
  private let gram: MatrixProduct
  /// Of the last, shorter chunk.
  private let lastGram: MatrixProduct
  /// F times a matrix, and times a transposed one.
  private let mix: MatrixProduct
  private let mixTransposed: MatrixProduct

  init(_ shape: Shape, _ cpu: CPUBackend) {
    let channels = shape.paddedChannels
    func gram(_ positions: Int) -> MatrixProduct {
      MatrixProduct(
        rows: channels, columns: channels, inner: positions, transposeA: true, leadingA: channels, leadingB: channels,
        leadingC: channels, workers: cpu.workers, instructionSet: cpu.instructionSet)
    }
    func mix(transposed: Bool) -> MatrixProduct {
      MatrixProduct(
        rows: shape.extent.count, columns: channels, inner: channels, transposeB: transposed, workers: cpu.workers,
        instructionSet: cpu.instructionSet)
    }
    (self.shape, kernels) = (shape, cpu.kernels.softmax.pointee)
    let rest = shape.extent.count % Self.chunk
    (self.gram, lastGram) = (gram(Self.chunk), gram(rest == 0 ? Self.chunk : rest))
    (self.mix, mixTransposed) = (mix(transposed: false), mix(transposed: true))
  }

  var savedBytes: Int { shape.batch * matrixCount * MemoryLayout<Float>.stride }

  func scratchBytes(_ phase: Phase) -> Int {
    matrixCount * (MemoryLayout<Double>.stride + 2 * MemoryLayout<Float>.stride)
      + max(gram.scratchBytes, mixTransposed.scratchBytes)
  }

  private var matrixCount: Int { shape.paddedChannels * shape.paddedChannels }

  func forward(_ call: ForwardCall) {
    let memory = Memory(call.scratch, matrixCount)
    for volume in 0..<shape.batch {
      let weights = call.saved.assumingMemoryBound(to: Float.self) + volume * matrixCount
      let features = call.inputs[0].voxel(volume * shape.extent.count, of: shape)
      similarities(features, features, into: weights, memory, call.pool)
      call.pool.forEach(shape.channels) { range, _ in
        kernels.forward(
          weights + range.lowerBound * shape.paddedChannels, range.count, shape.channels, shape.paddedChannels)
      }
      mixTransposed(
        a: features, b: weights, c: call.output.voxel(volume * shape.extent.count, of: shape),
        scratch: memory.products, pool: call.pool)
    }
  }

  /// `dA = dyᵀ F`, `dG = A (dA − rows' means)`, `dF = dy A + F (dG + dGᵀ)`.
  func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0] else { return }
    let memory = Memory(call.scratch, matrixCount)
    for volume in 0..<shape.batch {
      let start = volume * shape.extent.count
      let weights = call.saved.assumingMemoryBound(to: Float.self) + volume * matrixCount
      let (features, dy) = (call.inputs[0].voxel(start, of: shape), call.outputGradient.voxel(start, of: shape))
      let (dx, gradient) = (target.pointer.voxel(start, of: shape), memory.gradient)
      similarities(dy, features, into: gradient, memory, call.pool)
      kernels.backward(weights, gradient, shape.channels, shape.channels, shape.paddedChannels)
      symmetrize(gradient)
      mix.accumulating(target.accumulate)(a: dy, b: weights, c: dx, scratch: memory.products, pool: call.pool)
      mix.accumulating(true)(a: features, b: gradient, c: dx, scratch: memory.products, pool: call.pool)
    }
  }

  /// `G += Gᵀ`
  private func symmetrize(_ matrix: UnsafeMutablePointer<Float>) {
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
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>, _ memory: Memory,
    _ pool: WorkerPool
  ) {
    let count = matrixCount
    memory.sums.update(repeating: 0, count: count)
    for first in stride(from: 0, to: shape.extent.count, by: Self.chunk) {
      let product = first + Self.chunk <= shape.extent.count ? gram : lastGram
      product(
        a: a.voxel(first, of: shape), b: b.voxel(first, of: shape), c: memory.part, scratch: memory.products,
        pool: pool)
      for index in 0..<count { memory.sums[index] += Double(memory.part[index]) }
    }
    for index in 0..<count { result[index] = Float(memory.sums[index]) }
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

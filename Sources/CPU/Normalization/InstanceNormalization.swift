import CKernels
import Compute
import Networks

extension InstanceNormalization: CPUOperation {
  /// Batch normalisation's loops, once for every case: sums over fixed tiles in double, then one pass.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    InstanceNormalizationKernel(
      shape: inputs[0], slope: slope, kernels: cpu.kernels.batch_norm.pointee)
  }
}

/// Forward keeps four numbers for each case and channel.
private struct InstanceNormalizationKernel: Kernel {
  let shape: Shape
  let slope: Float?
  let kernels: batch_norm_kernels

  /// Of one case.
  private var voxels: Int { shape.extent.count }
  private var stride: Int { shape.paddedChannels }
  private var tiles: Int { (voxels + ColumnSums.tile - 1) / ColumnSums.tile }

  var savedBytes: Int { shape.batch * SavedNorm.bytes(shape) }

  /// The tiles' sums; backward also sums over cases, and makes two numbers for each channel of them.
  func scratchBytes(_ phase: Phase) -> Int {
    (tiles + 1) * 2 * stride * MemoryLayout<Double>.stride + 2 * stride * MemoryLayout<Float>.stride
  }

  private func saved(_ memory: UnsafeMutableRawPointer, _ number: Int) -> SavedNorm {
    SavedNorm(memory + number * SavedNorm.bytes(shape), shape)
  }

  private func job(_ x: Activation, _ saved: SavedNorm?, voxels: Range<Int>) -> batch_norm_job {
    batch_norm_job(
      x: x.voxel(voxels.lowerBound, of: shape).source, mean: saved?.mean, scale: saved?.scale, shift: saved?.shift,
      voxels: voxels.count, stride: Int32(stride), rectify: slope == nil ? 0 : 1, slope: slope ?? 0)
  }

  /// The sums first, then what they are for.
  func passes(_ call: Passes.Call) -> Passes {
    switch call {
    case .forward(_): Passes(activations: 2)
    case .backward(givesInput: true): Passes(activations: 2, gradient: 2)
    default: Passes()
    }
  }

  func forward(_ call: ForwardCall) {
    precondition(voxels > 1, "one value per case and channel (\(shape)) cannot be normalised")
    let partials = call.scratch.assumingMemoryBound(to: Double.self)
    for number in 0..<shape.batch {
      let saved = saved(call.saved, number)
      let x = call.storedInputs[0].voxel(number * voxels, of: shape)
      call.pool.forEach(tiles) { range, _ in
        var job = job(x, nil, voxels: 0..<voxels)
        kernels.sums(&job, partials, range.lowerBound, range.upperBound)
      }
      saved.takeMoments(partials, tiles: tiles, voxels: voxels)
      saved.derive(gamma: call.parameters[0], beta: call.parameters[1])
    }
    recompute(call)
  }

  func recompute(_ call: ForwardCall) {
    for number in 0..<shape.batch {
      let saved = saved(call.saved, number)
      let (x, y) = (
        call.storedInputs[0].voxel(number * voxels, of: shape), call.output.voxel(number * voxels, of: shape)
      )
      call.pool.forEachOnce(voxels) { range, _ in
        var job = job(x, saved, voxels: range)
        kernels.apply(&job, y.voxel(range.lowerBound, of: shape))
      }
    }
  }

  /// As batch normalisation's, with the sums of one case; γ and β take those of all cases, in their order.
  func backward(_ call: BackwardCall) {
    let partials = call.scratch.assumingMemoryBound(to: Double.self)
    let (gamma, beta) = (partials + tiles * 2 * stride, partials + (tiles * 2 + 1) * stride)
    gamma.update(repeating: 0, count: 2 * stride)
    let slopes = UnsafeMutableRawPointer(beta + stride).assumingMemoryBound(to: Float.self)
    let offsets = slopes + stride
    for number in 0..<shape.batch {
      let saved = saved(call.saved, number)
      let x = call.storedInputs[0]!.voxel(number * voxels, of: shape)
      let dy = call.outputGradient.voxel(number * voxels, of: shape)
      call.pool.forEach(tiles) { range, _ in
        var job = job(x, saved, voxels: 0..<voxels)
        kernels.backward_sums(&job, dy, partials, range.lowerBound, range.upperBound)
      }
      slopes.update(repeating: 0, count: 2 * stride)
      saved.combine(partials, tiles: tiles) { channel, sum, products in
        let line = saved.inputGradient(channel, sum: sum, products: products, voxels: voxels)
        (slopes[channel], offsets[channel]) = (line.slope, line.offset)
        gamma[channel] += products * line.inverse.squareRoot()
        beta[channel] += sum
      }
      guard let target = call.inputGradients[0] else { continue }
      let to = target.pointer.voxel(number * voxels, of: shape)
      call.pool.forEach(voxels) { range, _ in
        var job = job(x, saved, voxels: range)
        kernels.backward_apply(
          &job, dy.voxel(range.lowerBound, of: shape), slopes, offsets,
          MutableActivation(to.voxel(range.lowerBound, of: shape)).target, target.accumulate ? 1 : 0)
      }
    }
    for channel in 0..<shape.channels {
      call.parameterGradients[0][channel] = Float(gamma[channel])
      call.parameterGradients[1][channel] = Float(beta[channel])
    }
  }
}

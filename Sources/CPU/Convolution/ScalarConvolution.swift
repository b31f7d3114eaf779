import CKernels
import Compute
import Networks

/// The definitions: what the vector kernels are tested against, and what serves where there are none.
struct ScalarConvolution {
  let geometry: ConvolutionGeometry

  func forward(
    x: UnsafePointer<Float>, weights: UnsafePointer<Float>, finish: ConvolutionFinish,
    y: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    withUnsafePointers(geometry.cShape, finish.cFinish) { shape, finish in
      pool.forEach(rows(of: geometry.output)) { rows, _ in
        convolution_forward_scalar(shape, x, weights, finish, y, rows.lowerBound, rows.upperBound)
      }
    }
  }

  func backwardInput(
    dy: UnsafePointer<Float>, weights: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    pool: WorkerPool
  ) {
    withUnsafePointer(to: geometry.cShape) { shape in
      pool.forEach(rows(of: geometry.input)) { rows, _ in
        convolution_backward_input_scalar(
          shape, dy, weights, dx, accumulate ? 1 : 0, rows.lowerBound, rows.upperBound)
      }
    }
  }

  func backwardWeights(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dWeights: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    withUnsafePointer(to: geometry.cShape) { shape in
      pool.forEach(geometry.outChannels * geometry.input.channels) { pairs, _ in
        convolution_backward_weights_scalar(shape, x, dy, dWeights, pairs.lowerBound, pairs.upperBound)
      }
    }
  }

  private func rows(of shape: Shape) -> Int { shape.batch * shape.extent.depth * shape.extent.height }
}

extension ConvolutionGeometry {
  var cShape: convolution_shape {
    let output = output
    return convolution_shape(
      batch: Int32(input.batch), channels: Int32(input.channels), out_channels: Int32(outChannels),
      in: input.extent.cAxes, out: output.extent.cAxes,
      kernel: kernel.cAxes, stride: stride.cAxes, dilation: dilation.cAxes, planar: inputIsPlanar ? 1 : 0)
  }
}

extension Extent3 {
  fileprivate var cAxes: (Int32, Int32, Int32) { (Int32(depth), Int32(height), Int32(width)) }
}

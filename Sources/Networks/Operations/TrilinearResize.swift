import CKernels
import Compute

/// Trilinear interpolation to another extent, voxel centres aligned.
struct TrilinearResize: Operation {
  let input: Shape
  let extent: Extent3
  private let axes: [ResizeAxis]

  init(from input: Shape, to extent: Extent3) {
    (self.input, self.extent) = (input, extent)
    axes = [
      ResizeAxis(from: input.extent.depth, to: extent.depth),
      ResizeAxis(from: input.extent.height, to: extent.height),
      ResizeAxis(from: input.extent.width, to: extent.width),
    ]
  }

  var kind: String { "resize" }

  func outputShape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0] == input, "a resize of \(input) cannot read \(inputs[0])")
    return Shape(batch: input.batch, extent, channels: input.channels)
  }

  private var cShape: resize_shape {
    resize_shape(
      batch: Int32(input.batch), stride: Int32(input.paddedChannels), depth: axes[0].cAxis, height: axes[1].cAxis,
      width: axes[2].cAxis)
  }

  /// One row of the input per worker.
  private var rowCount: Int { input.extent.width * input.paddedChannels }

  func scratchBytes(_ inputs: [Shape], _ phase: Phase, _ settings: ExecutionSettings) -> Int {
    rowCount * settings.workers * MemoryLayout<Float>.stride
  }

  func forward(_ call: ForwardCall) {
    let (kernels, rows) = (call.settings.kernels, call.scratch.assumingMemoryBound(to: Float.self))
    withExtendedLifetime(axes) {
      let shape = cShape
      call.pool.forEach(input.batch * extent.depth) { range, worker in
        withUnsafePointer(to: shape) {
          kernels.resize(
            $0, call.inputs[0], call.output, rows + worker * rowCount, range.lowerBound, range.upperBound)
        }
      }
    }
  }

  func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0] else { return }
    let (kernels, rows) = (call.settings.kernels, call.scratch.assumingMemoryBound(to: Float.self))
    withExtendedLifetime(axes) {
      let shape = cShape
      call.pool.forEach(input.batch * input.extent.depth) { range, worker in
        withUnsafePointer(to: shape) {
          kernels.resize_backward(
            $0, call.outputGradient, target.pointer, target.accumulate ? 1 : 0, rows + worker * rowCount,
            range.lowerBound, range.upperBound)
        }
      }
    }
  }
}

extension Node {
  /// This node at another extent; itself when the extent is already right.
  package func resized(to extent: Extent3) -> Node {
    shape.extent == extent ? self : applying(TrilinearResize(from: shape, to: extent))
  }
}

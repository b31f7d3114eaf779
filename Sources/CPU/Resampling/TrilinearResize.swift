import CKernels
import Compute
import Networks

extension TrilinearResize: CPUOperation {
  /// Positions and weights along each axis, worked out once; rows are mixed as they are read.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel { TrilinearResizeKernel(self, cpu) }
}

struct TrilinearResizeKernel: Kernel {
  private let input: Shape
  private let output: Shape
  private let axes: [ResizeAxis]
  private let workers: Int
  private let kernels: resize_kernels

  init(_ resize: TrilinearResize, _ cpu: CPUBackend) {
    (input, output) = (resize.input, resize.outputShape(of: [resize.input]))
    (workers, kernels) = (cpu.workers, cpu.kernels.resize.pointee)
    axes = [
      ResizeAxis(from: input.extent.depth, to: output.extent.depth),
      ResizeAxis(from: input.extent.height, to: output.extent.height),
      ResizeAxis(from: input.extent.width, to: output.extent.width),
    ]
  }

  private var cShape: resize_shape {
    resize_shape(
      batch: Int32(input.batch), stride: Int32(input.paddedChannels), depth: axes[0].cAxis, height: axes[1].cAxis,
      width: axes[2].cAxis)
  }

  /// One row of the input per worker.
  private var rowCount: Int { input.extent.width * input.paddedChannels }

  func scratchBytes(_ phase: Phase) -> Int { rowCount * workers * MemoryLayout<Float>.stride }

  func forward(_ call: ForwardCall) {
    let rows = call.scratch.assumingMemoryBound(to: Float.self)
    withExtendedLifetime(axes) {
      let shape = cShape
      call.pool.forEach(output.batch * output.extent.depth) { range, worker in
        withUnsafePointer(to: shape) {
          kernels.forward(
            $0, call.inputs[0], call.output, rows + worker * rowCount, range.lowerBound, range.upperBound)
        }
      }
    }
  }

  func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0] else { return }
    let rows = call.scratch.assumingMemoryBound(to: Float.self)
    withExtendedLifetime(axes) {
      let shape = cShape
      call.pool.forEach(input.batch * input.extent.depth) { range, worker in
        withUnsafePointer(to: shape) {
          kernels.backward(
            $0, call.outputGradient, gradient_target(target.pointer, accumulate: target.accumulate),
            rows + worker * rowCount, range.lowerBound, range.upperBound)
        }
      }
    }
  }
}

/// One axis of a linear resize: where each output reads, voxel centres aligned (PyTorch's `align_corners=False`).
///
///     source(o) = max(0, (o + ½) · in / out − ½),  low = ⌊source⌋,  high = min(low + 1, in − 1)
final class ResizeAxis: Sendable {
  let input: Int
  let output: Int
  private let low: AlignedBuffer<Int32>
  private let high: AlignedBuffer<Int32>
  private let fraction: AlignedBuffer<Float>

  init(from input: Int, to output: Int) {
    (self.input, self.output) = (input, output)
    (low, high) = (AlignedBuffer(count: output), AlignedBuffer(count: output))
    fraction = AlignedBuffer(count: output)
    for index in 0..<output {
      let source = max(0, (Double(index) + 0.5) * Double(input) / Double(output) - 0.5)
      let floor = min(Int(source), input - 1)
      low[index] = Int32(floor)
      high[index] = Int32(min(floor + 1, input - 1))
      fraction[index] = Float(source - Double(floor))
    }
  }

  /// Valid as long as this object lives.
  var cAxis: resize_axis {
    resize_axis(in: Int32(input), out: Int32(output), low: low.base, high: high.base, fraction: fraction.base)
  }
}

import CKernels
import Compute

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

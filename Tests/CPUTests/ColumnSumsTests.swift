import CKernels
import CPU
import Compute
import TestSupport
import Testing

/// Sums of channels over tiles of voxels: each channel's in the order of its voxels, whatever is summed beside it.
struct ColumnSumsTests {
  /// Fewer channels than are summed side by side, as many, and several times as many with some left over.
  @Test(arguments: [16, 64, 80, 160], InstructionSet.available)
  func sumsAreInOrder(_ stride: Int, _ set: InstructionSet) {
    let tile = Int(partial_voxels), voxels = 2 * tile + 61, tiles = 3
    let a = randomValues(voxels * stride, seed: 1), b = randomValues(voxels * stride, seed: 2)
    for factors in [nil, b] {
      var expected = [Double](repeating: 0, count: tiles * stride)
      for voxel in 0..<voxels {
        for channel in 0..<stride {
          let at = voxel * stride + channel
          expected[voxel / tile * stride + channel] += Double(a[at]) * Double(factors?[at] ?? 1)
        }
      }
      var actual = [Double](repeating: .nan, count: tiles * stride)
      set.kernels.arithmetic.pointee.column_sums(a, factors, &actual, voxels, Int32(stride), 0, 1)
      set.kernels.arithmetic.pointee.column_sums(a, factors, &actual, voxels, Int32(stride), 1, tiles)
      #expect(actual == expected)
    }
  }
}

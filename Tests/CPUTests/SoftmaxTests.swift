import CPU
import Compute
import Networks
import Testing

/// The softmax of attention's scores, which are not bounded.
struct SoftmaxTests {
  /// exp(300) is no float: the largest score must be found wherever it is, and nothing past a row's end be touched.
  @Test(arguments: InstructionSet.available, [1, 5, 16, 37]) func largeScoresDoNotOverflow(
    _ set: InstructionSet, _ columns: Int
  ) {
    let kernels = set.kernels.softmax.pointee
    for largest in 0..<columns {
      var row = [Float](repeating: -300, count: columns) + [Float](repeating: 7, count: 11)
      row[largest] = 300
      kernels.forward(&row, 1, columns, row.count)
      #expect(row[largest] == 1)
      #expect(row.indices.allSatisfy { $0 == largest || row[$0] == ($0 < columns ? 0 : 7) })
    }
  }
}

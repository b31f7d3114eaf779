import Compute
import TestSupport
import Testing

struct MatrixProductTests {
  @Test func theDefinitionMultiplies() {
    // [1 2 3; 4 5 6] times [1 0; 2 1; 0 3] is [5 11; 14 23]; twice that, minus the old C of ones.
    let expected: [Float] = [9, 21, 27, 45]
    let a: [Float] = [1, 2, 3, 4, 5, 6]
    let aTransposed: [Float] = [1, 4, 2, 5, 3, 6]
    let b: [Float] = [1, 0, 2, 1, 0, 3]
    let bTransposed: [Float] = [1, 2, 0, 0, 1, 3]
    for (transposeA, transposeB) in [(false, false), (true, false), (false, true), (true, true)] {
      let product = MatrixProduct(
        rows: 2, columns: 2, inner: 3, transposeA: transposeA, transposeB: transposeB, alpha: 2, beta: -1, workers: 2,
        instructionSet: .scalar)
      let c = product(transposeA ? aTransposed : a, transposeB ? bTransposed : b, old: [1, 1, 1, 1])
      expectSameBits(c, expected, "transposed \(transposeA) \(transposeB)")
    }
  }

  @Test func leadingDimensionsSkipWhatLiesBetween() {
    let product = MatrixProduct(
      rows: 2, columns: 1, inner: 2, leadingA: 3, leadingB: 2, leadingC: 4, workers: 1, instructionSet: .scalar)
    let c = product([1, 2, .nan, 3, 4, .nan], [1, .nan, 10, .nan], old: [0, 7, 7, 7, 0, 7])
    expectSameBits(c, [21, 7, 7, 7, 43, 7])
  }
}

extension MatrixProduct {
  /// C, starting from `old`, or from NaN.
  func callAsFunction(_ a: [Float], _ b: [Float], old: [Float]? = nil) -> [Float] {
    withScratch(scratchBytes) { scratch in
      var c = old ?? [Float](repeating: .nan, count: (rows - 1) * leadingC + columns)
      c.withUnsafeMutableBufferPointer {
        self(a: a, b: b, c: $0.baseAddress!, scratch: scratch, pool: WorkerPool(threads: workers))
      }
      return c
    }
  }
}

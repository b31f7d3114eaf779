import CPU
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

  struct Example: Sendable, CustomTestStringConvertible {
    var rows, columns, inner: Int
    var testDescription: String { "\(rows)x\(inner) times \(inner)x\(columns)" }
  }

  /// Tails in every direction, one row block and several, one inner block and several.
  static let examples = [
    Example(rows: 1, columns: 1, inner: 1), Example(rows: 57, columns: 33, inner: 17),
    Example(rows: 14, columns: 64, inner: 16), Example(rows: 130, columns: 31, inner: 50),
    Example(rows: 5, columns: 100, inner: 1030), Example(rows: 61, columns: 16, inner: 2049),
  ]

  /// Both sum the same n products in single precision and in double: |difference| <= γ(n + 3) · Σ|a·b|, plus the old C.
  @Test(arguments: examples, InstructionSet.available.filter { $0 != .scalar })
  func productsAreTheDefinition(_ example: Example, _ set: InstructionSet) {
    let (rows, columns, inner) = (example.rows, example.columns, example.inner)
    for (transposeA, transposeB) in [(false, false), (true, false), (false, true), (true, true)] {
      for beta in [0, -1.5] as [Float] {
        func product(_ set: InstructionSet, workers: Int, alpha: Float = 0.75, beta: Float = beta) -> MatrixProduct {
          MatrixProduct(
            rows: rows, columns: columns, inner: inner, transposeA: transposeA, transposeB: transposeB, alpha: alpha,
            beta: beta, leadingA: (transposeA ? rows : inner) + 3, leadingB: (transposeB ? inner : columns) + 1,
            leadingC: columns + 2, workers: workers, instructionSet: set)
        }
        let a = randomValues((transposeA ? inner : rows) * ((transposeA ? rows : inner) + 3), seed: 1)
        let b = randomValues((transposeB ? columns : inner) * ((transposeB ? inner : columns) + 1), seed: 2)
        let old = randomValues((rows - 1) * (columns + 2) + columns, seed: 3)
        let expected = product(.scalar, workers: 1)(a, b, old: old)
        let magnitude = product(.scalar, workers: 1, beta: beta.magnitude)(
          a.magnitudes, b.magnitudes, old: old.magnitudes)
        let actual = product(set, workers: 1)(a, b, old: old)
        let factor = roundingBound(terms: inner + 3)
        expectClose(actual, expected, bounds: magnitude.map { factor * $0 }, "\(transposeA) \(transposeB) \(beta)")
        for workers in [2, 3, 20] { expectSameBits(product(set, workers: workers)(a, b, old: old), actual) }
      }
    }
  }

  @Test(arguments: InstructionSet.available) func withoutBetaTheOldValuesAreNotRead(_ set: InstructionSet) {
    let product = MatrixProduct(rows: 20, columns: 40, inner: 30, workers: 2, instructionSet: set)
    let c = product(randomValues(600, seed: 1), randomValues(1200, seed: 2))
    #expect(c.allSatisfy { $0.isFinite })
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

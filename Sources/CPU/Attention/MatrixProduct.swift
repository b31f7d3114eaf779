import CKernels
import Compute

/// `C = α op(A) op(B) + β C` for row-major fp32 matrices with leading dimensions.
///
/// - `op(A)`: `rows x inner`, stored `[inner][rows]` when `transposeA`
/// - `op(B)`: `inner x columns`, stored `[columns][inner]` when `transposeB`
/// - With β = 0 the old `C` is not read, so it may hold anything.
package struct MatrixProduct {
  /// Rows of C and of op(A).
  package let rows: Int
  /// Columns of C and of op(B).
  package let columns: Int
  /// Columns of op(A) and rows of op(B): the terms of a sum.
  package let inner: Int
  /// A is stored `[inner][rows]`.
  package var transposeA = false
  /// B is stored `[columns][inner]`.
  package var transposeB = false
  /// Factor of the product.
  package var alpha: Float = 1
  /// Factor of what C held; with 0 it is not read.
  package var beta: Float = 0
  /// Floats from one stored row to the next.
  package var leadingA: Int
  /// Floats from one stored row of B to the next.
  package var leadingB: Int
  /// Floats from one row of C to the next.
  package var leadingC: Int
  /// The largest number of threads the scratch memory is laid out for.
  package let workers: Int
  /// A constant of the C target; nil for `scalar`, whose definition takes no packed memory.
  private let kernels: UnsafePointer<matmul_kernels>?

  /// Leading dimensions are those of dense matrices unless given.
  package init(
    rows: Int, columns: Int, inner: Int, transposeA: Bool = false, transposeB: Bool = false, alpha: Float = 1,
    beta: Float = 0, leadingA: Int? = nil, leadingB: Int? = nil, leadingC: Int? = nil, workers: Int,
    instructionSet: InstructionSet = .best
  ) {
    precondition(rows > 0 && columns > 0 && inner > 0, "no product of \(rows)x\(inner) with \(inner)x\(columns)")
    (self.rows, self.columns, self.inner) = (rows, columns, inner)
    (self.transposeA, self.transposeB, self.alpha, self.beta) = (transposeA, transposeB, alpha, beta)
    self.leadingA = leadingA ?? (transposeA ? rows : inner)
    self.leadingB = leadingB ?? (transposeB ? inner : columns)
    self.leadingC = leadingC ?? columns
    self.workers = workers
    kernels = instructionSet.kernels.matmul
    precondition(
      self.leadingA >= (transposeA ? rows : inner) && self.leadingB >= (transposeB ? inner : columns)
        && self.leadingC >= columns,
      "leading dimensions \(self.leadingA), \(self.leadingB), \(self.leadingC) are too small for \(rows)x\(inner)x\(columns)"
    )
  }

  /// Bytes of scratch, 64-byte aligned, that a call needs, all threads together.
  package var scratchBytes: Int {
    guard let kernels else { return 0 }
    return (packedFloats(kernels) + workers * regionFloats(kernels)) * MemoryLayout<Float>.stride
  }

  /// The same product, written or added to what is there.
  func accumulating(_ accumulate: Bool) -> MatrixProduct {
    var product = self
    product.beta = accumulate ? 1 : 0
    return product
  }

  /// Scratch: op(B) packed, then a region per worker.
  package func callAsFunction(
    a: UnsafePointer<Float>, b: UnsafePointer<Float>, c: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    precondition(pool.threads <= workers, "planned for \(workers) workers, called with \(pool.threads)")
    guard let kernels else { return define(a: a, b: b, c: c, pool: pool) }
    let packed = scratch.assumingMemoryBound(to: Float.self)
    let (regions, region) = (packed + packedFloats(kernels), regionFloats(kernels))
    let block = kernels.pointee.block
    withUnsafePointer(to: cShape) { shape in
      pool.forEach(matmul_pack_items(shape, block)) { items, _ in
        matmul_pack(shape, block, b, packed, items.lowerBound, items.upperBound)
      }
      pool.forEach(matmul_items(shape)) { items, worker in
        kernels.pointee.product(
          shape, a, packed, c, items.lowerBound, items.upperBound, regions + worker * region)
      }
    }
  }

  private func define(
    a: UnsafePointer<Float>, b: UnsafePointer<Float>, c: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    withUnsafePointer(to: cShape) { shape in
      pool.forEach(rows) { rows, _ in matmul_scalar(shape, a, b, c, rows.lowerBound, rows.upperBound) }
    }
  }

  private func packedFloats(_ kernels: UnsafePointer<matmul_kernels>) -> Int {
    withUnsafePointer(to: cShape) { matmul_packed_floats($0, kernels.pointee.block) }
  }

  private func regionFloats(_ kernels: UnsafePointer<matmul_kernels>) -> Int {
    matmul_scratch(kernels.pointee.block, kernels.pointee.tile)
  }

  private var cShape: matmul_shape {
    matmul_shape(
      rows: Int32(rows), columns: Int32(columns), inner: Int32(inner), transpose_a: transposeA ? 1 : 0,
      transpose_b: transposeB ? 1 : 0, lda: leadingA, ldb: leadingB, ldc: leadingC, alpha: alpha, beta: beta)
  }
}

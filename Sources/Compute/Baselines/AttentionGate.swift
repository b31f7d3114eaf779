import CKernels

/// The last step of an additive attention gate (Oktay et al. 2018, Eq. 2): one factor per voxel for all its channels.
///
///     y(v, c) = x(v, c) σ(a(v)),  σ(a) = 1 / (1 + e⁻ᵃ)
///
/// - `x` and output: `[N, D, H, W, C]`
/// - `a`: `[N, D, H, W, 1]`
package struct AttentionGate: Hashable, Sendable {
  package let shape: Shape
  package let instructionSet: InstructionSet

  package init(_ shape: Shape, instructionSet: InstructionSet = .best) {
    (self.shape, self.instructionSet) = (shape, instructionSet)
  }

  private var kernels: scaling_kernels { scaling_variant(instructionSet.variant).pointee }

  private var geometry: scaling_shape { scaling_shape(voxels: shape.voxels, channels: shape.channels) }

  package func forward(
    x: UnsafePointer<Float>, a: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    pool.forEach(shape.voxels) { range, _ in
      withUnsafePointer(to: geometry) { kernels.gate_forward($0, x, a, y, range.lowerBound, range.upperBound) }
    }
  }

  /// dx = dy σ(a), da = σ(a) σ(−a) Σ over channels of dy x.
  package func backward(
    x: UnsafePointer<Float>, a: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: (pointer: UnsafeMutablePointer<Float>, accumulate: Bool),
    da: (pointer: UnsafeMutablePointer<Float>, accumulate: Bool), pool: WorkerPool
  ) {
    pool.forEach(shape.voxels) { range, _ in
      withUnsafePointer(to: geometry) {
        kernels.gate_backward(
          $0, x, a, dy, dx.pointer, dx.accumulate ? 1 : 0, da.pointer, da.accumulate ? 1 : 0, range.lowerBound,
          range.upperBound)
      }
    }
  }
}

import CKernels
import Compute
import Networks

/// What the parts of a batch add up to: their gradients, and the running statistics after the last of them.
///
/// A session's own gradients and statistics are used by every part in turn; when all is added up, the gradients are the
/// batch's and the statistics those of before, until the step is sure to count.
final class PartSums {
  private let memory: ParameterMemory
  private let gradients: AlignedBuffer<Float>
  private let before: AlignedBuffer<Float>
  private let after: AlignedBuffer<Float>

  init(_ memory: ParameterMemory) {
    self.memory = memory
    gradients = AlignedBuffer(count: memory.gradients.count)
    before = AlignedBuffer(count: memory.statistics.count)
    after = AlignedBuffer(count: memory.statistics.count)
  }

  static func bytes(_ layout: ParameterLayout) -> Int {
    (layout.parameterFloats + 2 * layout.statisticFloats) * MemoryLayout<Float>.stride
  }

  func begin() {
    gradients.base.update(repeating: 0, count: gradients.count)
    before.base.update(from: memory.statistics.base, count: before.count)
  }

  /// Adds the gradient of one part, with its share of the batch's cases.
  func add(share: Float, _ kernels: cpu_kernels) {
    kernels.arithmetic.pointee.scale(
      memory.gradients.base, share, gradient_target(at: gradients.base, accumulate: 1), gradients.count)
  }

  /// The session's statistics are those of before the first part.
  func restore() { memory.statistics.base.update(from: before.base, count: before.count) }

  func end() {
    memory.gradients.base.update(from: gradients.base, count: gradients.count)
    after.base.update(from: memory.statistics.base, count: after.count)
    restore()
  }

  /// The session's statistics are those after the last part.
  func commit() { memory.statistics.base.update(from: after.base, count: after.count) }
}

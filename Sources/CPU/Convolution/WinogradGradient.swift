import CKernels
import Compute

/// The sums of a weight gradient over groups of windows, in parts whose number the shape alone decides: who forms a part
/// changes no bit.
///
/// Memory: the transformed gradients; where there are several parts, as many slots for one part's gradients as there are
/// workers; then V and M of one group, once or for every worker.
struct WinogradGradient {
  let plan: UnsafePointer<winograd_plan>
  let kernels: winograd_kernels
  let x: UnsafePointer<Float>
  let dy: Activation
  let memory: UnsafeMutablePointer<Float>
  /// The largest number of threads the memory is laid out for.
  let workers: Int

  static func floats(_ plan: UnsafePointer<winograd_plan>, workers: Int) -> Int {
    let slots = slots(plan, workers)
    return (1 + slots) * winograd_gradient_du(plan) + max(1, slots) * transformFloats(plan)
  }

  /// Few workers take a part each; more workers than parts share one part after the other.
  func sum(_ pool: WorkerPool) {
    let parts = Int(plan.pointee.parts)
    let atOnce = parts >= pool.threads ? pool.threads : 1
    for first in stride(from: 0, to: parts, by: atOnce) {
      let count = min(atOnce, parts - first)
      pool.forEach(count) { slots, _ in for slot in slots { form(part: first + slot, of: parts, slot: slot, pool) } }
      if parts > 1 { add(count, isFirst: first == 0, pool) }
    }
  }

  /// The groups of one part, split among the workers; from inside a job a pool splits nothing.
  private func form(part: Int, of parts: Int, slot: Int, _ pool: WorkerPool) {
    let v = memory + (1 + Self.slots(plan, workers)) * size + slot * Self.transformFloats(plan)
    let m = v + winograd_gradient_v(plan)
    let du = parts == 1 ? memory : memory + (1 + slot) * size
    let count = winograd_group_count(plan)
    let groups = count * part / parts..<count * (part + 1) / parts
    kernels.clear!(plan, v)
    for group in groups {
      pool.forEach(winograd_transform_items(plan)) { items, _ in
        kernels.transform!(plan, x, dy.source, group, v, m, items.lowerBound, items.upperBound)
      }
      pool.forEach(winograd_multiply_items(plan)) { items, _ in
        let isFirst: Int32 = group == groups.lowerBound ? 1 : 0
        kernels.multiply!(plan, v, m, isFirst, du, items.lowerBound, items.upperBound)
      }
    }
  }

  /// Adds the parts in the slots 0 ..< count, in order.
  private func add(_ count: Int, isFirst: Bool, _ pool: WorkerPool) {
    pool.forEach(size / 16) { items, _ in
      winograd_add_parts(
        memory, isFirst ? 1 : 0, memory + size, Int32(count), size, items.lowerBound * 16, items.upperBound * 16)
    }
  }

  private var size: Int { winograd_gradient_du(plan) }

  private static func slots(_ plan: UnsafePointer<winograd_plan>, _ workers: Int) -> Int {
    plan.pointee.parts > 1 ? workers : 0
  }

  private static func transformFloats(_ plan: UnsafePointer<winograd_plan>) -> Int {
    winograd_gradient_v(plan) + winograd_gradient_m(plan)
  }
}

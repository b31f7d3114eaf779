import CKernels
import Compute

/// The sums of a weight gradient over groups of windows, in parts whose number the shape alone decides: who forms a part
/// changes no bit.
///
/// Memory: the transformed gradients; where there are several parts, as many slots for one part's gradients as there are
/// workers; then V and M of as many groups as are in work at a time. A piecewise plan has V and M of all groups instead, then
/// a piece of the transformed gradients for each worker.
struct WinogradGradient {
  let plan: UnsafePointer<winograd_plan>
  let kernels: winograd_kernels
  let x: activation_source
  let dy: activation_source
  let memory: UnsafeMutablePointer<Float>
  /// The largest number of threads the memory is laid out for.
  let workers: Int

  static func floats(_ plan: UnsafePointer<winograd_plan>, workers: Int) -> Int {
    if plan.pointee.piecewise != 0 { return winograd_all_groups(plan) + workers * winograd_piece_scratch(plan) }
    return (1 + slots(plan, workers)) * winograd_gradient_du(plan) + groupsAtOnce(plan, workers) * transformFloats(plan)
  }

  /// dW in PyTorch's layout.
  func form(_ dWeights: UnsafeMutablePointer<Float>, channels: Int32, outChannels: Int32, pool: WorkerPool) {
    guard plan.pointee.piecewise == 0 else {
      return formPieces(dWeights, channels: channels, outChannels: outChannels, pool)
    }
    sum(pool)
    pool.forEach(winograd_finish_items(plan)) { items, _ in
      kernels.finish!(plan, memory, channels, outChannels, dWeights, items.lowerBound, items.upperBound)
    }
  }

  /// V and M of all groups, then piece by piece their products and the way back to taps.
  private func formPieces(
    _ dWeights: UnsafeMutablePointer<Float>, channels: Int32, outChannels: Int32, _ pool: WorkerPool
  ) {
    let transforms = winograd_transform_items(plan)
    pool.forEach(winograd_group_count(plan) * transforms) { items, _ in
      Self.forEach(items, of: transforms) { group, items in transform(group, place: group, isFirst: true, items) }
    }
    let pieces = memory + winograd_all_groups(plan)
    pool.forEach(winograd_piece_items(plan)) { items, worker in
      kernels.pieces!(
        plan, memory, channels, outChannels, dWeights, items.lowerBound, items.upperBound,
        pieces + worker * winograd_piece_scratch(plan))
    }
  }

  /// A part for each worker while there are enough; all workers share those that are left.
  private func sum(_ pool: WorkerPool) {
    let parts = Int(plan.pointee.parts)
    for first in stride(from: 0, to: parts, by: pool.threads) {
      let round = first..<min(first + pool.threads, parts)
      if round.count == pool.threads {
        pool.forEach(round.count) { slots, _ in for slot in slots { form(part: first + slot, slot: slot) } }
      } else {
        share(round, pool)
      }
      if parts > 1 { add(round.count, isFirst: first == 0, pool) }
    }
  }

  /// A part by one worker, group by group.
  private func form(part: Int, slot: Int) {
    let groups = groups(part)
    for group in groups {
      let isFirst = group == groups.lowerBound
      transform(group, place: slot, isFirst: isFirst, 0..<winograd_transform_items(plan))
      let next = group + 1 < groups.upperBound ? group + 1 : nil
      multiply(group, place: slot, slot: slot, isFirst: isFirst, next: next, 0..<winograd_multiply_items(plan))
    }
  }

  /// A few parts by all workers, several groups of each at a time, so that there are items for everybody.
  private func share(_ parts: Range<Int>, _ pool: WorkerPool) {
    let most = parts.map { groups($0).count }.max() ?? 0
    let atOnce = min(most, Self.groupsAtOnce(plan, workers) / parts.count)
    let (transforms, products) = (winograd_transform_items(plan), winograd_multiply_items(plan))
    for done in stride(from: 0, to: most, by: atOnce) {
      pool.forEach(parts.count * atOnce * transforms) { items, _ in
        Self.forEach(items, of: transforms) { place, items in
          let group = groups(parts.lowerBound + place / atOnce).dropFirst(done + place % atOnce).first
          if let group { transform(group, place: place, isFirst: done == 0, items) }
        }
      }
      pool.forEach(parts.count * products) { items, _ in
        Self.forEach(items, of: products) { slot, items in
          multiply(part: parts.lowerBound + slot, slot: slot, done..<done + atOnce, items)
        }
      }
    }
  }

  /// Item by item, so that its sums stay near while the groups `numbers` of a part are added.
  private func multiply(part: Int, slot: Int, _ numbers: Range<Int>, _ items: Range<Int>) {
    let groups = groups(part)
    for item in items {
      for number in numbers.clamped(to: 0..<groups.count) {
        let group = groups.lowerBound + number
        let next = number + numbers.count < groups.count ? group + numbers.count : nil
        multiply(
          group, place: slot * numbers.count + number - numbers.lowerBound, slot: slot, isFirst: number == 0,
          next: next,
          item..<item + 1)
      }
    }
  }

  /// Pieces of a range of items of which each place has `count`.
  private static func forEach(_ items: Range<Int>, of count: Int, _ body: (_ place: Int, _ items: Range<Int>) -> Void) {
    var first = items.lowerBound
    while first < items.upperBound {
      let place = first / count
      let end = min(items.upperBound, (place + 1) * count)
      body(place, first - place * count..<end - place * count)
      first = end
    }
  }

  private func groups(_ part: Int) -> Range<Int> {
    let (count, parts) = (winograd_group_count(plan), Int(plan.pointee.parts))
    return count * part / parts..<count * (part + 1) / parts
  }

  // MARK: Passes over a group

  /// The first time, what no transform writes is cleared by whoever has the first item.
  private func transform(_ group: Int, place: Int, isFirst: Bool, _ items: Range<Int>) {
    let v = v(place)
    if isFirst && items.lowerBound == 0 { kernels.clear!(plan, v) }
    kernels.transform!(
      plan, x, dy, group, v, v + winograd_gradient_v(plan), items.lowerBound, items.upperBound)
  }

  /// `next`: the group that is transformed after this one, to be fetched meanwhile.
  private func multiply(_ group: Int, place: Int, slot: Int, isFirst: Bool, next: Int?, _ items: Range<Int>) {
    let v = v(place)
    let sums = plan.pointee.parts == 1 ? memory : memory + (1 + slot) * size
    func multiply(_ next: UnsafePointer<winograd_next>?) {
      kernels.multiply!(
        plan, v, v + winograd_gradient_v(plan), isFirst ? 1 : 0, sums, items.lowerBound, items.upperBound, next)
    }
    guard let next else { return multiply(nil) }
    withUnsafePointer(to: winograd_next(x: x, dy: dy, group: next)) { multiply($0) }
  }

  /// Adds the parts in the slots 0 ..< count, in order.
  private func add(_ count: Int, isFirst: Bool, _ pool: WorkerPool) {
    pool.forEach(size / 16) { items, _ in
      convolution_add_parts(
        memory, isFirst ? 1 : 0, memory + size, count, size, items.lowerBound * 16, items.upperBound * 16)
    }
  }

  // MARK: Memory

  private var size: Int { winograd_gradient_du(plan) }

  /// V, and behind it M, of the group in a place.
  private func v(_ place: Int) -> UnsafeMutablePointer<Float> {
    if plan.pointee.piecewise != 0 { return memory + place * Self.transformFloats(plan) }
    return memory + (1 + Self.slots(plan, workers)) * size + place * Self.transformFloats(plan)
  }

  private static func slots(_ plan: UnsafePointer<winograd_plan>, _ workers: Int) -> Int {
    plan.pointee.parts > 1 ? workers : 0
  }

  /// One for each worker's part; of a single part so many that every worker finds twelve transforms.
  private static func groupsAtOnce(_ plan: UnsafePointer<winograd_plan>, _ workers: Int) -> Int {
    if plan.pointee.parts > 1 { return workers }
    let items = winograd_transform_items(plan)
    return min(winograd_group_count(plan), max(1, (12 * workers + items - 1) / items))
  }

  private static func transformFloats(_ plan: UnsafePointer<winograd_plan>) -> Int {
    winograd_gradient_v(plan) + winograd_gradient_m(plan)
  }
}

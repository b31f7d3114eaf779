import CKernels

/// The vector kernels that transform windows, multiply, and transform back.
struct WinogradConvolution: Sendable {
  let shape: convolution_shape
  let workers: Int
  let scheme: WinogradScheme
  let kernels: WinogradKernels

  init(_ geometry: ConvolutionGeometry, _ scheme: WinogradScheme, workers: Int, kernels: WinogradKernels) {
    precondition(scheme.serves(geometry), "\(scheme) cannot serve \(geometry)")
    (shape, self.scheme, self.workers, self.kernels) = (geometry.cShape, scheme, workers, kernels)
  }

  var gatherScratchFloats: Int {
    max(gatherScratchFloats(backward: false), gatherScratchFloats(backward: true))
  }

  var gradientScratchFloats: Int {
    withUnsafePointer(to: plan(winograd_backward_weights)) {
      let apart = $0.pointee.parts > 1 ? workers : 0
      return winograd_gradient_du($0) * (1 + apart) + max(1, apart) * transformFloats($0)
    }
  }

  /// Forward (`source` is x, `target` is y), or `backward` through the input (`source` is dy, `target` is dx).
  ///
  /// Scratch: transformed weights, padded bias, then V and M of every worker.
  func gather(
    backward: Bool, source: UnsafePointer<Float>, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    target: UnsafeMutablePointer<Float>, accumulate: Bool, scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let kernels = kernels.variant.pointee
    let (channels, outChannels) = (shape.channels, shape.out_channels)
    withUnsafePointer(to: plan(backward ? winograd_backward_input : winograd_forward)) { plan in
      let paddedBias = scratch + winograd_weight_floats(plan)
      let regions = paddedBias + paddedOutChannels
      let bias = bias.map { padded($0, Int(outChannels), into: paddedBias, paddedOutChannels) }
      pool.forEach(winograd_weight_items(plan)) { items, _ in
        kernels.weights(plan, weights, channels, outChannels, scratch, items.lowerBound, items.upperBound)
      }
      pool.forEach(winograd_gather_items(plan)) { items, worker in
        kernels.gather(
          plan, source, scratch, bias, target, accumulate ? 1 : 0, items.lowerBound, items.upperBound,
          regions + worker * winograd_gather_scratch(plan).roundedUp(to: 16))
      }
    }
  }

  /// Scratch: the transformed gradients; where they are summed in parts, as many of one part as there are workers; then V
  /// and M, of one worker or of each.
  func gradient(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dWeights: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let kernels = kernels.variant.pointee
    let (channels, outChannels) = (shape.channels, shape.out_channels)
    withUnsafePointer(to: plan(winograd_backward_weights)) { plan in
      sum(WinogradGradient(plan: plan, kernels: kernels, x: x, dy: dy, memory: scratch, workers: workers), pool)
      pool.forEach(winograd_finish_items(plan)) { items, _ in
        kernels.finish(plan, scratch, channels, outChannels, dWeights, items.lowerBound, items.upperBound)
      }
    }
  }

  /// Few workers take a part each, many share one part after the other.
  private func sum(_ gradient: WinogradGradient, _ pool: WorkerPool) {
    let parts = gradient.parts
    let atOnce = parts >= pool.threads ? min(pool.threads, parts) : 1
    for first in stride(from: 0, to: parts, by: atOnce) {
      let count = min(atOnce, parts - first)
      if count == 1 {
        gradient.share(part: first, pool)
      } else {
        pool.forEach(count) { parts, _ in for part in parts { gradient.sumAlone(part: first + part, slot: part) } }
      }
      gradient.add(count, isFirst: first == 0, pool)
    }
  }

  /// By how much rounding errors can exceed a direct sum's, worst case over all inputs.
  var errorGrowth: (forward: Double, backwardInput: Double, backwardWeights: Double) {
    func square(_ value: Double) -> Double { value * value }
    return withUnsafePointers(plan(winograd_forward), plan(winograd_backward_input)) { forward, backward in
      (
        square(winograd_growth(forward)) * winograd_depth_growth(forward),
        square(winograd_growth(backward)) * winograd_depth_growth(backward),
        square(winograd_gradient_growth(forward)) * winograd_depth_gradient_growth(forward)
      )
    }
  }

  // MARK: Sizes

  private func plan(_ use: winograd_use) -> winograd_plan {
    withUnsafePointer(to: shape) {
      winograd_make_plan(
        $0, use, scheme.tile == .large ? 1 : 0, scheme.deep ? 1 : 0, kernels.variant.pointee.block,
        Int32(workers))
    }
  }

  private var paddedOutChannels: Int {
    Int(shape.out_channels).roundedUp(
      to: Int(
        kernels.variant.pointee.block))
  }

  private func gatherScratchFloats(backward: Bool) -> Int {
    withUnsafePointer(to: plan(backward ? winograd_backward_input : winograd_forward)) {
      winograd_weight_floats($0) + paddedOutChannels + workers * winograd_gather_scratch($0).roundedUp(to: 16)
    }
  }
}

private func transformFloats(_ plan: UnsafePointer<winograd_plan>) -> Int {
  winograd_gradient_v(plan) + winograd_gradient_m(plan)
}

/// The sums of a weight gradient over groups of windows: where they lie in scratch, and who forms them.
private struct WinogradGradient: @unchecked Sendable {
  let plan: UnsafePointer<winograd_plan>
  let kernels: winograd_variant
  let x: UnsafePointer<Float>
  let dy: UnsafePointer<Float>
  let memory: UnsafeMutablePointer<Float>
  let workers: Int

  var parts: Int { Int(plan.pointee.parts) }

  private var size: Int { winograd_gradient_du(plan) }
  private func du(_ slot: Int) -> UnsafeMutablePointer<Float> { parts == 1 ? memory : memory + (1 + slot) * size }
  private func transforms(_ slot: Int) -> UnsafeMutablePointer<Float> {
    memory + (parts == 1 ? 1 : 1 + workers) * size + slot * transformFloats(plan)
  }
  private func groups(_ part: Int) -> Range<Int> {
    let count = winograd_gather_items(plan)
    return count * part / parts..<count * (part + 1) / parts
  }

  /// One worker does all of a part.
  func sumAlone(part: Int, slot: Int) {
    let v = transforms(slot)
    let m = v + winograd_gradient_v(plan)
    let groups = groups(part)
    kernels.clear(plan, v)
    for group in groups {
      kernels.transform(plan, x, dy, group, v, m, 0, winograd_transform_items(plan))
      kernels.multiply(plan, v, m, group == groups.lowerBound ? 1 : 0, du(slot), 0, winograd_multiply_items(plan))
    }
  }

  /// All workers share the groups of a part.
  func share(part: Int, _ pool: WorkerPool) {
    let v = transforms(0)
    let m = v + winograd_gradient_v(plan)
    let groups = groups(part)
    kernels.clear(plan, v)
    for group in groups {
      pool.forEach(winograd_transform_items(plan)) { items, _ in
        kernels.transform(plan, x, dy, group, v, m, items.lowerBound, items.upperBound)
      }
      pool.forEach(winograd_multiply_items(plan)) { items, _ in
        let isFirst = group == groups.lowerBound
        kernels.multiply(plan, v, m, isFirst ? 1 : 0, du(0), items.lowerBound, items.upperBound)
      }
    }
  }

  /// Adds the parts in the slots 0 ..< count, which is all when there is but one part.
  func add(_ count: Int, isFirst: Bool, _ pool: WorkerPool) {
    if parts == 1 { return }
    pool.forEach(size / 16) { items, _ in
      winograd_add_parts(
        memory, isFirst ? 1 : 0, du(0), Int32(count), size, items.lowerBound * 16, items.upperBound * 16)
    }
  }
}

/// The Winograd kernels of one instruction set.
struct WinogradKernels: @unchecked Sendable {
  /// A constant of the C target.
  let variant: UnsafePointer<winograd_variant>

  init?(_ instructionSet: InstructionSet) {
    guard let variant = kernels(of: instructionSet, winograd_variant_at, \.name) else { return nil }
    self.variant = variant
  }
}

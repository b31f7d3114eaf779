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
    withUnsafePointer(to: plan(backward: false)) {
      winograd_gradient_v($0) + winograd_gradient_m($0) + winograd_gradient_du($0)
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
    withUnsafePointer(to: plan(backward: backward)) { plan in
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

  /// Scratch, shared by all workers: V, M and the transformed gradients. Every element is summed by one worker, group
  /// after group.
  func gradient(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dWeights: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let kernels = kernels.variant.pointee
    let (channels, outChannels) = (shape.channels, shape.out_channels)
    withUnsafePointer(to: plan(backward: false)) { plan in
      let (v, m) = (scratch, scratch + winograd_gradient_v(plan))
      let du = m + winograd_gradient_m(plan)
      kernels.clear(plan, v)
      for group in 0..<winograd_gather_items(plan) {
        pool.forEach(winograd_transform_items(plan)) { items, _ in
          kernels.transform(plan, x, dy, group, v, m, items.lowerBound, items.upperBound)
        }
        pool.forEach(winograd_multiply_items(plan)) { items, _ in
          kernels.multiply(plan, v, m, group == 0 ? 1 : 0, du, items.lowerBound, items.upperBound)
        }
      }
      pool.forEach(winograd_finish_items(plan)) { items, _ in
        kernels.finish(plan, du, channels, outChannels, dWeights, items.lowerBound, items.upperBound)
      }
    }
  }

  /// By how much rounding errors can exceed a direct sum's, worst case over all inputs.
  var errorGrowth: (forward: Double, backwardInput: Double, backwardWeights: Double) {
    func square(_ value: Double) -> Double { value * value }
    return withUnsafePointers(plan(backward: false), plan(backward: true)) { forward, backward in
      (
        square(winograd_growth(forward)) * winograd_depth_growth(forward),
        square(winograd_growth(backward)) * winograd_depth_growth(backward),
        square(winograd_gradient_growth(forward)) * winograd_depth_gradient_growth(forward)
      )
    }
  }

  // MARK: Sizes

  private func plan(backward: Bool) -> winograd_plan {
    withUnsafePointer(to: shape) {
      winograd_make_plan(
        $0, backward ? 1 : 0, scheme.tile == .large ? 1 : 0, scheme.deep ? 1 : 0, kernels.variant.pointee.block)
    }
  }

  private var paddedOutChannels: Int { Int(shape.out_channels).roundedUp(to: Int(kernels.variant.pointee.block)) }

  private func gatherScratchFloats(backward: Bool) -> Int {
    withUnsafePointer(to: plan(backward: backward)) {
      winograd_weight_floats($0) + paddedOutChannels + workers * winograd_gather_scratch($0).roundedUp(to: 16)
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

import CKernels

/// The vector kernels that sum every tap of a convolution: any kernel, stride, dilation and extent.
struct DirectConvolution: Sendable {
  let shape: convolution_shape
  let workers: Int
  let kernels: ConvolutionKernels

  init(_ geometry: ConvolutionGeometry, workers: Int, kernels: ConvolutionKernels) {
    (shape, self.workers, self.kernels) = (geometry.cShape, workers, kernels)
  }

  var scratchFloats: Int {
    let gathers = (shape.planar != 0 ? [false] : [false, true]).map { gatherScratchFloats(backward: $0) }
    return (gathers + [gradientScratchFloats]).max()!
  }

  /// Forward (`source` is x, `target` is y), or `backward` through the input (`source` is dy, `target` is dx).
  ///
  /// Scratch: packed weights, padded bias, then a region of packed rows per worker.
  func gather(
    backward: Bool, source: UnsafePointer<Float>, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    target: UnsafeMutablePointer<Float>, accumulate: Bool, scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let packed = scratch
    let paddedBias = bias.map {
      padded($0, Int(shape.out_channels), into: scratch + packedFloats(backward: backward), paddedOutChannels)
    }
    let rows = scratch + packedFloats(backward: backward) + paddedOutChannels
    pack(weights, backward: backward, into: packed, pool: pool)
    withUnsafePointer(to: gatherPlan(backward: backward)) { plan in
      pool.forEach(convolution_gather_items(plan)) { items, worker in
        kernels.variant.pointee.gather(
          plan, source, packed, paddedBias, target, accumulate ? 1 : 0, items.lowerBound, items.upperBound,
          rows + worker * convolution_gather_scratch(plan))
      }
    }
  }

  /// Scratch: the sums of every work item, then a region of packed rows per worker.
  func gradient(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dWeights: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    withUnsafePointers(shape, gradientPlan) { shape, plan in
      let items = convolution_gradient_items(plan)
      let rows = scratch + items * convolution_gradient_tile(plan)
      pool.forEach(items) { items, worker in
        let (first, last) = (items.lowerBound, items.upperBound)
        kernels.variant.pointee.gradient(plan, x, dy, scratch, first, last, rows + worker * gradientRegion(plan))
        convolution_unpack_gradient(shape, plan, scratch, dWeights, first, last)
      }
    }
  }

  // MARK: Sizes

  private var paddedOutChannels: Int { Int(shape.out_channels).roundedUp(to: Int(kernels.variant.pointee.block)) }

  private func gatherPlan(backward: Bool) -> convolution_gather {
    withUnsafePointer(to: shape) {
      convolution_gather_plan($0, backward ? 1 : 0, kernels.variant.pointee.tile, Int32(workers))
    }
  }

  private var gradientPlan: convolution_gradient {
    withUnsafePointer(to: shape) { convolution_gradient_plan($0, kernels.variant.pointee.block) }
  }

  private func packedFloats(backward: Bool) -> Int {
    withUnsafePointer(to: shape) {
      convolution_packed_floats($0, backward ? 1 : 0, kernels.variant.pointee.block)
    }
  }

  private func gatherScratchFloats(backward: Bool) -> Int {
    withUnsafePointer(to: gatherPlan(backward: backward)) {
      packedFloats(backward: backward) + paddedOutChannels + workers * convolution_gather_scratch($0)
    }
  }

  private var gradientScratchFloats: Int {
    withUnsafePointer(to: gradientPlan) {
      convolution_gradient_items($0) * convolution_gradient_tile($0) + workers * gradientRegion($0)
    }
  }

  private func gradientRegion(_ plan: UnsafePointer<convolution_gradient>) -> Int {
    convolution_gradient_scratch(plan).roundedUp(to: 16)
  }

  // MARK: Preparation

  private func pack(
    _ weights: UnsafePointer<Float>, backward: Bool, into packed: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let (back, block) = (Int32(backward ? 1 : 0), kernels.variant.pointee.block)
    withUnsafePointer(to: shape) { shape in
      pool.forEach(convolution_pack_items(shape, back, block)) { items, _ in
        convolution_pack_weights(shape, back, block, weights, packed, items.lowerBound, items.upperBound)
      }
    }
  }
}

/// The convolution kernels of one instruction set.
struct ConvolutionKernels: @unchecked Sendable {
  /// A constant of the C target.
  let variant: UnsafePointer<convolution_variant>

  /// nil for `scalar`: the definitions take no packed memory and so have another form.
  init?(_ instructionSet: InstructionSet) {
    guard let variant = kernels(of: instructionSet, convolution_variant_at, \.name) else { return nil }
    self.variant = variant
  }
}

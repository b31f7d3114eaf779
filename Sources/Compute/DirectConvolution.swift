import CKernels

/// The vector kernels that sum every tap of a convolution: any kernel, stride, dilation and extent.
struct DirectConvolution: Sendable {
  let shape: convolution_shape
  let workers: Int
  let kernels: ConvolutionKernels

  init(_ geometry: ConvolutionGeometry, workers: Int, kernels: ConvolutionKernels) {
    (shape, self.workers, self.kernels) = (geometry.cShape, workers, kernels)
  }

  var gatherScratchFloats: Int {
    let directions = shape.planar != 0 ? [false] : [false, true]
    return directions.map { gatherScratchFloats(backward: $0) }.max()!
  }

  var gradientScratchFloats: Int {
    withUnsafePointer(to: gradientPlan) {
      convolution_gradient_items($0) * convolution_gradient_tile($0) + workers * gradientRegion($0)
    }
  }

  /// Forward (`source` is x, `target` is y), or `backward` through the input (`source` is dy, `target` is dx).
  ///
  /// Scratch: packed weights, padded scale and bias, then a region of packed rows per worker.
  func gather(
    backward: Bool, source: Activation, weights: UnsafePointer<Float>, finish: ConvolutionFinish,
    target: MutableActivation, accumulate: Bool, scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let kernels = kernels.variant.pointee
    withUnsafePointers(shape, gatherPlan(backward: backward)) { shape, plan in
      let paddedFinish = scratch + convolution_packed_floats(plan, kernels.block)
      let rows = paddedFinish + 2 * paddedOutChannels
      let padded = finish.padded(Int(shape.pointee.out_channels), into: paddedFinish, paddedOutChannels)
      pool.forEach(convolution_pack_items(plan, kernels.block)) { items, _ in
        convolution_pack_weights(shape, plan, kernels.block, weights, scratch, items.lowerBound, items.upperBound)
      }
      withUnsafePointer(to: padded) { finish in
        pool.forEach(convolution_gather_items(plan)) { items, worker in
          kernels.gather(
            plan, source.source, scratch, finish, target.target, accumulate ? 1 : 0, items.lowerBound, items.upperBound,
            rows + worker * convolution_gather_scratch(plan))
        }
      }
    }
  }

  /// Scratch: the sums of every work item, then a region of packed rows per worker.
  func gradient(
    x: UnsafePointer<Float>, dy: Activation, dWeights: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    withUnsafePointers(shape, gradientPlan) { shape, plan in
      let items = convolution_gradient_items(plan)
      let rows = scratch + items * convolution_gradient_tile(plan)
      pool.forEachOnce(items) { items, worker in
        let (first, last) = (items.lowerBound, items.upperBound)
        kernels.variant.pointee.gradient(plan, x, dy.source, scratch, first, last, rows + worker * gradientRegion(plan))
        convolution_unpack_gradient(shape, plan, scratch, dWeights, first, last)
      }
    }
  }

  // MARK: Sizes

  private var paddedOutChannels: Int { Int(shape.out_channels).roundedUp(to: Int(kernels.variant.pointee.block)) }

  private func gatherPlan(backward: Bool) -> convolution_gather {
    let variant = kernels.variant.pointee
    return withUnsafePointer(to: shape) {
      convolution_gather_plan($0, backward ? 1 : 0, variant.pairs, variant.tile, Int32(workers))
    }
  }

  private var gradientPlan: convolution_gradient {
    withUnsafePointer(to: shape) { convolution_gradient_plan($0, kernels.variant.pointee.block) }
  }

  private func gatherScratchFloats(backward: Bool) -> Int {
    withUnsafePointer(to: gatherPlan(backward: backward)) {
      convolution_packed_floats($0, kernels.variant.pointee.block) + 2 * paddedOutChannels + workers
        * convolution_gather_scratch($0)
    }
  }

  private func gradientRegion(_ plan: UnsafePointer<convolution_gradient>) -> Int {
    convolution_gradient_scratch(plan).roundedUp(to: 16)
  }
}

/// The convolution kernels of one instruction set, or those that round to bfloat16.
struct ConvolutionKernels: @unchecked Sendable {
  /// A constant of the C target.
  let variant: UnsafePointer<convolution_variant>

  /// nil for `scalar`: the definitions take no packed memory and so have another form.
  init?(_ instructionSet: InstructionSet) {
    guard let variant = kernels(of: instructionSet, convolution_variant_at, \.name) else { return nil }
    self.variant = variant
  }

  /// The kernels that round to bfloat16; nil where the processor has none.
  static let bfloat16: ConvolutionKernels? = {
    guard let variant = convolution_variant_bfloat16(), variant.pointee.is_supported() != 0 else { return nil }
    return ConvolutionKernels(variant: variant)
  }()

  private init(variant: UnsafePointer<convolution_variant>) { self.variant = variant }
}

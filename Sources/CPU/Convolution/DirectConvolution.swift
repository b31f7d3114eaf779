import CKernels
import Compute
import Networks

/// The vector kernels that sum every tap of a convolution: any kernel, stride, dilation and extent.
struct DirectConvolution {
  private let shape: convolution_shape
  private let workers: Int
  private let kernels: direct_kernels
  private let forwardPlan: convolution_gather
  /// Nil where the input is planar: no network asks for the gradient of its image.
  private let backwardPlan: convolution_gather?
  private let gradientPlan: convolution_gradient

  init(_ geometry: ConvolutionGeometry, workers: Int, kernels: DirectKernels) {
    let (shape, variant) = (geometry.cShape, kernels.variant.pointee)
    func plan(backward: Bool) -> convolution_gather {
      withUnsafePointer(to: shape) {
        convolution_gather_plan($0, backward ? 1 : 0, variant.pairs, variant.tile, Int32(workers))
      }
    }
    (self.shape, self.workers, self.kernels) = (shape, workers, variant)
    forwardPlan = plan(backward: false)
    backwardPlan = geometry.inputIsPlanar ? nil : plan(backward: true)
    gradientPlan = withUnsafePointer(to: shape) { convolution_gradient_plan($0, variant.block) }
  }

  var gatherScratchFloats: Int {
    [forwardPlan, backwardPlan].compactMap { $0 }.map(gatherScratchFloats).max()!
  }

  var gradientScratchFloats: Int {
    withUnsafePointer(to: gradientPlan) {
      sumFloats($0) + (addsBands($0, workers) ? workers * bandFloats($0) : 0) + workers * gradientRegion($0)
    }
  }

  /// Forward (`source` is x, `target` is y), or `backward` through the input (`source` is dy, `target` is dx).
  ///
  /// Scratch: packed weights, padded scale and bias, then a region of packed rows per worker.
  func gather(
    backward: Bool, source: activation_source, weights: UnsafePointer<Float>, finish: ConvolutionFinish,
    target: activation_target, accumulate: Bool, scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    withUnsafePointers(shape, backward ? backwardPlan! : forwardPlan) { shape, plan in
      let paddedFinish = scratch + convolution_packed_floats(plan, kernels.block)
      let rows = paddedFinish + 2 * paddedOutChannels
      let padded = finish.padded(Int(shape.pointee.out_channels), into: paddedFinish, paddedOutChannels)
      pool.forEach(convolution_pack_items(plan, kernels.block)) { items, _ in
        convolution_pack_weights(shape, plan, kernels.block, weights, scratch, items.lowerBound, items.upperBound)
      }
      withUnsafePointer(to: padded) { finish in
        let call = convolution_call(source, weights: scratch, finish, target, accumulate: accumulate)
        pool.forEach(convolution_gather_items(plan)) { items, worker in
          withUnsafePointer(to: call) {
            kernels.gather(
              plan, $0, items.lowerBound, items.upperBound, rows + worker * convolution_gather_scratch(plan))
          }
        }
      }
    }
  }

  /// Scratch: the sums of every work item, the parts of a wave of bands if these are added, then a region of packed rows
  /// per worker.
  func gradient(
    x: activation_source, dy: activation_source, dWeights: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    withUnsafePointers(shape, gradientPlan) { shape, plan in
      if addsBands(plan, pool.threads) { return addBands(plan, x: x, dy: dy, dWeights: dWeights, scratch, pool) }
      let rows = scratch + sumFloats(plan)
      pool.forEachOnce(convolution_gradient_items(plan)) { items, worker in
        let (first, last) = (items.lowerBound, items.upperBound)
        kernels.gradient(plan, x, dy, scratch, first, last, rows + worker * gradientRegion(plan))
        convolution_unpack_gradient(shape, plan, scratch, dWeights, first, last)
      }
    }
  }

  /// Waves of bands, a part of all sums for every row of a band; then the parts are added in order.
  private func addBands(
    _ plan: UnsafePointer<convolution_gradient>, x: activation_source, dy: activation_source,
    dWeights: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>, _ pool: WorkerPool
  ) {
    let (size, bands) = (sumFloats(plan), withUnsafePointer(to: plan.pointee.gather) { convolution_gather_items($0) })
    let parts = scratch + size
    let rows = parts + workers * bandFloats(plan)
    for first in stride(from: 0, to: bands, by: workers) {
      let count = min(workers, bands - first)
      pool.forEach(count) { range, worker in
        kernels.gradient_parts(
          plan, x, dy, parts + range.lowerBound * bandFloats(plan), first + range.lowerBound,
          first + range.upperBound, rows + worker * gradientRegion(plan))
      }
      pool.forEach(size / 16) { lines, _ in
        convolution_add_parts(
          scratch, first == 0 ? 1 : 0, parts, count * convolution_gradient_band_parts(plan), size,
          lines.lowerBound * 16, lines.upperBound * 16)
      }
    }
    withUnsafePointer(to: shape) {
      convolution_unpack_gradient($0, plan, scratch, dWeights, 0, convolution_gradient_items(plan))
    }
  }

  // MARK: Sizes

  /// The one channel of an image has fewer items than many workers.
  private func addsBands(_ plan: UnsafePointer<convolution_gradient>, _ workers: Int) -> Bool {
    shape.planar != 0 && convolution_gradient_items(plan) < workers
  }

  private func sumFloats(_ plan: UnsafePointer<convolution_gradient>) -> Int {
    convolution_gradient_items(plan) * convolution_gradient_tile(plan)
  }

  private func bandFloats(_ plan: UnsafePointer<convolution_gradient>) -> Int {
    convolution_gradient_band_parts(plan) * sumFloats(plan)
  }

  private var paddedOutChannels: Int { Int(shape.out_channels).roundedUp(to: Int(kernels.block)) }

  private func gatherScratchFloats(_ plan: convolution_gather) -> Int {
    withUnsafePointer(to: plan) {
      convolution_packed_floats($0, kernels.block) + 2 * paddedOutChannels + workers * convolution_gather_scratch($0)
    }
  }

  private func gradientRegion(_ plan: UnsafePointer<convolution_gradient>) -> Int {
    convolution_gradient_scratch(plan).roundedUp(to: 16)
  }
}

/// The direct kernels of one instruction set, or those that round to bfloat16.
struct DirectKernels: @unchecked Sendable {
  /// A constant of the C target.
  let variant: UnsafePointer<direct_kernels>

  /// nil for `scalar`: the definitions take no packed memory and so have another form.
  init?(_ instructionSet: InstructionSet) { self.init(variant: instructionSet.kernels.direct) }

  /// The kernels that round to bfloat16; nil where the processor has none.
  static let bfloat16: DirectKernels? =
    processor_has_bfloat16() == 0 ? nil : DirectKernels(variant: InstructionSet.avx512.kernels.direct_bfloat16)

  private init?(variant: UnsafePointer<direct_kernels>?) {
    guard let variant else { return nil }
    self.variant = variant
  }
}

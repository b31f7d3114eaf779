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
        kernels.gradient(plan, x, dy.source, scratch, first, last, rows + worker * gradientRegion(plan))
        convolution_unpack_gradient(shape, plan, scratch, dWeights, first, last)
      }
    }
  }

  // MARK: Sizes

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

import CKernels
import Compute
import Networks

/// The vector kernels that transform windows, multiply, and transform back.
struct WinogradConvolution {
  private let shape: convolution_shape
  private let workers: Int
  private let kernels: winograd_kernels
  private let forwardPlan: winograd_plan
  private let backwardPlan: winograd_plan
  /// Nil where the scheme rounds: then another kernel sums weight gradients.
  private let gradientPlan: winograd_plan?

  /// - Parameter kernels: those that round if the scheme does.
  init(_ geometry: ConvolutionGeometry, _ scheme: WinogradScheme, workers: Int, kernels: WinogradKernels) {
    precondition(scheme.serves(geometry), "\(scheme) cannot serve \(geometry)")
    let (shape, variant) = (geometry.cShape, kernels.variant.pointee)
    func plan(_ use: winograd_use) -> winograd_plan {
      withUnsafePointer(to: shape) {
        winograd_make_plan(
          $0, use, scheme.tile == .large ? 1 : 0, scheme.slices == 1 ? 0 : Int32(scheme.slices), variant.pairs,
          variant.block, Int32(workers))
      }
    }
    (self.shape, self.workers, self.kernels) = (shape, workers, variant)
    (forwardPlan, backwardPlan) = (plan(winograd_forward), plan(winograd_backward_input))
    gradientPlan = scheme.rounds ? nil : plan(winograd_backward_weights)
  }

  var gatherScratchFloats: Int {
    max(gatherScratchFloats(forwardPlan), gatherScratchFloats(backwardPlan))
  }

  var gradientScratchFloats: Int {
    withUnsafePointer(to: gradientPlan!) { WinogradGradient.floats($0, workers: workers) }
  }

  /// Forward (`source` is x, `target` is y), or `backward` through the input (`source` is dy, `target` is dx).
  ///
  /// Scratch: transformed weights, padded scale and bias, then V and M of every worker.
  func gather(
    backward: Bool, source: activation_source, weights: UnsafePointer<Float>, finish: ConvolutionFinish,
    target: activation_target, accumulate: Bool, scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let (channels, outChannels) = (shape.channels, shape.out_channels)
    withUnsafePointer(to: backward ? backwardPlan : forwardPlan) { plan in
      let paddedFinish = scratch + winograd_weight_floats(plan)
      let regions = paddedFinish + 2 * paddedOutChannels
      let padded = finish.padded(Int(outChannels), into: paddedFinish, paddedOutChannels)
      pool.forEach(winograd_weight_items(plan)) { items, _ in
        kernels.weights(plan, weights, channels, outChannels, scratch, items.lowerBound, items.upperBound)
      }
      withUnsafePointer(to: padded) { finish in
        let call = convolution_call(source, weights: scratch, finish, target, accumulate: accumulate)
        pool.forEach(winograd_gather_items(plan)) { items, worker in
          withUnsafePointer(to: call) {
            kernels.gather(
              plan, $0, items.lowerBound, items.upperBound,
              regions + worker * winograd_gather_scratch(plan).roundedUp(to: 16))
          }
        }
      }
    }
  }

  /// Scratch: what `WinogradGradient` takes, the transformed gradients first.
  func gradient(
    x: activation_source, dy: activation_source, dWeights: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let (channels, outChannels) = (shape.channels, shape.out_channels)
    withUnsafePointer(to: gradientPlan!) { plan in
      WinogradGradient(plan: plan, kernels: kernels, x: x, dy: dy, memory: scratch, workers: workers)
        .form(dWeights, channels: channels, outChannels: outChannels, pool: pool)
    }
  }

  /// By how much rounding errors can exceed a direct sum's, worst case over all inputs.
  var errorGrowth: (forward: Double, backwardInput: Double, backwardWeights: Double) {
    func square(_ value: Double) -> Double { value * value }
    return withUnsafePointers(forwardPlan, backwardPlan) { forward, backward in
      (
        square(winograd_growth(forward)) * winograd_depth_growth(forward),
        square(winograd_growth(backward)) * winograd_depth_growth(backward),
        square(winograd_gradient_growth(forward)) * winograd_depth_gradient_growth(forward)
      )
    }
  }

  /// Of transformed numbers, stored channels and whole tiles counted: what the products' kernels do.
  var products: ConvolutionProducts {
    func count(_ plan: winograd_plan) -> Int {
      let images = plan.batch * plan.dilation * plan.dilation
      let tiles = Int(images) * Int(plan.tiles.0 * plan.tiles.1) * Int(plan.depth_tiles)
      return tiles * Int(plan.products * plan.depth_taps) * Int(plan.source_channels) * Int(plan.target_channels)
    }
    return ConvolutionProducts(
      forward: count(forwardPlan), backwardInput: count(backwardPlan),
      backwardWeights: gradientPlan.map(count) ?? 0)
  }

  // MARK: Sizes

  private var paddedOutChannels: Int { Int(shape.out_channels).roundedUp(to: Int(kernels.block)) }

  private func gatherScratchFloats(_ plan: winograd_plan) -> Int {
    withUnsafePointer(to: plan) {
      winograd_weight_floats($0) + 2 * paddedOutChannels + workers * winograd_gather_scratch($0).roundedUp(to: 16)
    }
  }
}

/// The Winograd kernels of one instruction set, or those that round to bfloat16 (forward and backward input only).
struct WinogradKernels: @unchecked Sendable {
  /// A constant of the C target.
  let variant: UnsafePointer<winograd_kernels>

  init?(_ instructionSet: InstructionSet) { self.init(variant: instructionSet.kernels.winograd) }

  /// The kernels that round to bfloat16; nil where the processor has none.
  static let bfloat16: WinogradKernels? =
    processor_has_bfloat16() == 0 ? nil : WinogradKernels(variant: InstructionSet.avx512.kernels.winograd_bfloat16)

  private init?(variant: UnsafePointer<winograd_kernels>?) {
    guard let variant else { return nil }
    self.variant = variant
  }
}

import CKernels
import Compute
import Networks

/// The vector kernels of 1x1x1 convolutions with stride 1: products of matrices whose rows are the batch's voxels.
struct Conv1x1 {
  private let shape: convolution_shape
  private let workers: Int
  private let kernels: conv1x1_kernels
  private let forwardPlan: conv1x1_plan
  private let backwardPlan: conv1x1_plan

  /// Nil where the build has no vector kernels for `instructionSet`.
  init?(_ geometry: ConvolutionGeometry, workers: Int, instructionSet: InstructionSet) {
    precondition(Self.serves(geometry), "a product of matrices cannot serve \(geometry)")
    guard let variant = instructionSet.kernels.conv1x1 else { return nil }
    let (shape, kernels) = (geometry.cShape, variant.pointee)
    func plan(backward: Bool) -> conv1x1_plan {
      withUnsafePointer(to: shape) { conv1x1_make_plan($0, backward ? 1 : 0, kernels.block, kernels.tile) }
    }
    (self.shape, self.workers, self.kernels) = (shape, workers, kernels)
    (forwardPlan, backwardPlan) = (plan(backward: false), plan(backward: true))
  }

  static func serves(_ geometry: ConvolutionGeometry) -> Bool {
    geometry.kernel == 1 && geometry.stride == 1 && !geometry.inputIsPlanar
  }

  var gatherScratchFloats: Int { max(gatherScratchFloats(forwardPlan), gatherScratchFloats(backwardPlan)) }

  var gradientScratchFloats: Int {
    withUnsafePointer(to: forwardPlan) {
      sumFloats($0) + workers * conv1x1_gradient_scratch($0)
    }
  }

  /// Forward (`source` is x, `target` is y), or `backward` through the input (`source` is dy, `target` is dx).
  ///
  /// Scratch: packed weights, padded scale and bias, then a group of packed voxels per worker.
  func gather(
    backward: Bool, source: activation_source, weights: UnsafePointer<Float>, finish: ConvolutionFinish,
    target: activation_target, accumulate: Bool, scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    precondition(source.is_bfloat16 == 0 && target.is_bfloat16 == 0, "these products read and write floats")
    withUnsafePointers(shape, backward ? backwardPlan : forwardPlan) { shape, plan in
      let paddedFinish = scratch + packedFloats(plan)
      let regions = paddedFinish + 2 * paddedOutChannels
      let padded = finish.padded(Int(shape.pointee.out_channels), into: paddedFinish, paddedOutChannels)
      pool.forEach(conv1x1_pack_items(plan)) { items, _ in
        kernels.pack_weights(shape, plan, weights, scratch, items.lowerBound, items.upperBound)
      }
      withUnsafePointer(to: padded) { finish in
        let call = convolution_call(
          source, weights: scratch, finish, target, accumulate: accumulate)
        pool.forEach(conv1x1_items(plan, kernels.tile)) { items, worker in
          withUnsafePointer(to: call) {
            kernels.gather(plan, $0, items.lowerBound, items.upperBound, regions + worker * conv1x1_scratch(plan))
          }
        }
      }
    }
  }

  /// Scratch: the sums of every work item, then packed operands per worker.
  func gradient(
    x: activation_source, dy: UnsafePointer<Float>, dWeights: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    withUnsafePointers(shape, forwardPlan) { shape, plan in
      let regions = scratch + sumFloats(plan)
      pool.forEachOnce(conv1x1_gradient_items(plan)) { items, worker in
        let (first, last) = (items.lowerBound, items.upperBound)
        kernels.gradient(plan, x, dy, scratch, first, last, regions + worker * conv1x1_gradient_scratch(plan))
        conv1x1_unpack_gradient(shape, plan, scratch, dWeights, first, last)
      }
    }
  }

  // MARK: Sizes

  private var paddedOutChannels: Int { Int(shape.out_channels).roundedUp(to: Int(kernels.block)) }

  private func packedFloats(_ plan: UnsafePointer<conv1x1_plan>) -> Int {
    conv1x1_packed_floats(plan)
  }

  private func sumFloats(_ plan: UnsafePointer<conv1x1_plan>) -> Int {
    conv1x1_gradient_items(plan) * 16 * Int(plan.pointee.block)
  }

  private func gatherScratchFloats(_ plan: conv1x1_plan) -> Int {
    withUnsafePointer(to: plan) {
      packedFloats($0) + 2 * paddedOutChannels + workers * conv1x1_scratch($0)
    }
  }
}

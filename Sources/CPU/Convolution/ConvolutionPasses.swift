import Compute
import Networks

/// What every convolution does with its calls, whatever its shape: the weights are its first parameter, the bias, where
/// it has one, its second, and three passes share one scratch memory.
///
///     y = W ∗ x + b,  dx = Wᵀ ∗ dy,  dW = Σ dy x and db = Σ dy over the batch's voxels
package protocol ConvolutionPasses: Kernel {
  /// Sums `dy` over the output's voxels: the bias's gradient. Nil without a bias.
  var biasSums: ColumnSums? { get }

  /// Bytes of scratch, 64-byte aligned, that any of the three passes needs, all threads together.
  var scratchBytes: Int { get }

  /// `y = W ∗ x + b`; padding channels of `y` become zero.
  ///
  /// - Parameter bias: one number per output channel; nil adds nothing.
  func forward(
    x: Activation, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?, y: MutableActivation,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool)

  /// `dx = Wᵀ ∗ dy`, or `dx += Wᵀ ∗ dy` with `accumulate`.
  func backwardInput(
    dy: Activation, weights: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool)

  /// The same to a target that may be in several parts, where the input may.
  func backwardInput(
    dy: Activation, weights: UnsafePointer<Float>, to dx: GradientTarget, scratch: UnsafeMutableRawPointer,
    pool: WorkerPool)

  /// `dW = Σ dy x` over the batch's voxels, in PyTorch's layout.
  func backwardWeights(
    x: Activation, dy: Activation, dWeights: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer,
    pool: WorkerPool)

  /// Products of numbers in each pass; nil where they are those of the definition.
  var products: ConvolutionProducts? { get }
}

/// How many products of numbers a convolution's passes make.
package struct ConvolutionProducts: Equatable, Sendable {
  package let forward: Int
  package let backwardInput: Int
  package let backwardWeights: Int
}

extension ConvolutionPasses {
  /// Those of the definition.
  package var products: ConvolutionProducts? { nil }

  /// To a target in one piece.
  package func backwardInput(
    dy: Activation, weights: UnsafePointer<Float>, to dx: GradientTarget, scratch: UnsafeMutableRawPointer,
    pool: WorkerPool
  ) {
    backwardInput(
      dy: dy, weights: weights, dx: dx.pointer, accumulate: dx.accumulate, scratch: scratch, pool: pool)
  }

  /// Backward also sums the bias's gradient, after the other two and in the same scratch.
  package func scratchBytes(_ phase: Phase) -> Int {
    switch phase {
    case .forward: scratchBytes
    case .backward: max(scratchBytes, biasSums?.bytes ?? 0)
    }
  }

  /// Backward goes over `dy` for the weights, for the input and for the bias.
  package func passes(_ call: Passes.Call) -> Passes {
    guard case .backward(let givesInput) = call else { return Passes(products: products?.forward) }
    return Passes(
      gradient: 1 + (givesInput ? 1 : 0) + (biasSums == nil ? 0 : 1),
      products: products.map { $0.backwardWeights + (givesInput ? $0.backwardInput : 0) })
  }

  /// `y = W ∗ x + b` of a planned call.
  package func forward(_ call: ForwardCall) {
    forward(
      x: call.storedInputs[0], weights: call.parameters[0], bias: biasSums == nil ? nil : call.parameters[1],
      y: call.storedOutput, scratch: call.scratch, pool: call.pool)
  }

  /// Gradients of the weights, of the input where somebody needs it, and of the bias, in this order.
  package func backward(_ call: BackwardCall) {
    let dy = call.storedOutputGradient
    backwardWeights(
      x: call.storedInputs[0]!, dy: dy, dWeights: call.parameterGradients[0], scratch: call.scratch, pool: call.pool)
    if let target = call.inputGradients[0] {
      backwardInput(dy: dy, weights: call.parameters[0], to: target, scratch: call.scratch, pool: call.pool)
    }
    biasSums?(of: dy.floats, into: call.parameterGradients[1], scratch: call.scratch, pool: call.pool)
  }
}

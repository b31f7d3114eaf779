import CKernels
import Compute
import Networks

extension Convolution: CPUOperation {
  /// The kernels that the fixed table of `ConvolutionAlgorithms` gives these shapes.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel { convolutionKernel(inputs[0], cpu) }

  func convolutionKernel(_ input: Shape, _ cpu: CPUBackend) -> ConvolutionKernel {
    ConvolutionKernel(
      geometry(input), hasBias: hasBias, precision: cpu.precision, workers: cpu.workers,
      instructionSet: cpu.instructionSet)
  }
}

/// One convolution of the plan: its geometry, the kernels that serve it, and the scratch memory they need.
///
/// Every call works in the caller's memory. Where `x` or a weight is not
/// finite, so is what it reaches, and possibly channel padding and border voxels beside it.
package struct ConvolutionKernel: ConvolutionPasses {
  /// All shapes of the convolution.
  package let geometry: ConvolutionGeometry
  /// How far its sums may round.
  package let precision: Precision
  /// The largest number of threads the scratch memory is laid out for.
  package let workers: Int
  /// The instruction set whose kernels run; decides the bits.
  package let instructionSet: InstructionSet
  private let algorithms: (gather: ConvolutionAlgorithm, gradient: ConvolutionAlgorithm)
  private let gather: Kernels
  private let gradient: Kernels
  /// Over voxels of the output, for the bias; nil without one.
  package let biasSums: ColumnSums?

  private enum Kernels {
    case scalar(ScalarConvolution)
    case direct(DirectConvolution)
    case conv1x1(Conv1x1)
    case winograd(WinogradConvolution)

    var gatherScratchFloats: Int {
      switch self {
      case .scalar: 0
      case .direct(let direct): direct.gatherScratchFloats
      case .conv1x1(let conv1x1): conv1x1.gatherScratchFloats
      case .winograd(let winograd): winograd.gatherScratchFloats
      }
    }

    /// Nil: one for each tap.
    var products: ConvolutionProducts? {
      if case .winograd(let winograd) = self { winograd.products } else { nil }
    }

    var gradientScratchFloats: Int {
      switch self {
      case .scalar: 0
      case .direct(let direct): direct.gradientScratchFloats
      case .conv1x1(let conv1x1): conv1x1.gradientScratchFloats
      case .winograd(let winograd): winograd.gradientScratchFloats
      }
    }
  }

  /// - Parameter algorithm: overrides the table of `ConvolutionAlgorithms`, for tests and benchmarks.
  package init(
    _ geometry: ConvolutionGeometry, hasBias: Bool = false, precision: Precision = .float32, workers: Int,
    instructionSet: InstructionSet = .best, algorithm: ConvolutionAlgorithm? = nil
  ) {
    precondition(workers > 0, "a convolution needs workers, not \(workers)")
    precondition(InstructionSet.available.contains(instructionSet), "this processor has no \(instructionSet.rawValue)")
    (self.geometry, self.precision) = (geometry, precision)
    (self.workers, self.instructionSet) = (workers, instructionSet)
    let table = ConvolutionAlgorithms(serving: geometry, precision, instructionSet)
    algorithms = (algorithm ?? table.gather, algorithm?.gradient ?? table.gradient)
    gather = Self.kernels(algorithms.gather, geometry, workers, instructionSet)
    gradient = Self.kernels(algorithms.gradient, geometry, workers, instructionSet)
    let cpu = CPUBackend(workers: workers, instructionSet: instructionSet)
    biasSums = hasBias ? ColumnSums(voxels: geometry.output.voxels, geometry.outChannels, cpu) : nil
  }

  private static func kernels(
    _ algorithm: ConvolutionAlgorithm, _ geometry: ConvolutionGeometry, _ workers: Int, _ set: InstructionSet
  ) -> Kernels {
    switch algorithm {
    case .scalar: return .scalar(ScalarConvolution(geometry: geometry))
    case .direct: return .direct(DirectConvolution(geometry, workers: workers, kernels: DirectKernels(set)!))
    case .conv1x1: return .conv1x1(Conv1x1(geometry, workers: workers, instructionSet: set)!)
    case .bfloat16: return .direct(DirectConvolution(geometry, workers: workers, kernels: .bfloat16!))
    case .winograd(let scheme):
      let kernels = scheme.rounds ? .bfloat16! : WinogradKernels(set)!
      return .winograd(WinogradConvolution(geometry, scheme, workers: workers, kernels: kernels))
    }
  }

  /// The input, unless the definition serves, or an image is read.
  package var normalizedInputs: Set<Int> {
    algorithms.gather == .scalar || algorithms.gradient == .scalar || geometry.inputIsPlanar ? [] : [0]
  }

  /// The same: channels are packed block by block.
  package var joinedInputs: Set<Int> { normalizedInputs }

  /// Winograd's are fewer than the taps.
  package var products: ConvolutionProducts? {
    let (taps, own) = (geometry.multiplyAdds, (gather.products, gradient.products))
    return ConvolutionProducts(
      forward: own.0?.forward ?? taps, backwardInput: own.0?.backwardInput ?? taps,
      backwardWeights: own.1?.backwardWeights ?? taps)
  }

  /// `chosenKernel`: there are several ways.
  package var choice: String? { chosenKernel }

  /// A planned call with a `finish` instead of the bias alone.
  func forward(_ call: ForwardCall, finish: ConvolutionFinish, scratch: UnsafeMutableRawPointer) {
    forward(
      x: call.storedInputs[0], weights: call.parameters[0], finish: finish, y: call.storedOutput, scratch: scratch,
      pool: call.pool)
  }

  /// Bytes of scratch, 64-byte aligned, that any of the three operations needs, all threads together.
  package var scratchBytes: Int {
    max(gather.gatherScratchFloats, gradient.gradientScratchFloats) * MemoryLayout<Float>.stride
  }

  /// What sums forward and backward input.
  package var algorithm: ConvolutionAlgorithm { algorithms.gather }
  /// What sums weight gradients.
  package var gradientAlgorithm: ConvolutionAlgorithm { algorithms.gradient }

  /// The kernels that serve the three operations, for `--explain`.
  package var chosenKernel: String {
    if algorithm == .scalar { return "scalar" }
    let planar = geometry.inputIsPlanar ? " one channel" : ""
    let weights = gradientAlgorithm == algorithm ? "" : ", weights \(gradientAlgorithm.name)"
    return algorithm.name + planar + weights + " " + instructionSet.rawValue
  }

  /// By how much rounding errors can exceed those of a direct sum of the largest products, worst case over all inputs.
  package var errorGrowth: (forward: Double, backwardInput: Double, backwardWeights: Double) {
    guard case .winograd(let winograd) = gather else { return (9, 9, 1) }
    return winograd.errorGrowth
  }

  /// `y = W ∗ x + b`, as every convolution is called.
  package func forward(
    x: Activation, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?, y: MutableActivation,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    forward(x: x, weights: weights, finish: ConvolutionFinish(bias: bias), y: y, scratch: scratch, pool: pool)
  }

  /// `y = W ∗ x`, finished; padding channels of `y` become zero. `direct`, `bfloat16` and `winograd` kernels round sums that
  /// are stored as bfloat16.
  package func forward(
    x: Activation, weights: UnsafePointer<Float>, finish: ConvolutionFinish,
    y: MutableActivation, scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    check(pool)
    if case .scalar(let scalar) = gather {
      return scalar.forward(x: x.floats, weights: weights, finish: finish, y: y.floats, pool: pool)
    }
    x.withSource { source in
      gather(
        backward: false, source: source, weights: weights, finish: finish, target: y.target, accumulate: false,
        scratch: floats(scratch), pool: pool)
    }
  }

  /// `dx = Wᵀ ∗ dy`, or `dx += Wᵀ ∗ dy` with `accumulate`.
  package func backwardInput(
    dy: Activation, weights: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    let target = GradientTarget(MutableActivation(dx), accumulate: accumulate)
    backwardInput(dy: dy, weights: weights, to: target, scratch: scratch, pool: pool)
  }

  /// The same to a target that may be in several parts.
  package func backwardInput(
    dy: Activation, weights: UnsafePointer<Float>, to dx: GradientTarget, scratch: UnsafeMutableRawPointer,
    pool: WorkerPool
  ) {
    check(pool)
    if algorithm == .scalar || geometry.inputIsPlanar {
      // No network asks for the gradient of its image, so the definition serves planar inputs.
      return ScalarConvolution(geometry: geometry).backwardInput(
        dy: dy.floats, weights: weights, dx: dx.pointer, accumulate: dx.accumulate, pool: pool)
    }
    dx.withTarget { target, accumulate in
      gather(
        backward: true, source: dy.source, weights: weights, finish: ConvolutionFinish(), target: target,
        accumulate: accumulate, scratch: floats(scratch), pool: pool)
    }
  }

  private func gather(
    backward: Bool, source: activation_source, weights: UnsafePointer<Float>, finish: ConvolutionFinish,
    target: activation_target, accumulate: Bool, scratch: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    switch gather {
    case .scalar: preconditionFailure("the definition has no gathering kernel")
    case .direct(let direct):
      direct.gather(
        backward: backward, source: source, weights: weights, finish: finish, target: target, accumulate: accumulate,
        scratch: scratch, pool: pool)
    case .conv1x1(let conv1x1):
      conv1x1.gather(
        backward: backward, source: source, weights: weights, finish: finish, target: target, accumulate: accumulate,
        scratch: scratch, pool: pool)
    case .winograd(let winograd):
      winograd.gather(
        backward: backward, source: source, weights: weights, finish: finish, target: target, accumulate: accumulate,
        scratch: scratch, pool: pool)
    }
  }

  /// `dW[o, c, i, j, k] = Σ dy · x` over the batch's voxels, in PyTorch's layout.
  package func backwardWeights(
    x: Activation, dy: Activation, dWeights: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    check(pool)
    if case .scalar(let scalar) = gradient {
      return scalar.backwardWeights(x: x.floats, dy: dy.floats, dWeights: dWeights, pool: pool)
    }
    let scratch = floats(scratch)
    x.withSource { x in
      switch gradient {
      case .scalar: preconditionFailure("the definition has been called")
      case .direct(let direct): direct.gradient(x: x, dy: dy.source, dWeights: dWeights, scratch: scratch, pool: pool)
      case .conv1x1(let conv1x1):
        conv1x1.gradient(x: x, dy: dy.floats, dWeights: dWeights, scratch: scratch, pool: pool)
      case .winograd(let winograd):
        winograd.gradient(x: x, dy: dy.source, dWeights: dWeights, scratch: scratch, pool: pool)
      }
    }
  }

  private func check(_ pool: WorkerPool) {
    precondition(pool.threads <= workers, "planned for \(workers) workers, called with \(pool.threads)")
  }

  private func floats(_ scratch: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Float> {
    scratch.assumingMemoryBound(to: Float.self)
  }
}

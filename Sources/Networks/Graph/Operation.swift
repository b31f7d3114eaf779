import CKernels
import Compute

/// One kind of layer: its shapes, its parameters, its cost, its kernels forward and backward.
///
/// An operation is a value without memory of its own. Everything it touches is planned: activations, gradients, what it
/// saves from forward to backward, scratch. It may run on any number of threads; its bits must not depend on them.
package protocol Operation: Sendable {
  /// One word for tables of cost and time.
  var kind: String { get }
  func outputShape(of inputs: [Shape]) -> Shape
  func parameters(of inputs: [Shape]) -> [ParameterDeclaration]
  /// Values that forward reads in inference and `commit` updates after a training step.
  func statistics(of inputs: [Shape]) -> [StatisticDeclaration]
  /// Nominal products of one forward pass, zero padding counted.
  func multiplyAdds(_ inputs: [Shape]) -> Int
  /// Which of several kernels serves these shapes, in words; nil where there is only one.
  func chosenKernel(_ inputs: [Shape], _ settings: ExecutionSettings) -> String?

  /// Activations that `backward` reads, besides the output's gradient.
  var backwardReads: BackwardReads { get }
  /// Inputs whose gradient is identically zero for these shapes.
  func inputsWithoutGradient(_ inputs: [Shape]) -> Set<Int>
  /// The input whose memory the output may take when nobody needs the input afterwards.
  var forwardInPlace: Int? { get }
  /// The input whose gradient may take the memory of the output's gradient.
  var backwardInPlace: Int? { get }
  /// True when `recompute` is cheap: the output then need not be kept from forward to backward.
  var isCheapToRecompute: Bool { get }

  func savedBytes(_ inputs: [Shape]) -> Int
  func scratchBytes(_ inputs: [Shape], _ phase: Phase, _ settings: ExecutionSettings) -> Int

  func forward(_ call: ForwardCall)
  /// Writes the output again from inputs and saved values.
  func recompute(_ call: ForwardCall)
  func backward(_ call: BackwardCall)
  /// Updates statistics from saved values, once a step is known to be sound.
  func commit(_ call: CommitCall)
}

extension Operation {
  package func parameters(of inputs: [Shape]) -> [ParameterDeclaration] { [] }
  package func statistics(of inputs: [Shape]) -> [StatisticDeclaration] { [] }
  package func multiplyAdds(_ inputs: [Shape]) -> Int { 0 }
  package func chosenKernel(_ inputs: [Shape], _ settings: ExecutionSettings) -> String? { nil }
  package var backwardReads: BackwardReads { .nothing }
  package func inputsWithoutGradient(_ inputs: [Shape]) -> Set<Int> { [] }
  package var forwardInPlace: Int? { nil }
  package var backwardInPlace: Int? { nil }
  package var isCheapToRecompute: Bool { false }
  package func savedBytes(_ inputs: [Shape]) -> Int { 0 }
  package func scratchBytes(_ inputs: [Shape], _ phase: Phase, _ settings: ExecutionSettings) -> Int { 0 }
  package func recompute(_ call: ForwardCall) { forward(call) }
  package func commit(_ call: CommitCall) {}
}

package enum Phase: Sendable { case forward, backward }

/// Training normalises with the batch's statistics and saves for backward; inference uses running statistics.
package enum Mode: Sendable { case training, inference }

/// What `backward` reads again.
package struct BackwardReads: Sendable {
  package var inputs: Set<Int>
  package var output: Bool

  package init(inputs: Set<Int> = [], output: Bool = false) { (self.inputs, self.output) = (inputs, output) }
  package static let nothing = BackwardReads()
}

/// What decides the bits and the scratch memory of a program, besides its graph.
package struct ExecutionSettings: Hashable, Sendable {
  package var precision: Precision
  package var workers: Int
  package var instructionSet: InstructionSet

  package init(precision: Precision = .float32, workers: Int, instructionSet: InstructionSet = .best) {
    (self.precision, self.workers, self.instructionSet) = (precision, workers, instructionSet)
  }

  package var kernels: operations_table { KernelTables.table(for: instructionSet) }
}

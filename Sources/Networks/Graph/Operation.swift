import Compute

/// What one layer of a network is: its shapes, parameters and cost, and what its gradients read. How it is computed is a
/// `Kernel`'s matter, so that several engines can run the same graph.
///
/// A value without memory: two that are equal compute the same. Shapes are `[N, D, H, W, C]`.
package protocol Operation: Sendable, Hashable {
  /// A word or two for tables of cost and time.
  var kind: String { get }
  /// The shape of the output for those of the inputs.
  ///
  /// - Precondition: the inputs suit the operation; the message shows their shapes.
  func outputShape(of inputs: [Shape]) -> Shape
  /// What is learnt, with PyTorch's names, layout and default initialisation.
  func parameters(of inputs: [Shape]) -> [ParameterDeclaration]
  /// Values without a gradient that inference reads and training updates after each step.
  func statistics(of inputs: [Shape]) -> [StatisticDeclaration]
  /// Nominal products of one forward pass, zero padding counted.
  func multiplyAdds(_ inputs: [Shape]) -> Int

  /// Activations that the gradients are made of, besides the output's gradient.
  var backwardReads: BackwardReads { get }
  /// Inputs whose gradient is identically zero for these shapes.
  func inputsWithoutGradient(_ inputs: [Shape]) -> Set<Int>
  /// The input whose memory the output may take when nobody needs the input afterwards.
  var forwardInPlace: Int? { get }
  /// The input whose gradient may take the memory of the output's gradient.
  var backwardInPlace: Int? { get }
  /// True when computing the output again is cheap: it then need not be kept from forward to backward.
  var isCheapToRecompute: Bool { get }
}

extension Operation {
  /// None: nothing is learnt.
  package func parameters(of inputs: [Shape]) -> [ParameterDeclaration] { [] }
  /// None: inference needs nothing that training gathers.
  package func statistics(of inputs: [Shape]) -> [StatisticDeclaration] { [] }
  /// 0: what moves, adds or scales numbers counts as no product.
  package func multiplyAdds(_ inputs: [Shape]) -> Int { 0 }
  /// The gradient is made of the output's gradient alone.
  package var backwardReads: BackwardReads { .nothing }
  /// Every input has a gradient.
  package func inputsWithoutGradient(_ inputs: [Shape]) -> Set<Int> { [] }
  /// The output needs memory of its own.
  package var forwardInPlace: Int? { nil }
  /// The input's gradient needs memory of its own.
  package var backwardInPlace: Int? { nil }
  /// The output is kept where backward reads it.
  package var isCheapToRecompute: Bool { false }
}

/// What `backward` reads again.
package struct BackwardReads: Sendable {
  /// The inputs, by their place among the operation's own.
  package var inputs: Set<Int>
  /// Whether the gradient is made of the output too.
  package var output: Bool

  /// What is not named is not kept for backward.
  package init(inputs: Set<Int> = [], output: Bool = false) { (self.inputs, self.output) = (inputs, output) }
  /// The output's gradient is enough.
  package static let nothing = BackwardReads()
}

/// Adam (Kingma & Ba 2015); the decay is added to the gradient, as in `torch.optim.Adam`.
package struct AdamOptions: Codable, Hashable, Sendable {
  /// β₁, how much of the old mean of gradients stays in every step.
  package var beta1: Double
  /// β₂, how much of the old mean of squared gradients stays in every step.
  package var beta2: Double
  /// ε, added to the root of the corrected second moment.
  package var epsilon: Double
  /// λ of `g ← g + λ p`: L2 regularisation, not the decoupled decay of AdamW.
  package var weightDecay: Double

  /// β₁, β₂ and ε as in the paper and in PyTorch; the decay is SAFNet's.
  package init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 1e-4) {
    (self.beta1, self.beta2, self.epsilon, self.weightDecay) = (beta1, beta2, epsilon, weightDecay)
  }

  /// What step `step` (the first is 1) divides both moments by, `1 − βᵗ`, rounded to single precision once.
  package func corrections(step: Int) -> (first: Float, second: Float) {
    (Float(1 - power(beta1, step)), Float(1 - power(beta2, step)))
  }

  /// By squaring, so that no library's rounding decides the bits.
  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, factor, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }
}

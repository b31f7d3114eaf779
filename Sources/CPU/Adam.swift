import CKernels
import Networks

extension AdamOptions {
  /// The numbers of step `step` (the first is 1), rounded to single precision once.
  package func numbers(step: Int, learningRate: Float) -> adam_step {
    adam_step(
      rate: learningRate, beta1: Float(beta1), beta2: Float(beta2), epsilon: Float(epsilon),
      decay: Float(weightDecay), correction1: Float(1 - power(beta1, step)), correction2: Float(1 - power(beta2, step)))
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

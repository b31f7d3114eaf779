import CKernels
import Networks

extension AdamOptions {
  /// The numbers of step `step` (the first is 1), rounded to single precision once.
  package func numbers(step: Int, learningRate: Float) -> adam_step {
    let corrections = corrections(step: step)
    return adam_step(
      rate: learningRate, beta1: Float(beta1), beta2: Float(beta2), epsilon: Float(epsilon),
      decay: Float(weightDecay), correction1: corrections.first, correction2: corrections.second)
  }
}

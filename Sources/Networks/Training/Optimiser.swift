/// How a gradient changes the parameters: the rule, its numbers, and what is done before and after it. The learning rate
/// is not among them; every step is given its own.
package struct Optimiser: Hashable, Sendable {
  /// The rules, each PyTorch's of that name. λ is `adam.weightDecay`, η the learning rate.
  package enum Rule: String, CaseIterable, Sendable {
    /// `torch.optim.Adam` (Kingma & Ba 2015): `g ← g + λ p`, then Adam.
    case adam
    /// `torch.optim.AdamW` (Loshchilov & Hutter 2019): `p ← p (1 − η λ)`, then Adam of the gradient alone.
    case adamw
    /// `torch.optim.SGD`: `g ← g + λ p`, `b ← μ b + g`, then `p ← p − η b`, with Nesterov `p ← p − η (g + μ b)`.
    case sgd

    /// How many running means of every parameter's gradient the rule keeps.
    package var moments: Int { self == .sgd ? 1 : 2 }
  }

  /// What is done with a gradient.
  package var rule = Rule.adam
  /// Adam's numbers; the weight decay is every rule's.
  package var adam = AdamOptions()
  /// μ of `sgd`; nnU-Net's.
  package var momentum = 0.99
  /// Whether `sgd` looks one step ahead (Nesterov); nnU-Net does.
  package var nesterov = true
  /// Largest Euclidean norm of all gradients together; longer ones are shortened to it before the rule, as by
  /// `torch.nn.utils.clip_grad_norm_`. 0: no limit.
  package var clip = 0.0
  /// Share of the old average that stays in every step's average of parameters and running statistics, as in
  /// `torch.optim.swa_utils.get_ema_multi_avg_fn`; the first step's average is its network. 0: none is kept.
  package var average = 0.0

  /// PyTorch's Adam with SAFNet's decay.
  package init() {}

  /// Whether averages of parameters and statistics are kept.
  package var averages: Bool { average > 0 }

  /// How many numbers a checkpoint holds for each parameter: itself, its moments, its average.
  package var numbersPerParameter: Int { 1 + rule.moments + (averages ? 1 : 0) }

  /// What `adamw` multiplies every parameter by before Adam's step: `1 − η λ`.
  package func shrinkage(learningRate: Float) -> Float { Float(1 - Double(learningRate) * adam.weightDecay) }

  /// What every gradient of a step is multiplied by, so that their norm keeps within `clip`; nil where nothing is.
  package func clipFactor(norm: Double) -> Float? {
    guard clip > 0 else { return nil }
    let factor = clip / (norm + 1e-6)
    return factor < 1 ? Float(factor) : nil
  }
}

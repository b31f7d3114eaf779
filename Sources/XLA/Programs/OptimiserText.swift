import Networks

/// What a step's optimiser is told from outside, rounded to single precision once.
struct StepNumbers {
  let rate: Float
  /// `1 − βᵗ` of both of Adam's moments.
  let corrections: (first: Float, second: Float)
  /// What `adamw` multiplies parameters by.
  let shrinkage: Float
  /// Of the old average.
  let share: Float

  /// - Parameter step: the first is 1.
  init(_ optimiser: Optimiser, step: Int, learningRate: Float) {
    rate = learningRate
    corrections = optimiser.adam.corrections(step: step)
    shrinkage = optimiser.shrinkage(learningRate: learningRate)
    share = step > 1 ? Float(optimiser.average) : 0
  }

  /// In the order of `WrittenNumbers`.
  var values: [Float] { [rate, corrections.first, corrections.second, shrinkage, share] }
  static let count = 5
}

/// The same in a program.
struct WrittenNumbers {
  let rate: Value
  let corrections: (Value, Value)
  let shrinkage: Value
  let share: Value

  /// - Parameter list: as `StepNumbers.values`.
  init(_ list: Value) {
    func number(_ place: Int) -> Value { list.sliced(place..<place + 1, along: 0).reshaped([]) }
    (rate, corrections) = (number(0), (number(1), number(2)))
    (shrinkage, share) = (number(3), number(4))
  }
}

extension Optimiser {
  /// The tensors after a step of this rule, of gradients whose norm is known.
  func written(
    _ old: SessionTensors<Value>, statistics: [Value], gradients: [Value], _ numbers: WrittenNumbers
  ) -> SessionTensors<Value> {
    var new = old
    new.statistics = statistics
    for (index, gradient) in gradients.enumerated() {
      switch rule {
      case .adam, .adamw: adam(&new, index, gradient, numbers)
      case .sgd: descend(&new, index, gradient, numbers)
      }
    }
    guard averages else { return new }
    new.averagedParameters = zip(old.averagedParameters, new.parameters).map { average($0, $1, numbers) }
    // A count of batches has no average.
    new.averagedStatistics = zip(old.averagedStatistics, statistics).map {
      $1.shape.isEmpty ? $1 : average($0, $1, numbers)
    }
    return new
  }

  /// Every number is one of single precision.
  private func single(_ number: Double) -> Double { Double(Float(number)) }

  private func decayed(_ gradient: Value, _ parameter: Value) -> Value {
    gradient + parameter * single(adam.weightDecay)
  }

  private func adam(
    _ tensors: inout SessionTensors<Value>, _ index: Int, _ gradient: Value, _ numbers: WrittenNumbers
  ) {
    var (p, g) = (tensors.parameters[index], gradient)
    if rule == .adamw { p = p.scaled(by: numbers.shrinkage) } else { g = decayed(g, p) }
    let (beta1, beta2) = (Float(adam.beta1), Float(adam.beta2))
    let m = tensors.firstMoments[index] * Double(beta1) + g * Double(1 - beta1)
    let v = tensors.secondMoments[index] * Double(beta2) + g * g * Double(1 - beta2)
    let root = numbers.corrections.1.splat(1) / numbers.corrections.1.squareRoot
    let below = v.squareRoot.scaled(by: root) + single(adam.epsilon)
    let step = m.scaled(by: numbers.rate / numbers.corrections.0) / below
    (tensors.parameters[index], tensors.firstMoments[index], tensors.secondMoments[index]) = (p - step, m, v)
  }

  private func descend(
    _ tensors: inout SessionTensors<Value>, _ index: Int, _ gradient: Value, _ numbers: WrittenNumbers
  ) {
    let p = tensors.parameters[index]
    let g = decayed(gradient, p)
    let velocity = tensors.firstMoments[index] * single(momentum) + g
    let direction = nesterov ? g + velocity * single(momentum) : velocity
    (tensors.parameters[index], tensors.firstMoments[index]) = (p - direction.scaled(by: numbers.rate), velocity)
  }

  private func average(_ old: Value, _ new: Value, _ numbers: WrittenNumbers) -> Value {
    old.scaled(by: numbers.share) + new.scaled(by: numbers.share.splat(1) - numbers.share)
  }

  /// Gradients no longer than the limit, where there is one.
  func clipped(_ gradients: [Value], norm: Value) -> [Value] {
    guard clip > 0 else { return gradients }
    let factor = (norm.splat(clip) / (norm + 1e-6)).minimum(norm.splat(1))
    return gradients.map { $0.scaled(by: factor) }
  }
}

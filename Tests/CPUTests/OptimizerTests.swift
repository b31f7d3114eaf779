import CPU
import Networks
import TestSupport
import Testing

struct OptimizerTests {
  /// The rate before every epoch, for histories with ties, plateaus and a floor, from `ReduceLROnPlateau`.
  @Test(arguments: 0..<4) func plateauFollowsPyTorch(_ number: Int) throws {
    let golden = try GoldenFile("plateau", in: .module)
    let setting = try golden["setting\(number)"].values
    let history = try golden["history\(number)"].values.map(Double.init)
    let schedule = LearningRateSchedule(
      factor: [0.5, 0.1, 0.5, 0.3][number], patience: Int(setting[1]), minimum: Double(setting[2]) / 1000)
    let rates = (0...history.count).map {
      Float(schedule.learningRate(initial: 1e-3, epochs: 41, history: Array(history.prefix($0))) * 1000)
    }
    let expected = try golden["rates\(number)"].values
    expectClose(rates, expected, bounds: expected.map { $0 * 0x1p-22 })
    #expect(Set(expected).count > 1)
  }

  @Test func aConstantScoreLowersTheRateAfterPatience() {
    let schedule = LearningRateSchedule(patience: 2)
    let rates = (0...8).map { schedule.learningRate(initial: 1, epochs: 9, history: Array(repeating: 0.7, count: $0)) }
    #expect(rates == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25])
  }

  static func schedule(_ kind: LearningRateSchedule.Kind, exponent: Double = 0.9) -> LearningRateSchedule {
    var schedule = LearningRateSchedule(minimum: kind == .cosine ? 1e-4 : 0)
    (schedule.kind, schedule.exponent) = (kind, exponent)
    return schedule
  }

  /// The rate before every one of 30 epochs, from `torch.optim.lr_scheduler`.
  @Test(
    arguments: [("poly", schedule(.poly)), ("square", schedule(.poly, exponent: 2)), ("cosine", schedule(.cosine))],
    [0, 4])
  func ratesFollowPyTorch(_ named: (name: String, schedule: LearningRateSchedule), _ warmUp: Int) throws {
    let expected = try GoldenFile("schedules", in: .module)["\(named.name)\(warmUp)"].values
    var schedule = named.schedule
    schedule.warmUp = warmUp
    let rates = (0..<30).map { epoch in
      Float(
        schedule.learningRate(initial: 0.01, epochs: 30, history: Array(repeating: 0.5, count: epoch)) * 1000)
    }
    // PyTorch's recursion rounds once an epoch in double; ours rounds to single, the factor 1000 and the file once each.
    expectClose(rates, expected, bounds: expected.map { $0 * 0x1p-22 })
  }

  @Test func aPlateauCountsScoresAfterWarmUp() {
    var schedule = LearningRateSchedule(patience: 0)
    schedule.warmUp = 3
    let history = [0.9, 0.8, 0.7, 0.1, 0.2, 0.2]
    let rates = (0...6).map { schedule.learningRate(initial: 1, epochs: 9, history: Array(history.prefix($0))) }
    #expect(rates == [0.25, 0.5, 0.75, 1, 1, 1, 0.5])
  }

  /// Twelve steps with small and large gradients, without and with decay.
  @Test(arguments: [0, 0.1]) func adamFollowsPyTorch(_ decay: Double) throws {
    let golden = try GoldenFile("adam", in: .module)
    let options = AdamOptions(weightDecay: decay)
    let pad = [Float](repeating: 0, count: 9)
    var (parameters, first, second) = (
      OperationCase.drawn(7, index: 50) + pad, pad + pad.prefix(7), pad + pad.prefix(7)
    )
    for step in 1...12 {
      let factor: Float = [0.1, 1, 10][step % 3]
      let gradients = OperationCase.drawn(7, index: 50 + step).map { $0 * factor } + pad
      withUnsafePointer(to: options.numbers(step: step, learningRate: 1e-2)) {
        CPUBackend(workers: 1).kernels.adam($0, &parameters, gradients, &first, &second, 16)
      }
    }
    let key = decay == 0 ? "plain" : "decay"
    // Six roundings per step on numbers of at most 2 (parameters), 10 (first moments), 1 (second moments).
    expectClose(Array(parameters.prefix(7)), try golden[key].values, bound: roundingBound(terms: 72) * 2)
    expectClose(Array(first.prefix(7)), try golden[key + ".first"].values, bound: roundingBound(terms: 72) * 10)
    expectClose(Array(second.prefix(7)), try golden[key + ".second"].values, bound: roundingBound(terms: 72))
    #expect(parameters.suffix(9).allSatisfy { $0 == 0 })
  }

  /// Twenty steps of the same kind by the other rules.
  @Test(arguments: [("adamw", Optimiser.Rule.adamw, false), ("sgd", .sgd, false), ("nesterov", .sgd, true)])
  func rulesFollowPyTorch(_ name: String, _ rule: Optimiser.Rule, _ nesterov: Bool) throws {
    let golden = try GoldenFile("rules", in: .module)
    var optimiser = Optimiser()
    (optimiser.rule, optimiser.momentum, optimiser.nesterov) = (rule, 0.9, nesterov)
    optimiser.adam.weightDecay = 0.1
    let pad = [Float](repeating: 0, count: 9)
    var parameters = OperationCase.drawn(7, index: 50) + pad
    var (first, second) = ([Float](repeating: 0, count: 16), [Float](repeating: 0, count: 16))
    let kernels = CPUBackend(workers: 1).kernels
    for step in 1...20 {
      let factor: Float = [0.1, 1, 10][step % 3]
      let gradients = OperationCase.drawn(7, index: 50 + step).map { $0 * factor } + pad
      if rule == .sgd {
        withUnsafePointer(to: optimiser.descent(learningRate: 1e-2)) {
          kernels.sgd($0, &parameters, gradients, &first, 16)
        }
      } else {
        parameters = parameters.map { $0 * optimiser.shrinkage(learningRate: 1e-2) }
        withUnsafePointer(to: optimiser.adamNumbers(step: step, learningRate: 1e-2)) {
          kernels.adam($0, &parameters, gradients, &first, &second, 16)
        }
      }
    }
    // Seven roundings per step on numbers of at most 4 (parameters) and 40 (the velocity of ten steps' gradients).
    expectClose(Array(parameters.prefix(7)), try golden[name].values, bound: roundingBound(terms: 140) * 4)
    expectClose(Array(first.prefix(7)), try golden[name + ".first"].values, bound: roundingBound(terms: 140) * 40)
    #expect(parameters.suffix(9).allSatisfy { $0 == 0 })
  }
}

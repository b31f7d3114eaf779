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
    let schedule = PlateauSchedule(
      factor: [0.5, 0.1, 0.5, 0.3][number], patience: Int(setting[1]), minimum: Double(setting[2]) / 1000)
    let rates = (0...history.count).map {
      Float(schedule.learningRate(initial: 1e-3, history: Array(history.prefix($0))) * 1000)
    }
    let expected = try golden["rates\(number)"].values
    expectClose(rates, expected, bounds: expected.map { $0 * 0x1p-22 })
    #expect(Set(expected).count > 1)
  }

  @Test func aConstantScoreLowersTheRateAfterPatience() {
    let schedule = PlateauSchedule(patience: 2)
    let rates = (0...8).map { schedule.learningRate(initial: 1, history: Array(repeating: 0.7, count: $0)) }
    #expect(rates == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25])
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
}

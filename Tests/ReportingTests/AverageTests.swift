import Experiments
import Reporting
import Testing

@Suite struct AverageTests {
  private func cases(_ golden: StatisticsGolden.Averages) -> [ScoredCase] {
    golden.dice.enumerated().map { ScoredCase(fold: 1, run: "r", name: "Case\($0.offset)", values: $0.element) }
  }

  private let structures = (0..<6).map { (index: $0, name: "s\($0)") }

  @Test(arguments: StatisticsGolden.shared.averages.indices)
  func bothOrdersEqualNumPy(_ index: Int) {
    let golden = StatisticsGolden.shared.averages[index]
    for (averaging, expected) in [(Averaging.caseFirst, golden.caseFirst), (.structureFirst, golden.structureFirst)] {
      let sample = Average(of: cases(golden), structures: structures, averaging).sample
      #expect(sample.count == expected.count)
      expectClose(sample.mean, expected.mean)
      expectClose(sample.deviation, expected.deviation)
    }
  }

  /// A fold with one case weighs as much as one with three when folds are averaged, a third when cases are.
  @Test func foldsWeighTheSame() {
    let one = ScoredCase(fold: 1, run: "a", name: "A", values: [0])
    let three = ["B", "C", "D"].map { ScoredCase(fold: 2, run: "b", name: $0, values: [100]) }
    let folds = [(1, [one]), (2, three)].map {
      (fold: $0.0, average: Average(of: $0.1, structures: [(0, "s")], .caseFirst))
    }
    #expect(Average(ofFolds: folds).sample.mean == 50)
    #expect(Average(of: [one] + three, structures: [(0, "s")], .caseFirst).sample.mean == 75)
  }
}

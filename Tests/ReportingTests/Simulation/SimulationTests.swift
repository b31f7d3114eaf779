import Foundation
import Reporting
import Testing

/// Do the numbers of the tables do what their captions say? Over draws whose truth is known; in short in every run of the
/// tests, in full, into docs/simulation.md, with
///
///     SAFNET_SIMULATE=docs swift test --filter SimulationTests
@Suite struct SimulationTests {
  private static let folder = ProcessInfo.processInfo.environment["SAFNET_SIMULATE"]

  /// Nothing of one network's seeds is called different: at most 3 of 40 studies, where 5 % would give 2.
  @Test(arguments: [0.0, 1])
  func oneNetworkIsNotToldFromItself(_ shared: Double) {
    let study = SimulatedStudy(seeds: 3, seedDeviation: 2, shared: shared)
    let inputs = (0..<40).map { study.input($0) }
    #expect(inputs.count { study.marks($0).isAny } <= 3)
    // What tables did before.
    #expect(inputs.count { holmAdjusted(OtherTests($0).oldPairing).contains { $0 < 0.05 } } >= 20)
  }

  @Test func aLargeDifferenceIsMarked() {
    let study = SimulatedStudy(seeds: 5, seedDeviation: 0.6, shared: 0.5, effect: 8)
    #expect((0..<20).count { study.marks(study.input($0)).isAny } >= 19)
  }

  @Test func withOneSeedNothingIsMarked() {
    let study = SimulatedStudy(seeds: 1, seedDeviation: 5.4, shared: 0.5)
    let table = Report(study.input(0)).table(.ablation)!
    #expect(!table.columns.contains("p (Holm)"))
    #expect(table.rows.allSatisfy { $0.cells.allSatisfy { !$0.isUndecided } })
  }

  @Test func intervalsCoverTheTruth() {
    let found = Coverage(.lumbar, cases: 30, draws: 300)
    #expect(found.student > 91 && found.accelerated > 91)
  }

  @Test(.enabled(if: folder != nil, "the whole simulation; minutes")) func wholeSimulation() throws {
    let text = Self.introduction + Self.coverages() + Self.nullStudies() + Self.powers()
    try text.write(
      to: URL(filePath: Self.folder!).appending(path: "simulation.md"), atomically: true, encoding: .utf8)
  }

  private static let introduction = """
    # What the intervals and tests of the tables do, by simulation

    Made by `SAFNET_SIMULATE=docs swift test -c release --filter SimulationTests` with the functions and tables of the
    program ([statistics.md](statistics.md) has their formulas). The draws are in
    Tests/ReportingTests/Simulation/SimulatedStudy.swift.


    """
}

/// How often, in percent, intervals hold the true mean.
struct Coverage {
  let student, accelerated: Double

  init(_ skew: Skew, cases: Int, draws count: Int) {
    let resamples = Resamples(of: cases, seed: 2023)
    var (student, accelerated) = (0, 0)
    for number in 0..<count {
      var draws = Draws(number)
      let sample = ClusteredSample((0..<cases).map { _ in skew.draw(&draws) })
      if sample.studentInterval!.holds(skew.mean) { student += 1 }
      if sample.accelerated(resamples)!.holds(skew.mean) { accelerated += 1 }
    }
    self.student = 100 * Double(student) / Double(count)
    self.accelerated = 100 * Double(accelerated) / Double(count)
  }
}

extension Interval {
  fileprivate func holds(_ value: Double) -> Bool { lower <= value && value <= upper }
}

extension SimulationTests {
  private static func text(_ value: Double) -> String { NumberFormat.fixed(1).text(value) }

  private static func percent(_ part: Int, of whole: Int) -> String { text(100 * Double(part) / Double(whole)) }

  private static func coverages() -> String {
    let draws = 2000
    let rows = Skew.allCases.flatMap { skew in
      [15, 30, 172].map { cases in
        let found = Coverage(skew, cases: cases, draws: draws)
        return "| \(skew.rawValue) | \(cases) | \(text(found.student)) | \(text(found.accelerated)) |\n"
      }
    }
    return """
      ## Coverage of 95 % intervals of a mean over cases

      Per cent of \(draws) draws whose interval holds the true mean (the share itself is sure to ±1.0). `lumbar`:
      Beta(6.14, 2.43), the case means of 30 lumbar MRI, skewness −0.7. `failures`: Beta(35.7, 6.3), but one case in thirty
      fails, Beta(4.5, 4.5); skewness −3: there few cases are not enough, whichever the interval.

      | distribution | n | t | BCa |
      |:--|--:|--:|--:|
      \(rows.joined())

      """
  }

  private static func nullStudies() -> String {
    let studies = 200
    var rows = ""
    for seeds in [2, 3, 5] {
      for deviation in [0.6, 2, 5.4] {
        for shared in [0.0, 0.5, 1] {
          rows += nullRow(SimulatedStudy(seeds: seeds, seedDeviation: deviation, shared: shared), studies)
        }
      }
    }
    return """
      ## One network entered as five methods

      \(studies) studies for each row, 30 cases, five folds. "Table 2" is the printed table: per cent of its tests against the
      baseline with p (Holm) < 0.05, and per cent of studies in which it marks anything as different (such a p, or a mean
      without † below the best). "Wilcoxon, one seed" is what tables did before: over cases, per cent of the ten pairs with
      p < 0.05, and of studies with one after Holm. "Corrected t" is Nadeau and Bengio's over folds and seeds, in the same
      way. Seeds: deviation of the five-fold mean in points, and the part of its variance that all folds of a seed share
      (0: every trained network varies for itself).

      | seeds | deviation | shared | Table 2: tests | Table 2: studies | Wilcoxon, one seed: pairs | studies | corrected t: pairs | studies |
      |--:|--:|--:|--:|--:|--:|--:|--:|--:|
      \(rows)

      The corrected t takes what folds of one seed share for a difference of the methods: it is not what the tables use.


      """
  }

  private static func nullRow(_ study: SimulatedStudy, _ studies: Int) -> String {
    var (tests, tested, marked) = (0, 0, 0)
    var (old, oldStudies, resampled, resampledStudies) = (0, 0, 0, 0)
    for number in 0..<studies {
      let input = study.input(number)
      let marks = study.marks(input)
      (tests, tested, marked) = (tests + marks.fromBaseline, tested + marks.ofTests, marked + (marks.isAny ? 1 : 0))
      let others = OtherTests(input)
      old += others.oldPairing.count { $0 < 0.05 }
      oldStudies += holmAdjusted(others.oldPairing).contains { $0 < 0.05 } ? 1 : 0
      resampled += others.resampled.count { $0 < 0.05 }
      resampledStudies += holmAdjusted(others.resampled).contains { $0 < 0.05 } ? 1 : 0
    }
    let cells = [
      "\(study.seeds)", text(study.seedDeviation), text(study.shared), percent(tests, of: tested),
      percent(marked, of: studies), percent(old, of: 10 * studies), percent(oldStudies, of: studies),
      percent(resampled, of: 10 * studies), percent(resampledStudies, of: studies),
    ]
    return "| \(cells.joined(separator: " | ")) |\n"
  }

  private static func powers() -> String {
    let studies = 200
    var rows = ""
    for seeds in [3, 5] {
      for deviation in [0.6, 2] {
        var study = SimulatedStudy(seeds: seeds, seedDeviation: deviation, shared: 0.5)
        let squares = (0..<studies).compactMap { last(study.input($0)).detectable.map { $0 * $0 } }
        let smallest = (squares.reduce(0, +) / Double(squares.count)).squareRoot()
        study.effect = smallest
        let found = (0..<studies).count { last(study.input($0)).isFound }
        rows += "| \(seeds) | \(text(deviation)) | \(text(smallest)) | \(percent(found, of: studies)) |\n"
      }
    }
    return """
      ## The smallest detectable difference

      The root mean square of what \(studies) studies call detectable with 80 % power (Table 7), and how often the interval over cases
      and seeds leaves 0 out when the true difference of the last method from the first is that large.

      | seeds | deviation | detectable (points) | found (%) |
      |--:|--:|--:|--:|
      \(rows)
      """
  }

  /// The last method against the first in Table 7.
  private static func last(_ input: ReportInput) -> (detectable: Double?, isFound: Bool) {
    let table = Report(input, ReportOptions(tables: [.uncertainty])).tables[0]
    let row = "M\(SimulatedStudy.methods - 1) − M0"
    guard case .interval(let lower, let upper, _) = table.cell(row: row, column: "Cases and seeds")?.content else {
      return (nil, false)
    }
    return (table.cell(row: row, column: "Detectable")?.number?.value, lower > 0 || upper < 0)
  }
}

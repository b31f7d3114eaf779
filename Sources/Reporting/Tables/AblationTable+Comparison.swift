extension Table {
  /// The four cells of each variant that compare it with the baseline.
  static func comparisons(_ context: TableContext) -> [String: [Cell]] {
    guard let baseline = context.input.baseline else { return [:] }
    let pairs = self.pairedComparisons(context)
    let tested = pairs.compactMap { pair -> (name: String, test: SignedRankTest)? in
      guard case .tested(let test, _) = pair.outcome else { return nil }
      return (pair.variant.name, test)
    }
    let adjusted = Dictionary(
      uniqueKeysWithValues: zip(tested.map(\.name), holmAdjusted(tested.map(\.test.pValue))))
    var cells = Dictionary(
      uniqueKeysWithValues: pairs.map { ($0.variant.name, $0.cells(p: adjusted[$0.variant.name])) })
    cells[baseline] = [Cell(.text("baseline"))] + Array(repeating: Cell(.text("")), count: 3)
    return cells
  }

  static func pairedComparisons(_ context: TableContext) -> [PairedComparison] {
    guard let name = context.input.baseline else { return [] }
    guard let baseline = context.input.variants.first(where: { $0.name == name }) else {
      preconditionFailure("the baseline '\(name)' is not among \(context.input.variants.map(\.name))")
    }
    return context.input.rows.filter { $0.name != baseline.name }.map {
      PairedComparison($0, baseline, structures: context.allStructures, seed: context.options.seed)
    }
  }

  /// Which test ran, which could not, and what so few pairs can show at all.
  static func comparisonNotes(_ context: TableContext) -> [String] {
    let pairs = self.pairedComparisons(context)
    var notes: [String] = []
    for pair in pairs {
      if case .refused(let reason) = pair.outcome {
        notes.append("No paired test of \(pair.variant.name) against \(pair.baseline.name): \(reason).")
      }
    }
    let tests = pairs.compactMap { pair -> SignedRankTest? in
      if case .tested(let test, _) = pair.outcome { test } else { nil }
    }
    guard !tests.isEmpty else { return notes }
    let exact = tests.allSatisfy { $0.method == .exact }
    let limit = SignedRankTest.exactLimit
    notes.append(exact ? "p values are exact." : "p values use the normal approximation above \(limit) pairs.")
    if let fewest = tests.map(\.used).min(), fewest < 6 {
      let least = NumberFormat.fixed(4).text(min(1, 2 / Double(1 << fewest)))
      notes.append("\(fewest) pairs that differ cannot give p below \(least).")
    }
    return notes
  }
}

extension PairedComparison {
  /// Difference, interval, p, effect size; missing where there is no test.
  func cells(p adjusted: Double?) -> [Cell] {
    guard case .tested(let test, let interval) = outcome, let mean, let adjusted else {
      return Array(repeating: Cell(.missing), count: 4)
    }
    func cell(_ content: Cell.Content, _ statistic: String) -> Cell {
      Cell(content, source: Source(statistic, count: differences.count, runs: runs, contributions: differences))
    }
    return [
      cell(.number(Number(mean, .signed(2))), "mean of paired differences from \(baseline.name)"),
      interval.map {
        cell(.interval($0.lower, $0.upper, .signed(2)), "percentile interval of the mean difference, by bootstrap")
      } ?? Cell(.missing),
      cell(
        .number(Number(adjusted, .pValue)), "Wilcoxon signed-rank, two-sided, \(test.method.rawValue), Holm-corrected"),
      test.rankBiserial.map {
        cell(.number(Number($0, .signed(2))), "matched-pairs rank-biserial correlation")
      } ?? Cell(.missing),
    ]
  }
}

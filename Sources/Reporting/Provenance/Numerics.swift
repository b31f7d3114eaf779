import Store

/// Which bits the tables rest on.
extension ReportInput {
  /// Under what the runs with scores were trained, in words; nil when none of them recorded it.
  var numericsWords: String? {
    let versions = Set(scoredRuns.map(\.run.numericsWords))
    let recorded = scoredRuns.contains { $0.run.numerics.contains { $0 != nil } }
    return recorded ? versions.sorted().joined(separator: "; ") : nil
  }

  /// What every table says when its runs are not of one numerics version; nil when they are.
  var mixedNumerics: String? {
    let runs = scoredRuns
    let versions = Set(runs.map(\.run.numericsWords)).sorted()
    guard versions.count > 1 || runs.contains(where: { $0.run.numerics.count > 1 }) else { return nil }
    let groups = versions.map { words in
      let own = runs.filter { $0.run.numericsWords == words }.map { one in
        let seed = one.variant.tellingSeed(of: one.run).map { " seed \($0)" } ?? ""
        return "\(one.variant.name) fold \(one.run.fold)\(seed)"
      }
      return "\(own.joined(separator: ", ")): \(words)"
    }
    return "Programs that train to other bits had a part in this table. \(groups.joined(separator: "; "))."
  }

  private var scoredRuns: [(variant: Variant, run: Run)] {
    rows.filter(\.isTrainedHere).flatMap { variant in
      variant.finished.map { (variant, $0) }
    }
  }
}

extension ReportInput.Run {
  /// "numerics version 2", or several in the order in which they trained.
  var numericsWords: String {
    (numerics.isEmpty ? [nil] : numerics).map(NumericsVersion.words).joined(separator: ", then ")
  }
}

import Experiments
import Metrics
import Text

/// What several seeds of a method make of its numbers and of the words about them.
extension ReportInput.Variant {
  package var hasSeveralSeeds: Bool { seeds.count > 1 }

  /// Whether its networks were trained by our own program, for it.
  var isTrainedHere: Bool { imported == nil && predicted == nil }

  /// Whether each of its label maps is of one training with one known seed.
  var hasOwnSeeds: Bool { imported == nil && predicted?.isEnsemble != true }

  /// Nil where there is nothing to tell apart.
  func tellingSeed(of run: ReportInput.Run) -> UInt64? { hasSeveralSeeds ? run.seed : nil }

  /// `SAFNet, fold 3`, or `SAFNet, fold 3, seed 2024` where it has several.
  func label(of run: ReportInput.Run) -> String {
    PlannedRun.label(name, fold: run.fold, seed: tellingSeed(of: run))
  }

  /// The folds on which at least one seed has finished, ascending.
  package var finishedFolds: [Int] { Set(finished.map(\.fold)).sorted() }
}

extension ScoredCase {
  /// One for each fold and case, in the order of the first seed that has it: structure by structure, the mean over the
  /// seeds in which it counts.
  static func meansOverSeeds(_ cases: [ScoredCase]) -> [ScoredCase] {
    struct Key: Hashable {
      let fold: Int
      let name: String
    }
    var order: [Key] = []
    var groups: [Key: [ScoredCase]] = [:]
    for one in cases {
      let key = Key(fold: one.fold, name: one.name)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(one)
    }
    return order.compactMap { groups[$0] }.map { group in
      var mean = group[0]
      mean.values = mean.values.indices.map { index in Sample(group.compactMap { $0.values[index] }).mean }
      return mean
    }
  }
}

extension ReportInput {
  /// What every caption says where some method has several seeds: that scores are means over them, and over how many.
  var seedWords: String? {
    guard rows.contains(where: \.hasSeveralSeeds) else { return nil }
    // Of a method that another program made, no seed is known; networks that predict otherwise have their variant's.
    let rows = rows.filter(\.isTrainedHere)
    let lists = rows.map(\.seeds).distinct
    func list(_ seeds: [UInt64]) -> String { seeds.map { "\($0)" }.joined(separator: ", ") }
    let words = lists.map { own in
      let count = own.count == 1 ? "1 seed" : "\(own.count) seeds"
      let rows = rows.filter { $0.seeds == own }
      let begun = own.filter { seed in rows.contains { $0.finished.contains { $0.seed == seed || own.count == 1 } } }
      let missing = begun.count == own.count ? "" : "; \(begun.isEmpty ? "none" : list(begun)) so far"
      return "\(count) (\(list(own))\(missing))"
        + (lists.count == 1 ? "" : " of \(rows.map(\.name).joined(separator: ", "))")
    }
    return "A case's score is its mean over the seeds that have finished for it: \(words.joined(separator: "; "))."
  }
}

extension Table {
  /// The caption with the seeds, where there are several.
  func saying(seedsOf input: ReportInput) -> Table {
    guard let words = input.seedWords else { return self }
    var table = self
    switch kind {
    case .cost, .failures, .partition, .test: return self
    case .surfaces, .levels: table.caption += " \(words) Counts and shares run over the predictions of every seed."
    case .folds, .ablation, .structures, .uncertainty, .overlap, .subgroups: table.caption += " \(words)"
    }
    return table
  }
}

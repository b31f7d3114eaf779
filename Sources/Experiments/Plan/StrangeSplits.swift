import Text
import Volumes

/// A file of folds beside a dataset in which half of its cases or more do not stand.
package struct StrangeSplits: Equatable, Sendable {
  package let file: String
  /// Cases of the dataset that stand in it, of how many.
  package let known: Int
  package let cases: Int
  /// Cases that stand in it and are none of the dataset's.
  package let strangers: Int

  /// What it is, without a remedy.
  package var words: String {
    "\(file) names \(known == 0 ? "none" : "\(known)") of the \(Quantity.of(cases, "case")) of this dataset"
      + (strangers > 0 ? ", and \(strangers) that it has not" : "")
      + ": it is of another dataset, or of an earlier state of this one"
  }
}

extension Dataset {
  /// Its file of splits where that knows half of its cases at most, beside which nothing else is worth saying.
  package var strangeSplits: StrangeSplits? {
    guard let givenSplits else { return nil }
    let named = Set(givenSplits.flatMap { $0.train + $0.val } + givenTests.flatMap { $0 ?? [] })
    let known = cases.count { named.contains($0.name) }
    // Names of files, and those in other capitals, are told one by one, with the cases that are meant.
    let meant = Set(named.union(named.map(FoldProblem.meantCase)).map { $0.lowercased() })
    guard known * 2 <= cases.count, cases.count(where: { meant.contains($0.name.lowercased()) }) * 2 <= cases.count
    else { return nil }
    return StrangeSplits(
      file: splitsFile.path, known: known, cases: cases.count, strangers: named.subtracting(names).count)
  }
}

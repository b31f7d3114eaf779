import Foundation
import Volumes

extension Specification {
  /// Where the folds come from, and how many they are: "drawn here, 5 by seed 2023".
  ///
  /// - Parameter dataset: nil: none was looked at, and folds are drawn of an assumed number of cases.
  package func foldWords(of dataset: Dataset?) -> String {
    let drawn = "drawn here, \(folds.count) by seed \(folds.seed)"
    guard let dataset else { return drawn + (uncountedFolds.map { ", in place of \($0)\(countRemedy)" } ?? "") }
    if let by = folds.by { return "one for each of the \(foldCount(by: by, of: dataset)) values of \(by)" }
    if folds.source != .balanced, let splits = dataset.givenSplits {
      return "\(shown(dataset.splitsFile)) (\(splits.count))"
    }
    return drawn
  }

  /// The folds that an experiment wants which does not draw any: without a dataset nobody knows how many they are.
  private var uncountedFolds: String? {
    folds.by.map { "one for each value of \($0)" } ?? (folds.source == .file ? "those of \(SplitsFile.name)" : nil)
  }

  /// Where nobody said how many are assumed.
  private var countRemedy: String {
    isWritten("folds.count") ? "" : ": set folds.count to as many as there are"
  }

  /// Its path from the working directory, where it lies below that.
  private func shown(_ file: URL) -> String {
    let start = workingDirectory.standardizedFileURL.path
    let path = file.standardizedFileURL.path
    return path.hasPrefix(start + "/") ? String(path.dropFirst(start.count + 1)) : path
  }
}

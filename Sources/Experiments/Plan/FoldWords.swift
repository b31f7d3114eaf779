import Foundation
import Volumes

extension Specification {
  /// Where the folds come from, and how many they are: "drawn here, 5 by seed 2023".
  ///
  /// - Parameter dataset: nil: none was looked at, and folds are drawn of an assumed number of cases.
  package func foldWords(of dataset: Dataset?) -> String {
    let drawn = "drawn here, \(folds.count) by seed \(folds.seed)"
    guard let dataset else { return drawn + (givenFolds.map { ", in place of those \($0)" } ?? "") }
    if let by = folds.by { return "one for each of the \(foldCount(by: by, of: dataset)) values of \(by)" }
    if folds.source != .balanced, let splits = dataset.givenSplits {
      return "\(shown(dataset.splitsFile)) (\(splits.count))"
    }
    return drawn
  }

  /// Where the experiment says that its folds come from, if it does not want them drawn.
  private var givenFolds: String? {
    folds.by.map { "by \($0)" } ?? (folds.source == .file ? "of \(SplitsFile.name)" : nil)
  }

  /// The same experiment with folds that are drawn, as they are of cases that are assumed.
  package var drawingFolds: Specification {
    var drawn = self
    drawn.folds.by = nil
    if drawn.folds.source == .file { drawn.folds.source = .balanced }
    return drawn
  }

  /// How many folds a column makes: one for each value of a case that is taken.
  func foldCount(by column: String, of dataset: Dataset) -> Int {
    let excluded = Set(self.dataset.exclude.map(\.name))
    return Set(dataset.values(of: column).filter { !excluded.contains($0.key) }.values).count
  }

  /// Its path from the working directory, where it lies below that.
  private func shown(_ file: URL) -> String {
    let start = workingDirectory.standardizedFileURL.path
    let path = file.standardizedFileURL.path
    return path.hasPrefix(start + "/") ? String(path.dropFirst(start.count + 1)) : path
  }
}

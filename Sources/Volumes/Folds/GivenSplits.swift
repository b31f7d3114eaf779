import Foundation

/// A dataset's own file of splits by itself, before an experiment takes anything of it.
extension Dataset {
  /// What every fold of it names under `test`; nil unless all name the same.
  package var sharedTests: [String]? {
    guard let first = givenTests.first, let names = first, !names.isEmpty,
      givenTests.allSatisfy({ $0.map(Set.init) == Set(names) })
    else { return nil }
    return names
  }

  /// What would be wrong with its folds in every experiment; nil where that is nothing, or there is no such file.
  ///
  /// Cases that all of its folds test and none trains with may be a test set.
  package var splitsErrors: FoldErrors? {
    guard let givenSplits else { return nil }
    let folds = givenSplits.enumerated().map { index, split in
      Fold(number: index + 1, train: split.train, validation: [], test: split.val)
    }
    do throws(FoldErrors) {
      try Folds.validate(folds, cases: names, patients: patients, spared: Set(sharedTests ?? []))
      return nil
    } catch {
      return error.ofFile(splitsFile.path, tests: givenTests)
    }
  }
}

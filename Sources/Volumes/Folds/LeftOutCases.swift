/// Cases that an experiment takes out of its folds after they are made, so that the other cases stay where they were.
///
/// They leave training and validation. In the test part a case that can be read stays: the run that tests it is then the
/// same run as before, and is not trained anew; its score is left out of every table. One that cannot be read was never
/// part of a run, and is in no part.
package struct LeftOutCases: Sendable {
  package var all: Set<String>
  /// Those of them that can be prepared and predicted.
  package var readable: Set<String>

  package init(_ all: Set<String> = [], readable: Set<String> = []) { (self.all, self.readable) = (all, readable) }

  func applied(to folds: [Fold]) throws(FoldErrors) -> [Fold] {
    guard !all.isEmpty else { return folds }
    let changed = folds.map { fold in
      Fold(
        number: fold.number, train: fold.train.filter { !all.contains($0) },
        validation: fold.validation.filter { !all.contains($0) },
        test: fold.test.filter { !all.contains($0) || readable.contains($0) })
    }
    let problems = changed.flatMap { fold -> [FoldProblem] in
      let parts = [
        ("training", fold.train), ("validation", fold.validation), ("test", fold.test.filter { !all.contains($0) }),
      ]
      return parts.filter(\.1.isEmpty).map { .emptiedPart(fold: fold.number, part: $0.0) }
    }
    guard problems.isEmpty else { throw FoldErrors(problems) }
    return changed
  }
}

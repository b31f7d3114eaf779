import Compute

extension Folds {
  /// One fold for each value of a column, in the values' natural order: its cases are all tested, and none of them trains
  /// or chooses the checkpoint (leave-one-site-out).
  ///
  /// Validation cases are drawn by the seed from the cases of the other values, whole patients at a time, `validation` of
  /// them at most.
  ///
  /// - Parameter value: of every case.
  package static func leavingOutEach(
    _ value: [String: String], cases: [String], patients: [String: String] = [:],
    without: LeftOutCases = LeftOutCases(), validation: Int, seed: UInt64
  ) throws(FoldErrors) -> [Fold] {
    let values = Set(cases.compactMap { value[$0] }).sorted(by: naturallyPrecedes)
    let torn = values.enumerated().compactMap { index, one -> FoldProblem? in
      let inside = Set(cases.filter { value[$0] == one }.compactMap { patients[$0] })
      let both = inside.intersection(cases.filter { value[$0] != one }.compactMap { patients[$0] })
      return both.isEmpty ? nil : .patientInTwoParts(fold: index + 1, patients: both.sorted(by: naturallyPrecedes))
    }
    guard torn.isEmpty else { throw FoldErrors(torn) }
    let folds = values.enumerated().map { index, one in
      var stream = RandomStream(seed: seed, purpose: .folds, index: index + 1)
      let others = cases.filter { value[$0] != one && !without.all.contains($0) }.sorted(by: naturallyPrecedes)
      let chosen = validationCases(validation, from: others, patients, &stream)
      let train = others.filter { !chosen.contains($0) }
      return Fold(
        number: index + 1, train: train.sorted(by: naturallyPrecedes),
        validation: chosen.sorted(by: naturallyPrecedes),
        test: cases.filter { value[$0] == one }.sorted(by: naturallyPrecedes))
    }
    // Cases that are taken out are in no part but the test, which is not checked for them.
    let kept = folds.map { fold in
      Fold(
        number: fold.number, train: fold.train, validation: fold.validation,
        test: fold.test.filter { !without.all.contains($0) })
    }
    try validate(kept, cases: cases.filter { !without.all.contains($0) }, patients: patients, heldOut: \.test)
    return try without.applied(to: folds)
  }

  private static func validationCases(
    _ count: Int, from cases: [String], _ patients: [String: String], _ stream: inout RandomStream
  ) -> Set<String> {
    let units = Dictionary(grouping: cases) { patients[$0].map { "patient \($0)" } ?? $0 }.values
      .sorted { naturallyPrecedes($0[0], $1[0]) }
    let drawn = stream.shuffled(units)
    var chosen: [String] = []
    for unit in drawn where chosen.count + unit.count <= count { chosen += unit }
    // Every patient has more cases than asked for: the smallest.
    if chosen.isEmpty, let smallest = drawn.min(by: { $0.count < $1.count }) { chosen = smallest }
    return Set(chosen)
  }
}

import Compute

/// Cross-validation folds: made, taken from nnU-Net's splits, and checked.
package enum Folds {
  /// Cuts the cases into `count` held-out parts that differ by one case at most (patients with several cases stay
  /// together, which may cost more), balanced for rare structures by `Stratification`.
  ///
  /// Of each held-out part, `validation` cases choose the checkpoint and the rest are tested; the other parts train.
  /// Or they are drawn from those (`ValidationSource`).
  ///
  /// - Parameters:
  ///   - present: for each case, for each structure without background: is it in the case?
  ///   - patients: case to patient, for those with several cases.
  ///   - traits: for each case, what else should be in every part as often as in every other.
  ///   - without: cases that are taken out of the division once it is made.
  package static func balanced(
    cases: [String], present: [String: [Bool]], patients: [String: String] = [:], traits: [String: [Bool]] = [:],
    without: LeftOutCases = LeftOutCases(), count: Int, validation: Int, from source: ValidationSource = .heldOut,
    seed: UInt64
  ) throws(FoldErrors) -> [Fold] {
    guard count >= 2, cases.count >= count, leastDrawnFrom(source, cases: cases.count, folds: count) > validation else {
      throw FoldErrors([.tooFewCases(cases: cases.count, folds: count, validation: validation)])
    }
    var stream = RandomStream(seed: seed, purpose: .folds)
    let wanted = Dictionary(uniqueKeysWithValues: cases.map { ($0, (present[$0] ?? []) + (traits[$0] ?? [])) })
    let units = stream.shuffled(units(of: cases, present: traits.isEmpty ? present : wanted, patients: patients))
    let parts = Stratification(units, parts: count).parts.map { $0.flatMap(\.cases) }
    let splits = parts.indices.map { held in
      Split(train: parts.indices.filter { $0 != held }.flatMap { parts[$0] }, val: parts[held])
    }
    return try honouring(
      splits, cases: cases, present: present, patients: patients, without: without, validation: validation,
      from: source, seed: seed)
  }

  /// Cases of the smallest part that validation cases are drawn from.
  private static func leastDrawnFrom(_ source: ValidationSource, cases: Int, folds: Int) -> Int {
    switch source {
    case .heldOut: cases / folds
    case .training: cases - (cases + folds - 1) / folds
    }
  }

  private static func units(
    of cases: [String], present: [String: [Bool]], patients: [String: String]
  ) -> [Stratification.Unit] {
    let structures = present.values.map(\.count).max() ?? 0
    return together(cases, patients).map { group in
      let found = (0..<structures).map { s in group.contains { present[$0]?[s] ?? false } }
      return Stratification.Unit(cases: group, present: found)
    }
  }

  /// Cases that stay in one part: those of a patient, others alone.
  static func together(_ cases: [String], _ patients: [String: String]) -> [[String]] {
    Dictionary(grouping: cases.sorted(by: naturallyPrecedes)) { patients[$0].map { "patient \($0)" } ?? $0 }.values
      .sorted { naturallyPrecedes($0[0], $1[0]) }
  }

  /// Folds with the given held-out parts (nnU-Net's `val`), as in `splits_final.json`.
  ///
  /// nnU-Net has no test cases, so `validation` cases are drawn from each held-out part by the seed: never the last
  /// of the part with some structure, and none whose patient has another case in the part, unless nothing else is
  /// left. Or they are drawn from the split's training cases (`ValidationSource`).
  package static func honouring(
    _ splits: [Split], cases: [String], present: [String: [Bool]], patients: [String: String] = [:],
    without: LeftOutCases = LeftOutCases(), validation: Int, from source: ValidationSource = .heldOut, seed: UInt64
  ) throws(FoldErrors) -> [Fold] {
    // A name may be written in another normal form; the dataset's own spelling is the file's on the disk.
    let spelling = Dictionary(cases.map { ($0, $0) }, uniquingKeysWith: { first, _ in first })
    func own(_ names: [String]) -> [String] { names.map { spelling[$0] ?? $0 } }
    let splits = splits.map { Split(train: own($0.train), val: own($0.val)) }
    let doubled: [FoldProblem] = splits.enumerated().compactMap { index, split in
      let counts = Dictionary(split.val.map { ($0, 1) }, uniquingKeysWith: +)
      let names = counts.filter { $0.value > 1 }.keys.sorted(by: naturallyPrecedes)
      return names.isEmpty ? nil : .twiceInOnePart(fold: index + 1, names: names)
    }
    guard doubled.isEmpty else { throw FoldErrors(doubled) }
    let folds = splits.enumerated().map { index, split in
      if source == .training {
        return testingAll(
          of: split, number: index + 1, present: present, patients: patients, leftOut: without.all,
          validation: validation, seed: seed)
      }
      var stream = RandomStream(seed: seed, purpose: .folds, index: index + 1)
      let held = stream.shuffled(split.val.sorted(by: naturallyPrecedes))
      var chosen = Set(chooseValidation(validation, from: held, present: present, patients: patients))
      // Only where it would have been one that is taken out: elsewhere the fold stays as it was.
      if !chosen.isDisjoint(with: without.all) {
        let left = held.filter { !without.all.contains($0) }
        chosen = Set(chooseValidation(validation, from: left, present: present, patients: patients))
      }
      return Fold(
        number: index + 1, train: split.train.sorted(by: naturallyPrecedes),
        validation: chosen.sorted(by: naturallyPrecedes),
        test: split.val.filter { !chosen.contains($0) }.sorted(by: naturallyPrecedes))
    }
    // Splits may leave out a case that is taken out anyway, all of them or some.
    try validate(
      folds, cases: cases, patients: patients, spared: without.all,
      heldOut: { source == .training ? $0.test : $0.validation + $0.test })
    return try without.applied(to: folds)
  }

  private static func chooseValidation(
    _ count: Int, from held: [String], present: [String: [Bool]], patients: [String: String]
  ) -> [String] {
    var test = held
    for name in held where held.count - test.count < count {
      let rest = test.filter { $0 != name }
      let alone = patients[name] == nil || !rest.contains { patients[$0] == patients[name] }
      if alone && keepsStructures(of: [name], Set(rest), present) { test = rest }
    }
    let chosen = held.filter { !test.contains($0) }
    return chosen + test.prefix(count - chosen.count)
  }
}

import Text

extension Folds {
  /// Throws everything that makes folds dishonest or unusable: overlaps, cases left out, unknown or repeated, empty
  /// training or test parts, a patient on both sides, a case held out by two folds.
  ///
  /// - Parameters:
  ///   - spared: cases that are taken out afterwards, and may be missing in any fold.
  ///   - heldOut: of a fold, the cases that no other fold may hold out.
  package static func validate(
    _ folds: [Fold], cases: [String], patients: [String: String] = [:], spared: Set<String> = [],
    heldOut: (Fold) -> [String] = { $0.validation + $0.test }
  ) throws(FoldErrors) {
    var problems = folds.flatMap { self.problems(of: $0, cases: Set(cases), patients: patients, spared: spared) }
    problems += repeats(folds.map { (number: $0.number, names: Set(heldOut($0))) })
    guard problems.isEmpty else { throw FoldErrors(problems) }
  }

  /// Cases that several folds hold out, those of the same folds together.
  private static func repeats(_ held: [(number: Int, names: Set<String>)]) -> [FoldProblem] {
    var folds: [String: [Int]] = [:]
    for fold in held { for name in fold.names { folds[name, default: []].append(fold.number) } }
    let groups = Dictionary(grouping: folds.filter { $0.value.count > 1 }, by: \.value)
    return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { folds, group in
      .testedTwice(folds: folds, names: group.map(\.key).sorted(by: naturallyPrecedes))
    }
  }

  private static func problems(
    of fold: Fold, cases: Set<String>, patients: [String: String], spared: Set<String>
  ) -> [FoldProblem] {
    let parts = [fold.train, fold.validation, fold.test]
    let counts = Dictionary(grouping: parts.flatMap { Set($0) }) { $0 }.mapValues(\.count)
    func sorted(_ names: some Sequence<String>) -> [String] { names.sorted(by: naturallyPrecedes) }
    let repeated = parts.flatMap { part in Dictionary(grouping: part) { $0 }.filter { $0.value.count > 1 }.keys }
    let onBothSides = Set(fold.train.compactMap { patients[$0] })
      .intersection((fold.validation + fold.test).compactMap { patients[$0] })
    let unknown = counts.keys.filter { !cases.contains($0) }
    let files = Set(unknown.filter { cases.contains(FoldProblem.meantCase($0)) })
    let meant = Set(files.map(FoldProblem.meantCase))
    let left = cases.filter { counts[$0] == nil && !meant.contains($0) && !spared.contains($0) }
    let near = misspelt(sorted(unknown.filter { !files.contains($0) }), for: sorted(left))
    let found: [(names: [String], problem: ([String]) -> FoldProblem)] = [
      (sorted(files), { .fileNames(fold: fold.number, names: $0) }),
      (
        sorted(unknown.filter { !files.contains($0) && near[$0] == nil }),
        { .unknownCases(fold: fold.number, names: $0) }
      ),
      (
        sorted(near.keys),
        { .misspelt(folds: [fold.number], names: $0, meant: $0.compactMap { near[$0] }) }
      ),
      (sorted(counts.filter { $0.value > 1 }.keys), { .inTwoParts(fold: fold.number, names: $0) }),
      (sorted(Set(repeated)), { .twiceInOnePart(fold: fold.number, names: $0) }),
      (sorted(left.filter { !near.values.contains($0) }), { .leftOut(fold: fold.number, names: $0) }),
      (sorted(onBothSides), { .patientInTwoParts(fold: fold.number, patients: $0) }),
      (fold.train.isEmpty ? ["training"] : [], { .emptyPart(fold: fold.number, part: $0[0]) }),
      (fold.test.isEmpty ? ["test"] : [], { .emptyPart(fold: fold.number, part: $0[0]) }),
    ]
    return found.filter { !$0.names.isEmpty }.map { $0.problem($0.names) }
  }

  /// Names that are no case's, each with a case that the fold leaves out and that is written much like it.
  private static func misspelt(_ unknown: [String], for left: [String]) -> [String: String] {
    // Of thousands every pair would be compared, and so many are no slips.
    guard unknown.count <= 100, left.count <= 1000 else { return [:] }
    var (near, free) = ([String: String](), left)
    for name in unknown {
      // Of one letter any other would be near.
      guard let one = name.nearest(in: free), name.editDistance(to: one) < max(name.count, one.count) else { continue }
      near[name] = one
      free.removeAll { $0 == one }
    }
    return near
  }
}

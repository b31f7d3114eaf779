import Compute

/// Where the cases come from that choose the checkpoint.
package enum ValidationSource: String, Codable, CaseIterable, Sendable {
  /// Of the held-out part, whose rest is tested: the paper's way, in which these cases are tested by no network.
  case heldOut
  /// Of the other parts, whose rest trains: every case of the held-out part is tested.
  case training
}

extension Folds {
  /// A fold that tests all that a split holds out, and draws its validation cases from those that the split trains with:
  /// whole patients by the seed, `count` cases at most, and never the last with some structure unless nothing else is left.
  ///
  /// - Parameters:
  ///   - present: for each case, for each structure: is it in the case?
  ///   - leftOut: cases that are not drawn.
  static func testingAll(
    of split: Split, number: Int, present: [String: [Bool]], patients: [String: String], leftOut: Set<String>,
    validation count: Int, seed: UInt64
  ) -> Fold {
    var stream = RandomStream(seed: seed, purpose: .folds, index: number)
    let drawn = stream.shuffled(together(split.train.filter { !leftOut.contains($0) }, patients))
    var (chosen, rest) = ([String](), Set(split.train))
    func take(_ unit: [String]) {
      chosen += unit
      rest.subtract(unit)
    }
    for unit in drawn where chosen.count + unit.count <= count && keepsStructures(of: unit, rest, present) {
      take(unit)
    }
    for unit in drawn where chosen.count + unit.count <= count && rest.isSuperset(of: unit) { take(unit) }
    // Every patient has more cases than asked for: the smallest.
    if chosen.isEmpty, let smallest = drawn.min(by: { $0.count < $1.count }) { take(smallest) }
    return Fold(
      number: number, train: rest.sorted(by: naturallyPrecedes), validation: chosen.sorted(by: naturallyPrecedes),
      test: split.val.sorted(by: naturallyPrecedes))
  }

  /// Whether every structure of these cases is in one of the rest as well.
  static func keepsStructures(of unit: [String], _ rest: Set<String>, _ present: [String: [Bool]]) -> Bool {
    let others = rest.subtracting(unit)
    return unit.allSatisfy { name in
      (present[name] ?? []).enumerated().allSatisfy { structure, isThere in
        !isThere || others.contains { present[$0]?[structure] ?? false }
      }
    }
  }
}

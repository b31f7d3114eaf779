import Compute
import Testing
import Volumes

/// Validation cases of the training part: the held-out part is tested whole.
@Suite struct ValidationSourceTests {
  private static let cases = (1...20).map { "c\($0)" }

  private static func folds(
    present: [String: [Bool]] = [:], patients: [String: String] = [:], without: LeftOutCases = LeftOutCases(),
    validation: Int = 3, seed: UInt64 = 7, from source: ValidationSource = .training
  ) throws -> [Fold] {
    try Folds.balanced(
      cases: cases, present: present, patients: patients, without: without, count: 4, validation: validation,
      from: source,
      seed: seed)
  }

  @Test func everyCaseIsTestedOnce() throws {
    let folds = try Self.folds()
    #expect(folds.flatMap(\.test).sorted() == Self.cases.sorted())
    for fold in folds {
      #expect(fold.test.count == 5 && fold.validation.count == 3 && fold.train.count == 12)
      #expect((fold.train + fold.validation + fold.test).sorted() == Self.cases.sorted())
    }
    // The held-out parts are those of the paper's way, whatever validates.
    let others = try Self.folds(from: .heldOut)
    #expect(zip(folds, others).allSatisfy { Set($0.test) == Set($1.test + $1.validation) })
    #expect(try Self.folds() == folds && Set((1...5).map { try Self.folds(seed: $0)[0].validation }).count > 1)
  }

  /// More than a held-out part has, which the paper's way cannot give.
  @Test func thereMayBeMoreOfThemThanAreHeldOut() throws {
    #expect(try Self.folds(validation: 6).allSatisfy { $0.validation.count == 6 && $0.train.count == 9 })
    #expect(throws: FoldErrors([.tooFewCases(cases: 20, folds: 4, validation: 15)])) { try Self.folds(validation: 15) }
  }

  @Test func patientsStayTogether() throws {
    let patients = Dictionary(uniqueKeysWithValues: Self.cases.enumerated().map { ($1, "p\($0 / 2)") })
    for fold in try Self.folds(patients: patients, validation: 4) {
      #expect(fold.validation.count == 4 && Set(fold.validation.map { patients[$0]! }).count == 2)
      #expect(Set(fold.validation.map { patients[$0]! }).isDisjoint(with: fold.train.map { patients[$0]! }))
    }
    // A patient's two cases are the least that can be taken.
    #expect(try Self.folds(patients: patients, validation: 1).allSatisfy { $0.validation.count == 2 })
  }

  /// Of two cases with a structure one is tested in two folds, and the other trains there.
  @Test(arguments: 1...20) func theLastWithAStructureTrains(seed: UInt64) throws {
    let present = Dictionary(uniqueKeysWithValues: Self.cases.map { ($0, [["c3", "c11"].contains($0)]) })
    for fold in try Self.folds(present: present, validation: 10, seed: seed) {
      #expect(fold.train.contains { present[$0]![0] }, "\(fold.validation)")
    }
  }

  @Test func whatIsTakenOutIsNeverDrawn() throws {
    let without = LeftOutCases(["c1", "c2", "c3", "c4"], readable: ["c1"])
    for fold in try Self.folds(without: without) {
      #expect(fold.validation.count == 3 && without.all.isDisjoint(with: fold.train + fold.validation))
      #expect(without.all.intersection(fold.test).isSubset(of: ["c1"]))
    }
  }

  @Test func givenSplitsAreTestedWhole() throws {
    let splits = [
      Split(train: ["d", "e", "f"], val: ["a", "b", "c"]), Split(train: ["a", "b", "c", "e", "f"], val: ["d"]),
    ]
    let folds = try Folds.honouring(
      splits, cases: ["a", "b", "c", "d", "e", "f"], present: [:], validation: 2, from: .training, seed: 1)
    #expect(folds.map(\.test) == [["a", "b", "c"], ["d"]])
    #expect(folds.map(\.validation.count) == [2, 2] && folds.map(\.train.count) == [1, 3])
  }
}

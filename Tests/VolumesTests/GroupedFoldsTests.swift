import Testing
import Volumes

/// Folds that hold out one value of a column each, folds balanced by columns, and folds without some cases.
@Suite struct GroupedFoldsTests {
  static let cases = (1...12).map { "c\($0)" }
  /// Three sites of 2, 4 and 6 cases; patients of two cases each.
  static let sites = Dictionary(
    uniqueKeysWithValues: cases.enumerated().map { ($1, $0 < 2 ? "a" : $0 < 6 ? "b" : "c") })
  static let patients = Dictionary(uniqueKeysWithValues: cases.enumerated().map { ($1, "p\($0 / 2)") })

  @Test func eachSiteIsTestedByNetworksThatSawNoneOfIt() throws {
    let folds = try Folds.leavingOutEach(
      Self.sites, cases: Self.cases, patients: Self.patients, validation: 3, seed: 1)
    #expect(folds.map(\.number) == [1, 2, 3] && folds.map(\.test.count) == [2, 4, 6])
    for (fold, site) in zip(folds, ["a", "b", "c"]) {
      #expect(fold.test.allSatisfy { Self.sites[$0] == site })
      #expect((fold.train + fold.validation).allSatisfy { Self.sites[$0] != site })
      // Whole patients of two cases: three at most are two.
      #expect(fold.validation.count == 2 && Set(fold.validation.map { Self.patients[$0] }).count == 1)
      #expect((fold.train + fold.validation + fold.test).sorted() == Self.cases.sorted())
    }
    #expect(
      try folds
        == Folds.leavingOutEach(
          Self.sites, cases: Self.cases.reversed(), patients: Self.patients, validation: 3, seed: 1))
  }

  @Test func aPatientWithManyCasesValidatesWhole() throws {
    let patients = Dictionary(uniqueKeysWithValues: Self.cases.map { ($0, Self.sites[$0]!) })
    let folds = try Folds.leavingOutEach(Self.sites, cases: Self.cases, patients: patients, validation: 1, seed: 1)
    #expect(folds.map { Set($0.validation.map { Self.sites[$0]! }) } == [["b"], ["a"], ["a"]])
  }

  @Test func aPatientOfTwoSitesIsRefused() {
    let patients = ["c1": "x", "c5": "x"]
    let error = #expect(throws: FoldErrors.self) {
      try Folds.leavingOutEach(Self.sites, cases: Self.cases, patients: patients, validation: 1, seed: 1)
    }
    #expect(error?.problems.contains(.patientInTwoParts(fold: 1, patients: ["x"])) == true)
  }

  /// A patient of whom one case is taken out may still choose the checkpoint with the other.
  @Test(arguments: 1...6 as ClosedRange<UInt64>) func aCaseThatIsTakenOutTearsNoPatient(seed: UInt64) throws {
    for name in Self.cases {
      let folds = try Folds.leavingOutEach(
        Self.sites, cases: Self.cases, patients: Self.patients, without: LeftOutCases([name], readable: [name]),
        validation: 2, seed: seed)
      for fold in folds {
        #expect(!(fold.train + fold.validation).contains(name))
        #expect(fold.test.contains(name) == (Self.sites[name] == ["a", "b", "c"][fold.number - 1]))
      }
    }
  }

  /// A trait that six of twelve cases have is in two of each four.
  @Test(arguments: 1...10 as ClosedRange<UInt64>) func traitsAreInEveryPartAlike(seed: UInt64) throws {
    let traits = Dictionary(uniqueKeysWithValues: Self.cases.enumerated().map { ($1, [$0 < 6, $0 >= 6]) })
    let folds = try Folds.balanced(cases: Self.cases, present: [:], traits: traits, count: 3, validation: 1, seed: seed)
    for fold in folds { #expect((fold.validation + fold.test).count { traits[$0]![0] } == 2) }
  }

  // MARK: Cases taken out

  func folds(_ without: LeftOutCases) throws -> [Fold] {
    try Folds.balanced(cases: Self.cases, present: [:], without: without, count: 3, validation: 1, seed: 4)
  }

  @Test func theOtherCasesStayWhereTheyWere() throws {
    let whole = try folds(LeftOutCases())
    for name in Self.cases {
      let without = try folds(LeftOutCases([name], readable: [name]))
      for (before, after) in zip(whole, without) {
        if before.test.contains(name) {
          #expect(after == before, "the run that tests it is the same run")
        } else if before.validation.contains(name) {
          #expect(after.train == before.train && after.validation.count == 1 && after.test.contains(name))
        } else {
          #expect(after.train == before.train.filter { $0 != name } && after.test == before.test)
        }
      }
    }
  }

  @Test func aCaseThatCannotBeReadIsInNoPart() throws {
    let folds = try folds(LeftOutCases(["c3"]))
    #expect(folds.allSatisfy { !($0.train + $0.validation + $0.test).contains("c3") })
  }

  @Test func aPartThatIsEmptiedIsSaid() throws {
    let splits = [Split(train: ["c1", "c2"], val: ["c3", "c4"]), Split(train: ["c3", "c4"], val: ["c1", "c2"])]
    let error = #expect(throws: FoldErrors.self) {
      try Folds.honouring(
        splits, cases: ["c1", "c2", "c3", "c4"], present: [:], without: LeftOutCases(["c1", "c2"]), validation: 1,
        seed: 1)
    }
    #expect(error?.problems.contains(.emptiedPart(fold: 1, part: "training")) == true)
    #expect(
      error?.description.contains(
        "fold 1: dataset.exclude leaves no training case") == true)
    let written = error?.ofFile("splits_final.json", tests: [])
    #expect(
      written?.description.hasPrefix(
        "splits_final.json: fold 1 (nnU-Net's fold 0): dataset.exclude leaves no training case; exclude fewer cases, or move"
          + " cases from this fold's val to its train\n") == true)
    #expect(
      FoldErrors([.emptiedPart(fold: 1, part: "test")], .drawn(field: "e.json:3:4: folds.count")).description
        == "e.json:3:4: folds.count: fold 1: dataset.exclude leaves no test case; exclude fewer cases, or hold out more (fewer"
        + " folds, fewer validation cases)")
  }

  static let emptied: [(part: String, source: FoldErrors.Source, fold: String, remedy: String)] = [
    (
      "test", .file("s.json"), "fold 2 (nnU-Net's fold 1)", "exclude fewer cases, or hold out more in this fold (val)"
    ),
    ("training", .drawn(field: "s.json"), "fold 2", "exclude fewer cases, or let more train (more folds)"),
  ]

  /// As folds of that source are made.
  @Test(arguments: emptied) func aPartThatIsEmptiedHasItsRemedy(
    part: String, source: FoldErrors.Source, fold: String, remedy: String
  ) {
    #expect(
      FoldErrors([.emptiedPart(fold: 2, part: part)], source).description
        == "s.json: \(fold): dataset.exclude leaves no \(part) case; \(remedy)")
  }

  /// Folds of a column are made of the cases that are left: what is missing then, no file and no number of folds brings back.
  @Test(arguments: [["c1", "c2"], (4...12).map { "c\($0)" }]) func aColumnsPartsAreEmptyFromTheStart(out: [String])
    throws
  {
    let error = #expect(throws: FoldErrors.self) {
      try Folds.leavingOutEach(
        Self.sites, cases: Self.cases, without: LeftOutCases(Set(out), readable: Set(out)), validation: 1, seed: 1)
    }
    let problems = try #require(error).problems
    #expect(problems.contains(.emptyPart(fold: 1, part: out.contains("c1") ? "test" : "training")), "\(problems)")
    #expect(!problems.contains { if case .emptiedPart = $0 { true } else { false } }, "\(problems)")
    let words = FoldErrors(problems, .column("site", field: "s.json")).description
    let remedy =
      out.contains("c1")
      ? "no test case; take cases of this site out of dataset.exclude" : "no training case; lower folds.validation"
    #expect(words.contains("s.json: fold 1: has \(remedy)"), "\(words)")
  }

  /// Splits that leave a case out on purpose are accepted where the experiment says why.
  @Test func splitsNeedNotNameACaseThatIsTakenOut() throws {
    let splits = [Split(train: ["c1", "c2"], val: ["c3", "c4"]), Split(train: ["c3", "c4"], val: ["c1", "c2"])]
    let all = ["c1", "c2", "c3", "c4"]
    func folds(_ cases: [String], _ without: LeftOutCases) throws -> [Fold] {
      try Folds.honouring(splits, cases: cases, present: [:], without: without, validation: 1, seed: 1)
    }
    #expect(try folds(all + ["c5"], LeftOutCases(["c5"], readable: ["c5"])) == folds(all, LeftOutCases()))
    #expect(throws: FoldErrors.self) { try folds(all + ["c5"], LeftOutCases()) }
  }

  /// In one fold it may be missing, and in another not: as the advice about it says, it is taken out of all.
  @Test func aCaseThatIsTakenOutMayBeMissingInSomeFolds() throws {
    let splits = [
      Split(train: ["c1", "c2"], val: ["c4", "c5"]), Split(train: ["c3", "c4", "c5"], val: ["c1", "c2"]),
    ]
    func folds(_ without: LeftOutCases) throws -> [Fold] {
      try Folds.honouring(
        splits, cases: (1...5).map { "c\($0)" }, present: [:], without: without, validation: 1, seed: 1)
    }
    let error = #expect(throws: FoldErrors.self) { try folds(LeftOutCases()) }
    #expect(error?.problems == [.leftOut(fold: 1, names: ["c3"])])
    #expect(try folds(LeftOutCases(["c3"], readable: ["c3"])).map(\.train) == [["c1", "c2"], ["c4", "c5"]])
  }
}

import Compute
import Foundation
import TestSupport
import Testing
import Volumes

@Suite struct FoldsTests {
  /// As rare as in the challenge's 172 cases: T10/T11 64, T10 44, T9/T10 13, T9 8; the rare ones nested as in a spine.
  static func challenge(seed: UInt64) -> (cases: [String], present: [String: [Bool]]) {
    var stream = RandomStream(seed: seed, purpose: .test)
    let order = stream.shuffled(Array(0..<172))
    var present: [String: [Bool]] = [:]
    for (rank, number) in order.enumerated() {
      present["Case\(number + 1)"] = [true, true, rank < 64, rank < 44, rank < 13, rank < 8]
    }
    return ((1...172).map { "Case\($0)" }, present)
  }

  @Test(arguments: [1, 2, 3, 2023] as [UInt64])
  func everyPartHoldsEveryStructure(seed: UInt64) throws {
    let (cases, present) = Self.challenge(seed: seed)
    let folds = try Folds.balanced(cases: cases, present: present, count: 5, validation: 4, seed: seed)
    #expect(folds.map(\.number) == [1, 2, 3, 4, 5])
    for (s, total) in [172, 172, 64, 44, 13, 8].enumerated() {
      let counts = folds.map { fold in (fold.test + fold.validation).count { present[$0]![s] } }
      // As even as whole numbers can be.
      #expect(counts.max()! - counts.min()! <= 1, "structure \(s) of \(total): \(counts)")
      for fold in folds {
        #expect(fold.test.contains { present[$0]![s] }, "structure \(s) can be tested in fold \(fold.number)")
      }
    }
  }

  @Test(arguments: [(172, 5, 4), (40, 5, 4), (10, 3, 1), (10, 10, 0), (7, 2, 2), (23, 4, 0)])
  func partsAreCompleteDisjointAndEven(cases: Int, count: Int, validation: Int) throws {
    let names = (0..<cases).map { "c\($0)" }
    let folds = try Folds.balanced(cases: names, present: [:], count: count, validation: validation, seed: 7)
    let held = folds.map { $0.validation + $0.test }
    #expect(held.map(\.count).max()! - held.map(\.count).min()! <= 1)
    #expect(held.flatMap { $0 }.sorted() == names.sorted())
    for fold in folds {
      #expect(fold.validation.count == validation)
      #expect((fold.train + fold.validation + fold.test).sorted() == names.sorted())
    }
  }

  @Test func theSeedDecidesAndNothingElse() throws {
    let (cases, present) = Self.challenge(seed: 5)
    func folds(_ cases: [String], seed: UInt64) throws -> [Fold] {
      try Folds.balanced(cases: cases, present: present, count: 5, validation: 4, seed: seed)
    }
    #expect(try folds(cases, seed: 1) == folds(cases.reversed(), seed: 1), "the order of the list does not count")
    #expect(try folds(cases, seed: 1) != folds(cases, seed: 2))
    let validations = try (1...5).map { try folds(cases, seed: UInt64($0))[0].validation }
    #expect(Set(validations).count == 5)
  }

  /// The first assignment leaves a part without structure 1 whenever its two cases share a part; the swaps repair it.
  @Test(arguments: 1...20)
  func repairsWhatGreedLeaves(seed: Int) throws {
    var stream = RandomStream(seed: UInt64(seed), purpose: .test)
    let cases = (0..<30).map { "c\($0)" }
    var present: [String: [Bool]] = [:]
    for name in cases { present[name] = (0..<8).map { _ in stream.nextUniform() < 0.17 } }
    let folds = try Folds.balanced(cases: cases, present: present, count: 3, validation: 0, seed: UInt64(seed))
    for s in 0..<8 where cases.count(where: { present[$0]![s] }) >= 3 {
      for fold in folds { #expect(fold.test.contains { present[$0]![s] }, "structure \(s), fold \(fold.number)") }
    }
  }

  @Test func patientsStayTogether() throws {
    let cases = (0..<40).map { "c\($0)" }
    let patients = Dictionary(uniqueKeysWithValues: (0..<20).map { ("c\($0)", "p\($0 / 2)") })
    let folds = try Folds.balanced(
      cases: cases, present: [:], patients: patients, count: 5, validation: 2, seed: 3)
    for fold in folds {
      let held = Set((fold.validation + fold.test).compactMap { patients[$0] })
      let choosing = Set(fold.validation.compactMap { patients[$0] })
      #expect(held.isDisjoint(with: fold.train.compactMap { patients[$0] }))
      #expect(choosing.isDisjoint(with: fold.test.compactMap { patients[$0] }))
      #expect(fold.validation.count + fold.test.count == 8)
    }
  }

  @Test func refusesTooFewCases() {
    for (cases, count, validation) in [(19, 5, 3), (4, 5, 0), (10, 1, 0)] {
      let problem = FoldProblem.tooFewCases(cases: cases, folds: count, validation: validation)
      #expect(throws: FoldErrors([problem])) {
        try Folds.balanced(
          cases: (0..<cases).map { "c\($0)" }, present: [:], count: count, validation: validation, seed: 1)
      }
    }
  }

  @Test func honoursGivenSplits() throws {
    let cases = (1...9).map { "c\($0)" }
    let splits = [
      Split(train: ["c4", "c5", "c6", "c7", "c8", "c9"], val: ["c3", "c1", "c2"]),
      Split(train: ["c1", "c2", "c3", "c7", "c8", "c9"], val: ["c4", "c5", "c6"]),
    ]
    let present = ["c1": [true], "c2": [false], "c3": [false], "c4": [true], "c5": [true], "c6": [false]]
    let folds = try Folds.honouring(splits, cases: cases, present: present, validation: 1, seed: 6)
    #expect(folds[0].train == splits[0].train)
    #expect(Set(folds[0].validation + folds[0].test) == ["c1", "c2", "c3"])
    #expect(folds[0].validation.count == 1)
    #expect(folds[0].validation != ["c1"], "c1 is the only one with the structure, so it is tested")
    #expect(try Folds.honouring(splits, cases: cases, present: present, validation: 1, seed: 6) == folds)
  }

  @Test func refusesANameThatIsHeldOutTwice() {
    let splits = [Split(train: ["a", "b"], val: ["c", "d", "c"])]
    #expect(throws: FoldErrors([.twiceInOnePart(fold: 1, names: ["c"])])) {
      try Folds.honouring(splits, cases: ["a", "b", "c", "d"], present: [:], validation: 1, seed: 1)
    }
  }

  @Test func writesWhatNnunetReads() throws {
    let folder = try TemporaryFolder()
    let file = folder.file(SplitsFile.name)
    let cases = (1...12).map { "Case\($0)" }
    let folds = try Folds.balanced(cases: cases, present: [:], count: 3, validation: 1, seed: 1)
    try SplitsFile.write(folds, in: file.deletingLastPathComponent())
    let text = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as! [[String: [String]]]
    #expect(text.map { $0.keys.sorted() } == Array(repeating: ["train", "val"], count: 3))
    // What a killed process left goes away; what is there already is not written again.
    try Data().write(to: folder.file(".\(SplitsFile.name).0123.partial"))
    let before = try FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber] as? Int
    try SplitsFile.write(folds, in: file.deletingLastPathComponent())
    #expect(try FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber] as? Int == before)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == [".lock", SplitsFile.name])
    let splits = try SplitsFile.read(file)
    for (split, fold) in zip(splits, folds) {
      #expect(split.train == fold.train)
      #expect(Set(split.val) == Set(fold.validation + fold.test))
    }
    #expect(try Folds.honouring(splits, cases: cases, present: [:], validation: 1, seed: 1) == folds)
  }

  @Test func sayWhatStandsInTheirPlace() throws {
    let folder = try TemporaryFolder()
    let blocking = folder.file("Workspace")
    try Data().write(to: blocking)
    let error = #expect(throws: NIfTIError.self) { try SplitsFile.write([], in: blocking.appending(path: "splits")) }
    let words = error?.description ?? ""
    #expect(
      words.contains("cannot be written: not a directory. \(blocking.path) is a file, and a folder is needed there"),
      "\(words)")
  }

  /// Names of files, as a script lists a folder: the cases that are meant are named, and none of them is said to be left out.
  @Test(arguments: ["%_0000", "%.nii.gz", "%_0000.nii.gz", "imagesTr/%_0000.nii.gz"])
  func namesOfFilesAreToldFromUnknownCases(form: String) {
    func file(_ name: String) -> String { form.replacingOccurrences(of: "%", with: name) }
    let fold = Fold(number: 1, train: [file("a"), file("b"), "x_0000"], validation: [], test: ["c"])
    let error = #expect(throws: FoldErrors.self) { try Folds.validate([fold], cases: ["a", "b", "c", "d"]) }
    #expect(
      error?.description == """
        fold 1: \(file("a")), \(file("b")) are files' names, and cases are meant: a, b
        fold 1: the dataset has no case x_0000
        fold 1: d in neither train nor val
        """)
    #expect(
      error.map {
        FoldErrors([$0.problems[0]], .file("s.json")).description.hasSuffix(
          "meant: a, b; write cases, without folder, channel (_0000) and ending")
      } == true)
  }

  /// Those of the same folds share a line, others have their own.
  @Test func casesThatAreHeldOutTwiceAreToldByTheirFolds() {
    let folds = [
      Fold(number: 1, train: ["c", "d"], validation: [], test: ["a", "b"]),
      Fold(number: 2, train: ["b", "c", "d"], validation: [], test: ["a"]),
      Fold(number: 3, train: ["a", "c", "d"], validation: [], test: ["b"]),
    ]
    let error = #expect(throws: FoldErrors.self) { try Folds.validate(folds, cases: ["a", "b", "c", "d"]) }
    let told: [FoldProblem] = [.testedTwice(folds: [1, 2], names: ["a"]), .testedTwice(folds: [1, 3], names: ["b"])]
    #expect(error?.problems == told)
  }

  @Test func refusesFoldsThatCheat() {
    let cases = ["a", "b", "c", "d", "e"]
    let folds = [
      Fold(number: 1, train: ["a", "b", "b", "x"], validation: ["b"], test: ["c"]),
      Fold(number: 2, train: [], validation: ["a", "b", "c", "d", "e"], test: []),
    ]
    let error = #expect(throws: FoldErrors.self) {
      try Folds.validate(folds, cases: cases, patients: ["a": "p", "c": "p"])
    }
    #expect(
      error?.description == """
        fold 1: the dataset has no case x
        fold 1: b in more than one of train, validation, test
        fold 1: b given twice in one part
        fold 1: d, e in neither train nor val
        fold 1: patient p has cases in training and in the held-out part
        fold 2: has no training case
        fold 2: has no test case
        b, c held out in the folds 1, 2
        """)
    #expect(
      FoldProblem.tooFewCases(cases: 3, folds: 5, validation: 4).description
        == "3 cases do not make 5 folds with 4 validation cases and at least one test case each;"
        + " use fewer folds or fewer validation cases")
    #expect(
      FoldProblem.leftOut(fold: 1, names: (1...7).map { "c\($0)" }).description
        == "fold 1: c1, c2, c3, c4, c5 and 2 more in neither train nor val")
  }
}

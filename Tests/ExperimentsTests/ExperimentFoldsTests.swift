import Experiments
import Foundation
import TestSupport
import Testing
import Volumes

/// Folds that an experiment asks of its dataset: patients and sites stay together, and what cannot be names its field.
@Suite struct ExperimentFoldsTests: GroupedSetSuite {
  let temporary: TemporaryFolder

  init() throws { temporary = try Self.groupedSet() }

  @Test func aNumberOfFoldsBesideAFileIsNamed() throws {
    let folder = try ExperimentFolder([
      "x.json": experiment(#""folds":{"count":8,"validation":1}"#, dataset: #"{"path":"set"}"#)
    ])
    let small = folder.url.appendingPathComponent("set")
    for path in ["imagesTr/a_0000.nii", "imagesTr/b_0000.nii", "labelsTr/a.nii", "labelsTr/b.nii"] {
      let file = small.appendingPathComponent(path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data([1]).write(to: file)
    }
    try Data(#"{"labels": {"A": 1}}"#.utf8).write(to: small.appendingPathComponent("dataset.json"))
    let splits = #"[{"train": ["a"], "val": ["b"]}, {"train": ["b"], "val": ["a"]}]"#
    try Data(splits.utf8).write(to: small.appendingPathComponent("splits_final.json"))
    func notices(_ overrides: String...) throws -> [String] {
      DatasetNotice.lines(try folder.load(set: overrides).openDataset().notices, below: small)
    }
    let file = small.appendingPathComponent("splits_final.json").path
    #expect(
      try notices() == [
        "\(file) has 2 folds, and folds.count 8 is not used; set folds.source to \"balanced\" to draw 8"
      ])
    #expect(try notices("folds.count=2").isEmpty && notices("folds.source=balanced").isEmpty)
  }

  @Test func moreFoldsThanPatientsAreRefused() throws {
    let folder = try ExperimentFolder(["x.json": experiment(#""folds":{"count":3,"validation":1}"#)])
    func refusal(_ patients: [String?]) throws -> String {
      let cases = patients.enumerated().map { index, patient in
        DatasetCase(name: "c\(index)", image: folder.url, label: folder.url, patient: patient)
      }
      do {
        _ = try folder.load().foldSizes(of: Dataset(root: folder.url, layout: .manifest, cases: cases))
        return ""
      } catch { return "\(error)" }
    }
    #expect(
      try refusal(Array(repeating: "P1", count: 6))
        == "x.json:4:18: folds.count: all 6 cases are of patient P1, whose cases stay in one fold, so that none is left to"
        + " train; correct the patients' names, or leave them out")
    #expect(
      try refusal(["P1", "P1", "P1", "P2", "P2", "P2"])
        == "x.json:4:18: folds.count: 3 folds of 2 patients (6 cases), each of whom stays in one fold; lower folds.count to 2"
        + " or less")
    #expect(!(try refusal(["P1", "P1", nil, nil, "P2", "P2"])).contains("folds.count"))
  }

  @Test func patientsOfATableStayTogether() throws {
    let plan = try plan(Self.groups)
    for fold in plan.folds {
      let held = Set((fold.validation + fold.test).map { Self.names.firstIndex(of: $0)! / 2 })
      #expect(held.isDisjoint(with: fold.train.map { Self.names.firstIndex(of: $0)! / 2 }))
    }
  }

  @Test func sitesAreLeftOutOneByOne() throws {
    let plan = try plan(Self.groups, Self.bySite)
    #expect(plan.folds.map(\.test) == [Array(Self.names.prefix(4)), Array(Self.names.suffix(4))])
    let specification = try specification(Self.groups, Self.bySite)
    let sizes = try specification.foldSizes(of: specification.openDataset())
    #expect(sizes.map(\.test) == [4, 4] && sizes.map(\.train) == [3, 3])
  }

  /// A column that parts the cases of a patient, and patients that leave a fold without a test case: the field is named
  /// with its place, and what is advised is accepted.
  @Test func foldsThatCannotBeNameTheirFieldAndAWayOut() throws {
    let rows = Self.names.enumerated().map { "\($1),p\($0 / 2),\($0 % 2 == 0 ? "north" : "south")\n" }
    try temporary.write("groups.csv", "case,patient,site\n\(rows.joined())")
    let advice =
      "give all cases of a patient one site in the table, or take folds.by out: parts that are drawn keep patients together"
    #expect(
      refusal(Self.groups, Self.bySite)
        == [1, 2].map {
          "x.json:4:15: folds.by: fold \($0): patient p0, p1, p2, p3 has cases in training and in the held-out part; \(advice)"
        }.joined(separator: "\n"))
    #expect(refusal(Self.groups, #""count":2,"validation":1"#) == "accepted")
    let many = Self.names.enumerated().map { "\($1),\($0 < 4 ? "p" : $1)\n" }
    try temporary.write("groups.csv", "case,patient\n\(many.joined())")
    let said = refusal(Self.groups, #""count":4,"validation":1"#)
    #expect(
      said.hasPrefix("x.json:4:18: folds.count: fold ") && said.contains(": has no test case; lower folds.count"),
      "\(said)")
    #expect(refusal(Self.groups, #""count":4,"validation":1,"validationFrom":"training""#) == "accepted")
    #expect(refusal(Self.groups, #""count":2,"validation":1"#) == "accepted")
  }

  /// A field that several variants share is blamed once, with their names.
  @Test func aMistakeOfSeveralVariantsIsSaidOnce() throws {
    try temporary.write(
      "x.json",
      experiment(
        #""folds":{"count":2,"validation":1},"training":{"batch":6}"#,
        variants: #"[{"name":"A"},{"name":"B","training":{"epochs":2}},{"name":"C","training":{"batch":1}}]"#,
        dataset: #"{"path":"set"}"#))
    let specification = try Specification.load(temporary.file("x.json"), workingDirectory: temporary.url)
    let error = #expect(throws: SpecificationErrors.self) { try specification.foldSizes(cases: 8) }
    #expect(
      error?.description
        == #"x.json:4:56: training.batch: of the variants "A", "B": a batch of 6 is more than the 4 training"#
        + " cases of fold 1; lower the batch")
    // Of an option that leaves it at its default, at the option.
    let emptied = try Specification.load(
      temporary.file("x.json"), overrides: ["training={}"], workingDirectory: temporary.url)
    #expect(
      #expect(throws: SpecificationErrors.self) { try emptied.foldSizes(cases: 8) }?.description
        == #"--set training={}: training.batch: of the variants "A", "B": a batch of 8 is more than the 4 training"#
        + " cases of fold 1; lower the batch")
    let twice = SpecificationErrors((error?.errors ?? []) + (error?.errors ?? []))
    #expect(twice.errors.count == 1)
  }

  @Test func aCaseWithoutASiteIsNamed() throws {
    let rows = Self.names.enumerated().map { "\($1),\($0 < 4 ? "north" : $0 < 7 ? "south" : "")\n" }
    try temporary.write("groups.csv", "case,site\n\(rows.joined())")
    #expect(
      refusal(Self.groups, Self.bySite)
        == "x.json:4:15: folds.by: c8 has no site; fill the table in, or take the case out by dataset.exclude")
    #expect(refusal(Self.groups + #","exclude":[{"case":"c8","reason":"unknown"}]"#, Self.bySite) == "accepted")
  }

  /// The smallest training part decides, and a batch must be left of it: followed, the advice leads out.
  @Test func validationLeavesABatchItsCases() throws {
    let said = refusal(Self.groups, #""by":"site","validation":4"#)
    #expect(said.hasSuffix("lower folds.validation to 2 or less, which leaves a batch of 2 its cases"), "\(said)")
    #expect(refusal(Self.groups, #""by":"site","validation":2"#) == "accepted")
    // Of sites of other sizes not the first that leaves too few.
    let rows = Self.names.enumerated().map { "\($1),\($0 < 3 ? "north" : "south")\n" }
    try temporary.write("groups.csv", "case,site\n\(rows.joined())")
    let unequal = refusal(Self.groups, #""by":"site","validation":5"#)
    #expect(
      unequal.hasSuffix(
        "5 validation cases of 3 training cases leave none to train; lower folds.validation to 1, which leaves a batch of 2 its"
          + " cases"), "\(unequal)")
    #expect(refusal(Self.groups, #""by":"site","validation":1"#) == "accepted")
    // One case is left where two are wanted, which is told before anything is prepared.
    let batchless = try specification(Self.groups, #""by":"site","validation":2"#)
    let opened = try batchless.openDataset()
    let error = #expect(throws: SpecificationErrors.self) {
      try batchless.checkCounts(of: opened, labels: batchless.labels(of: opened))
    }
    #expect("\(String(describing: error))".contains("training.batch"), "\(String(describing: error))")
    // With patients there may be as many more as are wanted to choose the checkpoint, and no more.
    let patients = Self.names.enumerated().map { "\($1),\($0 < 3 ? "north" : "south"),p\($0)\n" }
    try temporary.write("groups.csv", "case,site,patient\n\(patients.joined())")
    let known = try batchless.openDataset()
    #expect(throws: Never.self) { try batchless.checkCounts(of: known, labels: batchless.labels(of: known)) }
    let larger = try Specification.load(
      temporary.file("x.json"), overrides: ["training.batch=4"], workingDirectory: temporary.url)
    #expect(throws: SpecificationErrors.self) { try larger.checkCounts(of: known, labels: larger.labels(of: known)) }
  }
}

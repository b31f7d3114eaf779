import Experiments
import Foundation
import TestSupport
import Testing
import Volumes

/// What an experiment adds to its dataset: groups, and cases that are taken out.
@Suite struct ExperimentDatasetTests {
  private let temporary: TemporaryFolder

  /// An nnU-Net set of eight empty files, which are listed and not read.
  init() throws {
    temporary = try TemporaryFolder()
    for name in Self.names {
      try temporary.write("set/imagesTr/\(name)_0000.nii.gz", "")
      try temporary.write("set/labelsTr/\(name).nii.gz", "")
    }
    try temporary.write("set/dataset.json", #"{"labels":{"background":0,"L1":1}}"#)
    let rows = Self.names.enumerated().map { "\($1),p\($0 / 2),\($0 < 4 ? "north" : "south"),siemens\n" }
    try temporary.write("groups.csv", "case,patient,site,scanner\n\(rows.joined())")
  }

  static let names = (1...8).map { "c\($0)" }

  func specification(_ dataset: String, _ folds: String = #""count":2,"validation":1"#) throws -> Specification {
    try temporary.write(
      "x.json", experiment(#""folds":{\#(folds)},"training":{"batch":2}"#, dataset: #"{"path":"set"\#(dataset)}"#))
    return try Specification.load(temporary.file("x.json"), workingDirectory: temporary.url)
  }

  func plan(_ dataset: String, _ folds: String = #""count":2,"validation":1"#) throws -> ExperimentPlan {
    let specification = try specification(dataset, folds)
    let opened = try specification.openDataset()
    _ = try specification.checkCounts(of: opened, labels: specification.labels(of: opened))
    return try ExperimentPlan(
      specification: specification, dataset: opened, fingerprint: DatasetFingerprint(digest: "ff", cases: 8),
      present: Dictionary(uniqueKeysWithValues: opened.names.map { ($0, [true]) }))
  }

  func refusal(_ dataset: String, _ folds: String = #""count":2,"validation":1"#) -> String {
    do {
      _ = try plan(dataset, folds)
      return "accepted"
    } catch { return "\(error)".replacingOccurrences(of: temporary.url.path + "/", with: "") }
  }

  static let groups = #","groups":{"file":"groups.csv"}"#
  static let bySite = #""by":"site","validation":1"#

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

  /// A case without quotes, object and reason is told all of them at once.
  @Test func aBareCaseToLeaveOutIsToldTheWholeForm() throws {
    _ = try specification("")
    #expect {
      try Specification.load(
        temporary.file("x.json"), overrides: ["dataset.exclude=[c1]"], workingDirectory: temporary.url)
    } throws: { error in
      "\(error)"
        == #"--set dataset.exclude=[c1]: dataset.exclude[0]: found "c1", expected an object such as {"case":"c1","reason":"..."}"#
    }
  }

  /// What is offered for a moved experiment is written, and the dataset opens.
  @Test(arguments: ["../set", "/nowhere/set", "set", "far/set"]) func aMovedExperimentIsOfferedItsDataset(path: String)
    throws
  {
    try temporary.write("moved/twice/x.json", experiment(dataset: #"{"path":"\#(path)"}"#))
    func open(_ overrides: String...) throws -> [String] {
      try Specification.load(
        temporary.file("moved/twice/x.json"), overrides: overrides, workingDirectory: temporary.url
      ).openDataset().names
    }
    let error = #expect(throws: DatasetErrors.self) { try open() }
    let words = try #require(error).description
    #expect(words.contains(": there is no such file or folder, and dataset.path names it"), "\(words)")
    #expect(words.contains("If it was moved, perhaps to ../../set, write its new path there"), "\(words)")
    try temporary.write("moved/twice/x.json", experiment(dataset: #"{"path":"../../set"}"#))
    #expect(try open() == Self.names)
    // An option is relative to the working directory.
    let option = #expect(throws: DatasetErrors.self) { try open("dataset.path=data/set") }
    #expect(option?.description.contains("perhaps to set, write") == true, "\(option!)")
    let other = #expect(throws: DatasetErrors.self) { try open("dataset.path=other") }
    #expect(other?.description.contains("If it was moved, write its new path there") == true, "\(other!)")
  }

  /// Where the folder of images is simply called so.
  @Test func aFolderOfDataIsOffered() throws {
    try FileManager.default.moveItem(at: temporary.file("set"), to: temporary.file("data"))
    let error = #expect(throws: DatasetErrors.self) { try specification("").openDataset() }
    #expect(error?.description.contains("perhaps to data, write") == true, "\(error!)")
  }

  /// Where the table of the dataset says that a case is missing, the error of too few for the folds says so too.
  @Test func aCaseThatIsGoneIsNamedBesideTheFolds() throws {
    try temporary.write("set/dataset.json", #"{"labels":{"background":0,"L1":1},"numTraining":9}"#)
    let words = refusal("", #""count":8,"validation":1"#)
    #expect(words.hasPrefix("x.json:"), "\(words)")
    #expect(
      words.hasSuffix(
        "\nset/dataset.json: numTraining is 9, but 8 images with masks are here; correct it or add the missing"),
      "\(words)")
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

  /// The table of subjects of a BIDS folder has the column, and is not read.
  @Test func aColumnOfBIDSIsToldHowItComesToTheCases() throws {
    for number in 1...3 {
      try temporary.write("bids/sub-\(number)/anat/sub-\(number)_T2w.nii.gz", "")
      try temporary.write("bids/derivatives/x/sub-\(number)/anat/sub-\(number)_dseg.nii.gz", "")
    }
    try temporary.write("bids/participants.tsv", "participant_id\tSite\nsub-1\tx\nsub-2\ty\nsub-3\ty\n")
    func dataset(_ more: String) throws -> Dataset {
      try temporary.write(
        "x.json", experiment(#""folds":{\#(Self.bySite)}"#, dataset: #"{"path":"bids","labels":{"L1":1}\#(more)}"#))
      return try Specification.load(temporary.file("x.json"), workingDirectory: temporary.url).openDataset()
    }
    let error = #expect(throws: SpecificationErrors.self) { try dataset("") }
    #expect(
      error?.description
        == "x.json:4:15: folds.by: the column \"Site\" stands in \(temporary.file("bids/participants.tsv").path), which is not read;"
        + " write it into a CSV file that begins with the line case,Site and has one for each case (sub-1,...), which dataset.groups"
        + " names: {\"file\": \"FILE.csv\"}")
    // As the advice says; then nothing is missing.
    try temporary.write("g.csv", "case,Site\nsub-1,x\nsub-2,y\nsub-3,y\n")
    #expect(try dataset(#","groups":{"file":"g.csv"}"#).notices.isEmpty)
  }

  @Test func columnsOfSubgroupsMustBeThere() throws {
    func specification(_ columns: String) throws -> Specification {
      try temporary.write(
        "x.json",
        experiment(
          #""folds":{"count":2,"validation":1},"report":{"subgroups":\#(columns)}"#,
          dataset: #"{"path":"set"\#(Self.groups)}"#))
      return try Specification.load(temporary.file("x.json"), workingDirectory: temporary.url)
    }
    let notices = DatasetNotice.lines(try specification(#"["Scanner"]"#).openDataset().notices)
    #expect(notices.contains { $0.contains("column site not used") } && !notices.contains { $0.contains("scanner") })
    let error = #expect(throws: SpecificationErrors.self) {
      try specification(#"["scanner","scaner"]"#).openDataset()
    }
    #expect(
      error.map {
        "\($0)".contains(
          #"report.subgroups[1]: no table of the cases has a column "scaner", did you mean scanner?"#)
      } == true)
  }

  @Test func columnsThatNothingAsksForAreNamed() throws {
    func lines(_ dataset: String, _ folds: String) throws -> [String] {
      DatasetNotice.lines(try specification(dataset, folds).openDataset().notices)
    }
    #expect(try lines(Self.groups, Self.bySite).contains { $0.contains("column scanner not used") })
    #expect(
      try lines(Self.groups, #""count":2,"validation":1,"stratify":["site"]"#).contains {
        $0.contains("column scanner not used")
      })
    #expect(
      try lines(Self.groups, #""count":2,"validation":1"#).contains { $0.contains("columns scanner, site not used") })
  }

  /// Of each value fewer cases than there are folds cannot be spread over them; as many can.
  @Test func columnsOfRareValuesAreNamed() throws {
    func lines(_ values: [String]) throws -> [String] {
      let rows = zip(Self.names, values).map { "\($0),\($1)\n" }
      try temporary.write("rare.csv", "case,age\n" + rows.joined())
      let groups = #","groups":{"file":"rare.csv"}"#
      return DatasetNotice.lines(
        try specification(groups, #""count":2,"validation":1,"stratify":["age"]"#).openDataset().notices)
    }
    #expect(
      try lines((1...8).map { "\($0)0" }) == [
        "folds.stratify: column age has 8 values in 8 cases, each in fewer than the 2 parts, so that it changes nothing that is"
          + " meant; write a column of a few groups, as young and old"
      ])
    #expect(try lines(["20", "20", "30", "40", "50", "60", "70", "80"]).isEmpty)
    #expect(try lines(Array(repeating: "20", count: 8)).isEmpty)
  }

  @Test(arguments: [
    ("", bySite, #"x.json:4:15: folds.by: no table of the cases has a column "site"; there is none: write it into"#),
    (
      groups, #""by":"sites","validation":1"#,
      #"x.json:4:15: folds.by: no table of the cases has a column "sites", did you mean site?; there are patient, scanner, site"#
    ),
    (
      groups, #""by":"scanner","validation":1"#,
      "x.json:4:15: folds.by: all cases have one scanner, and leaving each out"
    ),
    (
      groups, #""by":"site","validation":4"#,
      "x.json:4:35: folds.validation: 4 validation cases of 4 training cases leave none to train; lower folds.validation to 2"
        + " or less"
    ),
    (
      groups, #""by":"site","source":"file","validation":1"#,
      #"x.json:4:15: folds.by: folds from a file are not made by a column; take folds.source: "auto" or leave this out"#
    ),
    (
      #","groups":{"file":"groups.csv","pattern":"(.).*"}"#, bySite,
      "x.json:2:34: dataset.groups: write either file or pattern"
    ),
    (#","groups":{}"#, bySite, "x.json:2:34: dataset.groups: write either file or pattern"),
    (
      #","exclude":[{"case":"c11","reason":"blurred"}]"#, #""count":2,"validation":1"#,
      #"x.json:2:36: dataset.exclude[0]: set has no case "c11""#
    ),
    (
      #","exclude":[{"case":"imagesTr/c1_0000.nii.gz","reason":"blurred"}]"#, #""count":2,"validation":1"#,
      #"x.json:2:36: dataset.exclude[0]: set has no case "imagesTr/c1_0000.nii.gz", did you mean c1?"#
    ),
    (
      #","exclude":[{"case":"c1","reason":"blurred"},{"case":"c1","reason":"again"}]"#, #""count":2,"validation":1"#,
      #"x.json:2:69: dataset.exclude[1]: "c1" is excluded twice; name it once"#
    ),
    (
      #","exclude":[{"case":"c1"}]"#, #""count":2,"validation":1"#,
      "x.json:2:36: dataset.exclude[0]: the key reason is missing"
    ),
  ])
  func mistakesAreNamed(dataset: String, folds: String, words: String) {
    let said = refusal(dataset, folds)
    #expect(said.hasPrefix(words), "\(said)")
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

  /// What was trained without a case, and what tests it, is what it was; what was trained with it is another run.
  @Test func onlyRunsWhoseTrainingChangesAreOthers() throws {
    let before = try plan("")
    for name in Self.names {
      let after = try plan(#","exclude":[{"case":"\#(name)","reason":"blurred"}]"#)
      for (old, new) in zip(before.runs, after.runs) {
        let isTested = old.plan.fold.test.contains(name)
        #expect((old.identity == new.identity) == isTested)
        #expect(!(new.plan.fold.train + new.plan.fold.validation).contains(name))
      }
    }
  }

  /// None of the fields that were added is part of a plan.
  @Test func groupsAndTolerancesTrainNothingAnew() throws {
    let plain = try plan("").runs.map(\.identity)
    let text = experiment(
      #""folds":{"count":2,"validation":1},"training":{"batch":2},"report":{"tolerances":[0.5,3]}"#,
      dataset: #"{"path":"set","exclude":[],"labels":"auto"}"#)
    try temporary.write("y.json", text)
    let specification = try Specification.load(temporary.file("y.json"), workingDirectory: temporary.url)
    #expect(specification.report.tolerances == [0.5, 3])
    let runs = try ExperimentPlan(
      specification: specification, dataset: specification.openDataset(),
      fingerprint: DatasetFingerprint(digest: "ff", cases: 8),
      present: Dictionary(uniqueKeysWithValues: Self.names.map { ($0, [true]) })
    ).runs
    #expect(runs.map(\.identity) == plain)
    for wrong in ["[]", "[0]", "[1,1]", "1"] {
      try temporary.write("y.json", text.replacingOccurrences(of: "[0.5,3]", with: wrong))
      #expect(throws: SpecificationErrors.self) { try Specification.load(temporary.file("y.json")) }
    }
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

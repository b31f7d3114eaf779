import Experiments
import Foundation
import TestSupport
import Testing
import Volumes

/// What an experiment adds to its dataset: groups, and cases that are taken out.
@Suite struct ExperimentDatasetTests: GroupedSetSuite {
  let temporary: TemporaryFolder

  init() throws { temporary = try Self.groupedSet() }

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
    #expect(words.hasPrefix("moved/twice/x.json:2:19: dataset.path: "), "\(words)")
    #expect(words.contains(": there is no such file or folder. If it"), "\(words)")
    #expect(words.contains("If it was moved, perhaps to ../../set, write its new path there"), "\(words)")
    try temporary.write("moved/twice/x.json", experiment(dataset: #"{"path":"../../set"}"#))
    #expect(try open() == Self.names)
    // An option is relative to the working directory.
    let option = #expect(throws: DatasetErrors.self) { try open("dataset.path=data/set") }
    #expect(
      option?.description.contains("perhaps to set, give its new path, --set dataset.path=set, and finished") == true,
      "\(option!)")
    #expect(
      option?.description.hasSuffix("counts from the working directory where --set gives it") == true, "\(option!)")
    #expect(try open("dataset.path=set") == Self.names)
    let other = #expect(throws: DatasetErrors.self) { try open("dataset.path=other") }
    #expect(other?.description.contains("If it was moved, give its new path, and finished") == true, "\(other!)")
  }

  /// The experiment's own dataset is no test set, and a test set no dataset to train with.
  @Test func theOtherDatasetIsNotOffered() throws {
    func words(_ path: String, test: String) throws -> String {
      let text = experiment(#""test":{"path":"\#(test)"}"#, dataset: #"{"path":"\#(path)"}"#)
      try temporary.write("x.json", text)
      let specification = try Specification.load(temporary.file("x.json"), workingDirectory: temporary.url)
      let error = #expect(throws: DatasetErrors.self) {
        _ = try specification.openDataset()
        try specification.checkTestPlace()
      }
      return error?.description ?? ""
    }
    for lost in ["a/set", "sett"] {
      #expect(try words("set", test: lost).contains(" test.path: "))
      #expect(try words("set", test: lost).contains("there is no such file or folder. If it was moved, write its"))
      #expect(try words(lost, test: "set").contains(" dataset.path: "))
      #expect(try words(lost, test: "set").contains("there is no such file or folder. If it was moved, write its"))
    }
    #expect(try words("a/set", test: "b").contains("If it was moved, perhaps to set, write its"))
  }

  /// A folder that is no dataset is the path's mistake; a file that is missing in a dataset is not.
  @Test func aFolderThatIsNoDatasetNamesTheField() throws {
    func words(_ path: String) throws -> String {
      try temporary.write("x.json", experiment(dataset: #"{"path":"\#(path)"}"#))
      let specification = try Specification.load(temporary.file("x.json"), workingDirectory: temporary.url)
      let error = #expect(throws: DatasetErrors.self) { try specification.openDataset() }
      return (error?.description ?? "").replacingOccurrences(of: temporary.url.path + "/", with: "")
    }
    let part = try words("set/imagesTr")
    #expect(
      part.hasPrefix("x.json:2:19: dataset.path: set/imagesTr: no known layout; it is a part of one: give "), "\(part)")
    try FileManager.default.removeItem(at: temporary.file("set/labelsTr/c1.nii.gz"))
    #expect(try words("set").hasPrefix("set/imagesTr/c1_0000.nii.gz: its mask "))
  }

  @Test func aTableThatIsNotThereNamesItsField() {
    let words = refusal(#","groups":{"file":"none.csv"}"#)
    #expect(words == "x.json:2:42: dataset.groups.file: none.csv: there is no such file. Correct the path", "\(words)")
    for other in ["/dev/null", "set"] {
      let words = refusal(#","groups":{"file":"\#(other)"}"#)
      #expect(words.hasPrefix("x.json:2:42: dataset.groups.file: \(other)"), "\(words)")
    }
  }

  /// Before a dataset is looked at, and once.
  @Test func aPatternThatIsNoneIsAMistakeOfTheFile() {
    let error = #expect(throws: SpecificationErrors.self) { try specification(#","groups":{"pattern":"(p"}"#) }
    let words = error?.description ?? ""
    #expect(words.hasPrefix(#"x.json:2:45: dataset.groups.pattern: "(p" is no regular expression ("#), "\(words)")
    #expect(error?.errors.count == 1)
    let other = refusal(#","groups":{"pattern":"(p1)"}"#)
    #expect(other.hasPrefix(#"x.json:2:45: dataset.groups: pattern "(p1)": does not match "#), "\(other)")
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
}

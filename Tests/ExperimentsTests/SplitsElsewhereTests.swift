import Foundation
import Testing
import Volumes

import Experiments

/// A list of folds that lies where nobody reads it, and which folds are used.
@Suite struct SplitsElsewhereTests {
  static let list = #"[{"train":["a","b"],"val":["c","d"]},{"train":["c","d"],"val":["a","b"]}]"#

  func folder(_ place: String, _ list: String = list, folds: String = #""count":2,"validation":1"#) throws
    -> ExperimentFolder
  {
    var files = [
      "x.json": experiment(
        #""folds":{\#(folds)},"training":{"batch":2}"#, dataset: #"{"path":"raw/set","labels":"dataset.json"}"#),
      "raw/set/dataset.json": #"{"channel_names":{"0":"T2"},"labels":{"background":0,"L1":1},"numTraining":4}"#,
      place: list,
    ]
    for name in ["a", "b", "c", "d"] {
      files["raw/set/imagesTr/\(name)_0000.nii.gz"] = ""
      files["raw/set/labelsTr/\(name).nii.gz"] = ""
    }
    return try ExperimentFolder(files)
  }

  func lines(_ folder: ExperimentFolder, _ overrides: String...) throws -> [String] {
    let notices = try folder.load(set: overrides).openDataset().notices
    let decide = notices.allSatisfy(\.decidesCases)
    #expect(decide)
    return DatasetNotice.lines(notices)
  }

  @Test(arguments: [
    "splits_final.json", "Workspace/splits_final.json", "nnUNet_preprocessed/set/splits_final.json",
    "raw/set/imagesTr/splits_final.json", "raw/set/preprocessed/splits_final.json",
  ]) func aListThatNobodyReadsIsNamed(place: String) throws {
    let folder = try folder(place)
    let root = folder.url.path
    let words =
      "\(root)/\(place) is not read, and folds are drawn here: a dataset's own are read from \(root)/raw/set/splits_final.json. Move it"
      + " there, or delete it; folds.source \"balanced\" says that drawn ones are meant"
    #expect(try lines(folder) == [words])
    #expect(try folder.load().splitsNotices == [words])
    #expect(try PlanningCases(folder.load()).notices.contains(words))
    #expect(try lines(folder, "folds.source=balanced").isEmpty)
    #expect(try folder.load(set: ["folds.source=balanced"]).splitsNotices.isEmpty)
    let missing = #expect(throws: SpecificationErrors.self) {
      let specification = try folder.load(set: ["folds.source=file"])
      _ = try specification.foldSizes(of: specification.openDataset())
    }
    #expect(
      missing?.description.hasSuffix(
        "\(root)/raw/set holds no splits_final.json; \(root)/\(place) is one and is not read there: move it to"
          + " \(root)/raw/set/splits_final.json, or take balanced") == true, "\(missing?.description ?? "")")
    // As the advice says.
    try FileManager.default.moveItem(
      at: folder.url.appending(path: place), to: folder.url.appending(path: "raw/set/splits_final.json"))
    #expect(try lines(folder).isEmpty && folder.load().splitsNotices.isEmpty)
  }

  /// One of another dataset in the same folder is nothing that this one misses; one that cannot be read may be.
  @Test func aListOfOtherCasesIsNotMeant() throws {
    let other = try folder("splits_final.json", #"[{"train":["x"],"val":["y"]}]"#)
    #expect(try lines(other).isEmpty && other.load().splitsNotices.isEmpty)
    #expect(try lines(folder("splits_final.json", "[")).count == 1)
    #expect(try lines(folder("notes.txt", "")).isEmpty)
  }

  /// nnU-Net v1's, which would have to be unpickled.
  @Test func aPickleOfFoldsIsNamed() throws {
    let folder = try folder("raw/set/splits_final.pkl")
    let own = folder.url.path + "/raw/set/splits_final"
    let line = try #require(try lines(folder).first)
    #expect(line.hasPrefix("\(own).pkl is a pickle, as nnU-Net v1 wrote it, and is not read, and folds are drawn here"))
    #expect(line.contains(": write its folds as \(own).json ([{\"train\": ["), "\(line)")
    #expect(try lines(folder, "folds.source=balanced").isEmpty)
    try Data(Self.list.utf8).write(to: URL(fileURLWithPath: own + ".json"))
    #expect(try lines(folder).isEmpty)
  }

  /// Where folds were to come from a file: what may be meant stands in the dataset's own folder.
  @Test(arguments: [
    ("splits_final.pkl", " is a pickle, as nnU-Net v1 wrote it, and is not read: write its folds as "),
    ("splits.json", " is not read: if it is that list, rename it to "),
    ("splits.pkl", " is a pickle, as nnU-Net v1 wrote it, and is not read: write its folds as "),
  ]) func aNearListIsNamedWhereAFileIsWanted(name: String, words: String) throws {
    let folder = try folder("raw/set/\(name)")
    let root = folder.url.path + "/raw/set"
    let missing = #expect(throws: SpecificationErrors.self) {
      let specification = try folder.load(set: ["folds.source=file"])
      _ = try specification.foldSizes(of: specification.openDataset())
    }
    let told = missing?.description ?? ""
    #expect(
      told.contains("\(root) holds no splits_final.json; \(root)/\(name)\(words)\(root)/splits_final.json"), "\(told)")
    #expect(told.hasSuffix(", or take balanced"), "\(told)")
  }

  /// A list of other cases would be refused under the name that is read.
  @Test func aListOfOtherCasesIsOnlyCalledUnreadWhereAFileIsWanted() throws {
    let folder = try folder("raw/set/splits.json", #"[{"train":["x"],"val":["y"]}]"#)
    let root = folder.url.path + "/raw/set"
    let missing = #expect(throws: SpecificationErrors.self) {
      let specification = try folder.load(set: ["folds.source=file"])
      _ = try specification.foldSizes(of: specification.openDataset())
    }
    let told = missing?.description ?? ""
    let words = "\(root)/splits.json is not read: write the folds as \(root)/splits_final.json ([{\"train\": ["
    #expect(told.contains("\(root) holds no splits_final.json; \(words)"), "\(told)")
    #expect(told.hasSuffix(", or take balanced"), "\(told)")
  }

  @Test func whichFoldsAreUsedIsSaid() throws {
    func words(_ folder: ExperimentFolder, _ overrides: String...) throws -> String {
      let specification = try folder.load(set: overrides)
      return try specification.foldWords(of: specification.openDataset())
    }
    let drawn = try folder("notes.txt", "", folds: #""count":2,"validation":1,"seed":7"#)
    #expect(try words(drawn) == "drawn here, 2 by seed 7")
    #expect(try PlanningCases(drawn.load()).foldWords == "drawn here, 2 by seed 7")
    #expect(try PlanningCases(drawn.load(), assumed: 20).foldWords == "drawn here, 2 by seed 7")
    let given = try folder("raw/set/splits_final.json")
    #expect(try words(given) == "raw/set/splits_final.json (2)")
    #expect(try words(given, "folds.source=balanced") == "drawn here, 2 by seed 2023")
    // Of cases that are assumed none is in the file.
    #expect(try PlanningCases(given.load(), assumed: 20).foldWords == "drawn here, 2 by seed 2023")
    try Data("case,site\na,x\nb,x\nc,y\nd,z\n".utf8).write(to: drawn.url.appending(path: "g.csv"))
    let groups = #"dataset.groups={"file":"g.csv"}"#
    #expect(try words(drawn, groups, "folds.by=site") == "one for each of the 3 values of site")
    let without = #"dataset.exclude=[{"case":"d","reason":"blurred"}]"#
    #expect(try words(drawn, groups, "folds.by=site", without) == "one for each of the 2 values of site")
  }

  /// A dataset's own file is not looked at where folds do not come from it: cut off, or a link to what was not fetched.
  @Test(arguments: [false, true]) func aFileThatIsNotNeededStopsNothing(isLink: Bool) throws {
    let folder = try folder("raw/set/splits_final.json", "[")
    if isLink {
      let file = folder.url.appending(path: "raw/set/splits_final.json")
      try FileManager.default.removeItem(at: file)
      try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: "/gone/splits")
    }
    try Data("case,site\na,x\nb,x\nc,y\nd,y\n".utf8).write(to: folder.url.appending(path: "g.csv"))
    #expect(throws: DatasetErrors.self) { try folder.load().openDataset() }
    #expect(throws: DatasetErrors.self) { try PlanningCases(folder.load()) }
    let column = [#"dataset.groups={"file":"g.csv"}"#, "folds.by=site", "training.batch=1"]
    for options in [["folds.source=balanced"], column] {
      let specification = try folder.load(set: options)
      let opened = try specification.openDataset()
      #expect(!DatasetNotice.lines(opened.notices).contains { $0.contains("splits") })
      #expect(try specification.checkCounts(of: opened, labels: specification.labels(of: opened)).count == 2)
    }
    for options in [[], ["folds.source=file"], column] {
      let planned = try PlanningCases(folder.load(set: options), assumed: 20)
      #expect(planned.folds.count == 2 && !planned.notices.contains { $0.contains("splits") }, "\(planned.notices)")
    }
  }

  /// As with a file that has other folds.
  @Test func aNumberOfFoldsBesideAColumnIsNamed() throws {
    let folder = try folder("g.csv", "case,site\na,x\nb,x\nc,y\nd,z\n", folds: #""count":5,"validation":1"#)
    let options = ["dataset.groups={\"file\":\"g.csv\"}", "folds.by=site"]
    func lines(_ more: String...) throws -> [String] {
      DatasetNotice.lines(try folder.load(set: options + more).openDataset().notices)
    }
    #expect(
      try lines() == [
        "folds.by makes a fold of each of the 3 values of site, and folds.count 5 is not used; leave it out, or take folds.by out to"
          + " draw 5"
      ])
    #expect(try lines("folds.count=3").isEmpty)
    #expect(try lines("folds.count=null").isEmpty)
  }

  @Test func aNumberOfFoldsThatIsNotUsedIsSaidWhenPlanningToo() throws {
    let fields = #""count":5,"validation":1"#
    let file = try folder("raw/set/splits_final.json", folds: fields)
    let ofFile = try PlanningCases(file.load()).notices
    #expect(ofFile.contains { $0.contains("has 2 folds, and folds.count 5 is not used") }, "\(ofFile)")
    let table = try folder("g.csv", "case,site\na,x\nb,x\nc,y\nd,z\n", folds: fields)
    let options = ["dataset.groups={\"file\":\"g.csv\"}", "folds.by=site", "training.batch=1"]
    let ofColumn = try PlanningCases(table.load(set: options)).notices
    #expect(ofColumn.contains { $0.contains("3 values of site, and folds.count 5 is not used") }, "\(ofColumn)")
  }
}

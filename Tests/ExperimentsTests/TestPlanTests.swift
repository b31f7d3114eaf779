import Foundation
import TestSupport
import Testing
import Volumes

import Experiments

/// Which cases an external test set has. The files are empty: they are listed and not read.
@Suite struct TestPlanTests {
  private let temporary: TemporaryFolder

  init() throws {
    temporary = try TemporaryFolder()
    for name in ["a", "b", "c", "d", "e"] { try write(name, "set", "Tr") }
    for name in ["t1", "t2"] { try write(name, "set", "Ts") }
    try write("x1", "other", "Tr")
    try temporary.write("set/dataset.json", #"{"labels":{"background":0,"L1":1},"numTraining":5}"#)
    try temporary.write("other/dataset.json", #"{"labels":{"background":0,"L1":1}}"#)
  }

  private func write(_ name: String, _ folder: String, _ part: String) throws {
    try temporary.write("\(folder)/images\(part)/\(name)_0000.nii.gz", "")
    try temporary.write("\(folder)/labels\(part)/\(name).nii.gz", "")
  }

  private func specification(_ test: String, _ more: String = "", channels: String? = nil) throws -> Specification {
    let folds = #""folds":{"count":2,"validation":1\#(more)},"training":{"batch":1},"test":\#(test)"#
    let chosen = channels.map { #","channels":\#($0)"# } ?? ""
    try temporary.write("x.json", experiment(folds, dataset: #"{"path":"set"\#(chosen)}"#))
    return try Specification.load(temporary.file("x.json"), workingDirectory: temporary.url)
  }

  /// Names, or what is wrong.
  private func cases(_ test: String, _ more: String = "") -> String {
    do {
      let specification = try specification(test, more)
      let dataset = try specification.openDataset()
      let set = try specification.testSet(beside: dataset, labels: specification.labels(of: dataset))
      return set?.names.joined(separator: " ") ?? "none"
    } catch { return "\(error)".replacingOccurrences(of: temporary.url.path + "/", with: "") }
  }

  @Test func theyAreOfAnotherFolderOrOfImagesTs() {
    #expect(cases("null") == "none")
    #expect(cases(#"{"path":"other"}"#) == "x1")
    #expect(cases(#"{"cases":"imagesTs"}"#) == "t1 t2")
    #expect(cases(#"{"path":"set","cases":"imagesTs"}"#) == "t1 t2")
    #expect(cases(#"{"path":"gone"}"#).hasPrefix("x.json:4:74: test.path: gone: there is no such file or folder. If"))
  }

  /// The field that asks for them is said, with its place.
  @Test func foldersThatAreMissingNameTheField() throws {
    let words = cases(#"{"path":"other","cases":"imagesTs"}"#)
    #expect(words.hasPrefix("x.json:4:74: test.path: "), "\(words)")
    #expect(words.contains("other/imagesTs: this folder is missing"), "\(words)")
    try temporary.write("bare/readme.txt", "")
    #expect(
      cases(#"{"path":"bare","cases":"imagesTs"}"#).hasPrefix("x.json:4:74: test.path: 3 problems in the dataset:"))
    let part = cases(#"{"path":"set/imagesTr"}"#)
    #expect(part.hasPrefix("x.json:4:74: test.path: set/imagesTr: no known layout; it is a part of one"), "\(part)")
    for folder in ["imagesTs", "labelsTs"] { try FileManager.default.removeItem(at: temporary.file("set/\(folder)")) }
    let own = cases(#"{"cases":"imagesTs"}"#)
    #expect(own.hasPrefix("x.json:4:75: test.cases: "), "\(own)")
    #expect(own.contains("set/imagesTs: this folder is missing"), "\(own)")
  }

  /// Nobody takes folds from the splits of a test set, nor from its own where folds are drawn.
  @Test func splitsThatCannotBeReadAreNoMatterOfATestSet() throws {
    for name in ["other", "set"] { try temporary.write("\(name)/splits_final.json", "[") }
    let drawn = #","source":"balanced""#
    #expect(cases(#"{"path":"other"}"#, drawn) == "x1")
    #expect(cases(#"{"cases":"imagesTs"}"#, drawn) == "t1 t2")
    #expect(cases(#"{"path":"other"}"#).hasPrefix("set/splits_final.json:"))
  }

  /// Channels by number are those of the same names; where a dataset names none, that is said.
  @Test func channelsOfATestSetAreCalledAsTheyAreLearnt() throws {
    func names(_ folder: String, _ names: String?) throws {
      let channels = names.map { #""channel_names":\#($0),"# } ?? ""
      try temporary.write("\(folder)/dataset.json", #"{\#(channels)"labels":{"background":0,"L1":1}}"#)
    }
    func set(_ channels: String?) throws -> TestSet? {
      let specification = try specification(#"{"path":"other"}"#, channels: channels)
      let dataset = try specification.openDataset()
      return try specification.testSet(beside: dataset, labels: specification.labels(of: dataset))
    }
    for name in ["a", "b", "c", "d", "e"] { try temporary.write("set/imagesTr/\(name)_0001.nii.gz", "") }
    try temporary.write("other/imagesTr/x1_0001.nii.gz", "")
    try names("set", #"{"0":"T1","1":"T2"}"#)
    try names("other", #"{"0":"t1 ","1":"T2"}"#)
    #expect(try set("[0,1]")?.notices == [])
    try names("other", #"{"0":"T2","1":"T1"}"#)
    #expect(try set(#"["T1","T2"]"#)?.dataset.channels == [1, 0], "names find their numbers")
    for (channels, theirs, own) in [("[0,1]", "0 T2, 1 T1", "0 T1, 1 T2"), ("[1]", "1 T1", "1 T2")] {
      let error = #expect(throws: SpecificationErrors.self) { try set(channels) }
      let words = error.map { "\($0)".replacingOccurrences(of: temporary.url.path + "/", with: "") }
      #expect(
        words?.hasSuffix(
          "test.path: dataset.json of other calls the channels that are read \(theirs), that of set calls them \(own); name"
            + " them in dataset.channels instead of numbering them, or correct one of the two files") == true,
        "\(words ?? "")")
    }
    try names("other", nil)
    let notices = try set("[0,1]")?.notices.map { $0.replacingOccurrences(of: temporary.url.path + "/", with: "") }
    #expect(
      notices == [
        "other does not name its channels (channel_names of dataset.json): whether channels 0, 1 of the test set are those"
          + " that are learnt was not checked"
      ])
    #expect(try set("[0]")?.notices == [], "of the first channel alone nobody expects a name")
  }

  @Test func orThoseThatEveryFoldOfTheSplitsNames() throws {
    func splits(_ first: String, _ second: String) throws {
      try temporary.write(
        "set/splits_final.json",
        #"[{"train":["a"],"val":["b","c"]\#(first)},{"train":["b"],"val":["a","d"]\#(second)}]"#)
    }
    try splits(#","test":["e"]"#, #","test":["e"]"#)
    #expect(cases(#"{"cases":"splits"}"#) == "e")
    let refusal = "no test cases are taken from set/splits_final.json; name the same cases under \"test\" in each"
    #expect(cases(#"{"cases":"splits"}"#, #","source":"balanced""#).contains(refusal))
    try splits(#","test":["e"]"#, #","test":["d"]"#)
    #expect(cases(#"{"cases":"splits"}"#).contains(refusal))
    try splits(#","test":["e"]"#, "")
    #expect(cases(#"{"cases":"splits"}"#).contains(refusal))
    try splits(#","test":["e","a"]"#, #","test":["a","e"]"#)
    #expect(
      cases(#"{"cases":"splits"}"#).contains("names a under test, and under train or val too; name each once"))
    try splits(#","test":["f"]"#, #","test":["f"]"#)
    #expect(cases(#"{"cases":"splits"}"#).contains(#"has no case "f""#))
  }

  /// They are in no fold, and nobody says that they are unread.
  @Test func testCasesOfSplitsAreInNoFold() throws {
    try temporary.write(
      "set/splits_final.json",
      #"[{"train":["a","d"],"val":["b","c"],"test":["e"]},{"train":["b","c"],"val":["a","d"],"test":["e"]}]"#)
    func plan(_ test: String) throws -> ExperimentPlan {
      let specification = try specification(test)
      let dataset = try specification.openDataset()
      #expect(dataset.notices.isEmpty == (test != "null"))
      return try ExperimentPlan(
        specification: specification, dataset: dataset, fingerprint: DatasetFingerprint(digest: "ff", cases: 5),
        present: Dictionary(uniqueKeysWithValues: dataset.names.map { ($0, [true]) }))
    }
    let folds = try plan(#"{"cases":"splits"}"#).folds
    #expect(
      folds.map { Set($0.train + $0.validation + $0.test) } == [Set(["a", "b", "c", "d"]), Set(["a", "b", "c", "d"])])
    #expect(throws: FoldErrors.self) { try plan("null") }
  }

  @Test func aTestSetMustCallStructuresAsTheyAreLearnt() throws {
    try temporary.write("other/dataset.json", #"{"labels":{"background":0,"L5":1}}"#)
    #expect(
      cases(#"{"path":"other"}"#).contains(
        "test.path: dataset.json of other calls L5 what is learnt as L1; give the test set the numbers of the training set"
      ))
  }

  @Test func mistakesAreSaidOnce() throws {
    func mistakes(_ test: String) throws -> [String] {
      try ExperimentFolder(["x.json": experiment(#""test":\#(test)"#)]).mistakes()
    }
    #expect(
      try mistakes("{}") == [
        "x.json:4:8: test: write path, the folder of the test cases, or cases: \"imagesTs\" or \"splits\" for those of the"
          + " dataset"
      ])
    #expect(try mistakes(#"{"path":"x","cases":"splits"}"#).first?.contains("leave path out") == true)
    #expect(try mistakes(#"{"cases":"imagesTs","layout":"mrspineseg"}"#).first?.contains("nnU-Net's layout") == true)
    #expect(try mistakes(#"{"pth":"x"}"#).first?.contains("did you mean path?") == true)
  }

  @Test func anEnsembleOfFoldsNeedsATestSet() throws {
    func mistakes(_ more: String) throws -> [String] {
      try ExperimentFolder(["x.json": experiment(more)]).mistakes()
    }
    let way = #""prediction":{"mirror":true,"ensemble":"folds"}"#
    #expect(
      try mistakes(way) == [
        "x.json:4:40: prediction.ensemble: the networks of other folds were trained on a fold's test cases, so that their"
          + " mean would be tested on what it was trained on; write a test set (test) for an ensemble of folds, or take"
          + " \"seeds\""
      ])
    #expect(try mistakes(way + #","test":{"path":"x"}"#).isEmpty)
  }

  @Test func plansDoNotKnowOfTests() throws {
    func identity(_ test: String) throws -> String {
      let specification = try specification(test)
      return specification.plan(
        for: specification.seededVariants[0],
        fold: Fold(number: 1, train: ["a", "b"], validation: ["c"], test: ["d"]), labels: .mrSpineSeg,
        dataset: DatasetFingerprint(digest: "x", cases: 4)
      ).identity
    }
    #expect(try identity("null") == identity(#"{"path":"other"}"#))
  }
}

import Compute
import Foundation
import Testing
import Volumes

import Experiments

/// What costs nothing to check is checked before an image is read.
@Suite struct BeforePreparingTests {
  // MARK: Batch normalisation over one value

  /// The least side that a network's strides allow leaves one position in its deepest layer.
  static let kinds = [("safnet", 16), ("unet3d", 8), ("resunet3d", 8), ("deeplabv3", 16)]

  @Test(arguments: kinds) func aBatchOfOneValueIsRefusedWithTheFile(kind: String, side: Int) throws {
    let text = experiment(
      "\"preprocessing\":{\"size\":[1,\(side),\(side)]},\"model\":{\"kind\":\"\(kind)\"},\"training\":{\"batch\":1}")
    let mistakes = try ExperimentFolder(["x.json": text]).mistakes()
    #expect(
      mistakes.count == 1 && mistakes[0].contains("preprocessing.size: at 1x\(side)x\(side) and a batch of 1, "),
      "\(mistakes)")
    #expect(mistakes.first?.contains("has one value for each channel") == true)
    let larger = text.replacingOccurrences(of: "[1,\(side),\(side)]", with: "[2,32,32]")
    #expect(try ExperimentFolder(["x.json": larger]).mistakes().isEmpty)
  }

  /// 7 cases in 2 folds train 3 and 4: the last of batches of 2 has one case in fold 1, of batches of 3 in fold 2.
  @Test(arguments: [(2, 1, 3), (3, 2, 4)]) func aLastBatchOfOneValueIsRefused(batch: Int, fold: Int, training: Int)
    throws
  {
    let text = experiment(
      "\"preprocessing\":{\"size\":[1,16,16]},\"folds\":{\"count\":2,\"validation\":1},\"training\":{\"batch\":\(batch)}"
    )
    let folder = try ExperimentFolder(["x.json": text])
    let errors = try folder.load().conflicts(cases: 7)
    #expect(errors.count == 1)
    #expect(
      errors.first?.description.contains(
        "training.batch: the last batch of fold \(fold) has 1 of its \(training) training cases: at 1x16x16, ") == true,
      "\(errors)")
    #expect(try folder.load(set: ["training.lastBatch=drop"]).conflicts(cases: 7).isEmpty)
    #expect(try folder.load(set: ["preprocessing.size=[2,16,16]"]).conflicts(cases: 7).isEmpty)
  }

  // MARK: Folds

  static func set(_ splits: String, _ cases: [String]) -> [String: String] {
    var files = [
      "set/dataset.json": #"{"labels":{"background":0,"L1":1,"L2":2}}"#, "set/splits_final.json": splits,
    ]
    for name in cases {
      files["set/imagesTr/\(name)_0000.nii.gz"] = ""
      files["set/labelsTr/\(name).nii.gz"] = ""
    }
    return files
  }

  func refusal(_ splits: String, cases: [String], _ fields: String) throws -> String {
    var files = Self.set(splits, cases)
    files["x.json"] = experiment(fields, dataset: #"{"path":"set","labels":"dataset.json"}"#)
    let folder = try ExperimentFolder(files)
    let specification = try folder.load()
    let dataset = try Dataset.open(specification.datasetRoot)
    do {
      _ = try specification.checkCounts(of: dataset, labels: specification.labels(of: dataset))
      return ""
    } catch {
      return "\(error)".replacingOccurrences(of: folder.url.path + "/", with: "")
    }
  }

  @Test func splitsWithoutATestPartSayWhatToSet() throws {
    let names = ["a", "b", "c", "d", "e", "f"]
    let five =
      #"[{"train":["a","b","c"],"val":["d","e","f"]},{"train":["d","e","f"],"val":["a","b","c"]}]"#
    #expect(
      try refusal(five, cases: names, #""folds":{"validation":4},"training":{"batch":1}"#)
        == "x.json:4:23: folds.validation: 4 validation cases of the 3 that fold 1 (nnU-Net's fold 0) of"
        + " set/splits_final.json holds out leave none to test; lower folds.validation to 2 or less")
    #expect(try refusal(five, cases: names, #""folds":{"validation":2},"training":{"batch":1}"#) == "")
    let loo =
      "["
      + names.map { one in
        let rest = names.filter { $0 != one }.map { "\"\($0)\"" }.joined(separator: ",")
        return "{\"train\":[\(rest)],\"val\":[\"\(one)\"]}"
      }.joined(separator: ",") + "]"
    #expect(
      try refusal(loo, cases: names, #""folds":{"validation":1},"training":{"batch":1}"#)
        == "x.json:4:23: folds.validation: 1 validation case of the 1 that fold 1 (nnU-Net's fold 0) of"
        + " set/splits_final.json holds out leaves none to test; one case cannot both choose the checkpoint and be tested: hold out at least 2, or"
        + " take validation cases from those that train (folds.validationFrom: \"training\")")
  }

  /// Nothing to do with where validation cases come from: followed, the advice leads out.
  @Test func aFoldThatHoldsOutNothingIsTheFilesMistake() throws {
    let names = ["a", "b", "c", "d"]
    let fields = #""folds":{"validation":1},"training":{"batch":1}"#
    #expect(
      try refusal(#"[{"train":["a","b","c","d"],"val":[]}]"#, cases: names, fields)
        == "x.json:4:9: folds: val of fold 1 (nnU-Net's fold 0) of set/splits_final.json is empty; each fold needs cases in its"
        + " val, which choose the checkpoint and are tested: move cases from its train to its val")
    #expect(try refusal(#"[{"train":["a","b"],"val":["c","d"]}]"#, cases: names, fields) == "")
  }

  /// As of folds that are drawn; followed, the advice leads out.
  @Test func validationOfAFilesFoldsLeavesABatchItsCases() throws {
    let names = ["a", "b", "c", "d", "e", "f"]
    let two = #"[{"train":["a","b","c"],"val":["d","e","f"]},{"train":["d","e","f"],"val":["a","b","c"]}]"#
    func refusal(validation: Int) throws -> String {
      let folds = #""folds":{"validation":\#(validation),"validationFrom":"training"}"#
      return try self.refusal(two, cases: names, folds + #","training":{"batch":2}"#)
    }
    #expect(
      try refusal(validation: 3)
        == "x.json:4:23: folds.validation: 3 validation cases of 3 training cases leave none to train; lower folds.validation"
        + " to 1, which leaves a batch of 2 its cases")
    #expect(try refusal(validation: 1) == "")
  }

  /// Weights of another program are refused with the file, by their name.
  @Test(arguments: ["w.pth", "../best.ckpt", "model.safetensors"]) func foreignWeightsAreNoStart(name: String) throws {
    let text = experiment("\"training\":{\"start\":\"\(name)\"}")
    let mistakes = try ExperimentFolder(["x.json": text]).mistakes()
    #expect(mistakes.count == 1 && mistakes[0].contains("training.start: \(name) is a "), "\(mistakes)")
    #expect(mistakes.first?.contains("training begins with what `safnet run` trained: a finished run's name") == true)
    let own = text.replacingOccurrences(of: name, with: "runs/a/best.h5")
    #expect(try ExperimentFolder(["x.json": own]).mistakes().isEmpty)
  }

  @Test func splitsThatDoNotFitNameTheirFileAndTheRemedy() throws {
    let splits = #"[{"train":["a","b"],"val":["c","x"]},{"train":["b"],"val":["d","a"]}]"#
    #expect(
      try refusal(splits, cases: ["a", "b", "c", "d"], #""folds":{"validation":1},"training":{"batch":1}"#) == """
        set/splits_final.json: fold 1 (nnU-Net's fold 0): the dataset has no case x; take it out of the file, or add the case to the dataset
        set/splits_final.json: fold 1 (nnU-Net's fold 0): d in neither train nor val; add it to train, or to val where no other fold holds it out, or leave the case out by dataset.exclude
        set/splits_final.json: fold 2 (nnU-Net's fold 1): c in neither train nor val; add it to train, or to val where no other fold holds it out, or leave the case out by dataset.exclude
        """)
  }

  /// A case of which image and mask are gone is told once, whatever folds it is in.
  @Test func aLostCaseIsNamedOnce() throws {
    let splits =
      #"[{"train":["a","b"],"val":["c","x"]},{"train":["c","x"],"val":["a","b"]},{"train":["a","b","c","x"],"val":["y"]}]"#
    #expect(
      try refusal(
        splits, cases: ["a", "b", "c"], #""folds":{"validation":1,"validationFrom":"training"},"training":{"batch":1}"#
      )
      .hasPrefix(
        "set/splits_final.json: the dataset has no case x, which the folds 1, 2 (nnU-Net's folds 0, 1) name; put image and mask of it"
          + " back, if they are lost, or take it out of the file\n"))
  }

  /// What stands under `test` is not read: cases there are not told as if they stood nowhere.
  @Test func casesUnderTestAloneAreToldSo() throws {
    let names = ["a", "b", "c", "d", "e", "f"]
    let fields = #""folds":{"validation":1},"training":{"batch":1}"#
    let shared =
      #"[{"train":["a","b"],"val":["c","d"],"test":["e","f"]},{"train":["c","d"],"val":["a","b"],"test":["f","e"]}]"#
    #expect(
      try refusal(shared, cases: names, fields)
        == "set/splits_final.json: folds 1, 2 (nnU-Net's folds 0, 1): e, f under test alone, which is not read:"
        + " a fold's cases are those of its train and val; write \"test\": {\"cases\": \"splits\"} in the experiment, which makes them its test set, or add them to"
        + " train or val")
    #expect(try refusal(shared, cases: names, fields + #","test":{"cases":"splits"}"#) == "")
    let each =
      #"[{"train":["a","b"],"val":["c","d"],"test":["e"]},{"train":["e","f"],"val":["a","b"],"test":["c","d"]}]"#
    let words = try refusal(each, cases: names, fields).split(separator: "\n")
    #expect(words.count == 3)
    #expect(words.first?.contains("fold 1 (nnU-Net's fold 0): e under test alone, which is not read") == true)
    #expect(words.first?.contains("; add them to val, of which folds.validation cases choose the checkpoint") == true)
    #expect(
      words.last
        == "set/splits_final.json: fold 1 (nnU-Net's fold 0): f in neither train nor val; add it to train, or to val where no other fold holds it out, or leave the case out by dataset.exclude"
    )
  }

  @Test func groupsOfADatasetsOwnNamesAreChecked() throws {
    let splits = #"[{"train":["a","b"],"val":["c","d"]},{"train":["c","d"],"val":["a","b"]}]"#
    let fields = #""folds":{"validation":1},"training":{"batch":1},"report":{"groups":{"low":["L1","L11"]}}"#
    #expect(
      try refusal(splits, cases: ["a", "b", "c", "d"], fields)
        == "x.json:4:81: report.groups.low[1]: no structure is named \"L11\", did you mean L1?; there are L1, L2")
  }

  // MARK: Texts that look like numbers

  @Test(arguments: [
    ("dataset.path=2023", "2023"), ("dataset.path=1e5", "1e5"), ("dataset.path=true", "true"),
    ("dataset.path=3.10", "3.10"), ("dataset.path=-7", "-7"), ("dataset.path=\"2023\"", "2023"),
  ])
  func aTextMayLookLikeANumber(option: String, text: String) throws {
    #expect(try ExperimentFolder(["x.json": experiment()]).load(set: [option]).dataset.path.text == text)
  }

  @Test func namesMayLookLikeNumbers() throws {
    let folder = try ExperimentFolder(["x.json": experiment()])
    let set = try folder.load(set: ["name=3.10", "title=1e5", "variants.0.name=true"])
    #expect((set.name, set.title, set.variants[0].name) == ("3.10", "1e5", "true"))
    #expect(
      folder.mistakes(set: [#"dataset={"path":2023}"#]) == [
        #"--set dataset={"path":2023}: dataset.path: found 2023, expected a text: write it in double quotes, "2023""#
      ])
    #expect(folder.mistakes(set: ["title=[1]"]) == ["--set title=[1]: title: found [1], expected a text"])
    #expect(
      folder.mistakes(set: ["training.seed=9007199254740993"]) == [
        "--set training.seed=9007199254740993: training.seed: found 9007199254740993, allowed: 0 to 9007199254740991"
      ])
  }

  @Test func labelsThatAreNoWordOfThemAreToldAllForms() throws {
    let text = experiment(dataset: #"{"path":"d","labels":"dataset"}"#)
    #expect(
      try ExperimentFolder(["x.json": text]).mistakes() == [
        "x.json:2:32: dataset.labels: found \"dataset\"; allowed: auto, mrspineseg, dataset.json, an object of names and"
          + " numbers in the mask"
      ])
  }

  @Test func anExperimentThatIsNoFileIsRefusedAtOnce() throws {
    let folder = try ExperimentFolder()
    let remedy = "give a file in its place"
    #expect(mkfifo(folder.url.appendingPathComponent("pipe.json").path, 0o600) == 0)
    #expect(folder.mistakes("pipe.json") == ["cannot read pipe.json: it is a pipe, not a file; \(remedy)"])
    try FileManager.default.createSymbolicLink(
      atPath: folder.url.appendingPathComponent("zero.json").path, withDestinationPath: "/dev/zero")
    #expect(folder.mistakes("zero.json") == ["cannot read zero.json: it is a device, not a file; \(remedy)"])
  }

  @Test func aPathThatLeadsNowhereIsToldWhereItEnds() throws {
    let folder = try ExperimentFolder(["x.json": "{}"])
    for (name, target) in [("gone.json", "there/study.json"), ("round.json", "round.json")] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.url.appendingPathComponent(name).path, withDestinationPath: target)
    }
    let gone = folder.mistakes("gone.json").joined()
    #expect(
      gone.hasPrefix("cannot read gone.json: it is a link to /")
        && gone.hasSuffix("/there/study.json, which is not there; make that, remove the link, or give another path"),
      "\(gone)")
    #expect(
      folder.mistakes("round.json") == [
        "cannot read round.json: it is a link that leads in a circle; remove it, or give another path"
      ])
    let below = folder.mistakes("x.json/study.json").joined()
    #expect(below.contains("x.json is a file, and a folder is needed there"), "\(below)")
  }
}

import Foundation
import Testing

import Experiments

/// Files of experiments: how they extend each other, and what is said of those that are none or hold mistakes.
@Suite struct SpecificationLoaderTests {
  @Test func extendsMergesObjectsAndReplacesLists() throws {
    let folder = try ExperimentFolder([
      "base.json": experiment(#""title":"Base","training":{"epochs":9,"batch":2},"folds":{"seed":1}"#),
      "x.json": #"""
      {"extends":"base.json","name":"child","training":{"epochs":3},"folds":null,
       "variants":[{"name":"P"},{"name":"Q","model":{"gate":false}}]}
      """#,
    ])
    let specification = try folder.load()
    #expect(specification.name == "child" && specification.title == "child", "a base's title is its own")
    #expect(specification.training.epochs == 3 && specification.training.batch == 2)
    #expect(specification.folds.seed == 2023)
    #expect(specification.variants.map(\.name) == ["P", "Q"])
  }

  @Test func mistakesNameTheFileTheyStandIn() throws {
    let folder = try ExperimentFolder([
      "sub/base.json": experiment(#""training":{"epohcs":9}"#),
      "x.json": "{\"extends\":\"sub/base.json\",\"name\":\"x\",\n\"folds\":{\"count\":true}}",
    ])
    let mistakes = folder.mistakes(set: ["training.batch=many", "preprocessing.sizes=1"])
    #expect(mistakes.count == 4)
    #expect(mistakes[0].hasPrefix("--set preprocessing.sizes=1: preprocessing.sizes: unknown key, did you mean size?"))
    #expect(mistakes.contains("x.json:2:18: folds.count: found true, expected a whole number"))
    #expect(
      mistakes.contains { $0.hasPrefix("sub/base.json:4:13: training.epohcs: unknown key, did you mean epochs?") })
    #expect(mistakes.contains("--set training.batch=many: training.batch: found \"many\", expected a whole number"))
  }

  @Test(arguments: ["", " \n\t", "\u{FEFF}\n"]) func anEmptyFileIsCalledEmpty(text: String) throws {
    let folder = try ExperimentFolder(["x.json": text, "y.json": #"{"extends":"x.json","name":"y"}"#])
    let words =
      "x.json:1:1: it is empty and no experiment; remove it, and `safnet new FOLDER -o x.json` writes one for a folder of"
      + " images"
    #expect(folder.mistakes() == [words] && folder.mistakes("y.json") == [words])
  }

  @Test func theEndingOfAFileMayBeMissing() throws {
    let folder = try ExperimentFolder(["study.json": experiment("")])
    #expect(folder.mistakes("study") == ["cannot read study: no such file, did you mean study.json?"])
    // All have it, so that it makes no two names alike.
    let other = try ExperimentFolder(["ab.json": experiment("")])
    #expect(other.mistakes("xy.json") == ["cannot read xy.json: no such file; in its folder there is ab.json"])
  }

  @Test func foldersThatAreNoExperimentAreCalledByTheirNames() throws {
    let folder = try ExperimentFolder(["W/index.sqlite": "", "W/runs/r-f1/plan.json": "{}", "images/a.nii": ""])
    #expect(
      folder.mistakes("W").first?.contains(
        "this one is a workspace: give the experiment's file, and this by --workspace W;") == true)
    #expect(
      folder.mistakes("W/runs/r-f1").first?.contains("`safnet runs show r-f1` shows the run that it is of") == true)
    #expect(
      folder.mistakes("images").first?.contains("`safnet new images -o study.json` writes one for a folder") == true)
  }

  @Test func aDatasetsDescriptionIsNoExperiment() throws {
    let folder = try ExperimentFolder([
      "set/dataset.json": #"{"channel_names": {"0": "T2"}, "labels": {"background": 0, "L1": 1}}"#
    ])
    #expect(
      folder.mistakes("set/dataset.json") == [
        "set/dataset.json:1:1: this describes a data set as nnU-Net does and is no experiment: write one whose"
          + " dataset.path is set; `safnet dataset check set` reads it"
      ])
  }

  @Test func cyclesAreShownWhole() throws {
    let folder = try ExperimentFolder([
      "x.json": #"{"extends":"a/b.json"}"#, "a/b.json": #"{"extends":"../c.json"}"#,
      "c.json": #"{"extends":"a/../a/b.json"}"#,
      "self.json": #"{"extends":"./self.json"}"#,
    ])
    #expect(
      folder.mistakes() == ["c.json:1:12: extends: these files extend each other: a/b.json -> c.json -> a/b.json"])
    #expect(
      folder.mistakes("self.json") == ["self.json:1:12: extends: these files extend each other: self.json -> self.json"]
    )
  }

  @Test func aMissingBaseIsReportedWhereItIsNamed() throws {
    let folder = try ExperimentFolder(["x.json": "{\n\"extends\":\"nowhere.json\"}", "y.json": #"{"extends":3}"#])
    #expect(
      folder.mistakes() == [
        "x.json:2:11: extends: cannot read nowhere.json: no such file; the path counts from x.json's folder, in which there is"
          + " y.json"
      ])
    #expect(folder.mistakes("y.json") == ["y.json:1:12: extends: found 3, expected the name of a file"])
  }

  @Test(arguments: ["", " "]) func anEmptyBaseIsNoFolder(name: String) throws {
    let folder = try ExperimentFolder(["x.json": "{\"extends\":\"\(name)\"}"])
    #expect(folder.mistakes() == ["x.json:1:12: extends: it is empty; name a file, or take it out"])
  }

  /// Where a base's path counts from, and what is there; no file that leads to it is offered.
  @Test(arguments: [
    ("shared/bsae.json", ", did you mean shared/base.json? The path counts from sub/x.json's folder"),
    ("shared/base", ", did you mean shared/base.json? The path counts from sub/x.json's folder"),
    ("shared/other.json", "; the path counts from sub/x.json's folder, and in shared/ there is base.json"),
    ("nowhere/base.json", "; the path counts from sub/x.json's folder, in which there is no folder nowhere/"),
    ("../base.json", "; the path counts from sub/x.json's folder, and in ../ there is no other experiment"),
    ("y.json", "; the path counts from sub/x.json's folder, in which there is no other experiment"),
    ("/nowhere/base.json", "; there is no folder /nowhere/"),
  ])
  func aMissingBaseIsToldWhatIsThere(base: String, words: String) throws {
    let folder = try ExperimentFolder([
      "sub/x.json": "{\"extends\":\"\(base)\"}", "sub/shared/base.json": experiment(),
    ])
    let mistakes = folder.mistakes("sub/x.json")
    #expect(mistakes.count == 1 && mistakes[0].hasPrefix("sub/x.json:1:12: extends: cannot read "), "\(mistakes)")
    #expect(mistakes.first?.hasSuffix(": no such file\(words)") == true, "\(mistakes)")
  }

  @Test func filesThatCannotBeReadAreNamed() throws {
    let folder = try ExperimentFolder(["sub/x.json": "[1]", "bad.json": "{\"name\": \"x\",}", "latin.json": ""])
    try Data([0x7B, 0x22, 0xE9, 0x22]).write(to: folder.url.appendingPathComponent("latin.json"))
    #expect(
      folder.mistakes("none.json") == [
        "cannot read none.json: no such file; in its folder there is bad.json, latin.json"
      ])
    #expect(
      folder.mistakes("sub/none") == ["cannot read sub/none: no such file; in its folder there is x.json"])
    try FileManager.default.removeItem(at: folder.url.appendingPathComponent("sub/x.json"))
    let alone = folder.mistakes("sub/none.json")
    #expect(
      alone == [
        "cannot read sub/none.json: no such file; `safnet new FOLDER -o sub/none.json` writes one for a folder of images"
      ])
    try Data("{}".utf8).write(to: folder.url.appendingPathComponent("sub/dataset.json"))
    #expect(folder.mistakes("sub/none.json") == alone)
    let lost = folder.mistakes("gone/none.json")
    #expect(lost.count == 1 && lost[0].hasPrefix("cannot read gone/none.json: no such file, and no folder "))
    #expect(lost[0].hasSuffix("gone: correct the path"), "\(lost)")
    try Data("[1]".utf8).write(to: folder.url.appendingPathComponent("sub/x.json"))
    #expect(
      folder.mistakes("sub") == [
        "cannot read sub: it is a folder, and an experiment is a file; `safnet new sub -o study.json` writes one for a folder"
          + " of images, and `safnet dataset check sub` looks through them"
      ])
    #expect(folder.mistakes("bda.json") == ["cannot read bda.json: no such file, did you mean bad.json?"])
    #expect(folder.mistakes("sub/x.json") == ["sub/x.json:1:1: found [1], expected an object"])
    #expect(
      folder.mistakes("bad.json") == ["bad.json:1:13: a comma before a closing bracket; JSON has no trailing commas"])
    #expect(folder.mistakes("latin.json") == ["latin.json:1:3: these bytes are not UTF-8; save the file as UTF-8"])
  }

  @Test func theHeadingCountsTheMistakes() throws {
    let folder = try ExperimentFolder(["x.json": experiment(#""folds":{"count":0},"title":2"#)])
    #expect {
      try folder.load()
    } throws: { error in
      "\(error)" == """
        2 mistakes in the specification:
        x.json:4:18: folds.count: found 0, allowed: 2 to 1000
        x.json:4:29: title: found 2, expected a text: write it in double quotes, \"2\"
        """
    }
  }

  /// Whatever a file holds, loading ends in a specification or in mistakes that say where.
  @Test func damagedExperimentsNeverTrap() throws {
    let text = Array(
      experiment(
        #""training":{"epochs":5},"report":{"groups":{"a":["L1"]}},"augmentation":{"elastic":{"millimetres":6}}"#
      ).utf8)
    let folder = try ExperimentFolder()
    let file = folder.url.appendingPathComponent("x.json")
    let pieces = ["null", "0", "[]", "{}", "\"\"", "-1", "1e300", "true", "[[]]"].map { Array($0.utf8) }
    let places = text.indices.filter { ":[,".utf8.contains(text[$0]) }
    for place in places {
      for piece in pieces {
        let end = text[(place + 1)...].firstIndex { ",]}".utf8.contains($0) } ?? text.endIndex
        try Data(text[...place] + piece + text[end...]).write(to: file)
        for mistake in folder.mistakes() { #expect(mistake.hasPrefix("x.json:"), "\(mistake)") }
      }
    }
  }
}

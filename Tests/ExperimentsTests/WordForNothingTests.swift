import Testing

import Experiments

/// `none`, `off` and `no` as other programs have them, where null or an empty list says that here.
@Suite struct WordForNothingTests {
  /// What is advised is followed and loads.
  @Test(arguments: [
    ("test=none", "an object", "test=null"), ("test=None", "an object", "test=null"),
    ("test=false", "an object", "test=null"), ("dataset.groups=no", "an object", "dataset.groups=null"),
    ("training.patch=off", "a list", "training.patch=null"), ("seeds=nil", "a list", "seeds=null"),
    ("preprocessing.spacing=none", "a list", "preprocessing.spacing=null"),
    ("report.groups=none", "an object: group name and its structures", "report.groups=null"),
    ("grid=none", "an object of fields and lists of values", "grid=null"),
    ("report.subgroups=off", "a list", "'report.subgroups=[]'"),
    ("dataset.exclude=none", "a list", "'dataset.exclude=[]'"), ("prediction=none", "a list", "'prediction=[]'"),
  ])
  func anOptionIsToldWhatSaysSo(option: String, expected: String, right: String) throws {
    let folder = try ExperimentFolder(["x.json": experiment("")])
    let mistakes = folder.mistakes(set: [option])
    #expect(
      mistakes.count == 1 && mistakes[0].hasSuffix(", expected \(expected); write --set \(right)"), "\(mistakes)")
    #expect(folder.mistakes(set: [right.replacing("'", with: "")]).isEmpty)
  }

  @Test(arguments: [
    (#""test":"none""#, "an object; write null"), (#""training":{"patch":false}"#, "a list; write null"),
    (#""augmentation":"none""#, "an object, true or false; write false"),
  ])
  func inAFileTheValueIsShown(field: String, words: String) throws {
    let mistakes = try ExperimentFolder(["x.json": experiment(field)]).mistakes()
    #expect(mistakes.count == 1 && mistakes[0].hasSuffix(", expected \(words)"), "\(mistakes)")
  }

  /// A text may say so.
  @Test func aTextStaysOne() throws {
    #expect(try ExperimentFolder(["x.json": experiment("")]).load(set: ["title=none"]).title == "none")
  }
}

import Foundation
import Testing

import Experiments

/// Values of a wrong type whose right form can be told; what is advised loads.
@Suite struct FormHintTests {
  static let hints: [(more: String, words: String, better: String)] = [
    (#""folds":4"#, #"folds: found 4, expected an object such as {"count":4}"#, #""folds":{"count":4}"#),
    (
      #""preprocessing":{"size":"16x64x32"}"#,
      #"preprocessing.size: found "16x64x32", expected a list; write [16,64,32]"#,
      #""preprocessing":{"size":[16,64,32]}"#
    ),
    (
      #""augmentation":{"elastic":false}"#,
      #"augmentation.elastic: found false, expected an object; write {"probability": 0}"#,
      #""augmentation":{"elastic":{"probability":0}}"#
    ),
    (
      #""report":{"groups":{"A":["L5","L4","L5"]}}"#, #"report.groups.A[2]: found "L5" again; once is enough"#,
      #""report":{"groups":{"A":["L5","L4"]}}"#
    ),
  ]

  @Test(arguments: hints) func theRightFormIsTold(more: String, words: String, better: String) throws {
    let wrong = try ExperimentFolder(["x.json": experiment(more)])
    #expect(wrong.mistakes().count == 1 && wrong.mistakes()[0].hasSuffix(words), "\(wrong.mistakes())")
    _ = try ExperimentFolder(["x.json": experiment(better)]).load()
  }

  @Test func variantsAreAList() throws {
    func mistakes(_ variants: String) throws -> [String] {
      try ExperimentFolder(["x.json": experiment(variants: variants)]).mistakes()
    }
    #expect(
      try mistakes("{}") == [#"x.json:3:12: variants: found an object, expected a list such as [{"name": "..."}]"#])
    #expect(
      try mistakes(#"{"name":"A"}"#) == [
        "x.json:3:12: variants: found an object, expected a list; write it in brackets, [{...}]"
      ])
  }

  @Test func labelsTheOtherWayRound() throws {
    let folder = try ExperimentFolder([
      "x.json": experiment(dataset: #"{"path":"data","labels":{"1":"L1","2":"L2"}}"#)
    ])
    #expect(
      folder.mistakes() == [
        #"x.json:2:40: dataset.labels.1: a structure's name stands first, then its number: write {"L1": 1}"#,
        #"x.json:2:49: dataset.labels.2: a structure's name stands first, then its number: write {"L2": 2}"#,
      ])
  }

  @Test(arguments: [("1-5", "[1,2,3,4,5]"), ("1, 2, 7", "[1,2,7]"), ("(1, 2, 7)", "[1,2,7]")])
  func numbersInOneTextAreToldAsAList(text: String, list: String) throws {
    func folder(_ numbers: String) throws -> ExperimentFolder {
      try ExperimentFolder(["x.json": experiment(dataset: "{\"path\":\"data\",\"labels\":{\"lumbar\":\(numbers)}}")])
    }
    let mistakes = try folder("\"\(text)\"").mistakes()
    #expect(
      mistakes.count == 1
        && mistakes[0].hasSuffix("found \"\(text)\", expected a number, or a list of them: write \(list)"),
      "\(mistakes)")
    #expect(try folder(list).mistakes().isEmpty)
  }

  @Test func aDecimalCommaIsNamed() throws {
    let folder = try ExperimentFolder(["x.json": experiment(#""training":{"learningRate":0,001}"#)])
    #expect(
      folder.mistakes() == [
        "x.json:4:30: a comma divides fields, and a key in double quotes should follow it; decimals are written with a point,"
          + " as 0.001"
      ])
  }

  /// A comma before three digits divides thousands, in a list too: neither number that it makes is proposed.
  @Test(arguments: [
    (#""training":{"epochs":1,000}"#, "x.json:4:24: ", "000"), (#""seeds":[1,000]"#, "x.json:4:12: ", "000"),
    (#""report":{"tolerances":[1,05]}"#, "x.json:4:27: ", "05"),
    (#""seeds":[7,2,023]"#, "x.json:4:14: ", "023"),
  ])
  func aCommaBetweenThousandsIsNamed(more: String, place: String, digits: String) throws {
    let words =
      "a comma divides values, and \(digits) behind it is none here; the digits of one number stand without signs"
      + " between, as 1000, and decimals have a point, as 0.001"
    #expect(try ExperimentFolder(["x.json": experiment(more)]).mistakes() == [place + words])
  }

  @Test func aListInRoundBracketsIsNamed() throws {
    let folder = try ExperimentFolder(["x.json": experiment(#""preprocessing":{"size":(4,32,16)}"#)])
    #expect(folder.mistakes() == ["x.json:4:25: found ( where a list in square brackets should stand"])
  }

  @Test(arguments: [String.Encoding.utf16LittleEndian, .utf16BigEndian]) func utf16IsNoUTF8(encoding: String.Encoding)
    throws
  {
    let folder = try ExperimentFolder()
    try #require(experiment().data(using: encoding)).write(to: folder.url.appendingPathComponent("x.json"))
    #expect(folder.mistakes() == ["x.json:1:1: these bytes are not UTF-8; save the file as UTF-8"])
  }

  @Test func aSettingBehindACommaIsAdvisedWithItsWholePath() throws {
    let folder = try ExperimentFolder(["x.json": experiment("")])
    for option in ["training.epochs=1,batch=2", "training.epochs=1 training.batch=2", "training.epochs=1 batch=2"] {
      let mistakes = folder.mistakes(set: [option])
      #expect(
        mistakes.count == 1 && mistakes[0].contains("--set training.epochs=1 --set training.batch=2"), "\(mistakes)")
    }
    #expect(try folder.load(set: ["training.epochs=1", "training.batch=2"]).training.batch == 2)
    #expect(try folder.load(set: ["title=a b=c, d"]).title == "a b=c, d")
  }

  @Test(arguments: [("3dunet", "unet3d"), ("cfnet3d", "cfnet")])
  func aKindInOtherWordsIsTold(kind: String, meant: String) throws {
    let mistakes = try ExperimentFolder(["x.json": experiment("\"model\":{\"kind\":\"\(kind)\"}")]).mistakes()
    #expect(mistakes.count == 1 && mistakes[0].contains("did you mean \(meant)?"), "\(mistakes)")
  }

  /// A point and three zeros may be a thousand where a whole number stands, and is no mistake where only one of the two may stand.
  @Test func aPointBetweenThousandsIsAskedFor() throws {
    let folder = try ExperimentFolder(["x.json": experiment(#""training":{"epochs":10.000}"#)])
    let words = "expected a whole number without a point; write "
    #expect(folder.mistakes() == ["x.json:4:22: training.epochs: found 10.000, \(words)10 or 10000, as is meant"])
    #expect(
      folder.mistakes(set: ["training.epochs=1.000"]).first?.hasSuffix(
        "found 1.000, \(words)--set training.epochs=1 or --set training.epochs=1000, as is meant") == true)
    #expect(try folder.load(set: ["training.epochs=10.0", "folds.count=5.000"]).folds.count == 5)
  }

  @Test func aShareOfTheCasesIsToldOfTheirNumber() throws {
    #expect(
      try ExperimentFolder(["x.json": experiment(#""folds":{"validation":0.2}"#)]).mistakes() == [
        "x.json:4:23: folds.validation: found 0.2, expected a whole number of cases, and no share of them (such as 2)"
      ])
  }

  /// A word of Python in the place of a value that is no such word: what is wanted there is told, and not the word of JSON.
  @Test(arguments: [
    (#""training":{"learningRate":True}"#, "x.json:4:28: training.learningRate: found True, expected a number"),
    (
      #""training":{"epochs":True,"nesterov":False}"#,
      "x.json:4:22: training.epochs: found True, expected a whole number"
    ),
    (
      #""training":{"learningRate":None}"#,
      "x.json:4:28: training.learningRate: found None, expected a number, or nothing: leave the field out"
    ),
    (#""report":{"tolerances":[1,None]}"#, "x.json:4:27: report.tolerances[1]: found None, expected a number"),
  ])
  func aWordOfAnotherLanguageInTheWrongPlace(more: String, words: String) throws {
    #expect(try ExperimentFolder(["x.json": experiment(more)]).mistakes() == [words])
  }

  @Test(arguments: [
    (#""training":{"nesterov":True,"epochs":None}"#, "write true"), (#""augmentation":False"#, "write false"),
    (#""training":{"patch":None}"#, "write null, or leave the field out"),
    (#""training":{"loss":dice}"#, "texts stand in double quotes"),
    (#""training":{"learningRate":True"#, "write true"),
  ])
  func aWordOfAnotherLanguageThatIsMeant(more: String, end: String) throws {
    let mistakes = try ExperimentFolder(["x.json": experiment(more)]).mistakes()
    #expect(mistakes.count == 1 && mistakes[0].contains(" is not JSON; ") && mistakes[0].hasSuffix(end), "\(mistakes)")
  }
}

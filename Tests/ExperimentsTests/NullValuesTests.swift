import Testing

import Experiments

/// Null where a value should stand, and where it says that nothing is said.
@Suite struct NullValuesTests {
  static let refused: [(more: String, words: String)] = [
    (
      #""training":{"epochs":null}"#,
      "x.json:4:22: training.epochs: null is no value; write a whole number, or leave the field out"
    ),
    (
      #""training":{"monitor":null}"#,
      #"x.json:4:23: training.monitor: null is no value; write one of "meanDice" or "voxelAccuracy", or leave the field out"#
    ),
    (
      #""augmentation":null"#,
      "x.json:4:16: augmentation: null is no value; write an object, true or false, or leave the field out"
    ),
    (#""title":null"#, "x.json:4:9: title: null is no value; write a text, or leave the field out"),
    (#""folds":null"#, "x.json:4:9: folds: null is no value; write an object, or leave the field out"),
  ]

  @Test(arguments: refused) func inAFileItIsAMistakeWithItsRemedy(more: String, words: String) throws {
    #expect(try ExperimentFolder(["x.json": experiment(more)]).mistakes() == [words])
  }

  @Test func inAVariantTooWhateverItsFileExtends() throws {
    let folder = try ExperimentFolder([
      "base.json": experiment(#""training":{"epochs":7}"#),
      "x.json": #"{"extends":"base.json","name":"x","variants":[{"name":"SAFNet","training":{"epochs":null}}]}"#,
    ])
    #expect(folder.mistakes().count == 1)
    #expect(folder.mistakes().first?.contains("variants[0].training.epochs: null is no value") == true)
  }

  /// It takes away what the extended file says, as docs/keys.md has it; fields that may be null say nothing.
  @Test(arguments: [#""training":{"epochs":null}"#, #""seeds":null"#, #""report":{"paper":null}"#])
  func whereItMeansSomethingItStays(more: String) throws {
    let folder = try ExperimentFolder([
      "base.json": experiment(#""training":{"epochs":7},"seeds":[1],"report":{"paper":"table1"}"#),
      "x.json": #"{"extends":"base.json","name":"x",\#(more)}"#,
    ])
    let own = try folder.load()
    #expect(own.training.epochs == (more.contains("epochs") ? 50 : 7))
    #expect(own.seeds == (more.contains("seeds") ? nil : [1]))
    #expect(own.report.paper == (more.contains("paper") ? nil : .table1))
  }

  @Test func anOptionTakesAwayWhatTheFileSays() throws {
    let folder = try ExperimentFolder(["x.json": experiment(#""training":{"epochs":7}"#)])
    #expect(try folder.load(set: ["training.epochs=null"]).training.epochs == 50)
    #expect(folder.mistakes(set: [#"training={"epochs":null}"#]).count == 1)
  }
}

import Foundation
import Store
import Testing

/// Fields of a run: names that many runs share, and a dictionary to whoever reads or writes them.
@Suite struct RunFieldsTests {
  private let fields = RunFields(names: ["model.width", "loss", "seed"], texts: ["16", nil, "7"])

  @Test func anAbsentFieldIsNone() {
    #expect(fields["model.width"] == "16" && fields["loss"] == nil && fields["ghost"] == nil)
    #expect(!fields.isEmpty && RunFields(names: ["loss"], texts: [nil]).isEmpty)
    #expect(fields.only(["seed", "loss"]).names == ["loss", "seed"] && fields.only(["loss"]).isEmpty)
  }

  @Test func inJSONTheyAreADictionary() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(fields)
    #expect(String(decoding: data, as: UTF8.self) == #"{"model.width":"16","seed":"7"}"#)
    #expect(try JSONDecoder().decode(RunFields.self, from: data) == fields)
  }

  /// Whatever other names they were made beside.
  @Test func thoseWithTheSameValuesAreEqual() {
    #expect(RunFields(names: ["seed", "model.width"], texts: ["7", "16"]) == fields)
    #expect(RunFields(names: fields.names, texts: ["16", nil, "8"]) != fields)
    #expect(RunFields(names: ["seed", "model.width"], texts: ["16", "7"]) != fields)
  }
}

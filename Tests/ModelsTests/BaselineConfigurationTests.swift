import Foundation
import Models
import Testing

struct BaselineConfigurationTests {
  @Test(arguments: ModelConfiguration.Kind.allCases)
  func absentFieldsAreTheSources(_ kind: ModelConfiguration.Kind) throws {
    let data = Data(#"{"kind": "\#(kind.rawValue)"}"#.utf8)
    let model = try JSONDecoder().decode(ModelConfiguration.self, from: data)
    #expect(model == .standard(kind) && model.kind == kind && model.problems.isEmpty)
  }

  @Test(arguments: smallBaselines) func everyFieldSurvivesJSON(_ model: ModelConfiguration) throws {
    #expect(try JSONDecoder().decode(ModelConfiguration.self, from: JSONEncoder().encode(model)) == model)
    #expect(model != .standard(model.kind))
  }

  static func problems(_ json: String) throws -> [String] {
    try JSONDecoder().decode(ModelConfiguration.self, from: Data(json.utf8)).problems.map { "\($0.field) \($0.rule)" }
  }

  @Test(arguments: ["unet3d", "resunet3d"]) func levelsAreAtLeastTwoPairs(_ kind: String) throws {
    let message = ["levels must be at least two pairs of numbers above 1"]
    for levels in ["[]", "[[8, 8]]", "[[8, 8], [8]]", "[[8, 8], [8, 1]]"] {
      #expect(try Self.problems(#"{"kind": "\#(kind)", "levels": \#(levels)}"#) == message)
    }
  }

  @Test func everyProblemOfDeepLabIsNamed() throws {
    let json = """
      {"kind": "deeplabv3", "stem": 1, "stages": [8], "blocks": [1, 0], "rates": [], "pyramid": 0, "low": 1, "decoder": -2}
      """
    #expect(
      try Self.problems(json) == [
        "stem must be above 1", "pyramid must be above 1", "low must be above 1", "decoder must be above 1",
        "stages must be at least two numbers above 1", "blocks must be one positive number per stage",
        "rates must be positive numbers",
      ])
  }

  @Test func everyProblemOfCFNetIsNamed() throws {
    let json = """
      {"kind": "cfnet", "stem": 0, "stemBlocks": -1, "widths": [8], "blocks": [1, 1], "stages": 0, "head": 1}
      """
    #expect(
      try Self.problems(json) == [
        "stem must be above 1", "stemBlocks must not be negative", "widths must be at least two numbers above 1",
        "blocks must be one positive number per width", "stages must be positive", "head must be above 1",
      ])
  }
}

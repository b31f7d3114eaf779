import Compute
import Foundation
import Models
import Networks
import Testing

struct ConfigurationTests {
  @Test(arguments: smallModels + SAFNet.Configuration.table2.map { .safnet($0.configuration) })
  func survivesJSON(_ model: ModelConfiguration) throws {
    let data = try JSONEncoder().encode(model)
    #expect(try JSONDecoder().decode(ModelConfiguration.self, from: data) == model)
  }

  @Test func absentFieldsAreThePapers() throws {
    let data = Data(#"{"kind": "safnet", "aspp": false, "attention": false, "multiscale": false}"#.utf8)
    #expect(try JSONDecoder().decode(ModelConfiguration.self, from: data) == .safnet(.base))
    let full = try JSONDecoder().decode(ModelConfiguration.self, from: Data(#"{"kind": "safnet"}"#.utf8))
    #expect(full == .safnet(.full) && full == .standard(.safnet))
  }

  @Test func unknownKindsAreRefused() {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(ModelConfiguration.self, from: Data(#"{"kind": "vnet"}"#.utf8))
    }
  }

  @Test func theGateBelongsToFullSAFNetOnly() {
    #expect(SAFNet.Configuration.table2.map(\.configuration.hasGate) == [false, false, false, false, true])
    var ungated = SAFNet.Configuration.full
    ungated.gate = false
    #expect(!ungated.hasGate)
  }

  @Test func everyProblemIsNamed() {
    var configuration = SAFNet.Configuration()
    (configuration.width, configuration.stem, configuration.asppRates) = (30, [8], [0])
    #expect(
      configuration.problems == [
        ModelProblem(field: "stem", rule: "must be two positive numbers"),
        ModelProblem(field: "asppRates", rule: "must be positive numbers"),
        ModelProblem(field: "width", rule: "must be a multiple of the number of fusionRates"),
        ModelProblem(field: "width", rule: "must be a multiple of attentionReduction"),
      ])
    #expect(SAFNet.Configuration.full.problems.isEmpty && ModelConfiguration.standard(.safnet).problems.isEmpty)
    (configuration.width, configuration.fusionRates, configuration.attentionReduction) = (0, [], 0)
    #expect(
      configuration.problems.map(\.rule).contains("must be positive")
        && configuration.problems.map(\.field).contains("fusionRates"))
  }
}

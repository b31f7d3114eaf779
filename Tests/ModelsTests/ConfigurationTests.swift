import Compute
import Foundation
import Models
import Networks
import Testing

struct ConfigurationTests {
  @Test(arguments: smallModels + SAFNet.table2.map { ModelConfiguration($0.network) })
  func survivesJSON(_ model: ModelConfiguration) throws {
    let data = try JSONEncoder().encode(model)
    #expect(try JSONDecoder().decode(ModelConfiguration.self, from: data) == model)
  }

  @Test func absentFieldsAreThePapers() throws {
    let data = Data(#"{"kind": "safnet", "aspp": false, "attention": false, "multiscale": false}"#.utf8)
    #expect(try JSONDecoder().decode(ModelConfiguration.self, from: data) == ModelConfiguration(SAFNet.base))
    let full = try JSONDecoder().decode(ModelConfiguration.self, from: Data(#"{"kind": "safnet"}"#.utf8))
    #expect(full == ModelConfiguration(SAFNet.full) && full == NetworkRegistry.standard.model("safnet"))
  }

  @Test func unknownKindsAreRefused() {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(ModelConfiguration.self, from: Data(#"{"kind": "vnet"}"#.utf8))
    }
  }

  @Test func theGateBelongsToFullSAFNetOnly() {
    #expect(SAFNet.table2.map(\.network.hasGate) == [false, false, false, false, true])
    var ungated = SAFNet.full
    ungated.gate = false
    #expect(!ungated.hasGate)
  }

  @Test func anAbsentSpliceIsTheLiteralOneAndIsNotWritten() {
    let model = ModelConfiguration(SAFNet.full)
    #expect(SAFNet.full.splice == .gatedProduct && model.resolved.json["splice"] == nil)
    var other = SAFNet.full
    other.splice = .gatedHigh
    #expect(ModelConfiguration(other).resolved.json["splice"] == "gatedHigh")
  }

  /// What cannot change the network does not change its plan.
  @Test func networksWithoutAGateAreOneWhateverTheirSplice() {
    for splice in Splice.allCases {
      var base = SAFNet.base
      base.splice = splice
      #expect(base.problems.isEmpty && base.resolved == SAFNet.base.resolved)
    }
    var (plain, ungated) = (SAFNet.full, SAFNet.full)
    (plain.splice, ungated.gate) = (.plain, false)
    #expect(plain.problems.isEmpty && plain.resolved == ungated.resolved && !plain.hasGate)
  }

  @Test func aSpliceThatContradictsTheGateIsAProblem() {
    var network = SAFNet.full
    (network.splice, network.gate) = (.plain, true)
    #expect(
      network.problems == [
        ModelProblem(field: "splice", rule: "must be another where gate is true, or leave the gate out")
      ])
    (network.splice, network.gate) = (.gatedHigh, false)
    #expect(network.problems == [ModelProblem(field: "splice", rule: "must be left out where gate is false")])
  }

  @Test func everyProblemIsNamed() {
    var network = SAFNet()
    (network.width, network.stem, network.asppRates) = (30, [8], [0])
    #expect(
      network.problems == [
        ModelProblem(field: "stem", rule: "must be two numbers above 1"),
        ModelProblem(field: "asppRates", rule: "must be positive numbers"),
        ModelProblem(
          field: "width",
          rule:
            "must be a multiple of 4 (the number of fusionRates, each with two channels or more) and of 8 (attentionReduction),"
            + " such as 24, 32, 40"),
      ])
    #expect(SAFNet.full.problems.isEmpty && ModelConfiguration(SAFNet()).problems.isEmpty)
    (network.width, network.fusionRates, network.attentionReduction) = (0, [], 0)
    #expect(
      network.problems.map(\.rule).contains("must be positive")
        && network.problems.map(\.field).contains("fusionRates"))
  }

  /// Widths that are named do.
  @Test(arguments: [1, 2, 4, 5, 12, 100, 4095]) func widthsThatWouldDoAreNamed(width: Int) throws {
    var network = SAFNet()
    network.width = width
    let rule = try #require(network.problems.first?.rule)
    let shown = try #require(
      rule.components(separatedBy: "such as ").last?.components(separatedBy: ", ").compactMap(Int.init))
    #expect(!shown.isEmpty && network.problems.count == 1)
    for width in shown {
      network.width = width
      #expect(network.problems.isEmpty, "\(width)")
    }
    (network.width, network.attentionReduction, network.fusionRates) = (128, 4096, [1, 2, 3])
    #expect(network.problems.map { $0.rule.hasSuffix("(attentionReduction); no width up to 4096 is") } == [true])
  }

  /// A feature map of one channel would be stored as an image is, which no convolution behind the first one reads.
  @Test(arguments: 1...9) func whatHasNoProblemCanBeBuilt(width: Int) {
    var built = 0
    for rates in [[1], [1, 2], [1, 2, 3, 4]] {
      for stem in [[1, 2], [2, 1], [2, 2]] {
        for modules in 0..<16 {
          var network = SAFNet(
            aspp: modules & 1 != 0, attention: modules & 2 != 0, multiscale: modules & 4 != 0)
          (network.width, network.stem, network.fusionRates, network.asppRates) = (width, stem, rates, [1])
          (network.gate, network.attentionReduction) = (modules & 8 != 0, min(width, 8))
          guard network.problems.isEmpty else { continue }
          built += network.graph(batch: 1, extent: Extent3(2, 32, 16), classes: 2).entries.isEmpty ? 0 : 1
        }
      }
    }
    #expect((built > 0) == (width > 1))
  }
}

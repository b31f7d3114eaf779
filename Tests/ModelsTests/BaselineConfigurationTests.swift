import Foundation
import Models
import Testing

struct BaselineConfigurationTests {
  @Test(arguments: NetworkRegistry.standard.kinds) func absentFieldsAreTheSources(_ kind: String) throws {
    let data = Data(#"{"kind": "\#(kind)"}"#.utf8)
    let model = try JSONDecoder().decode(ModelConfiguration.self, from: data)
    #expect(model == NetworkRegistry.standard.model(kind) && model.kind == kind && model.problems.isEmpty)
  }

  @Test(arguments: smallBaselines) func everyFieldSurvivesJSON(_ model: ModelConfiguration) throws {
    #expect(try JSONDecoder().decode(ModelConfiguration.self, from: JSONEncoder().encode(model)) == model)
    #expect(model != NetworkRegistry.standard.model(model.kind))
  }

  static func words(_ network: some Network) -> [String] { network.problems.map { "\($0.field) \($0.rule)" } }

  @Test(arguments: [[], [[8, 8]], [[8, 8], [8]], [[8, 8], [8, 1]]]) func levelsAreAtLeastTwoPairs(_ levels: [[Int]]) {
    var (unet, resunet) = (UNet3D(), ResUNet3D())
    (unet.levels, resunet.levels) = (levels, levels)
    let message = ["levels must be at least two pairs of numbers above 1"]
    #expect(Self.words(unet) == message && Self.words(resunet) == message)
  }

  /// A map of one channel is stored as the image alone is.
  @Test func halfOfAGatedWidthIsAboveOne() {
    var network = ResUNet3D()
    for (width, isSound) in [(2, false), (3, false), (4, true)] {
      network.levels = [[2, width], [2, 2]]
      let message = "levels must have second numbers above 3 before the last pair: an attention gate takes half of them"
      #expect(Self.words(network) == (isSound ? [] : [message]))
      if isSound { #expect(network.graph(batch: 1, extent: 16, classes: 3).multiplyAdds > 0) }
    }
  }

  @Test func everyProblemOfDeepLabIsNamed() {
    var network = DeepLabV3()
    (network.stem, network.stages, network.blocks, network.rates) = (1, [8], [1, 0], [])
    (network.pyramid, network.low, network.decoder) = (0, 1, -2)
    #expect(
      Self.words(network) == [
        "stem must be above 1", "pyramid must be above 1", "low must be above 1", "decoder must be above 1",
        "stages must be at least two numbers above 1", "blocks must be one positive number per stage",
        "rates must be positive numbers",
      ])
  }

  @Test func everyProblemOfCFNetIsNamed() {
    var network = CFNet()
    (network.stem, network.stemBlocks, network.widths, network.blocks) = (0, -1, [8], [1, 1])
    (network.stages, network.head) = (0, 1)
    #expect(
      Self.words(network) == [
        "stem must be above 1", "stemBlocks must not be negative", "widths must be at least two numbers above 1",
        "blocks must be one positive number per width", "stages must be positive", "head must be above 1",
      ])
  }
}

import CPU
import Compute
import Models
import Networks
import Testing

/// The baselines at the paper's size, 18 x 256 x 128 and 18 classes. Expected figures are what
/// `baselines_reference.py` prints, to the last digit.
struct BaselineCostTests {
  struct Row: Sendable {
    let kind: String
    let parameters, multiplyAdds: Int
  }

  static let rows = [
    Row(kind: "unet3d", parameters: 17_696_178, multiplyAdds: 992_319_897_600),
    Row(kind: "resunet3d", parameters: 18_258_613, multiplyAdds: 1_028_629_463_040),
    Row(kind: "deeplabv3", parameters: 48_233_010, multiplyAdds: 271_271_985_152),
    Row(kind: "cfnet", parameters: 48_662_802, multiplyAdds: 356_750_327_808),
  ]

  static func cost(_ kind: String, batch: Int = 1) -> SessionCost {
    CPUEngine().cost(
      of: SessionRequest(
        model: NetworkRegistry.standard.model(kind)!, extent: Extent3(18, 256, 128), classes: 18,
        trainingBatches: [batch], threads: 2))
  }

  @Test(arguments: rows) func parametersAndMultiplyAddsAreTheTwins(_ row: Row) {
    let cost = Self.cost(row.kind)
    #expect(cost.parameters == row.parameters)
    #expect(cost.multiplyAdds == row.multiplyAdds)
    #expect(cost.unusedParameters.isEmpty)
  }

  /// A training step with the paper's batch of 8, in GiB: what `safnet plan` warns of before training.
  @Test(
    arguments: [
      ("unet3d", 1.0...24), ("deeplabv3", 1.0...24), ("resunet3d", 24.0...32), ("cfnet", 24.0...36),
    ] as [(String, ClosedRange<Double>)])
  func memoryOfThePapersBatch(_ kind: String, _ range: ClosedRange<Double>) {
    let gibibytes = Double(Self.cost(kind, batch: 8).trainingBytes) / 0x1p30
    #expect(range.contains(gibibytes), "\(kind): \(gibibytes) GiB")
  }
}

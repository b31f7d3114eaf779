import CPU
import Compute
import Foundation
import Models
import Networks
import Testing

/// Costs at the paper's size, 18 x 256 x 128 and 18 classes. The expected figures are what `safnet_reference.py` prints.
struct CostTests {
  static let extent = Extent3(18, 256, 128)

  struct Row: Sendable {
    let network: SAFNet
    let parameters: Int
    /// Of convolutions and position attention.
    let multiplyAdds: Int
  }

  static func cost(
    _ network: SAFNet, batch: Int = 1, precision: Precision = .float32
  ) -> SessionCost {
    CPUEngine().cost(
      of: SessionRequest(
        model: ModelConfiguration(network), extent: extent, classes: 18, trainingBatches: [batch],
        precision: precision, threads: 2))
  }

  static let rows: [Row] = [
    Row(network: .base, parameters: 4_814_130, multiplyAdds: 90_587_529_216),
    Row(network: .withASPP, parameters: 6_257_330, multiplyAdds: 93_871_685_632),
    Row(network: .withMultiscaleFusion, parameters: 5_290_802, multiplyAdds: 101_534_662_656),
    Row(network: .withSelfAttention, parameters: 4_834_772, multiplyAdds: 91_399_127_040),
    Row(network: .full, parameters: 6_775_286, multiplyAdds: 105_630_437_520),
  ]

  @Test(arguments: rows) func parametersAndMultiplyAddsAreTheTwins(_ row: Row) {
    let cost = Self.cost(row.network)
    #expect(cost.parameters == row.parameters)
    let counted = cost.layers.filter { $0.kind != "channel attention" }.reduce(0) { $0 + $1.multiplyAdds }
    #expect(counted == row.multiplyAdds)
    let channel = cost.layers.filter { $0.kind == "channel attention" }
    #expect(channel.allSatisfy { $0.multiplyAdds == 2 * $0.output.extent.count * 128 * 128 })
    #expect(cost.multiplyAdds == counted + channel.reduce(0) { $0 + $1.multiplyAdds })
  }

  @Test(arguments: Precision.allCases) func thePlanIsTheArena(_ precision: Precision) {
    let (model, extent) = (smallModels[4], Extent3(5, 32, 24))
    let cost = CPUEngine().cost(
      of: SessionRequest(
        model: model, extent: extent, classes: 4, trainingBatches: [1, 2], precision: precision, threads: 2))
    let session = CPUSession(
      model: model, extent: extent, classes: 4, trainingBatches: [1, 2], precision: precision,
      pool: WorkerPool(threads: 2))
    #expect(session.arenaBytes + session.parameterBytes == cost.trainingBytes)
  }

  /// SAFNet's step takes 652 MB with floats, 478 with what it stores as bfloat16, and the plan says what that is.
  @Test(.enabled(if: Precision.bfloat16.rounds(on: .best))) func bfloat16TakesLessMemory() {
    let (floats, halves) = (Self.cost(.full), Self.cost(.full, precision: .bfloat16))
    #expect(halves.trainingBytes * 4 < floats.trainingBytes * 3)
    for (float, half) in zip(floats.layers, halves.layers) {
      let norm = half.name.replacingOccurrences(of: "conv", with: "norm")
      let isStored = norm != half.name && halves.layers.contains { $0.name == norm }
      #expect(half.outputBytes == float.outputBytes / (isStored ? 2 : 1), "\(half.name)")
      #expect(half.kernel?.hasSuffix(", stored as bfloat16") ?? false == isStored, "\(half.name)")
    }
    #expect(halves.layers.count { $0.kernel?.contains("stored") == true } == 47)
  }

  @Test func thePapersBatchFits() {
    let cost = Self.cost(.full, batch: 8)
    #expect(cost.trainingBytes < 24 << 30)
    #expect(cost.inferenceBytes < Self.cost(.full).trainingBytes)
  }

  @Test func theGatesQueryAndKeyAreNamedAsUnused() {
    let unused = ["query.weight", "query.bias", "key.weight", "key.bias"].map { "gate.position.\($0)" }
    #expect(Set(Self.cost(.full).unusedParameters) == Set(unused))
    #expect(Self.cost(.withSelfAttention).unusedParameters.isEmpty)
  }
}

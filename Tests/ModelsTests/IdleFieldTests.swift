import Compute
import Models
import Networks
import Testing

/// Fields that change nothing, as another switches off what they belong to.
@Suite struct IdleFieldTests {
  static let size = Extent3(4, 48, 32)

  private static let changes: [(field: String, change: @Sendable (inout SAFNet) -> Void)] = [
    ("asppRates", { $0.asppRates = [1, 2] }), ("fusionRates", { $0.fusionRates = [1, 3] }),
    ("attentionReduction", { $0.attentionReduction = 4 }), ("splice", { $0.splice = .gatedEach }),
  ]

  /// Whatever is on and off: a field has no effect where the layers are the same with another value, and there alone.
  @Test func aFieldIsIdleWhereTheLayersAreTheSame() {
    let switches = [false, true]
    for (aspp, attention, multiscale) in switches.flatMap({ one in
      switches.flatMap { two in switches.map { (one, two, $0) } }
    }) {
      for gate in [nil, false, true] {
        var network = SAFNet(aspp: aspp, attention: attention, multiscale: multiscale)
        (network.width, network.stem, network.gate) = (16, [2, 2], gate)
        for (field, change) in Self.changes {
          var other = network
          change(&other)
          guard other.problems.isEmpty else { continue }
          let isSame = Self.graph(network) == Self.graph(other)
          let isIdle = other.idleFields(at: Self.size).contains { $0.field == field }
          #expect(isSame == isIdle, "\(field) of \(other)")
        }
      }
    }
  }

  private static func graph(_ network: some NetworkModel) -> Graph {
    network.graph(batch: 1, extent: size, classes: 3)
  }

  /// 8 x 8 voxels are halved once, 16 x 16 twice, 32 x 32 thrice; the lowest stage of the decoder has no head.
  @Test(arguments: [(8, true), (16, true), (32, false)]) func deepSupervisionNeedsACoarserStage(side: Int, isIdle: Bool)
  {
    var (plain, deep) = (NNUNet(), NNUNet())
    for features in [\NNUNet.features, \.mostFeatures] { (plain[keyPath: features], deep[keyPath: features]) = (4, 4) }
    plain.deepSupervision = false
    let size = Extent3(1, side, side)
    #expect(plain.idleFields(at: size).map(\.field) == (isIdle ? ["deepSupervision"] : []))
    func graph(_ network: NNUNet) -> Graph { network.graph(batch: 1, extent: size, classes: 3) }
    #expect((graph(plain) == graph(deep)) == isIdle)
    #expect((graph(plain).hashValue == graph(deep).hashValue) == isIdle)
  }

  @Test func networksOfOtherLayersDiffer() {
    var (one, other) = (SAFNet(), SAFNet())
    (one.width, other.width) = (16, 16)
    #expect(Self.graph(one) == Self.graph(other))
    other.asppRates = [6, 12, 17]
    #expect(Self.graph(one) != Self.graph(other), "a dilation changes no shape")
  }
}

import CPU
import Compute
import Models
import Networks
import TestSupport
import Testing

/// Images of several channels, beside what `PyTorchTests` compares with PyTorch.
struct ChannelTests {
  private static let networks = GoldenNetwork.severalChannels

  @Test(arguments: networks) func bitsDoNotDependOnThreads(_ network: GoldenNetwork) throws {
    let states = try [1, 2, 3].map { threads in
      let session = try network.session(threads: threads)
      _ = try network.step(session)
      return (session.exportState(), session.logits(image: network.images))
    }
    for (state, logits) in states.dropFirst() {
      #expect(state == states[0].0)
      #expect(logits == states[0].1)
    }
  }

  /// The first layer alone knows of the channels; its weights are PyTorch's.
  @Test(arguments: networks) func onlyTheFirstLayersWeightsHaveTheChannels(_ network: GoldenNetwork) {
    func shapes(_ channels: Int) -> [String: [Int]] {
      let graph = network.model.graph(
        batch: 1, extent: network.extent, classes: GoldenNetwork.classes, channels: channels)
      return Dictionary(uniqueKeysWithValues: ParameterLayout(graph).parameters.map { ($0.name, $0.shape) })
    }
    let (one, several) = (shapes(1), shapes(network.channels))
    let different = several.filter { one[$0.key] != $0.value }
    #expect(different.count == 1 && different.first?.value[1] == network.channels && one.count == several.count)
  }

  /// Every instruction set; fast and bfloat16 round where they do for any layer of several channels.
  @Test(arguments: InstructionSet.available) func instructionSetsAgree(_ set: InstructionSet) throws {
    let network = Self.networks[2]
    let (session, other) = (try network.session(), try network.session(instructionSet: set))
    let (mine, theirs) = (session.logits(image: network.images), other.logits(image: network.images))
    let error = try network.golden()["error.logits"].values[0]
    expectClose(
      theirs, mine, bounds: mine.map { 2 * GoldenNetwork.allowance * error + $0.magnitude * 0x1p-23 }, "logits")
  }

  /// The second case's channels are taken from where they are. Instance normalisation sees no batch, so that parts are
  /// the whole but for rounding.
  @Test func aBatchInPartsIsTheSameBatch() throws {
    let network = Self.networks[3]
    let whole = try network.step(try network.session())
    let parts = try network.step(try network.session(parts: BatchParts(largest: 1)))
    #expect(abs(whole.loss - parts.loss) < 1e-5 * whole.loss)
    #expect(abs(whole.gradientNorm - parts.gradientNorm) < 1e-4 * whole.gradientNorm)
  }
}

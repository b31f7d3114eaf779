import Compute
import Models
import Networks
import TestSupport
import Testing

import XLA

/// Networks in bfloat16 against the processor's engine, within what roundings explain (`RoundedComparison`); between them they have
/// every operation.
@Suite(.needsDevicePlugin) struct RoundedTests {
  @Test(arguments: SmallNetworks.all) func network(_ model: ModelConfiguration) throws {
    try RoundedComparison(
      DeviceCase(model, SmallNetworks.extent(of: model), batch: 3, loss: .pixelwise), logits: true
    ).check()
  }

  /// One of each kind with a single case, whose deepest layers have a few dozen voxels.
  @Test(arguments: SmallNetworks.kinds) func networkOfOneCase(_ model: ModelConfiguration) throws {
    try RoundedComparison(DeviceCase(model, SmallNetworks.extent(of: model), batch: 1)).check(butFor: 0.1)
  }

  /// What the comparison says of a wrong program: of a gradient that is too large or too small by a quarter, of the other sign, or
  /// left out, here in every tensor by itself that is not far smaller than the others.
  @Test func aFaultIsSeen() throws {
    let model = SmallNetworks.baselines[0]
    let comparison = try RoundedComparison(
      DeviceCase(model, SmallNetworks.extent(of: model), batch: 3, loss: .pixelwise), logits: true)
    let sizes = comparison.exact.tensors.map(\.values.rootMeanSquare)
    let middle = sizes.sorted()[sizes.count / 2]
    var seen = 0
    for (index, tensor) in comparison.device.tensors.enumerated() where sizes[index] > middle / 2 {
      for factor: Float in [1.25, 0.75, -1, 0] {
        var computed = comparison.device
        computed.tensors[index].values = tensor.values.map { $0 * factor }
        let failures = comparison.failures(of: computed)
        #expect(failures.contains { $0.hasPrefix(tensor.name + ":") }, "\(tensor.name) times \(factor)")
        seen += failures.count
      }
    }
    #expect(seen >= sizes.count)
  }
}

import Compute
import Models
import Networks
import TestSupport
import Testing

import XLA

/// Every network of the program: class scores, loss, every gradient and every statistic against the processor's engine.
@Suite(.needsDevicePlugin) struct NetworkTests {
  @Test(arguments: SmallNetworks.all) func againstTheProcessor(_ model: ModelConfiguration) throws {
    let example = try DeviceCase(model, SmallNetworks.extent(of: model), batch: 3, loss: .pixelwise)
    try Comparison(example, logits: true).check()
    let (device, processor) = (XLAEngine.unused(example.request), try example.onProcessor().unusedParameters)
    #expect(device == processor)
  }

  /// One of each kind with a single case.
  @Test(arguments: SmallNetworks.kinds) func ofOneCase(_ model: ModelConfiguration) throws {
    try Comparison(DeviceCase(model, SmallNetworks.extent(of: model), batch: 1)).check()
  }

  /// One of each kind on images of three channels.
  @Test(arguments: SmallNetworks.kinds) func ofThreeChannels(_ model: ModelConfiguration) throws {
    let example = try DeviceCase(model, SmallNetworks.extent(of: model), batch: 2) { $0.channels = 3 }
    try Comparison(example, logits: true).check()
  }

  /// Labels are those of the largest score, except where two are as near as their rounding.
  @Test(arguments: SmallNetworks.all) func labels(_ model: ModelConfiguration) throws {
    let classes = 11
    var example = try DeviceCase(model, SmallNetworks.extent(of: model), batch: 1, classes: classes) {
      $0.trainingBatches = []
    }
    // The last bias decides nearly everything in a network that was never trained; without the mean scores it does not.
    let voxels = example.request.extent.count
    let scores = try example.onProcessor().logits(image: example.images)
    for index in example.state.parameters.indices where example.state.parameters[index].shape == [classes] {
      for number in 0..<classes {
        let mean = scores[number * voxels..<(number + 1) * voxels].reduce(0, +) / Float(voxels)
        example.state.parameters[index].values[number] -= mean
      }
    }
    let (device, processor) = (try example.onDevice(), try example.onProcessor())
    let (own, theirs) = (try example.predict(device), try example.predict(processor))
    let logits = processor.logits(image: example.images)
    let largest = logits.map(abs).max() ?? 0
    for voxel in 0..<voxels where own[voxel] != theirs[voxel] {
      let (a, b) = (logits[Int(own[voxel]) * voxels + voxel], logits[Int(theirs[voxel]) * voxels + voxel])
      #expect(abs(a - b) < largest * 1e-4, "voxel \(voxel): \(own[voxel]), not \(theirs[voxel])")
    }
    #expect(Set(theirs).count > 1, "one class everywhere shows nothing")
  }
}

extension XLAEngine {
  /// Parameters without a gradient, as a session names them.
  fileprivate static func unused(_ request: SessionRequest) -> [String] {
    XLAEngine(PluginPlaces(environment: [:])).cost(of: request).unusedParameters
  }
}

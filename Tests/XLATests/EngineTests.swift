import Compute
import Foundation
import Networks
import PJRT
import TestSupport
import Testing

import XLA

/// Where plugins are looked for, and what the engine says where there is none.
@Suite struct EngineTests {
  private static func engine(_ environment: [String: String] = [:]) -> XLAEngine {
    XLAEngine(PluginPlaces(environment: environment))
  }

  private static let request = SessionRequest(
    model: OperationNetwork("plain", [5]) { $0[0].relu() }, extent: Extent3(3, 5, 7), classes: 4, trainingBatches: [2],
    threads: 1)

  @Test func aPluginIsFoundInTheVirtualEnvironment() throws {
    let folder = try TemporaryFolder()
    let site = folder.url.appendingPathComponent("lib/python3.12/site-packages")
    for file in [
      "a_cpu/pjrt_c_api_cpu_plugin.so", "jax_plugins/xla_cuda13/xla_cuda_plugin.so",
      "jax_plugins/xla_cuda13/version.py",
      "other/some_plugin.so",
    ] {
      let url = site.appendingPathComponent(file)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: url)
    }
    let places = PluginPlaces(environment: ["VIRTUAL_ENV": folder.url.path])
    #expect(
      places.files.map { URL(fileURLWithPath: $0).lastPathComponent } == [
        "xla_cuda_plugin.so", "pjrt_c_api_cpu_plugin.so",
      ])
    let named = PluginPlaces(environment: ["VIRTUAL_ENV": folder.url.path, "SAFNET_PJRT_PLUGIN": "/a/b.so"])
    #expect(named.files == ["/a/b.so"])
    #expect(PluginPlaces(environment: [:]).files.isEmpty)
  }

  @Test func withoutAPluginItSaysWhatToInstall() throws {
    let obstacle = try #require(Self.engine().obstacle(to: Self.request))
    #expect(obstacle.contains("pip install jax-cuda13-pjrt") && obstacle.contains("SAFNET_PJRT_PLUGIN"))
    #expect(throws: EngineRefusal(engine: "pjrt", obstacle: obstacle)) {
      try Self.engine().checkedSession(Self.request)
    }
    #expect(Self.engine().hardware.hasPrefix("no device"))
    let broken = Self.engine(["SAFNET_PJRT_PLUGIN": "/nowhere/plugin.so"])
    #expect(broken.obstacle(to: Self.request)?.contains("/nowhere/plugin.so cannot be loaded") == true)
  }

  @Test func whatIsNotWrittenIsRefused() throws {
    struct Unwritten: Loss {
      static let (name, summary, fields) = ("unwritten", "a loss of overlaps", [LossField<Unwritten>]())
      var passes: LossPasses { .overlaps { _ in OverlapLoss(value: 0, derivatives: []) } }
    }
    var request = Self.request
    request.loss = AnyLoss(Unwritten())
    #expect(Self.engine().obstacle(to: request) == "it has no formula for the loss unwritten")
  }

  /// Images of several channels are counted in what this process takes for them.
  @Test func costsCountChannels() {
    var request = Self.request
    let one = Self.engine().cost(of: request)
    request.channels = 3
    let three = Self.engine().cost(of: request)
    let weights = three.parameters - one.parameters
    #expect(weights > 0)
    #expect(three.inferenceBytes - one.inferenceBytes == 4 * (2 * request.extent.count + weights))
  }

  @Test func aSecondDeviceHasANumber() throws {
    #expect(Self.engine().name == "pjrt" && Self.engine().numbered(1)?.name == "pjrt:1")
  }

  @Test(.needsDevicePlugin) func itNamesDeviceAndPlugin() throws {
    let plugin = try #require(devicePlugin)
    let engine = Self.engine(["SAFNET_PJRT_PLUGIN": plugin])
    #expect(engine.obstacle(to: Self.request) == nil)
    #expect(engine.hardware.hasPrefix("cpu ") && engine.hardware.contains("interface 0."))
    #expect(!engine.hardware.contains("\n"))
    let session = try engine.checkedSession(Self.request)
    #expect(session.classes == 4)
    #expect(engine.numbered(99)?.obstacle(to: Self.request)?.contains("no device 99") == true)
  }

  @Test func theCostIsTheNetworks() throws {
    let cost = Self.engine().cost(of: Self.request)
    #expect(cost.parameters == 5 + 5 + 4 * 5 + 4)
    #expect(cost.multiplyAdds == 105 * (5 + 20) && cost.trainingBytes > cost.inferenceBytes)
  }
}

import Foundation
import TestSupport
import Testing

/// Graphics cards from the command line, where there is no plugin and where XLA for the processor takes a card's place.
@Suite struct DevicesCommandTests {
  private static let none = ["SAFNET_PJRT_PLUGIN": "", "VIRTUAL_ENV": ""]

  @Test func withoutAPluginItSaysHowToGetOne() throws {
    let program = try Program()
    let result = try program.start(["devices"], environment: Self.none).wait()
    #expect(result.status == 0 && result.output.contains("pip install jax-cuda13-pjrt"), "\(result)")
  }

  /// Before anything is prepared.
  @Test(arguments: ["run", "plan"]) func withoutAPluginNothingIsStarted(_ command: String) throws {
    let program = try Program()
    let result = try program.start([command, "small.json", "--engine", "pjrt"], environment: Self.none).wait()
    #expect(result.status == 1 && result.errors.contains("no PJRT plugin was found"), "\(result)")
    let prepared = try FileManager.default.subpathsOfDirectory(atPath: program.folder.path).filter {
      $0.hasPrefix("Workspace/cache/") || $0.hasPrefix("Workspace/runs/")
    }
    #expect(prepared.isEmpty)
  }

  @Test(.needsDevicePlugin) func itListsDevices() throws {
    let plugin = try #require(devicePlugin)
    let program = try Program()
    let result = try program.start(["devices"], environment: ["SAFNET_PJRT_PLUGIN": plugin]).wait()
    #expect(result.status == 0, "\(result)")
    #expect(result.output.hasPrefix("\(plugin)\n  pjrt: cpu "), "\(result)")
  }
}

import Foundation
import PJRT
import TestSupport
import Testing

/// A plugin is loaded, told apart from other files, and runs what it is given.
@Suite struct PluginTests {
  @Test func aMissingFileIsOneClearError() {
    let error = #expect(throws: PJRTError.self) { try Plugin(path: "/nowhere/plugin.so") }
    guard case .cannotLoad("/nowhere/plugin.so", _) = error else { return #expect(Bool(false), "\(error as Any)") }
  }

  /// The C library itself: a library, but no plugin.
  @Test func anotherLibraryIsNoPlugin() {
    #expect(throws: PJRTError.noPlugin(path: "libm.so.6")) { try Plugin(path: "libm.so.6") }
  }

  private static func client(device: Int = 0) throws -> Client {
    try Client(Plugin(path: try #require(devicePlugin)), device: device)
  }

  @Test(.needsDevicePlugin) func itNamesItself() throws {
    let client = try Self.client()
    #expect(client.plugin.interface.hasPrefix("0."))
    #expect(!client.platform.isEmpty && !client.deviceKind.isEmpty && client.deviceCount ?? 0 > 0)
  }

  @Test(.needsDevicePlugin) func aDeviceThatIsNotThereIsRefused() throws {
    let count = try #require(Self.client().deviceCount)
    #expect(throws: PJRTError.noDevice(number: count, count: count)) { try Self.client(device: count) }
  }

  @Test(.needsDevicePlugin) func itRunsAProgram() throws {
    let client = try Self.client()
    let program = try client.compile(
      """
      module @sum {
        func.func public @main(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<3x2xf32>) {
          %0 = stablehlo.add %a, %b : tensor<2x3xf32>
          %1 = stablehlo.transpose %0, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
          return %0, %1 : tensor<2x3xf32>, tensor<3x2xf32>
        }
      }
      """, flags: ["xla_gpu_deterministic_ops": true])
    #expect(program.outputs == 2)
    let a = try client.upload([1, 2, 3, 4, 5, 6] as [Float], .float32, shape: [2, 3])
    let b = try client.upload([10, 20, 30, 40, 50, 60] as [Float], .float32, shape: [2, 3])
    let results = try program.run([a, b])
    #expect(try results[0].values(6, zero: Float(0)) == [11, 22, 33, 44, 55, 66])
    #expect(try results[1].values(6, zero: Float(0)) == [11, 44, 22, 55, 33, 66])
  }

  @Test(.needsDevicePlugin) func aMistakeIsToldInThePluginsWords() throws {
    let client = try Self.client()
    let error = #expect(throws: PJRTError.self) { try client.compile("module { nonsense }") }
    guard case .refused("to compile", _, let words) = error else { return #expect(Bool(false), "\(error as Any)") }
    #expect(!words.isEmpty && !words.contains("\n"))
  }

  /// A hundred terabytes: no device has them.
  @Test(.needsDevicePlugin) func lackOfMemoryIsAnErrorOfItsOwn() throws {
    let client = try Self.client()
    let program = try client.compile(
      """
      module @large {
        func.func public @main(%a: tensor<f32>) -> tensor<5000000x5000000xf32> {
          %0 = stablehlo.broadcast_in_dim %a, dims = [] : (tensor<f32>) -> tensor<5000000x5000000xf32>
          return %0 : tensor<5000000x5000000xf32>
        }
      }
      """)
    let one = try client.upload([1] as [Float], .float32, shape: [])
    let error = #expect(throws: PJRTError.self) { try program.run([one]) }
    guard case .outOfMemory = error else { return #expect(Bool(false), "\(error as Any)") }
  }
}

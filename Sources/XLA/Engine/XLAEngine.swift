import Compute
import Networks
import PJRT

/// A device of a PJRT plugin: XLA compiles a whole training step for it.
package struct XLAEngine: Engine {
  /// How a command names the plugin's first device; the second is `pjrt:1`.
  package static let name = "pjrt"

  private let places: PluginPlaces
  private let found: FoundDevices
  /// The device's place among the plugin's, from 0.
  package let device: Int

  /// Nothing is loaded until something is asked for.
  ///
  /// - Parameter rehearsal: before this process opens a device to ask about it.
  package init(_ places: PluginPlaces, rehearsal: @escaping DeviceRehearsal = { _, _ in nil }) {
    self.init(places, device: 0, FoundDevices(rehearsal: rehearsal))
  }

  private init(_ places: PluginPlaces, device: Int, _ found: FoundDevices) {
    (self.places, self.device, self.found) = (places, device, found)
  }

  package var name: String { device == 0 ? Self.name : "\(Self.name):\(device)" }
  package var summary: String { "a graphics card, by XLA" }
  package var memoryNote: String? {
    "Memory is this process's own: what the device takes is decided by XLA as it compiles."
  }

  /// Platform, device and plugin: bits depend on all of them.
  package var hardware: String {
    switch found.description(of: places.files.first, device: device) {
    case .success(let device): device.words
    case .failure(let refusal): "no device (\(refusal.words))"
    }
  }

  package func numbered(_ device: Int) -> (any Engine)? { XLAEngine(places, device: device, found) }

  package var devices: [any Engine] {
    let count = places.files.first.map { found.all(of: $0).count } ?? 0
    return (0..<count).map { XLAEngine(places, device: $0, found) }
  }

  package func obstacle(to request: SessionRequest) -> String? {
    if let unwritten = unwritten(request) { return unwritten }
    guard case .failure(let refusal) = found.description(of: places.files.first, device: device) else {
      return nil
    }
    return refusal.words
  }

  /// What no program here says yet.
  private func unwritten(_ request: SessionRequest) -> String? {
    if !request.loss.isWritable { return "it has no formula for the loss \(request.loss.name)" }
    return request.graph(batch: 1).entries.first { !$0.operation.isWritable }.map {
      "it has no program for \($0.operation.kind)"
    }
  }

  package func deviceMemory(of request: SessionRequest) throws -> DeviceMemory? {
    let client = try client()
    let programs = try CompiledPrograms(request, .float32, flags: XLASession.options(), on: client)
    return DeviceMemory(
      training: request.trainingBatches.isEmpty ? nil : try programs.trainingMemory(),
      inference: try programs.inferenceMemory(), limit: client.memory.limit)
  }

  package func session(_ request: SessionRequest) throws -> any NetworkSession {
    try XLASession(request, on: client())
  }

  private func client() throws -> Client {
    guard let file = places.files.first else { throw EngineRefusal(engine: name, obstacle: PluginPlaces.missing) }
    return try Client(Plugin(path: file), device: device)
  }
}

extension PluginPlaces {
  /// Why there is no device, and what to do.
  static let missing = "no PJRT plugin was found: \(remedy)"
}

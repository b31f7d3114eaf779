import Compute
import Networks
import PJRT

/// A device of a PJRT plugin: XLA compiles a whole training step for it.
package struct XLAEngine: Engine {
  /// How a command names the plugin's first device; the second is `pjrt:1`.
  package static let name = "pjrt"

  private let places: PluginPlaces
  /// The device's place among the plugin's, from 0.
  package let device: Int

  private let rehearsal: DeviceRehearsal

  /// Nothing is loaded until something is asked for.
  ///
  /// - Parameter rehearsal: before this process opens a device to ask about it.
  package init(_ places: PluginPlaces, device: Int = 0, rehearsal: @escaping DeviceRehearsal = { _, _ in nil }) {
    (self.places, self.device, self.rehearsal) = (places, device, rehearsal)
  }

  private var found: Result<FoundDevice, FoundDevices.Refusal> {
    FoundDevices.shared.description(of: places.files.first, device: device, rehearsal: rehearsal)
  }

  package var name: String { device == 0 ? Self.name : "\(Self.name):\(device)" }
  package var summary: String { "a graphics card, by XLA" }
  package var memoryNote: String? {
    "Memory is this process's own: what the device takes is decided by XLA as it compiles."
  }

  /// Platform, device and plugin: bits depend on all of them.
  package var hardware: String {
    switch found {
    case .success(let found): found.words
    case .failure(let refusal): "no device (\(refusal.words))"
    }
  }

  package func numbered(_ device: Int) -> (any Engine)? {
    XLAEngine(places, device: device, rehearsal: rehearsal)
  }

  package var devices: [any Engine] {
    let count = places.files.first.map { FoundDevices.shared.all(of: $0, rehearsal: rehearsal).count } ?? 0
    return (0..<count).map { XLAEngine(places, device: $0, rehearsal: rehearsal) }
  }

  package func obstacle(to request: SessionRequest) -> String? {
    if let unwritten = unwritten(request) { return unwritten }
    guard case .failure(let refusal) = found else { return nil }
    return refusal.words
  }

  /// What no program here says yet.
  private func unwritten(_ request: SessionRequest) -> String? {
    if request.precision == .bfloat16 {
      return "the precision bfloat16 is the processor's only so far; take float32, or fast, which lets a card round "
        + "convolutions as it likes"
    }
    if !request.loss.isWritable { return "it has no formula for the loss \(request.loss.name)" }
    let graph = request.model.graph(batch: 1, extent: request.extent, classes: request.classes)
    return graph.entries.first { !$0.operation.isWritable }.map { "it has no program for \($0.operation.kind)" }
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

import Networks
import PJRT

/// The programs of a session on its device: steps are compiled at once, the others when they are first needed.
final class CompiledPrograms {
  let texts: NetworkPrograms
  private let client: Client
  private let flags: [String: Bool]
  private var compiled: [Name: Program] = [:]

  /// Which program, and for how many cases.
  private enum Name: Hashable {
    case step(Int), part(Int), update, prediction, logits

    /// Whether all of the session's tensors go into it, or parameters and statistics alone.
    var takesAll: Bool { if case .step = self { true } else { self == .update } }
  }

  init(
    _ request: SessionRequest, _ number: Value.Element, flags: [String: Bool], on client: Client
  ) throws {
    (texts, self.client) = (NetworkPrograms(request, number: number), client)
    self.flags = flags.merging(texts.flags) { $1 }
    for batch in Set(request.trainingBatches).sorted() {
      let sizes = request.parts.sizes(of: batch)
      if sizes.count == 1 { _ = try step(batch) }
      guard sizes.count > 1 else { continue }
      for size in sizes { _ = try part(size) }
      _ = try update()
    }
  }

  private func program(_ name: Name, _ text: () -> String) throws -> Program {
    if let program = compiled[name] { return program }
    let program = try client.compile(text(), flags: flags)
    compiled[name] = program
    return program
  }

  func step(_ batch: Int) throws -> Program { try program(.step(batch)) { texts.step(batch: batch) } }
  func part(_ size: Int) throws -> Program { try program(.part(size)) { texts.part(size: size) } }
  func update() throws -> Program { try program(.update) { texts.update() } }
  func prediction() throws -> Program { try program(.prediction) { texts.prediction() } }
  func logits() throws -> Program { try program(.logits) { texts.logits() } }
}

extension CompiledPrograms {
  /// What the compiler says of the program of training that needs most, with what stays on the device while it runs: the
  /// session's tensors that do not go into it, and the gradients of the step before. Nil where the plugin does not tell.
  ///
  /// - Throws: `PJRTError`.
  func trainingMemory() throws -> DeviceMemory.Need? {
    let size = texts.number == .float64 ? MemoryLayout<Double>.stride : MemoryLayout<Float>.stride
    func bytes(_ slots: [ParameterLayout.Slot]) -> Int { slots.reduce(0) { $0 + $1.count } * size }
    let slots = texts.slots
    let (all, seen) = (bytes(slots.all), bytes(slots.parameters) + bytes(slots.statistics))
    _ = try prediction()
    let needs = try compiled.map { name, program in
      try program.memory().map { memory in
        let outside = all - (name.takesAll ? all : seen) + bytes(slots.parameters)
        return DeviceMemory.Need(total: memory.total + outside, inputs: memory.inputs)
      }
    }
    return needs.contains { $0 == nil } ? nil : needs.compactMap(\.self).max { $0.total < $1.total }
  }

  /// The same of predicting a case where nothing is trained.
  ///
  /// - Throws: `PJRTError`.
  func inferenceMemory() throws -> DeviceMemory.Need? {
    try prediction().memory().map { DeviceMemory.Need(total: $0.total, inputs: $0.inputs) }
  }
}

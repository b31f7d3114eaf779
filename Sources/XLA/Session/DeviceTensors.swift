import Compute
import Networks
import PJRT

extension Client {
  /// Numbers of single precision as the programs have them: in tests in double.
  func upload(numbers values: [Float], as number: Value.Element, shape: [Int]) throws -> Buffer {
    if number == .float64 { return try upload(values.map(Double.init), .float64, shape: shape) }
    return try upload(values, .float32, shape: shape)
  }
}

extension Buffer {
  /// The way back, rounded where the programs are in double.
  func numbers(_ number: Value.Element, _ count: Int) throws -> [Float] {
    number == .float64 ? try values(count, zero: 0.0).map(Float.init) : try values(count, zero: Float(0))
  }
}

/// What a session holds on its device: its tensors, and the gradients of the last step.
struct DeviceTensors {
  let client: Client
  let number: Value.Element
  let slots: SessionTensors<ParameterLayout.Slot>
  var buffers: SessionTensors<Buffer>
  var gradients: [Buffer]

  /// Copies values to the device: each slot's by `values`, which is told the list that the slot is of.
  init(
    _ client: Client, _ number: Value.Element, _ slots: SessionTensors<ParameterLayout.Slot>,
    values: SessionTensors<[Float]>
  ) throws {
    (self.client, self.number, self.slots) = (client, number, slots)
    var rest = values.all.makeIterator()
    buffers = try slots.mapped { try client.upload(numbers: rest.next() ?? [], as: number, shape: $0.shape) }
    gradients = try Self.zeros(client, number, slots.parameters)
  }

  static func zeros(
    _ client: Client, _ number: Value.Element, _ slots: [ParameterLayout.Slot]
  ) throws -> [Buffer] {
    try slots.map { try client.upload(numbers: Array(repeating: 0, count: $0.count), as: number, shape: $0.shape) }
  }

  func export(_ slots: [ParameterLayout.Slot], _ buffers: [Buffer]) throws -> [NamedTensor] {
    try zip(slots, buffers).map {
      NamedTensor(name: $0.name, shape: $0.shape, values: try $1.numbers(number, $0.count))
    }
  }

  func state(step: Int) throws -> SessionState {
    SessionState(
      parameters: try export(slots.parameters, buffers.parameters),
      statistics: try export(slots.statistics, buffers.statistics),
      firstMoments: try export(slots.firstMoments, buffers.firstMoments),
      secondMoments: try export(slots.secondMoments, buffers.secondMoments), step: step,
      averagedParameters: try export(slots.averagedParameters, buffers.averagedParameters),
      averagedStatistics: try export(slots.averagedStatistics, buffers.averagedStatistics))
  }
}

extension SessionTensors<[Float]> {
  /// Fresh parameters and statistics, whose averages are themselves; moments at zero.
  init(initial layout: ParameterLayout, _ optimiser: Optimiser, seed: UInt64, _ rule: InitialWeights) {
    var byName: [String: [Float]] = [:]
    layout.forEachInitialValue(seed: seed, rule) { slot, _, next in
      byName[slot.name] = (0..<slot.count).map { _ in next() }
    }
    let slots = SessionTensors<ParameterLayout.Slot>(layout, optimiser)
    func drawn(_ slots: [ParameterLayout.Slot]) -> [[Float]] { slots.map { byName[$0.name] ?? [] } }
    func zero(_ slots: [ParameterLayout.Slot]) -> [[Float]] { slots.map { Array(repeating: 0, count: $0.count) } }
    self.init(
      parameters: drawn(slots.parameters), statistics: drawn(slots.statistics),
      firstMoments: zero(slots.firstMoments), secondMoments: zero(slots.secondMoments),
      averagedParameters: drawn(slots.averagedParameters), averagedStatistics: drawn(slots.averagedStatistics))
  }

  /// Those of a state.
  ///
  /// - Throws: `SessionStateError` for a tensor that is missing, a stranger, there twice, or of another shape.
  init(_ state: SessionState, _ slots: SessionTensors<ParameterLayout.Slot>) throws {
    func values(
      _ tensors: [NamedTensor], _ section: String, _ slots: [ParameterLayout.Slot]
    ) throws -> [[Float]] {
      let byName = try SessionState.checked(tensors, section, slots)
      return slots.compactMap { byName[$0.name]?.values }
    }
    self.init(
      parameters: try values(state.parameters, "parameters", slots.parameters),
      statistics: try values(state.statistics, "statistics", slots.statistics),
      firstMoments: try values(state.firstMoments, "first moments", slots.firstMoments),
      secondMoments: try values(state.secondMoments, "second moments", slots.secondMoments),
      averagedParameters: try values(state.averagedParameters, "averaged parameters", slots.averagedParameters),
      averagedStatistics: try values(state.averagedStatistics, "averaged statistics", slots.averagedStatistics))
  }
}

import Compute

/// Parameters, gradients, Adam's moments and running statistics: flat memory that all programs of a session share.
final class ParameterMemory {
  let layout: ParameterLayout
  let parameters: AlignedBuffer<Float>
  /// Zero wherever no operation writes.
  let gradients: AlignedBuffer<Float>
  let firstMoments: AlignedBuffer<Float>
  let secondMoments: AlignedBuffer<Float>
  let statistics: AlignedBuffer<Float>

  init(_ layout: ParameterLayout) {
    self.layout = layout
    parameters = AlignedBuffer(count: layout.parameterFloats)
    gradients = AlignedBuffer(count: layout.parameterFloats)
    firstMoments = AlignedBuffer(count: layout.parameterFloats)
    secondMoments = AlignedBuffer(count: layout.parameterFloats)
    statistics = AlignedBuffer(count: layout.statisticFloats)
  }

  static func bytes(_ layout: ParameterLayout) -> Int {
    (4 * layout.parameterFloats + layout.statisticFloats) * MemoryLayout<Float>.stride
  }

  /// PyTorch's default rules; a parameter's values depend on the seed and on its place among the sorted names only.
  func initialize(seed: UInt64) {
    for buffer in [firstMoments, secondMoments, gradients] { buffer.base.update(repeating: 0, count: buffer.count) }
    for slot in layout.statistics {
      if case .constant(let value) = slot.initialization { fill(slot, in: statistics) { value } }
    }
    for (index, slot) in layout.parameters.sorted(by: { $0.name < $1.name }).enumerated() {
      var stream = RandomStream(seed: seed, purpose: .initialWeights, index: index)
      switch slot.initialization {
      case .constant(let value): fill(slot, in: parameters) { value }
      case .uniform(let fanIn):
        let bound = 1 / Float(fanIn).squareRoot()
        fill(slot, in: parameters) { stream.nextUniform(in: -bound...bound) }
      }
    }
  }

  private func fill(_ slot: ParameterLayout.Slot, in buffer: AlignedBuffer<Float>, _ value: () -> Float) {
    for index in 0..<slot.count { buffer[slot.offset + index] = value() }
  }

  func export(_ slots: [ParameterLayout.Slot], from buffer: AlignedBuffer<Float>) -> [NamedTensor] {
    slots.map { slot in
      NamedTensor(
        name: slot.name, shape: slot.shape,
        values: Array(UnsafeBufferPointer(start: buffer.base + slot.offset, count: slot.count)))
    }
  }

  func restore(_ tensors: [String: NamedTensor], _ slots: [ParameterLayout.Slot], to buffer: AlignedBuffer<Float>) {
    for slot in slots {
      let values = tensors[slot.name]!.values
      for index in 0..<slot.count { buffer[slot.offset + index] = values[index] }
    }
  }
}

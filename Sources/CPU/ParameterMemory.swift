import Compute
import Networks

/// Parameters, gradients, the optimiser's moments and running statistics: flat memory that all programs of a session
/// share.
final class ParameterMemory {
  let layout: ParameterLayout
  let parameters: AlignedBuffer<Float>
  /// Zero wherever no operation writes.
  let gradients: AlignedBuffer<Float>
  let firstMoments: AlignedBuffer<Float>
  /// Empty where the optimiser keeps one moment only.
  let secondMoments: AlignedBuffer<Float>
  let statistics: AlignedBuffer<Float>
  /// Of parameters and statistics, in their layouts; nil where the optimiser keeps none.
  let averages: (parameters: AlignedBuffer<Float>, statistics: AlignedBuffer<Float>)?
  /// The slots of the second moments: those of the parameters, or none.
  let secondSlots: [ParameterLayout.Slot]

  init(_ layout: ParameterLayout, _ optimiser: Optimiser) {
    self.layout = layout
    parameters = AlignedBuffer(count: layout.parameterFloats)
    gradients = AlignedBuffer(count: layout.parameterFloats)
    firstMoments = AlignedBuffer(count: layout.parameterFloats)
    let hasSecond = optimiser.rule.moments > 1
    secondMoments = AlignedBuffer(count: hasSecond ? layout.parameterFloats : 0)
    secondSlots = hasSecond ? layout.parameters : []
    statistics = AlignedBuffer(count: layout.statisticFloats)
    averages =
      optimiser.averages
      ? (AlignedBuffer(count: layout.parameterFloats), AlignedBuffer(count: layout.statisticFloats)) : nil
  }

  static func bytes(_ layout: ParameterLayout, _ optimiser: Optimiser) -> Int {
    let copies = optimiser.averages ? 2 : 1
    let floats =
      (copies + 1 + optimiser.rule.moments) * layout.parameterFloats + copies * layout.statisticFloats
    return floats * MemoryLayout<Float>.stride
  }

  /// Fresh parameters and statistics, whose averages are themselves; moments and gradients at zero.
  func initialize(seed: UInt64, _ rule: InitialWeights) {
    for buffer in [firstMoments, secondMoments, gradients] { buffer.base.update(repeating: 0, count: buffer.count) }
    layout.forEachInitialValue(seed: seed, rule) { slot, isStatistic, next in
      let target = isStatistic ? statistics : parameters
      for index in 0..<slot.count { target[slot.offset + index] = next() }
    }
    averages?.parameters.base.update(from: parameters.base, count: parameters.count)
    averages?.statistics.base.update(from: statistics.base, count: statistics.count)
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

import Compute
import Networks

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

  /// Fresh parameters and statistics; moments and gradients at zero.
  func initialize(seed: UInt64) {
    for buffer in [firstMoments, secondMoments, gradients] { buffer.base.update(repeating: 0, count: buffer.count) }
    layout.forEachInitialValue(seed: seed) { slot, isStatistic, next in
      let target = isStatistic ? statistics : parameters
      for index in 0..<slot.count { target[slot.offset + index] = next() }
    }
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

import Compute
import Networks

extension MaxPooling: ONNXExpressible {
  /// `MaxPool`; an odd last row or column belongs to no window there either.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) -> String {
    let window = ONNXAttribute.integers([1, 2, 2])
    return builder.node("MaxPool", place.inputs, [("kernel_shape", window), ("strides", window)])
  }
}

extension AveragePooling: ONNXExpressible {
  /// `AveragePool`; what is left of an odd side belongs to no window there either.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) -> String {
    let window = ONNXAttribute.integers(window.sides)
    return builder.node("AveragePool", place.inputs, [("kernel_shape", window), ("strides", window)])
  }
}

extension GlobalMean: ONNXExpressible {
  /// `GlobalAveragePool`.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) -> String {
    builder.node("GlobalAveragePool", place.inputs)
  }
}

extension Broadcast: ONNXExpressible {
  /// `Expand`.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) -> String {
    builder.node("Expand", [place.inputs[0], builder.constant("shape", [1, 1] + extent.sides)])
  }
}

extension TrilinearResize: ONNXExpressible {
  /// A product with a fixed matrix for each axis that changes: what `Resize` makes of five dimensions differs between
  /// providers.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) -> String {
    let from = input.extent
    var result = place.inputs[0]
    if extent.width != from.width {
      // [W, W'] from the right.
      let matrix = Self.matrix(from.width, to: extent.width, targetFirst: false)
      result = builder.node(
        "MatMul", [result, builder.constant("columns", shape: [from.width, extent.width], matrix)])
    }
    if extent.height != from.height {
      // [H', H] from the left.
      let matrix = Self.matrix(from.height, to: extent.height, targetFirst: true)
      result = builder.node(
        "MatMul", [builder.constant("rows", shape: [extent.height, from.height], matrix), result])
    }
    if extent.depth != from.depth {
      let flat = builder.reshaped(result, [input.channels, from.depth, extent.height * extent.width])
      let matrix = Self.matrix(from.depth, to: extent.depth, targetFirst: true)
      let slices = builder.constant("slices", shape: [extent.depth, from.depth], matrix)
      result = builder.reshaped(builder.node("MatMul", [slices, flat]), [input.channels] + extent.sides)
    }
    return result
  }

  /// The weights of one axis, worked out in double: in each target's row, or column, its one or two sources.
  static func matrix(_ count: Int, to target: Int, targetFirst: Bool) -> [Float] {
    var matrix = [Float](repeating: 0, count: count * target)
    for index in 0..<target {
      let position = max(0, (Double(index) + 0.5) * Double(count) / Double(target) - 0.5)
      let low = min(Int(position), count - 1)
      let high = min(low + 1, count - 1)
      let share = position - Double(low)
      for (source, weight) in [(low, 1 - share), (high, share)] {
        matrix[targetFirst ? index * count + source : source * target + index] += Float(weight)
      }
    }
    return matrix
  }
}

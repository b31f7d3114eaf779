import Compute
import Networks

extension Rectifier: ONNXExpressible {
  /// `Relu`.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) -> String {
    builder.node("Relu", place.inputs)
  }
}

extension LeakyRectifier: ONNXExpressible {
  /// `max(x, slope x)`.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) -> String {
    builder.leaky(place.inputs[0], slope: slope)
  }
}

extension ONNXBuilder {
  /// `max(x, slope x)`, for a slope between 0 and 1.
  mutating func leaky(_ x: String, slope: Float) -> String {
    node("Max", [x, node("Mul", [x, constant("slope", shape: [1], [slope])])])
  }
}

extension Sigmoid: ONNXExpressible {
  /// `Sigmoid`.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) -> String {
    builder.node("Sigmoid", place.inputs)
  }
}

extension GELU: ONNXExpressible {
  /// `½ x (1 + erf(x / √2))`: the operator of this name is of a later set.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) -> String {
    let x = place.inputs[0]
    let scaled = builder.node("Mul", [x, builder.constant("root", shape: [1], [Float(0.5.squareRoot())])])
    let one = builder.constant("one", shape: [1], [1])
    let sum = builder.node("Add", [builder.node("Erf", [scaled]), one])
    return builder.node(
      "Mul", [builder.node("Mul", [x, sum]), builder.constant("half", shape: [1], [0.5])])
  }
}

extension Addition: ONNXExpressible {
  /// `Add`, and `Relu` where it was fused.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) -> String {
    let sum = builder.node("Add", place.inputs)
    return rectifies ? builder.node("Relu", [sum]) : sum
  }
}

extension Multiplication: ONNXExpressible {
  /// `Mul`, which spreads a gate over its volume.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) -> String {
    builder.node("Mul", place.inputs)
  }
}

extension LayerScale: ONNXExpressible {
  /// `Mul` by one factor for each channel, and `Add`.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) throws(InterchangeError) -> String {
    let channels = place.output.channels
    let scale = builder.constant(
      "scale", shape: [channels, 1, 1, 1], try builder.weights.vector(place.name / "scale", count: channels))
    return builder.node("Add", [place.inputs[0], builder.node("Mul", [place.inputs[1], scale])])
  }
}

extension LearntScale: ONNXExpressible {
  /// `Mul` by one number, and `Add`.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) throws(InterchangeError) -> String {
    let scale = builder.constant(
      "scale", shape: [1], try builder.weights.vector(place.name / "scale", count: 1))
    return builder.node("Add", [place.inputs[0], builder.node("Mul", [place.inputs[1], scale])])
  }
}

extension AttentionGate: ONNXExpressible {
  /// `Sigmoid` of the gates, one for each voxel, and `Mul`.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) -> String {
    builder.node("Mul", [place.inputs[0], builder.node("Sigmoid", [place.inputs[1]])])
  }
}

extension InstanceNormalization: ONNXExpressible {
  /// `InstanceNormalization`, and the leaky ReLU where it was fused.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) throws(InterchangeError) -> String {
    let channels = place.output.channels
    let weight = try builder.weights.vector(place.name / "weight", count: channels)
    let bias = try builder.weights.vector(place.name / "bias", count: channels)
    let normalized = builder.node(
      "InstanceNormalization",
      [
        place.inputs[0], builder.constant("weight", shape: [channels], weight),
        builder.constant("bias", shape: [channels], bias),
      ],
      [("epsilon", .float(Float(Self.epsilon)))])
    return slope.map { builder.leaky(normalized, slope: $0) } ?? normalized
  }
}

extension LayerNormalization: ONNXExpressible {
  /// `LayerNormalization`, which wants the channels last.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) throws(InterchangeError) -> String {
    let channels = place.output.channels
    let weight = try builder.weights.vector(place.name / "weight", count: channels)
    let bias = try builder.weights.vector(place.name / "bias", count: channels)
    let last = builder.transposed(place.inputs[0], [0, 2, 3, 4, 1])
    let normalized = builder.node(
      "LayerNormalization",
      [
        last, builder.constant("weight", shape: [channels], weight),
        builder.constant("bias", shape: [channels], bias),
      ],
      [("axis", .integer(-1)), ("epsilon", .float(Self.epsilon))])
    return builder.transposed(normalized, [0, 4, 1, 2, 3])
  }
}

extension Concatenation: ONNXExpressible {
  /// `Concat` of channels.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) -> String {
    builder.node("Concat", place.inputs, [("axis", .integer(1))])
  }
}

import Compute
import Networks

extension PositionAttention: ONNXExpressible {
  /// `softmax(Qᵀ K)` over the positions of a volume, then `V Aᵀ`: two `MatMul` and a `Softmax`.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) -> String {
    let (inner, channels) = (place.shapes[0].channels, place.output.channels)
    let positions = place.output.extent.count
    let queries = builder.reshaped(place.inputs[0], [inner, positions])
    let keys = builder.reshaped(place.inputs[1], [inner, positions])
    let values = builder.reshaped(place.inputs[2], [channels, positions])
    let scores = builder.node("MatMul", [builder.transposed(queries, [0, 2, 1]), keys])
    let weights = builder.node("Softmax", [scores], [("axis", .integer(-1))])
    let mixed = builder.node("MatMul", [values, builder.transposed(weights, [0, 2, 1])])
    return builder.reshaped(mixed, place.output.sides)
  }
}

extension ChannelAttention: ONNXExpressible {
  /// `softmax(F Fᵀ) F` with F the channels by positions of a volume.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) -> String {
    let features = builder.reshaped(place.inputs[0], [place.output.channels, place.output.extent.count])
    let scores = builder.node("MatMul", [features, builder.transposed(features, [0, 2, 1])])
    let weights = builder.node("Softmax", [scores], [("axis", .integer(-1))])
    return builder.reshaped(builder.node("MatMul", [weights, features]), place.output.sides)
  }
}

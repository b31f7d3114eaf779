import Compute
import Networks

extension ONNXBuilder {
  /// A convolution with "same" padding, `dilation · (kernel − 1) / 2` on both sides.
  ///
  /// - Parameter weight: `[outChannels, channels of a group, k₀, k₁, k₂]`
  fileprivate mutating func convolution(
    _ input: String, _ weight: NamedTensor, bias: [Float]?, stride: Extent3 = 1, dilation: Extent3 = 1, groups: Int = 1
  ) -> String {
    let kernel = Array(weight.shape.suffix(3))
    let padding = zip(kernel, dilation.sides).map { ($0 - 1) / 2 * $1 }
    var inputs = [input, constant("weight", shape: weight.shape, weight.values)]
    if let bias { inputs.append(constant("bias", shape: [bias.count], bias)) }
    return node(
      "Conv", inputs,
      [
        ("kernel_shape", .integers(kernel)), ("strides", .integers(stride.sides)),
        ("dilations", .integers(dilation.sides)), ("pads", .integers(padding + padding)), ("group", .integer(groups)),
      ])
  }
}

extension Convolution: ONNXExpressible {
  private var kernelSides: [Int] { kernel.sides }

  fileprivate func weight(_ name: Name, channels: Int, in weights: NetworkWeights) throws(InterchangeError)
    -> NamedTensor
  {
    try weights.tensor(name / "weight", shape: [outChannels, channels] + kernelSides)
  }

  /// `Conv`.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) throws(InterchangeError) -> String {
    let weight = try weight(place.name, channels: place.shapes[0].channels, in: builder.weights)
    let bias = hasBias ? try builder.weights.vector(place.name / "bias", count: outChannels) : nil
    return builder.convolution(place.inputs[0], weight, bias: bias, stride: stride, dilation: dilation)
  }
}

extension BatchNormalization: ONNXExpressible {
  /// What a normalisation by known statistics comes to: `y = factor x + shift`, in double.
  fileprivate func line(
    _ name: Name, channels: Int, in weights: NetworkWeights
  ) throws(InterchangeError) -> [(factor: Double, shift: Double)] {
    let gamma = try weights.vector(name / "weight", count: channels)
    let beta = try weights.vector(name / "bias", count: channels)
    let mean = try weights.vector(name / "running_mean", count: channels)
    let variance = try weights.vector(name / "running_var", count: channels)
    return (0..<channels).map { c in
      let factor = Double(gamma[c]) / (Double(variance[c]) + Self.epsilon).squareRoot()
      return (factor, Double(beta[c]) - factor * Double(mean[c]))
    }
  }

  /// A normalisation that no convolution could take in: `Mul` and `Add`.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) throws(InterchangeError) -> String {
    let channels = place.output.channels
    let line = try line(place.name, channels: channels, in: builder.weights)
    let sides = [channels, 1, 1, 1]
    let factors = builder.constant("factor", shape: sides, line.map { Float($0.factor) })
    let shifts = builder.constant("shift", shape: sides, line.map { Float($0.shift) })
    let sum = builder.node("Add", [builder.node("Mul", [place.inputs[0], factors]), shifts])
    return rectifies ? builder.node("Relu", [sum]) : sum
  }
}

extension NormalizedConvolution: ONNXExpressible {
  /// `Conv` with `W' = s W` and `b' = s (b − μ) + β`, worked out in double and rounded once.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) throws(InterchangeError) -> String {
    let count = convolution.outChannels
    var weight = try convolution.weight(
      names.convolution, channels: place.shapes[0].channels, in: builder.weights)
    let line = try norm.line(names.norm, channels: count, in: builder.weights)
    let taps = weight.values.count / count
    for index in weight.values.indices {
      weight.values[index] = Float(line[index / taps].factor * Double(weight.values[index]))
    }
    let given =
      convolution.hasBias ? try builder.weights.vector(names.convolution / "bias", count: count) : nil
    let bias = line.indices.map { c in Float(line[c].shift + line[c].factor * Double(given?[c] ?? 0)) }
    let sum = builder.convolution(
      place.inputs[0], weight, bias: bias, stride: convolution.stride, dilation: convolution.dilation)
    return norm.rectifies ? builder.node("Relu", [sum]) : sum
  }
}

extension DepthwiseConvolution: ONNXExpressible {
  /// `Conv` with a group for each channel.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) throws(InterchangeError) -> String {
    let channels = place.output.channels
    let weight = try builder.weights.tensor(place.name / "weight", shape: [channels, 1, 1, 7, 7])
    let bias = try builder.weights.vector(place.name / "bias", count: channels)
    return builder.convolution(
      place.inputs[0], weight, bias: bias, dilation: Extent3(1, dilation, dilation), groups: channels)
  }
}

extension TransposedConvolution: ONNXExpressible {
  /// A product with the weights of all places of the window, and their numbers put there: three-dimensional `ConvTranspose` is
  /// missing on onnxruntime's CUDA provider. A last odd row or column is zero before the bias is added.
  package func add(at place: ONNXPlace, to builder: inout ONNXBuilder) throws(InterchangeError) -> String {
    let (from, channels) = (place.shapes[0].extent, place.shapes[0].channels)
    let (window, taps) = (stride.sides, stride.count)
    let given = try builder.weights.tensor(place.name / "weight", shape: [channels, outChannels] + window)
    let bias = try builder.weights.vector(place.name / "bias", count: outChannels)
    var product = NamedTensor(
      name: given.name, shape: [taps * outChannels, channels, 1, 1, 1], values: given.values)
    for row in 0..<taps * outChannels {
      for c in 0..<channels { product.values[row * channels + c] = given.values[c * taps * outChannels + row] }
    }
    let places = builder.convolution(place.inputs[0], product, bias: nil)
    // [N, O, j, k, D, H, W] becomes [N, O, D, H, j, W, k], with i, where depth is doubled too, behind D.
    let isDeep = stride.depth > 1
    let split = builder.reshaped(places, [outChannels] + window.dropFirst(isDeep ? 0 : 1) + from.sides)
    let placed = builder.transposed(split, isDeep ? [0, 1, 5, 2, 6, 3, 7, 4] : [0, 1, 4, 5, 2, 6, 3])
    let grown = zip(from.sides, window).map(*)
    var result = builder.reshaped(placed, [outChannels] + grown)
    let rest = [extent.height - grown[1], extent.width - grown[2]]
    if rest != [0, 0] {
      result = builder.node("Pad", [result, builder.constant("pads", [0, 0, 0, 0, 0, 0, 0, 0] + rest)])
    }
    return builder.node("Add", [result, builder.constant("bias", shape: [outChannels, 1, 1, 1], bias)])
  }
}

import Compute
import Networks

/// An operation that has a form in ONNX. A new operation of a network conforms in a file of this folder.
package protocol ONNXExpressible: Operation {
  /// Adds the operation's nodes.
  ///
  /// - Returns: the name of what it writes, `[N, C, D, H, W]`.
  func add(at place: ONNXPlace, to builder: inout ONNXBuilder) throws(InterchangeError) -> String
}

/// An operation's place in a network: what it reads, and under which name its tensors are.
package struct ONNXPlace: Sendable {
  let name: Name
  /// Names of the values that it reads, in the operation's order.
  let inputs: [String]
  /// Their shapes.
  let shapes: [Shape]
  let output: Shape
}

/// Collects nodes and constants, and gives them names.
package struct ONNXBuilder {
  let weights: NetworkWeights
  private var nodes: [ONNXNode] = []
  private var constants: [ONNXTensor] = []
  /// What the names of the operation under way begin with.
  private var scope = ""
  private var taken: Set<String> = [ONNXModel.inputName, ONNXModel.outputName]

  private init(_ weights: NetworkWeights) { self.weights = weights }

  /// `scope/word`, with a number behind it where that is taken.
  private mutating func name(_ word: String) -> String {
    let first = "\(scope)/\(word)"
    var (name, number) = (first, 1)
    while !taken.insert(name).inserted {
      number += 1
      name = "\(first).\(number)"
    }
    return name
  }

  /// Adds an operator.
  ///
  /// - Returns: the name of what it writes.
  mutating func node(
    _ type: String, _ inputs: [String], _ attributes: [(name: String, value: ONNXAttribute)] = []
  ) -> String {
    let output = name(type)
    nodes.append(ONNXNode(type: type, inputs: inputs, output: output, attributes: attributes))
    return output
  }

  /// Adds weights, or other numbers of single precision.
  mutating func constant(_ word: String, shape: [Int], _ values: [Float]) -> String {
    let name = name(word)
    constants.append(ONNXTensor(name, shape: shape, values))
    return name
  }

  /// Adds whole numbers, such as the sides of a shape.
  mutating func constant(_ word: String, _ values: [Int]) -> String {
    let name = name(word)
    constants.append(ONNXTensor(name, values))
    return name
  }

  /// The same values with other sides; the first, N, stays.
  mutating func reshaped(_ input: String, _ sides: [Int]) -> String {
    node("Reshape", [input, constant("shape", [0] + sides)])
  }

  mutating func transposed(_ input: String, _ order: [Int]) -> String {
    node("Transpose", [input], [("perm", .integers(order))])
  }
}

extension ONNXModel {
  /// A network with its weights as a model of class scores, normalisations folded into their convolutions.
  ///
  /// - Parameters:
  ///   - graph: as the model wrote it; its batch is left open in the file.
  ///   - weights: parameters and statistics by PyTorch's names.
  package init(_ graph: Graph, _ weights: NetworkWeights) throws(InterchangeError) {
    let graph = graph.withFoldedNormalizations()
    let (image, scores) = (graph.entries[0].shape, graph.entries[graph.output].shape)
    let parts = try ONNXBuilder.parts(of: graph, weights)
    self.init(nodes: parts.nodes, constants: parts.constants, input: image.sides, output: scores.sides)
  }
}

extension ONNXBuilder {
  /// Every entry in order, then the result under its own name.
  fileprivate static func parts(
    of graph: Graph, _ weights: NetworkWeights
  ) throws(InterchangeError) -> (nodes: [ONNXNode], constants: [ONNXTensor]) {
    var builder = ONNXBuilder(weights)
    var values = [ONNXModel.inputName]
    for (index, entry) in graph.entries.enumerated().dropFirst() {
      guard let operation = entry.operation as? any ONNXExpressible else {
        throw .unknownOperation(kind: entry.operation.kind, format: "onnx")
      }
      builder.scope = entry.name.path.isEmpty ? "\(index)" : entry.name.path
      let place = ONNXPlace(
        name: entry.name, inputs: entry.inputs.map { values[$0] }, shapes: graph.inputShapes(of: index),
        output: entry.shape)
      values.append(try operation.add(at: place, to: &builder))
    }
    builder.nodes.append(
      ONNXNode(type: "Identity", inputs: [values[graph.output]], output: ONNXModel.outputName, attributes: []))
    return (builder.nodes, builder.constants)
  }
}

extension Shape {
  /// C, D, H, W: ONNX's order without N.
  var sides: [Int] { [channels] + extent.sides }
}

extension Extent3 {
  var sides: [Int] { [depth, height, width] }
}

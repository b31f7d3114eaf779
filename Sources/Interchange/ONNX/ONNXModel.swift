import Foundation
import Protobuf

/// A value's type in ONNX, by its number in `TensorProto.DataType`.
package enum ONNXType: Int, Sendable {
  case float32 = 1
  case int64 = 7
}

/// A constant: weights, or the numbers that an operator takes as an input.
package struct ONNXTensor: Sendable {
  let name: String
  let type: ONNXType
  let shape: [Int]
  /// Little-endian, the last side fastest.
  let bytes: Data

  init(_ name: String, shape: [Int], _ values: [Float]) {
    (self.name, type, self.shape) = (name, .float32, shape)
    bytes = values.withUnsafeBytes { Data($0) }
  }

  init(_ name: String, _ values: [Int]) {
    (self.name, type, shape) = (name, .int64, [values.count])
    bytes = values.map(Int64.init).withUnsafeBytes { Data($0) }
  }

  func write(to message: inout ProtobufWriter) {
    message.integers(1, shape)
    message.integer(2, type.rawValue)
    message.string(8, name)
    message.bytes(9, bytes)
  }
}

/// What an operator is told beside its inputs.
package enum ONNXAttribute: Sendable {
  case integer(Int)
  case integers([Int])
  case float(Float)

  func write(_ name: String, to message: inout ProtobufWriter) {
    message.string(1, name)
    switch self {
    case .float(let value):
      message.float(2, value)
      message.integer(20, 1)
    case .integer(let value):
      message.integer(3, value)
      message.integer(20, 2)
    case .integers(let values):
      message.integers(8, values)
      message.integer(20, 7)
    }
  }
}

/// One operator of the standard set, with the names of what it reads and writes.
package struct ONNXNode: Sendable {
  let type: String
  let inputs: [String]
  let output: String
  let attributes: [(name: String, value: ONNXAttribute)]

  func write(to message: inout ProtobufWriter) {
    for input in inputs { message.string(1, input) }
    message.string(2, output)
    message.string(3, output)
    message.string(4, type)
    for (name, value) in attributes { message.message(5) { value.write(name, to: &$0) } }
  }
}

/// A model file: one graph with one input and one output, both float32 `[N, C, D, H, W]` with any N.
///
/// Field numbers are those of onnx.proto; operators those of version 17 of the standard set.
package struct ONNXModel: Sendable {
  /// Of the standard set of operators; the first with `LayerNormalization`.
  package static let operatorSet = 17
  /// The format of the file that belongs to that set.
  static let formatVersion = 8
  /// What the image is called in the file.
  package static let inputName = "image"
  /// What the class scores are called in the file.
  package static let outputName = "logits"

  var nodes: [ONNXNode]
  var constants: [ONNXTensor]
  /// C, D, H, W of the image.
  var input: [Int]
  /// K, D, H, W of the class scores.
  var output: [Int]
  /// What is told of the model in its own file: the program's name and version first.
  package var producer = (name: "safnet", version: "")
  /// Further words, by key.
  package var notes: [(key: String, value: String)] = []

  /// The bytes of the file.
  ///
  /// - Throws: `tooLarge` beyond what a file of this kind holds.
  package func data() throws(InterchangeError) -> Data {
    let bytes = constants.reduce(0) { $0 + $1.bytes.count }
    guard bytes < 0x7F00_0000 else { throw .tooLarge(bytes: bytes) }
    var model = ProtobufWriter()
    model.integer(1, Self.formatVersion)
    model.string(2, producer.name)
    model.string(3, producer.version)
    model.message(7, write)
    model.message(8) { $0.integer(2, Self.operatorSet) }
    for note in notes {
      model.message(14) {
        $0.string(1, note.key)
        $0.string(2, note.value)
      }
    }
    return model.data
  }

  private func write(to graph: inout ProtobufWriter) {
    for node in nodes { graph.message(1, node.write) }
    graph.string(2, "network")
    for constant in constants { graph.message(5, constant.write) }
    graph.message(11) { Self.write(Self.inputName, input, to: &$0) }
    graph.message(12) { Self.write(Self.outputName, output, to: &$0) }
  }

  /// Name, type and sides of the input or the output.
  private static func write(_ name: String, _ shape: [Int], to message: inout ProtobufWriter) {
    message.string(1, name)
    message.message(2) { type in
      type.message(1) { tensor in
        tensor.integer(1, ONNXType.float32.rawValue)
        tensor.message(2) { sides in
          sides.message(1) { $0.string(2, "N") }
          for side in shape { sides.message(1) { $0.integer(1, side) } }
        }
      }
    }
  }
}

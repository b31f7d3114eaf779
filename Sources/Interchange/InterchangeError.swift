/// What keeps a network from being written in another program's format.
package enum InterchangeError: Error, Equatable, CustomStringConvertible {
  /// The format's writer has no words for an operation of the network.
  case unknownOperation(kind: String, format: String)
  /// The network asks for a tensor that was not given.
  case missingTensor(name: String)
  /// A tensor has other sides than the network's.
  case otherShape(name: String, found: [Int], expected: [Int])
  /// Protocol Buffers end at 2 GiB.
  case tooLarge(bytes: Int)

  /// What is wrong, and what could be done.
  package var description: String {
    switch self {
    case .unknownOperation(let kind, let format):
      "\(format): the operation '\(kind)' of this network has no form there. Another --format may have one."
    case .missingTensor(let name): "the checkpoint holds no \(name), which its network needs"
    case .otherShape(let name, let found, let expected):
      "\(name) in the checkpoint has shape \(found), the network's is \(expected)"
    case .tooLarge(let bytes):
      "onnx: the weights take \(bytes) bytes, and a model file ends at 2 GiB. Give --format pytorch."
    }
  }
}

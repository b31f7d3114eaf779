import Compute
import Networks

/// A trained network's tensors by PyTorch's names: parameters, and the statistics of its normalisations.
package struct NetworkWeights: Sendable {
  private let tensors: [String: NamedTensor]

  /// - Parameter tensors: parameters and statistics together; of two of one name the later one counts.
  package init(_ tensors: [NamedTensor]) {
    self.tensors = Dictionary(tensors.map { ($0.name, $0) }) { $1 }
  }

  /// The tensor of that name.
  ///
  /// - Throws: `InterchangeError` where there is none, or one of other sides.
  package func tensor(_ name: Name, shape: [Int]) throws(InterchangeError) -> NamedTensor {
    guard let tensor = tensors[name.path] else { throw .missingTensor(name: name.path) }
    guard tensor.shape == shape else {
      throw .otherShape(name: name.path, found: tensor.shape, expected: shape)
    }
    return tensor
  }

  /// The values of a tensor with one number for each channel.
  package func vector(_ name: Name, count: Int) throws(InterchangeError) -> [Float] {
    try tensor(name, shape: [count]).values
  }
}

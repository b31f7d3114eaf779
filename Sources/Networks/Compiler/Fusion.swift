/// Rewrites of a graph that save passes over memory.
extension Graph {
  /// The graph with the rewrites that change no bit of the result, for training and inference.
  package var fused: Graph { withFusedRectifiers().withoutFinalResize() }

  /// For inference: a batch normalisation that alone reads a convolution becomes part of it. Rounds differently.
  package func withFoldedNormalizations() -> Graph {
    var graph = self
    let readers = readers
    for (index, entry) in entries.enumerated() {
      guard let norm = entry.operation as? BatchNormalization, readers[entry.inputs[0]] == 1 else { continue }
      let producer = entries[entry.inputs[0]]
      guard let convolution = producer.operation as? Convolution else { continue }
      let folded = NormalizedConvolution(convolution: convolution, norm: norm, names: (producer.name, entry.name))
      graph.entries[index] = Entry(name: "", operation: folded, inputs: producer.inputs, shape: entry.shape)
    }
    return graph.withoutUnread()
  }

  /// A ReLU that alone reads a normalisation or an addition becomes part of it.
  package func withFusedRectifiers() -> Graph {
    var graph = self
    let readers = readers
    for (index, entry) in entries.enumerated() where entry.operation is Rectifier {
      let producer = entry.inputs[0]
      guard readers[producer] == 1, let fused = entries[producer].operation.withRectifier else { continue }
      graph.entries[index] = Entry(
        name: entries[producer].name, operation: fused, inputs: entries[producer].inputs, shape: entry.shape)
    }
    return graph.withoutUnread()
  }

  /// The graph without a last resize in the plane, which loss and classification do themselves, row by row.
  package func withoutFinalResize() -> Graph {
    let last = entries[output]
    guard last.operation is TrilinearResize, readers[output] == 1 else { return self }
    let coarse = last.inputs[0]
    guard entries[coarse].shape.extent.depth == last.shape.extent.depth else { return self }
    return Graph(entries: entries, output: coarse).withoutUnread()
  }
}

extension Operation {
  /// This operation with a ReLU behind it, where one pass can do both.
  fileprivate var withRectifier: (any Operation)? {
    switch self {
    case let norm as BatchNormalization where !norm.rectifies: BatchNormalization(rectifies: true)
    case let addition as Addition where !addition.rectifies: Addition(rectifies: true)
    default: nil
    }
  }
}

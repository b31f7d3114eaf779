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

  /// A ReLU that alone reads a normalisation or an addition becomes part of it, a leaky one of an instance normalisation.
  package func withFusedRectifiers() -> Graph {
    var graph = self
    let readers = readers
    for (index, entry) in entries.enumerated() where entry.operation is Rectifier || entry.operation is LeakyRectifier {
      let producer = entry.inputs[0]
      guard readers[producer] == 1, let fused = entries[producer].operation.followed(by: entry.operation) else {
        continue
      }
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
    var graph = self
    graph.output = coarse
    return graph.withoutUnread()
  }
}

extension Operation {
  /// This operation with a ReLU behind it, leaky or not, where one pass can do both.
  fileprivate func followed(by rectifier: any Operation) -> (any Operation)? {
    switch (self, rectifier) {
    case (let norm as BatchNormalization, is Rectifier) where !norm.rectifies: BatchNormalization(rectifies: true)
    case (let addition as Addition, is Rectifier) where !addition.rectifies: Addition(rectifies: true)
    case (let norm as InstanceNormalization, let leaky as LeakyRectifier) where norm.slope == nil:
      InstanceNormalization(slope: leaky.slope, weight: norm.weight)
    default: nil
    }
  }
}

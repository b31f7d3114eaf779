/// Rewrites of a graph that save passes over memory.
extension Graph {
  /// The graph with the rewrites that change no bit of the result, for training and inference.
  package var fused: Graph { withFusedRectifiers().withGatedProducts().withoutFinalResize() }

  /// The graph as training runs it, to the same bits.
  package var fusedForTraining: Graph { fused.withConcatenatedSums() }

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

  /// A gate times one activation times another becomes one operation: what is between is never stored.
  package func withGatedProducts() -> Graph {
    var graph = self
    let readers = readers
    for (index, entry) in entries.enumerated() where entry.operation is Multiplication {
      // The gated one stands right before, so that no other reader's gradient comes between those of the two.
      let (gated, other) = (entry.inputs[0], entry.inputs[1])
      guard gated == index - 1, readers[gated] == 1, let gate = entries[gated].operation as? Multiplication,
        gate.isGate(inputShapes(of: gated)), entries[gated].shape == entry.shape,
        !entries[gated].inputs.contains(other)
      else { continue }
      graph.entries[index] = Entry(
        name: entry.name, operation: GatedProduct(), inputs: entries[gated].inputs + [other], shape: entry.shape)
    }
    return graph.withoutUnread()
  }

  /// A concatenation of additions forms the sums itself, for training: in inference their terms would wait for each other.
  package func withConcatenatedSums() -> Graph {
    var graph = self
    let readers = readers
    func isSum(_ index: Int) -> Bool {
      guard let addition = entries[index].operation as? Addition, !addition.rectifies, readers[index] == 1 else {
        return false
      }
      // Read by the sum alone, so that their gradients are summed in no other order.
      return entries[index].shape.channels % 16 == 0 && entries[index].inputs.allSatisfy { readers[$0] == 1 }
    }
    for (index, entry) in entries.enumerated()
    where entry.operation is Concatenation && entry.inputs.allSatisfy(isSum) {
      graph.entries[index] = Entry(
        name: entry.name, operation: ConcatenatedSums(), inputs: entry.inputs.flatMap { entries[$0].inputs },
        shape: entry.shape)
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

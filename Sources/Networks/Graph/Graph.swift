import Compute

/// A network of fixed shapes: operations in the order they run. A value; passes make new graphs of it.
package struct Graph: Sendable {
  /// One operation at its place, with what it reads.
  package struct Entry: Sendable {
    /// The layer's path, before the names of its parameters; empty where it has none.
    package var name: Name
    /// What is computed at this place of the network.
    package var operation: any Operation
    /// The entries that it reads, in the operation's order; all stand before it.
    package var inputs: [Int]
    /// What it writes, `[N, D, H, W, C]`.
    package var shape: Shape
  }

  /// The operations in the order they run; the first is the image.
  package var entries: [Entry]
  /// The entry whose activation is the network's result.
  package var output: Int

  /// A graph of entries that each read earlier ones only; nothing is checked.
  package init(entries: [Entry], output: Int) { (self.entries, self.output) = (entries, output) }

  /// The shapes that the entry reads, in its operation's order.
  package func inputShapes(of index: Int) -> [Shape] { entries[index].inputs.map { entries[$0].shape } }

  /// Nominal products of one forward pass, zero padding counted.
  package var multiplyAdds: Int {
    entries.indices.reduce(0) { $0 + entries[$1].operation.multiplyAdds(inputShapes(of: $1)) }
  }

  /// How many entries read each entry (the result counts as read once).
  package var readers: [Int] {
    var counts = Array(repeating: 0, count: entries.count)
    for entry in entries { for input in entry.inputs { counts[input] += 1 } }
    counts[output] += 1
    return counts
  }

  /// The same network without entries that nothing reads.
  package func withoutUnread() -> Graph {
    var isNeeded = Array(repeating: false, count: entries.count)
    isNeeded[output] = true
    for index in entries.indices.reversed() where isNeeded[index] {
      for input in entries[index].inputs { isNeeded[input] = true }
    }
    var place: [Int: Int] = [:]
    var kept: [Entry] = []
    for (index, var entry) in entries.enumerated() where isNeeded[index] {
      entry.inputs = entry.inputs.map { place[$0]! }
      place[index] = kept.count
      kept.append(entry)
    }
    return Graph(entries: kept, output: place[output]!)
  }
}

/// What a network is to this target: a pure function from the image's node to the node of its class scores.
package protocol NetworkModel: Sendable {
  /// - Parameters:
  ///   - image: `[N, D, H, W, 1]`
  /// - Returns: logits `[N, D, H, W, classes]`
  func logits(of image: Node, classes: Int) -> Node
}

extension NetworkModel {
  /// The network written down at one size.
  ///
  /// - Precondition: the model returns `[batch, extent, classes]`; the message shows both shapes.
  package func graph(batch: Int, extent: Extent3, classes: Int) -> Graph {
    let builder = GraphBuilder()
    let image = builder.image(Shape(batch: batch, extent, channels: 1))
    let logits = logits(of: image, classes: classes)
    precondition(
      logits.shape == Shape(batch: batch, extent, channels: classes),
      "the model returns \(logits.shape), not \(batch)x\(extent)x\(classes)")
    return Graph(entries: builder.entries, output: logits.index).withoutUnread()
  }
}

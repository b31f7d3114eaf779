import Compute

/// A network of fixed shapes: operations in the order they run. A value; passes make new graphs of it. Two that are equal
/// are one network, whatever it is called.
package struct Graph: Sendable, Hashable {
  /// One operation at its place, with what it reads.
  package struct Entry: Sendable, Hashable {
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
  /// Further class scores that training supervises, from fine to coarse; inference leaves them out.
  package var auxiliaries: [Int]
  /// How weights begin.
  package var initialization: WeightInitialization

  /// A graph of entries that each read earlier ones only; nothing is checked.
  package init(
    entries: [Entry], output: Int, auxiliaries: [Int] = [], initialization: WeightInitialization = .pyTorch
  ) {
    (self.entries, self.output, self.auxiliaries) = (entries, output, auxiliaries)
    self.initialization = initialization
  }

  /// Every entry that is compared with labels: the result first.
  package var supervised: [Int] { [output] + auxiliaries }

  /// The shapes that the entry reads, in its operation's order.
  package func inputShapes(of index: Int) -> [Shape] { entries[index].inputs.map { entries[$0].shape } }

  /// Nominal products of one forward pass, zero padding counted.
  package var multiplyAdds: Int {
    entries.indices.reduce(0) { $0 + entries[$1].operation.multiplyAdds(inputShapes(of: $1)) }
  }

  /// How many entries read each entry (what is supervised counts as read once).
  package var readers: [Int] {
    var counts = Array(repeating: 0, count: entries.count)
    for entry in entries { for input in entry.inputs { counts[input] += 1 } }
    for index in supervised { counts[index] += 1 }
    return counts
  }

  /// The same network without entries that nothing reads.
  package func withoutUnread() -> Graph {
    var isNeeded = Array(repeating: false, count: entries.count)
    for index in supervised { isNeeded[index] = true }
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
    var graph = self
    (graph.entries, graph.output, graph.auxiliaries) = (kept, place[output]!, auxiliaries.map { place[$0]! })
    return graph
  }

  /// The same network with its result alone, as inference runs it.
  package func withoutAuxiliaries() -> Graph {
    var graph = self
    graph.auxiliaries = []
    return graph.withoutUnread()
  }
}

extension Graph.Entry {
  /// The same operation under the same name, of the same inputs.
  package static func == (left: Self, right: Self) -> Bool {
    left.name == right.name && left.inputs == right.inputs && left.shape == right.shape
      && AnyHashable(left.operation) == AnyHashable(right.operation)
  }

  /// By what `==` compares.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(inputs)
    hasher.combine(shape)
    hasher.combine(AnyHashable(operation))
  }
}

/// What a network is to this target: a pure function from the image's node to the node of its class scores.
package protocol NetworkModel: Sendable {
  /// - Parameters:
  ///   - image: `[N, D, H, W, C]`, one channel or several
  /// - Returns: logits `[N, D, H, W, classes]`
  func logits(of image: Node, classes: Int) -> Node

  /// The logits, then those that deep supervision lowers the loss of as well, from fine to coarse: `[N, d, h, w, classes]`,
  /// each with its own labels (`DeepSupervision`).
  func supervisedLogits(of image: Node, classes: Int) -> [Node]

  /// How weights begin.
  var initialization: WeightInitialization { get }
}

extension NetworkModel {
  /// The result alone.
  package func supervisedLogits(of image: Node, classes: Int) -> [Node] { [logits(of: image, classes: classes)] }
  /// As PyTorch's layers.
  package var initialization: WeightInitialization { .pyTorch }

  /// The network written down at one size.
  ///
  /// - Parameter channels: of the image; the first layer's weights have as many.
  /// - Precondition: the model returns `[batch, extent, classes]`; the message shows both shapes.
  package func graph(batch: Int, extent: Extent3, classes: Int, channels: Int = 1) -> Graph {
    let builder = GraphBuilder()
    let image = builder.image(Shape(batch: batch, extent, channels: channels))
    let logits = supervisedLogits(of: image, classes: classes)
    precondition(
      logits[0].shape == Shape(batch: batch, extent, channels: classes),
      "the model returns \(logits[0].shape), not \(batch)x\(extent)x\(classes)")
    return Graph(
      entries: builder.entries, output: logits[0].index, auxiliaries: logits.dropFirst().map(\.index),
      initialization: initialization
    ).withoutUnread()
  }
}

import Compute

/// The order of a program's calls, and which planned buffers each one touches.
package struct Schedule {
  /// What a step does; the number is the graph's entry.
  package enum Work: Hashable, Sendable {
    /// The entry's output from its inputs.
    case forward(Int)
    /// What the entry saves, without its output: its readers make that of its input themselves.
    case measure(Int)
    /// The same output again, on the way back, instead of keeping it.
    case recompute(Int)
    /// Gradients of the entry's parameters and inputs from that of its output.
    case backward(Int)
    /// The loss and the gradient of the logits, or the classification.
    case head
  }

  /// A piece of planned memory; the number is the graph's entry.
  package enum Buffer: Hashable, Sendable {
    /// What the entry writes.
    case activation(Int)
    /// The activation again, for backward.
    case recomputed(Int)
    /// The gradient of the loss by the entry's output.
    case gradient(Int)
    /// What the entry's kernel leaves for backward and `commit`.
    case saved(Int)
    /// Memory of one step, which holds nothing before or after it.
    case scratch(step: Int)
  }

  /// How a reader finds an activation at some point of the schedule.
  package indirect enum Source: Hashable, Sendable {
    /// As it is.
    case stored(Buffer)
    /// Before the normalisation of an entry, whose saved values say what readers do to it.
    case normalized(Source, by: Int)
    /// Its channels in several activations, one after the other.
    case joined([Source])

    /// What the reader touches, the activation's own memory first.
    package var buffers: [Buffer] {
      switch self {
      case .stored(let buffer): [buffer]
      case .normalized(let source, let entry): source.buffers + [.saved(entry)]
      case .joined(let sources): sources.flatMap(\.buffers)
      }
    }
  }

  /// One call, and every planned buffer that it touches.
  package struct Step: Sendable {
    /// The call that this step makes.
    package let work: Work
    /// Where the entry's inputs are, by their place; nil where the call does not read one.
    package var inputs: [Source?] = []
    /// Where the entry's output is, if backward reads it.
    package var output: Buffer?
    /// Buffers that must hold what an earlier step wrote.
    package var reads: [Buffer] = []
    /// Buffers whose content begins, or grows, here: results, what is saved for backward, scratch.
    package var writes: [Buffer] = []
    /// The result may take the operand's memory when the operand ends here and the result begins here.
    package var inPlace: (operand: Buffer, result: Buffer)?
  }

  /// Every call in order: forward, the head, and in training backward from the output, each preceded by what it computes
  /// again.
  package private(set) var steps: [Step] = []
  /// The number of the head's step.
  package private(set) var headStep = 0
  /// The graph whose entries the steps name.
  package let graph: Graph
  /// Inference ends with the head: there is no backward.
  package let mode: Mode
  /// Bytes of every buffer, unaligned, as kernels and shapes ask for.
  package private(set) var bytes: [Buffer: Int] = [:]
  /// For every entry: does its output receive a gradient? Never in inference.
  package let hasGradient: [Bool]
  /// For every entry: is it a normalisation that its readers apply, so that its output is never written?
  package let isPending: [Bool]
  /// For every entry: is it a concatenation whose inputs its readers read, so that neither its output nor the gradient by it
  /// is ever written?
  package let isJoined: [Bool]
  /// How every entry's activation and its gradient are stored.
  private let storage: [Storage]
  private var recomputed: Set<Int> = []
  private let kernels: [any Kernel]

  /// Orders the calls of a graph.
  ///
  /// - Parameters:
  ///   - mode: training appends backward.
  ///   - kernels: one for every entry of the graph; they say how many bytes they save and need as scratch.
  ///   - headScratch: bytes of scratch for the network's end.
  ///   - roundsConvolutions: as the backend says.
  package init(
    _ graph: Graph, mode: Mode, kernels: [any Kernel], headScratch: Int, roundsConvolutions: Bool
  ) {
    (self.graph, self.mode, self.kernels) = (graph, mode, kernels)
    storage = graph.storage(mode, roundsConvolutions: roundsConvolutions)
    hasGradient = mode == .training ? Self.entriesWithGradient(graph) : graph.entries.map { _ in false }
    isJoined = graph.joinedConcatenations(kernels, hasGradient: hasGradient)
    isPending =
      mode == .training
      ? graph.pendingNormalizations(kernels, isJoined: isJoined) : graph.entries.map { _ in false }
    for index in graph.entries.indices where !isJoined[index] { append(forward: index) }
    appendHead(scratch: headScratch)
    guard mode == .training else { return }
    for index in graph.entries.indices.reversed() where hasGradient[index] && !isJoined[index] {
      append(backward: index)
    }
    keepSavedStatistics()
  }

  /// Backwards from what is supervised to every entry that has parameters above it.
  package static func entriesWithGradient(_ graph: Graph) -> [Bool] {
    var depends: [Bool] = []
    for (index, entry) in graph.entries.enumerated() {
      let shapes = graph.inputShapes(of: index)
      depends.append(!entry.operation.parameters(of: shapes).isEmpty || entry.inputs.contains { depends[$0] })
    }
    var receives = graph.entries.map { _ in false }
    for index in graph.supervised { receives[index] = depends[index] }
    for (index, entry) in graph.entries.enumerated().reversed() where receives[index] {
      let without = entry.operation.inputsWithoutGradient(graph.inputShapes(of: index))
      for (slot, input) in entry.inputs.enumerated() where depends[input] && !without.contains(slot) {
        receives[input] = true
      }
    }
    return receives
  }

  /// Whether backward of `index` produces the gradient of its input `slot`.
  package func producesGradient(_ index: Int, slot: Int) -> Bool {
    let entry = graph.entries[index]
    return hasGradient[entry.inputs[slot]]
      && !entry.operation.inputsWithoutGradient(graph.inputShapes(of: index)).contains(slot)
  }

  private mutating func buffer(_ buffer: Buffer, _ size: Int) -> Buffer {
    bytes[buffer] = size
    return buffer
  }

  private func activationBytes(_ index: Int) -> Int {
    let shape = graph.entries[index].shape
    return (index == 0 && shape.channels == 1 ? shape.voxels : shape.storedCount) * storage[index].bytes
  }

  /// How an activation or a gradient is stored.
  package func storage(of buffer: Buffer) -> Storage {
    switch buffer {
    case .activation(let index), .recomputed(let index), .gradient(let index): storage[index]
    case .saved, .scratch: preconditionFailure("\(buffer) is no activation")
    }
  }

  /// Where an activation is at this point of the schedule, or what its readers make it of.
  private func current(_ index: Int) -> Source {
    let inputs = graph.entries[index].inputs
    if isPending[index] { return .normalized(current(inputs[0]), by: index) }
    if isJoined[index] { return .joined(inputs.map { current($0) }) }
    return .stored(recomputed.contains(index) ? .recomputed(index) : .activation(index))
  }

  private mutating func append(forward index: Int, as work: Work? = nil, to output: Buffer? = nil) {
    let entry = graph.entries[index]
    var step = Step(work: work ?? (isPending[index] ? .measure(index) : .forward(index)))
    step.inputs = entry.inputs.map { current($0) }
    step.reads = step.inputs.flatMap { $0!.buffers }
    if !isPending[index] {
      let result = buffer(output ?? .activation(index), activationBytes(index))
      step.writes = [result]
      if work == nil, let slot = entry.operation.forwardInPlace {
        step.inPlace = (step.inputs[slot]!.buffers[0], result)
      }
    }
    let saved = kernels[index].savedBytes
    if saved > 0 { step.writes.append(buffer(.saved(index), saved)) }
    let scratch = kernels[index].scratchBytes(.forward)
    if scratch > 0 { step.writes.append(buffer(.scratch(step: steps.count), scratch)) }
    steps.append(step)
  }

  private mutating func appendHead(scratch: Int) {
    var step = Step(work: .head, reads: graph.supervised.map { .activation($0) })
    if mode == .training {
      step.writes = graph.supervised.map { buffer(.gradient($0), activationBytes($0)) }
    }
    step.writes.append(buffer(.scratch(step: steps.count), scratch))
    headStep = steps.count
    steps.append(step)
  }

  private mutating func append(backward index: Int) {
    let entry = graph.entries[index]
    let reads = entry.operation.backwardReads
    for slot in reads.inputs.sorted() { recomputeIfCheap(entry.inputs[slot]) }
    if reads.output { recomputeIfCheap(index) }
    var step = Step(work: .backward(index))
    step.inputs = entry.inputs.enumerated().map { reads.inputs.contains($0) ? current($1) : nil }
    step.reads = [.gradient(index)] + step.inputs.flatMap { $0?.buffers ?? [] }
    if reads.output {
      step.output = current(index).buffers[0]
      step.reads.append(step.output!)
    }
    if bytes[.saved(index)] != nil { step.reads.append(.saved(index)) }
    for slot in entry.inputs.indices where producesGradient(index, slot: slot) {
      let input = entry.inputs[slot]
      for target in isJoined[input] ? graph.entries[input].inputs : [input] {
        step.writes.append(buffer(.gradient(target), activationBytes(target)))
      }
      if entry.operation.backwardInPlace == slot { step.inPlace = (.gradient(index), .gradient(input)) }
    }
    let scratch = kernels[index].scratchBytes(.backward)
    if scratch > 0 { step.writes.append(buffer(.scratch(step: steps.count), scratch)) }
    steps.append(step)
  }

  /// Activations that are cheap to compute again do not stay in memory from forward to backward.
  private mutating func recomputeIfCheap(_ index: Int) {
    let entry = graph.entries[index]
    if isJoined[index] { return entry.inputs.forEach { recomputeIfCheap($0) } }
    guard entry.operation.isCheapToRecompute, !recomputed.contains(index) else { return }
    for input in entry.inputs { recomputeIfCheap(input) }
    if isPending[index] { return }
    append(forward: index, as: .recompute(index), to: .recomputed(index))
    recomputed.insert(index)
  }

  /// Batch statistics wait for the end of the step: running averages change only when the step is sound.
  private mutating func keepSavedStatistics() {
    for (index, entry) in graph.entries.enumerated() {
      guard !entry.operation.statistics(of: graph.inputShapes(of: index)).isEmpty else { continue }
      if !steps[steps.count - 1].reads.contains(.saved(index)) { steps[steps.count - 1].reads.append(.saved(index)) }
    }
  }
}

import Networks

/// A network in a program: every operation applied, and what is needed to go back.
struct WrittenNetwork {
  /// Everything that is compared with labels, the result first.
  let supervised: [Value]
  /// All statistics after this step, in the layout's order.
  let statistics: [Value]
  private let graph: Graph
  private let written: [WrittenOperation?]
  /// Every parameter, as it was read.
  private let parameters: [Value]
  /// Where the parameters of every entry begin.
  private let firstParameters: [Int]

  /// - Parameters:
  ///   - graph: as the model wrote it; XLA does its own fusion.
  ///   - image: `[N, C, D, H, W]` in single precision.
  ///   - parameters: in the layout's order, and so the statistics.
  init(_ graph: Graph, image: Value, parameters: [Value], statistics: [Value], mode: Mode) {
    var (values, written): ([Value], [WrittenOperation?]) = ([], [])
    var (starts, nextParameter, nextStatistic, after): ([Int], Int, Int, [Value]) = ([], 0, 0, [])
    for (index, entry) in graph.entries.enumerated() {
      let shapes = graph.inputShapes(of: index)
      let (own, stats) = (entry.operation.parameters(of: shapes).count, entry.operation.statistics(of: shapes).count)
      starts.append(nextParameter)
      guard index > 0 else {
        values.append(image.converted(to: image.program.number).transposed([0, 2, 3, 4, 1]))
        written.append(nil)
        continue
      }
      let operation = entry.operation.onXLA.written(
        OperationCall(
          inputs: entry.inputs.map { values[$0] }, parameters: Array(parameters[nextParameter..<nextParameter + own]),
          statistics: Array(statistics[nextStatistic..<nextStatistic + stats]), mode: mode))
      values.append(operation.output.kept)
      written.append(operation)
      after += operation.statistics
      (nextParameter, nextStatistic) = (nextParameter + own, nextStatistic + stats)
    }
    supervised = graph.supervised.map { values[$0] }
    (self.statistics, self.graph, self.written) = (after, graph, written)
    (self.parameters, firstParameters) = (parameters, starts)
  }

  /// The gradients of all parameters, zero where none arrives.
  ///
  /// - Parameter incoming: of the loss by everything that is supervised.
  func gradients(_ incoming: [Value]) -> [Value] {
    let receives = Schedule.entriesWithGradient(graph)
    var gradients = [Value?](repeating: nil, count: graph.entries.count)
    var result = [Value?](repeating: nil, count: parameters.count)
    func add(_ gradient: Value, to index: Int) {
      gradients[index] = gradients[index].map { ($0 + gradient.kept).kept } ?? gradient.kept
    }
    for (index, gradient) in zip(graph.supervised, incoming) { add(gradient, to: index) }
    for (index, entry) in graph.entries.enumerated().reversed() where receives[index] {
      guard let gradient = gradients[index], let back = written[index]?.pullback(gradient) else { continue }
      for (slot, input) in entry.inputs.enumerated() where receives[input] { add(back.inputs[slot], to: input) }
      for (place, value) in back.parameters.enumerated() { result[firstParameters[index] + place] = value }
    }
    return zip(result, parameters).map { $0 ?? $1.splat(0) }
  }
}

extension Networks.Operation {
  /// Whether a program can have it.
  var isWritable: Bool { self is any XLAOperation }

  fileprivate var onXLA: any XLAOperation {
    guard let operation = self as? any XLAOperation else { preconditionFailure("no program has \(kind)") }
    return operation
  }
}

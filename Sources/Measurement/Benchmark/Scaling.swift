import Compute
import Networks
import Text

/// How a training step divides among more threads than this machine has processors: every thread's part is done in turns by
/// one, each with a clock of its own.
///
/// What threads share, the memory's bandwidth and the caches, is not simulated, nor is waking them: a machine can be slower
/// than this, and no machine is faster.
package struct Scaling: Codable, Sendable {
  /// A number of threads, and what a step takes with it.
  package struct Row: Codable, Sendable {
    /// Worker threads.
    package let threads: Int
    /// Seconds of a training step: the median of the repetitions.
    package let seconds: Double
    /// One thread's seconds over these.
    package let times: Double
  }

  /// Calls that take longer than one thread's time divided by the threads.
  package struct Loss: Codable, Sendable {
    /// Forward, recompute, backward or head.
    package let phase: String
    /// The operation.
    package let kind: String
    /// The layer's path, where layers were asked for.
    package let layer: String?
    /// Calls of it in a step.
    package let calls: Int
    /// One thread's.
    package let seconds: Double
    /// Beyond an even share of them, with the most threads.
    package let lostSeconds: Double
  }

  /// The network's kind.
  package let network: String
  /// Depth, height and width of a case.
  package let size: [Int]
  /// Cases of a step.
  package let batch: Int
  /// As for training.
  package let precision: Precision
  /// The instruction set of the kernels.
  package let hardware: String
  /// One thread first.
  package let rows: [Row]
  /// What does not divide, with the most threads, the largest loss first; what is outside of all calls has the kind `rest`.
  package let losses: [Loss]
}

extension Scaling {
  /// Measures a benchmark's network with one thread, and as planned for each of these numbers.
  ///
  /// - Parameters:
  ///   - threads: numbers above 1.
  ///   - engine: one that simulates threads.
  /// - Throws: the engine's own failures.
  package init(_ benchmark: Benchmark, threads: [Int], on engine: any Engine) throws {
    func timed(_ threads: Int) throws -> (step: Double, groups: [CallGroup]) {
      var benchmark = benchmark
      benchmark.threads = threads
      let session = try TimedSession(benchmark.request, on: engine)
      _ = try session.step()
      var (steps, calls): ([Double], [[CallTime]]) = ([], [])
      for _ in 0..<benchmark.repetitions {
        steps.append(try session.step())
        calls.append(session.calls)
      }
      let cost = engine.cost(of: benchmark.request)
      let groups = CallGroup.all(calls, cost, batch: benchmark.batch, byLayer: benchmark.byLayer)
      return (TimingSummary(steps).median, groups)
    }
    let one = try timed(1)
    var (rows, last) = ([Row(threads: 1, seconds: one.step, times: 1)], one)
    for number in threads {
      last = try timed(number)
      rows.append(Row(threads: number, seconds: last.step, times: one.step / last.step))
    }
    (network, size) = (benchmark.model.kind, [benchmark.extent.depth, benchmark.extent.height, benchmark.extent.width])
    (batch, precision, hardware) = (benchmark.batch, benchmark.precision, engine.hardware)
    self.rows = rows
    losses = Self.losses(one, last, threads: rows[rows.count - 1].threads)
  }

  private static func losses(
    _ one: (step: Double, groups: [CallGroup]), _ many: (step: Double, groups: [CallGroup]), threads: Int
  ) -> [Loss] {
    func key(_ group: CallGroup) -> String {
      [group.phase.rawValue, group.kind, group.layer ?? ""].joined(separator: "\n")
    }
    func rest(_ step: Double, _ groups: [CallGroup]) -> Double { step - groups.reduce(0) { $0 + $1.seconds } }
    let seconds = Dictionary(uniqueKeysWithValues: many.groups.map { (key($0), $0.seconds) })
    let outside = (rest(one.step, one.groups), rest(many.step, many.groups))
    let losses = one.groups.map { group in
      Loss(
        phase: group.phase.rawValue, kind: group.kind, layer: group.layer, calls: group.members.count,
        seconds: group.seconds,
        lostSeconds: (seconds[key(group)] ?? group.seconds) - group.seconds / Double(threads))
    }
    let others = Loss(
      phase: "", kind: "rest", layer: nil, calls: 1, seconds: outside.0,
      lostSeconds: outside.1 - outside.0 / Double(threads))
    return (losses + [others]).sorted { $0.lostSeconds > $1.lostSeconds }
  }

  /// The table for people.
  package var text: String {
    let head = [["threads", "step", "times one", "of an even share"]]
    let table = rows.map { row in
      [
        "\(row.threads)", Quantity.seconds(row.seconds), row.times.fixed(2),
        "\(Quantity.rounded(100 * row.times / Double(row.threads))) %",
      ]
    }
    let most = rows[rows.count - 1].threads
    let lost = losses.prefix(12).map { loss in
      [
        [loss.phase, loss.kind, loss.layer ?? ""].filter { !$0.isEmpty }.joined(separator: " "), "\(loss.calls)",
        (1000 * loss.seconds).fixed(1), (1000 * loss.lostSeconds).fixed(2),
      ]
    }
    return
      ([
        "\(network) \(size.map { "\($0)" }.joined(separator: "x")), batch \(batch), \(precision), \(hardware); simulated: one thread"
          + " does each one's part in turns. The memory that they would share, and waking them, is left out.", "",
      ] + AlignedTable.lines(head + table) { _ in false } + ["", "What does not divide among \(most) threads:"]
      + AlignedTable.lines([["operation", "calls", "ms with one", "ms beyond its share"]] + lost) { $0 == 0 })
      .joined(separator: "\n")
  }
}

import Networks
import Text

/// The bytes of a training step beside its times, and which of a machine's two lines each kind of operation sits on.
///
/// A call takes at least `products / peak` seconds for its arithmetic and at least `moved / bandwidth` for its bytes, both
/// measured in the same run (Williams, Waterman and Patterson, *Roofline*, 2009). Products are those that its kernels make: a
/// Winograd convolution's are fewer than its taps. The longer of the two is its line, which is reached to a share; the rest of its
/// time is neither, such as transforms that add. Bytes that stay in a cache between two calls do not reach memory: a time
/// below the memory line says that they did.
package struct StepTraffic: Codable, Equatable, Sendable {
  /// All calls of one kind, or of one layer, in one phase.
  package struct Row: Codable, Equatable, Sendable {
    /// `forward`, `recompute`, `head`, `backward` or `update`.
    package let phase: String
    package let kind: String
    /// The layer's path; nil where calls are added up by kind.
    package let layer: String?
    /// Inputs, results, parameters and gradients once each.
    package let neededBytes: Int
    /// With every pass that the kernels make.
    package let movedBytes: Int
    package let seconds: Double
    /// Seconds that its kernels' products take at the measured peak; nil where there are none to speak of.
    package let computeSeconds: Double?
    /// Seconds that its moved bytes take at the measured bandwidth.
    package let memorySeconds: Double

    /// The longer one is the line it cannot get below.
    package var line: String { (computeSeconds ?? 0) > memorySeconds ? "compute" : "memory" }
    /// How much of its time its line takes.
    package var reached: Double { max(computeSeconds ?? 0, memorySeconds) / seconds }
  }

  /// Bytes per second of copying, reading and writing counted.
  package let bandwidth: Double
  /// The slowest first.
  package let rows: [Row]

  package var neededBytes: Int { rows.reduce(0) { $0 + $1.neededBytes } }
  package var movedBytes: Int { rows.reduce(0) { $0 + $1.movedBytes } }
}

extension StepTraffic {
  /// The table in words, for a terminal.
  package var lines: [String] {
    func gigabytes(_ bytes: Int) -> String { (Double(bytes) * 1e-9).fixed(2) }
    func megabytes(_ bytes: Int) -> String { (Double(bytes) * 1e-6).fixed(1) }
    func milliseconds(_ seconds: Double) -> String { (seconds * 1e3).fixed(1) }
    let head = ["ms", "must MB", "moves MB", "GB/s", "compute ms", "memory ms", "reached", "line", "what"]
    let table = rows.map { row in
      [
        milliseconds(row.seconds), megabytes(row.neededBytes), megabytes(row.movedBytes),
        (Double(row.movedBytes) * 1e-9 / row.seconds).fixed(1), row.computeSeconds.map(milliseconds) ?? "",
        milliseconds(row.memorySeconds), "\((100 * row.reached).fixed(0)) %", row.line,
        "\(row.phase) \(row.kind)" + (row.layer.map { " \($0)" } ?? ""),
      ]
    }
    let words =
      "traffic    \(gigabytes(neededBytes)) GB of a step must move, \(gigabytes(movedBytes)) GB move by the kernels' design;"
      + " copying moves \((bandwidth * 1e-9).fixed(1)) GB/s here, so they take \((Double(movedBytes) / bandwidth).fixed(3)) s"
    let seconds = rows.reduce(0) { $0 + $1.seconds }
    let computeSeconds = rows.compactMap(\.computeSeconds).reduce(0, +)
    let sum = [
      milliseconds(seconds), megabytes(neededBytes), megabytes(movedBytes),
      (Double(movedBytes) * 1e-9 / seconds).fixed(1),
      computeSeconds > 0 ? milliseconds(computeSeconds) : "", milliseconds(Double(movedBytes) / bandwidth), "", "",
      "sum of the lines above",
    ]
    return [words] + AlignedTable.lines([head] + table + [sum]) { $0 > 6 } + [
      "reached: the longer one of compute ms and memory ms, as a share of ms. Above 100 % its bytes came from a cache and not from"
        + " memory, or the processor ran faster than while its peak was measured."
    ]
  }
}

extension StepTraffic {
  /// - Parameters:
  ///   - calls: the times of every repetition's calls.
  ///   - bytes: of the same calls in the same order.
  ///   - steps: seconds of every repetition; what no call took is the optimiser's update and copies.
  init?(
    calls: [[CallTime]], bytes: [CallTraffic], steps: [Double], cost: SessionCost, batch: Int,
    multiplyAddsPerSecond peak: Double?, bandwidth: Double, byLayer: Bool
  ) {
    guard let first = calls.first, first.map(\.label) == bytes.map(\.label) else { return nil }
    var rows = CallGroup.all(calls, cost, batch: batch, byLayer: byLayer).map { group in
      let moved = group.members.reduce(0) { $0 + bytes[$1].moved }
      let products = group.members.reduce(0) { $0 + bytes[$1].products }
      return Row(
        phase: group.phase.rawValue, kind: group.kind, layer: group.layer,
        neededBytes: group.members.reduce(0) { $0 + bytes[$1].needed }, movedBytes: moved, seconds: group.seconds,
        computeSeconds: products > 0 ? peak.map { Double(products) / $0 } : nil,
        memorySeconds: Double(moved) / bandwidth)
    }
    // Adam reads parameters, gradients and two moments, and writes all but the gradients.
    let update = cost.parameters * 7 * MemoryLayout<Float>.stride
    let rest = TimingSummary(zip(steps, calls).map { $0 - $1.reduce(0) { $0 + $1.seconds } }).median
    rows.append(
      Row(
        phase: "update", kind: "adam", layer: nil, neededBytes: update, movedBytes: update, seconds: max(rest, 1e-9),
        computeSeconds: nil, memorySeconds: Double(update) / bandwidth))
    self.bandwidth = bandwidth
    self.rows = rows.sorted { ($1.seconds, $0.kind, $0.phase) < ($0.seconds, $1.kind, $1.phase) }
  }
}

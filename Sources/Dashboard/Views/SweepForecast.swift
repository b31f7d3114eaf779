import Experiments
import Foundation
import Reporting
import Scheduling
import Store

extension SweepView {
  init(
    lines: [RunLine], notices: [String], problem: String?, version: Int, specification: Specification?,
    workspace: Workspace
  ) {
    self.init(
      title: specification.map { $0.title.isEmpty ? $0.name : $0.title } ?? "All runs",
      experiment: specification?.name, workspace: workspace.root.path, version: version, problem: problem,
      notices: notices, secondsLeft: Self.secondsLeft(lines), lines: lines)
  }

  /// From what the running ones say of themselves; the others take as long for their epochs as their variant's finished ones
  /// did, and as much longer as the running ones do now (the machine may be shared). Nil where nothing is being trained or
  /// nothing has been measured.
  static func secondsLeft(_ lines: [RunLine]) -> Double? {
    let running = lines.indices.filter { lines[$0].state == .running }.map { lines[$0] }
    guard !running.isEmpty else { return nil }
    var (usual, paces): (Pace, [String?: Pace]) = (Pace(), [:])
    for place in lines.indices {
      usual.add(lines[place].seconds, lines[place].epochs)
      paces[lines[place].variant, default: Pace()].add(lines[place].seconds, lines[place].epochs)
    }
    guard let usual = usual.secondsPerEpoch else { return nil }
    func expected(_ line: RunLine) -> Double {
      let left = Double(max(0, (line.plannedEpochs ?? line.epochs) - line.epochs))
      return left * (paces[line.variant]?.secondsPerEpoch ?? usual)
    }
    let told = running.filter { $0.secondsLeft != nil && expected($0) > 0 }
    let slowness =
      told.isEmpty ? 1 : told.reduce(0) { $0 + ($1.secondsLeft ?? 0) } / told.reduce(0) { $0 + expected($1) }
    let begun = lines.indices.filter { [.running, .queued, .interrupted, .stale].contains(lines[$0].state) }.map {
      lines[$0]
    }
    var pace = SweepPace()
    pace.add(work: 1, seconds: 1)
    return pace.secondsLeft(
      work: begun.reduce(0) { $0 + ($1.secondsLeft ?? expected($1) * slowness) }, workers: running.count,
      longest: running.compactMap(\.secondsLeft).max())
  }

  /// Of all epochs of some runs.
  private struct Pace {
    private var (seconds, epochs) = (0.0, 0)

    mutating func add(_ seconds: Double, _ epochs: Int) {
      self.seconds += seconds
      self.epochs += epochs
    }

    var secondsPerEpoch: Double? { epochs > 0 ? seconds / Double(epochs) : nil }
  }
}

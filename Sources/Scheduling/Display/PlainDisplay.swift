import Foundation
import Store
import Text

/// Plain lines for a log or a pipe: every event, and one line per finished epoch.
package final class PlainDisplay: SweepDisplay {
  private let write: (String) -> Void
  private var reported: [String: Int] = [:]

  package init(write: @escaping (String) -> Void) { self.write = write }

  package func note(_ event: SweepEvent) { write(ProgressText.event(event) + "\n") }

  package func update(_ snapshot: SweepSnapshot) {
    for running in snapshot.running {
      guard let beat = running.heartbeat else { continue }
      let finished = beat.phase == .testing ? beat.epochs : beat.epoch - 1
      // What was finished before this worker started is not news.
      let known = reported[running.run.name] ?? finished
      reported[running.run.name] = finished
      if finished > known { report(running.run, beat, finished: finished, of: snapshot) }
    }
  }

  package func close() {}

  private func report(_ run: SweepRun, _ beat: Heartbeat, finished: Int, of snapshot: SweepSnapshot) {
    var parts = ["\(run.label): \(finished) of \(Quantity.of(beat.epochs, "epoch"))"]
    if let loss = beat.lastLoss { parts.append("loss \(loss.significant(4))") }
    if let best = beat.best { parts.append("best val \(best.percent)") }
    if let left = beat.secondsLeft { parts.append("\(Quantity.duration(left)) left") }
    if let left = snapshot.secondsLeft { parts.append("sweep \(Quantity.duration(left)) left") }
    write(parts.joined(separator: ", ") + "\n")
  }
}

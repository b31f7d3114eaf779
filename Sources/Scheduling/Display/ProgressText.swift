import Foundation
import Store
import Text

/// The words of progress lines, apart from how they reach a terminal.
package enum ProgressText {
  /// One running fold: "SAFNet, fold 3   epoch 4/50  step 12/35  loss 0.0123  best val 62.10 %  3 min 20 s left".
  package static func line(_ running: SweepSnapshot.Running, labelWidth: Int) -> String {
    let label = running.run.label.padding(
      toLength: max(labelWidth, running.run.label.count), withPad: " ", startingAt: 0)
    guard let beat = running.heartbeat else { return "\(label)  starting" }
    return ([label, stage(beat)] + details(beat)).joined(separator: "  ")
  }

  /// "7 of 25 finished, 2 running, 1 failed; about 12 min 00 s left"
  package static func summary(_ snapshot: SweepSnapshot) -> String {
    var parts = ["\(snapshot.finished) of \(snapshot.total) finished", "\(snapshot.running.count) running"]
    if snapshot.elsewhere > 0 { parts.append("\(snapshot.elsewhere) in other processes") }
    if snapshot.failed > 0 { parts.append("\(snapshot.failed) failed") }
    let left = snapshot.secondsLeft.map { "; about \(Quantity.duration($0)) left" } ?? ""
    return parts.joined(separator: ", ") + left
  }

  package static func event(_ event: SweepEvent) -> String {
    switch event {
    case .started(let run, let threads, let device):
      "started \(run.label) (\(device.map { "\($0), " } ?? "")\(self.threads(threads)))"
    case .queued(let run, let reason): "\(run.label) waits for its turn (\(reason))"
    case .finished(let run, let seconds): "finished \(run.label) in \(Quantity.duration(seconds))"
    case .elsewhere(let run): "\(run.label) is trained by another process"
    case .idle(let count):
      "nothing else is left to start: this command waits for \(count == 1 ? "that run" : "those \(count) runs"), and goes on with"
        + " what is left unfinished; Ctrl-C ends the waiting and nothing else"
    case .retrying(let run, let end, let seconds):
      "\(run.label) \(end.reason); starts again in \(Quantity.duration(max(0, seconds)))"
    case .failed(let run, .gone(.run)): "\(run.label) \(JobEnd.gone(.run).reason) (\(run.directory.path))"
    case .failed(let run, let end): "\(run.label) \(end.reason); its log is \(run.log.path)"
    case .said(let run, let words): "  \(run.label): \(words)"
    case .interrupted(let run): "\(run.label) interrupted; its state is saved"
    case .cutOff(let run): "\(run.label) was ended at once; it goes on from what it had saved before"
    case .stopping(let running):
      running == 0
        ? "stopping: no worker of this command is at work"
        : running == 1
          ? "stopping: 1 worker saves its state and leaves" : "stopping: \(running) workers save their state and leave"
    case .leaving(let running):
      "leaving \(running) \(running == 1 ? "job" : "jobs") at work; the same command takes them over"
    case .killing(let running): "ending \(running) \(running == 1 ? "worker" : "workers") at once"
    case .setAside(let device):
      "\(device) is set aside: workers of \(DevicePool.fewestCrashes) runs crashed on it one after the other and none ever saved "
        + "anything there; the sweep goes on without it"
    case .spent:
      "error: on every device workers of \(DevicePool.fewestCrashes) runs crashed one after the other and none ever saved anything. "
        + "The rest of the sweep is not tried; see the runs' logs and safnet devices. The same command tries again."
    }
  }

  /// A plain line for a log: what a finished epoch or a change of phase looks like without a terminal.
  package static func stage(_ beat: Heartbeat) -> String {
    switch beat.phase {
    case .preparing: "preparing"
    case .training: "epoch \(beat.epoch)/\(beat.epochs)  step \(beat.step)/\(beat.steps)"
    case .validating: "epoch \(beat.epoch)/\(beat.epochs)  validating"
    case .testing: "testing \(beat.step)/\(beat.steps)"
    }
  }

  private static func details(_ beat: Heartbeat) -> [String] {
    var parts: [String] = []
    if let loss = beat.loss { parts.append("loss \(loss.significant(4))") }
    if let best = beat.best { parts.append("best val \(best.percent)") }
    if let left = beat.secondsLeft { parts.append("\(Quantity.duration(left)) left") }
    return parts
  }

  /// "1 thread", "4 threads".
  package static func threads(_ count: Int) -> String { count == 1 ? "1 thread" : "\(count) threads" }
}

import Foundation
import Scheduling
import TestSupport
import Testing
import Store

@Suite struct ProgressTests {
  let run = SweepRun(
    name: "safnet-f3", label: "SAFNet, fold 3", directory: URL(fileURLWithPath: "/w/r"),
    log: URL(fileURLWithPath: "/w/r/run.log"),
    work: 1)

  func beat(_ phase: Heartbeat.Phase = .training, epoch: Int = 4) -> Heartbeat {
    Heartbeat(
      phase: phase, epoch: epoch, epochs: 50, step: 12, steps: 35, loss: 0.012345, lastLoss: 0.02, best: 0.621,
      fraction: 0.1, secondsLeft: 200, written: Date(timeIntervalSince1970: 100.25))
  }

  func snapshot(_ beat: Heartbeat?) -> SweepSnapshot {
    SweepSnapshot(
      running: [.init(run: run, heartbeat: beat)], finished: 7, failed: 1, elsewhere: 0, total: 25, secondsLeft: 7500)
  }

  @Test func lineOfARunningFold() {
    let running = SweepSnapshot.Running(run: run, heartbeat: beat())
    #expect(
      ProgressText.line(running, labelWidth: 16)
        == "SAFNet, fold 3    epoch 4/50  step 12/35  loss 0.01235  best val 62.10 %  3 min 20 s left")
    #expect(ProgressText.line(.init(run: run, heartbeat: nil), labelWidth: 0) == "SAFNet, fold 3  starting")
  }

  @Test(arguments: [
    (Heartbeat.Phase.preparing, "preparing"), (.training, "epoch 4/50  step 12/35"),
    (.validating, "epoch 4/50  validating"), (.testing, "testing 12/35"),
  ])
  func stages(phase: Heartbeat.Phase, words: String) { #expect(ProgressText.stage(beat(phase)) == words) }

  @Test func summaryLine() {
    #expect(ProgressText.summary(snapshot(nil)) == "7 of 25 finished, 1 running, 1 failed; about 2 h 05 min left")
  }

  @Test func terminalRewritesItsLinesAndLetsEventsScroll() {
    var output = ""
    let display = TerminalDisplay(write: { output += $0 }, columns: { 40 })
    display.update(snapshot(beat()))
    #expect(output == "SAFNet, fold 3  epoch 4/50  step 12/35 \n7 of 25 finished, 1 running, 1 failed; \n")
    output = ""
    display.note(.interrupted(run))
    #expect(output.hasPrefix("\u{1B}[1A\u{1B}[2K\u{1B}[1A\u{1B}[2KSAFNet, fold 3 interrupted; its state is saved\n"))
    #expect(output.hasSuffix("7 of 25 finished, 1 running, 1 failed; \n"))
    output = ""
    display.close()
    #expect(output == "\u{1B}[1A\u{1B}[2K\u{1B}[1A\u{1B}[2K")
  }

  @Test func plainDisplayWritesOneLinePerEpoch() {
    var output = ""
    let display = PlainDisplay { output += $0 }
    for beat in [beat(epoch: 4), beat(epoch: 4), beat(epoch: 5), beat(.validating, epoch: 5)] {
      display.update(snapshot(beat))
    }
    #expect(
      output
        == "SAFNet, fold 3: 4 of 50 epochs, loss 0.02, best val 62.10 %, 3 min 20 s left, sweep 2 h 05 min left\n")
    output = ""
    display.update(snapshot(beat(.testing, epoch: 50)))
    #expect(output.hasPrefix("SAFNet, fold 3: 50 of 50 epochs"))
  }

  @Test(arguments: [
    (JobEnd.crashed(signal: 9), "SAFNet, fold 3 killed by signal 9 (out of memory, or by hand); starts again in 4.0 s"),
    (.failed(status: 1), "SAFNet, fold 3 failed with exit code 1; starts again in 4.0 s"),
  ])
  func eventWords(end: JobEnd, words: String) {
    #expect(ProgressText.event(.retrying(run, end, inSeconds: 4)) == words)
  }

  @Test func everyEventHasItsWords() {
    let words: [(SweepEvent, String)] = [
      (.started(run, threads: 1), "started SAFNet, fold 3 (1 thread)"),
      (.started(run, threads: 4), "started SAFNet, fold 3 (4 threads)"),
      (.finished(run, seconds: 61), "finished SAFNet, fold 3 in 1 min 01 s"),
      (.elsewhere(run), "SAFNet, fold 3 is trained by another process"),
      (
        .idle(elsewhere: 2),
        "nothing else is left to start: this command waits for those 2 runs, and goes on with what is left unfinished; Ctrl-C ends"
          + " the waiting and nothing else"
      ),
      (.interrupted(run), "SAFNet, fold 3 interrupted; its state is saved"),
      (.cutOff(run), "SAFNet, fold 3 was ended at once; it goes on from what it had saved before"),
      (.stopping(running: 1), "stopping: 1 worker saves its state and leaves"),
      (.killing(running: 2), "ending 2 workers at once"),
    ]
    for (event, text) in words { #expect(ProgressText.event(event) == text) }
  }

  @Test(arguments: [
    (JobEnd.finished, "finished"), (.interrupted, "interrupted"), (.busy, "trained by another process"),
    (.refused, "failed"), (.crashed(signal: 11), "crashed with signal 11 (SIGSEGV, segmentation fault)"),
  ])
  func endsHaveTheirWords(end: JobEnd, words: String) { #expect(end.reason == words) }

  @Test func failureNamesTheLog() {
    #expect(ProgressText.event(.failed(run, .refused)) == "SAFNet, fold 3 failed; its log is /w/r/run.log")
    #expect(ProgressText.event(.failed(run, .gone(.run))) == "SAFNet, fold 3 failed: its folder is gone (/w/r)")
  }

  @Test func heartbeatsSurviveTheDisk() throws {
    try withTemporaryFolder { folder in
      #expect(Heartbeat.read(in: folder) == nil)
      beat().write(in: folder)
      #expect(Heartbeat.read(in: folder) == beat())
      try Data("{\"phase\":\"trai".utf8).write(to: folder.appendingPathComponent(Heartbeat.fileName))
      #expect(Heartbeat.read(in: folder) == nil)
    }
  }
}

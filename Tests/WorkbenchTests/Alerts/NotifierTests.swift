import Foundation
import Scheduling
import Store
import Synchronization
import TestSupport
import Testing
import Workbench

/// The command of `--notify`: what it is handed, and that it can neither stop nor spoil anything.
@Suite struct NotifierTests {
  /// What was said.
  private final class Words: Sendable {
    private let list = Mutex<[String]>([])
    var all: [String] { list.withLock { $0 } }
    func add(_ words: String) { list.withLock { $0.append(words) } }
  }

  private static func alert(_ event: Alert.Event = .finished, _ message: String = "m") -> Alert {
    Alert(
      event, time: Date(timeIntervalSince1970: 0), experiment: "e", workspace: "/w", message: message, finished: 1,
      failed: 0, total: 2)
  }

  @Test func eachAlertIsALineOfJSON() throws {
    try withTemporaryFolder { folder in
      let words = Words()
      let notifier = Notifier(command: "cat >> '\(folder.path)/lines'") { words.add($0) }
      notifier.send(Self.alert())
      notifier.send(Self.alert(.failed, "a \"quoted\"\nline \u{1b}"))
      notifier.close()
      let lines = try String(contentsOf: folder.appending(path: "lines"), encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 2 && words.all.isEmpty)
      let first = try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any]
      #expect(
        first?.keys.sorted() == [
          "event", "experiment", "failed", "finished", "host", "message", "time", "total", "workspace",
        ])
      #expect(first?["event"] as? String == "finished" && first?["time"] as? String == "1970-01-01T00:00:00Z")
      let second = try JSONSerialization.jsonObject(with: Data(lines[1].utf8)) as? [String: Any]
      #expect(second?["message"] as? String == "a \"quoted\"\nline \u{1b}")
    }
  }

  @Test(arguments: [
    ("exit 3", "ended with exit code 3"), ("kill -9 $$", "was ended by"), ("sleep 100", "took longer than 1 s"),
    ("/nowhere/at-all", "was not found, or calls what is not there (exit code 127): /nowhere/at-all; give the next"),
    ("/etc/passwd", "may not be executed (exit code 126): /etc/passwd; make its file executable (chmod +x); the sweep"),
  ])
  func whatGoesWrongIsSaidOnce(command: String, told: String) throws {
    let words = Words()
    let notifier = Notifier(command: command, limit: 1) { words.add($0) }
    for _ in 0..<3 { notifier.send(Self.alert()) }
    notifier.close()
    #expect(words.all.count == 1 && words.all[0].contains("the command of --notify \(told)"), "\(words.all)")
  }

  @Test(arguments: [
    ("me@example.org", "me@example.org", "--notify 'mail -s safnet me@example.org'"),
    ("mailto:me@example.org", "me@example.org", "--notify 'mail -s safnet me@example.org'"),
    ("a@x.org,b@x.org c@localhost", "a@x.org,b@x.org", "--notify 'mail -s safnet a@x.org b@x.org c@localhost'"),
    ("https://a.org/hook", "https://a.org/hook", "--notify 'curl --silent --data @- https://a.org/hook'; docs/"),
    ("ftp://a.org", "ftp://a.org", "; docs/alerts.md has a script for a webhook"),
  ]) func anAddressIsToldWithACommandForIt(given: String, address: String, words: String) throws {
    let told = try #require(NotifyAddress.words(given))
    #expect(told.hasPrefix("\(address) is an address, and --notify takes a command") && told.contains(words), "\(told)")
  }

  @Test(arguments: [
    "./alert.sh", "mail -s safnet me@example.org", "curl -d @- https://a.org", "TO=me@example.org ./alert.sh", "",
    "echo a|mail me@example.org", "cat>/tmp/me@example",
  ]) func aCommandIsNoAddress(command: String) { #expect(NotifyAddress.words(command) == nil) }

  /// Nobody waits for it: who did had handed some of the alerts.
  @Test func whoHangsIsEndedWithTheSweep() throws {
    try withTemporaryFolder { folder in
      let words = Words()
      let file = folder.appending(path: "pid")
      let number = { (try? String(contentsOf: file, encoding: .utf8)).flatMap { Int32($0.dropLast()) } }
      let notifier = Notifier(command: "echo $$ > '\(file.path)'; sleep 100") { words.add($0) }
      for _ in 0..<150 { notifier.send(Self.alert()) }
      for _ in 0..<2000 where number() == nil { usleep(10_000) }
      let pid = try #require(number())
      notifier.close(patience: 1)
      for _ in 0..<2000 where kill(pid, 0) == 0 { usleep(10_000) }
      #expect(kill(pid, 0) != 0, "it is gone")
      #expect(words.all.contains { $0.contains("150 alerts were not handed") }, "\(words.all)")
    }
  }

  /// Output that nobody reads, and an input that nobody wants.
  @Test func talkAndDeafnessDoNoHarm() throws {
    let words = Words()
    let notifier = Notifier(command: "exec <&-; head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2") {
      words.add($0)
    }
    notifier.send(Self.alert(.over, String(repeating: "x", count: 1_000_000)))
    notifier.close()
    #expect(words.all.isEmpty)
  }

  private final class Nothing: SweepDisplay {
    func note(_ event: SweepEvent) {}
    func update(_ snapshot: SweepSnapshot) {}
    func close() {}
  }

  private final class GivenClock: SweepClock {
    var now = 0.0
    func pause(_ seconds: Double) { now += seconds }
  }

  /// Once for each silence, whoever was heard of in between.
  @Test func aWorkerThatIsNotHeardOfIsToldOnce() throws {
    try withTemporaryFolder { folder in
      let notifier = Notifier(command: "cat >> '\(folder.path)/lines'") { _ in }
      let clock = GivenClock()
      var limits = AlertLimits()
      (limits.silence, limits.disk) = (60, 0)
      let display = AlertingDisplay(
        Nothing(), notifier: notifier, limits: limits, experiment: "e", workspace: Workspace(folder), total: 1,
        clock: clock)
      let run = SweepRun(
        name: "r", label: "R, fold 1", directory: folder, log: folder.appending(path: "run.log"), work: 1)
      func beat(_ step: Int) -> Heartbeat {
        Heartbeat(
          phase: .training, epoch: 1, epochs: 2, step: step, steps: 9, loss: nil, lastLoss: nil, best: nil, fraction: 0,
          secondsLeft: nil,
          written: Date(timeIntervalSince1970: 0))
      }
      let looks: [(Double, Heartbeat?)] = [
        (0, nil), (59, nil), (61, beat(1)), (120, beat(1)), (122, beat(1)), (200, beat(1)), (300, beat(2)),
        (400, beat(2)),
      ]
      for (time, heartbeat) in looks {
        clock.now = time
        display.update(
          SweepSnapshot(
            running: [.init(run: run, heartbeat: heartbeat)], finished: 0, failed: 0, elsewhere: 0, total: 1,
            secondsLeft: nil))
      }
      display.close()
      let lines = try String(contentsOf: folder.appending(path: "lines"), encoding: .utf8).split(separator: "\n")
      let alerts = try lines.compactMap { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
      #expect(alerts.compactMap { $0["event"] as? String } == ["stalled", "stalled", "over"])
      #expect(alerts.compactMap { $0["seconds"] as? Double } == [61, 100] && alerts[0]["run"] as? String == "r")
    }
  }
}

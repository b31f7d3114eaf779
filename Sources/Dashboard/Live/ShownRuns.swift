import Foundation
import Reporting
import Store
import System
import Workbench

/// The runs as they are sent: each is encoded when it has changed, and a browser that has an earlier version gets what is new
/// since.
struct ShownRuns: Sendable {
  private(set) var lines: [RunLine] = []
  /// What decides the tables.
  private(set) var results: [RunResult] = []
  /// Each as JSON.
  private var texts: [Data] = []
  /// In which version each became what it is, and the whole list.
  private var since: [Int] = []
  private var arranged = 0

  struct News {
    /// Whether anything is other than it was; whether a run's state is, or the list of runs.
    var (hasLines, hasStates) = (false, false)
  }

  /// - Parameter version: of what is shown with this.
  mutating func take(_ statuses: [RunStatus], _ change: LiveStatuses.Change, version: Int, in workspace: Workspace)
    -> News
  {
    switch change {
    case .all:
      let new = statuses.map { RunLine($0, in: workspace) }
      if new == lines { return News() }
      let hasStates = new.map(Self.state) != lines.map(Self.state)
      (lines, arranged) = (new, version)
      results = new.map(RunResult.init)
      texts = parallelMap(new, workers: Machine.processors, Self.text)
      since = Array(repeating: version, count: new.count)
      return News(hasLines: true, hasStates: hasStates)
    case .places(let places):
      var news = News()
      for place in places {
        let line = RunLine(statuses[place], in: workspace)
        guard line != lines[place] else { continue }
        news.hasLines = true
        if line.state != lines[place].state { news.hasStates = true }
        (lines[place], results[place], since[place]) = (line, RunResult(line), version)
        texts[place] = Self.text(line)
      }
      return news
    }
  }

  private static func state(_ line: RunLine) -> String { "\(line.run) \(line.state)" }

  private static func text(_ line: RunLine) -> Data { (try? PageJSON.encoder.encode(line)) ?? Data("null".utf8) }

  /// The head's members, and the runs: all of them as `runs`, or as `changes` those that are other than in the browser's
  /// version, by their places.
  func document(_ head: SweepView, since version: Int?) throws -> Document {
    var text = try PageJSON.encoder.encode(head)
    text.removeLast()
    if let version, version >= arranged, version <= head.version {
      let places = since.indices.filter { since[$0] > version }
      text.append(contentsOf: #","changes":{"#.utf8)
      append(places.map { Data("\"\($0)\":".utf8) + texts[$0] }, to: &text)
      text.append(contentsOf: "}}".utf8)
    } else {
      text.reserveCapacity(text.count + texts.reduce(16) { $0 + $1.count + 1 })
      text.append(contentsOf: #","runs":["#.utf8)
      append(texts, to: &text)
      text.append(contentsOf: "]}".utf8)
    }
    return Document(.json, text)
  }

  private func append(_ parts: [Data], to text: inout Data) {
    for (index, part) in parts.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      text.append(part)
    }
  }
}

/// What of a run decides the tables.
struct RunResult: Equatable, Sendable {
  let run: String
  let state: RunState
  let epochs: Int
  let testDice: Double?
  let notice: String?

  init(_ line: RunLine) {
    (run, state, epochs) = (line.run, line.state, line.epochs)
    (testDice, notice) = (line.testDice, line.notice)
  }
}

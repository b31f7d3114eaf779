import Foundation
import Text

/// How well the jobs of a sweep used what they had asked for, and what the site's file could ask for next time.
///
/// Counted are the tasks of the batches that asked for the same as the last one did.
package struct ClusterUse: Equatable, Sendable {
  /// What a task asked for, and what its workers used.
  struct Task: Equatable, Sendable {
    var run: String
    var memory: Int
    var starts: [TaskUse.Start]
  }

  let asked: RunBatch.Asked
  let tasks: [Task]
  /// Tasks of which nothing was written.
  let unknown: Int

  init(asked: RunBatch.Asked, tasks: [Task], unknown: Int = 0) {
    (self.asked, self.tasks, self.unknown) = (asked, tasks, unknown)
  }

  /// Nil where nothing was handed in yet, or by a program that did not write down what it asked for.
  package init?(_ folder: BatchFolder) {
    let batches = (try? folder.everything()) ?? []
    guard let asked = batches.last?.asked else { return nil }
    var (tasks, unknown) = ([Task](), 0)
    for batch in batches where batch.asked == asked {
      for (index, run) in batch.runs.enumerated() {
        // A worker that found its run taken has used nothing.
        let starts = TaskUse.read(folder.useFile(batch.number, task: index))?.starts.filter { $0.end != .busy } ?? []
        if starts.isEmpty { unknown += 1 } else { tasks.append(Task(run: run, memory: batch.memory, starts: starts)) }
      }
    }
    self.init(asked: asked, tasks: tasks, unknown: unknown)
  }

  private var starts: [TaskUse.Start] { tasks.flatMap(\.starts) }
  private var wallSeconds: Double { starts.reduce(0) { $0 + $1.wallSeconds } }
  private var longest: Double { starts.map(\.wallSeconds).max() ?? 0 }

  /// Share of the processors' time, 0 to 1; a worker that measures more threads than it asked for has more.
  package var processorShare: Double {
    let offered = wallSeconds * Double(asked.cpus)
    return offered > 0 ? starts.reduce(0) { $0 + $1.cpuSeconds } / offered : 0
  }

  /// The task that came nearest to its memory.
  private var fullest: (peak: Int, memory: Int)? {
    tasks.map { task in (peak: task.starts.map(\.peakBytes).max() ?? 0, memory: task.memory) }
      .max { $0.peak * $1.memory < $1.peak * $0.memory }
  }
}

extension ClusterUse {
  package var lines: [String] {
    guard !tasks.isEmpty else { return [] }
    let runs = Set(tasks.map(\.run)).count
    let told = unknown == 0 ? "" : "; nothing is known of \(unknown) more"
    return [
      "What the cluster's jobs used of what they asked for (\(Quantity.of(runs, "run")), "
        + "\(Quantity.of(starts.count, "start"))\(told)):"
    ] + [processorLine, memoryLine, timeLine] + killedLine
      + [proposalLine]
  }

  private var processorLine: String {
    "  processors  \(asked.cpus) each, \(Self.whole(processorShare)) of their time used"
  }

  private var memoryLine: String {
    guard let (peak, memory) = fullest else { return "" }
    return
      "  memory      \(Quantity.bytes(peak)) at most of \(Quantity.bytes(memory)) (\(Self.whole(Double(peak) / Double(memory))))"
  }

  private var timeLine: String {
    let most = "  time        \(Quantity.duration(longest)) at most"
    guard let limit = asked.seconds else { return most + "; no limit was asked for" }
    let share = " of \(SlurmTime(seconds: limit).text) (\(Self.whole(longest / Double(limit))))"
    let again = tasks.reduce(0) { $0 + $1.starts.count - 1 }
    return most + share + (again == 0 ? "" : "; jobs went on \(again == 1 ? "once" : "\(again) times")")
  }

  private var killedLine: [String] {
    let killed = starts.count { $0.end == .open }
    if killed == 0 { return [] }
    return ["  \(Quantity.of(killed, "start")) could not say the end, and may have used a little more"]
  }

  private var proposalLine: String {
    let found = proposal
    if wallSeconds < Self.leastSeconds { return "Too little to propose anything for the site's file." }
    if found.isEmpty { return "The site's file asks for what is needed." }
    return "The site's file could have: " + found.joined(separator: ", ")
  }

  private static func whole(_ share: Double) -> String { "\((share * 100).fixed(0)) %" }
}

// MARK: What to ask for next time

extension ClusterUse {
  /// Seconds of work below which nothing is proposed: starting a program says little of training.
  private static let leastSeconds = 60.0
  /// What is asked for beyond the most that was seen.
  private static let memoryReserve = 1.25
  private static let timeReserve = 1.5
  /// Shares of what was asked for below which less is proposed.
  private static let amplyMuch = 0.6
  private static let nearlyAll = 0.9

  /// Keys of a site's file with their values; empty where nothing is to be gained.
  package var proposal: [String] {
    if wallSeconds < Self.leastSeconds { return [] }
    return [cpuProposal, memoryProposal, timeProposal].compactMap { $0 }
  }

  private var cpuProposal: String? {
    let busy = Int((processorShare * Double(asked.cpus) / Self.nearlyAll).rounded(.up))
    return processorShare < Self.amplyMuch && busy < asked.cpus ? "\"cpus\": \(max(1, busy))" : nil
  }

  private var memoryProposal: String? {
    guard let (peak, memory) = fullest, peak > 0, memory > 0 else { return nil }
    let share = Double(peak) / Double(memory)
    if (Self.amplyMuch...Self.nearlyAll).contains(share) { return nil }
    let wanted = share * Self.memoryReserve
    if let margin = asked.memoryMargin {
      let better = (margin * wanted * 10).rounded(.up) / 10
      if better >= 1 { return better == margin ? nil : "\"memoryMargin\": \(better.fixed(1))" }
    }
    let largest = tasks.map { Double($0.starts.map(\.peakBytes).max() ?? 0) }.max() ?? 0
    let gibibytes = (largest * Self.memoryReserve / 0x1p30 * 4).rounded(.up) / 4
    return gibibytes * 0x1p30 == Double(memory) ? nil : "\"memory\": \(gibibytes.fixed(2))"
  }

  private var timeProposal: String? {
    let wanted = SlurmTime(seconds: Int((longest * Self.timeReserve / 600).rounded(.up)) * 600)
    guard let limit = asked.seconds else { return "\"time\": \"\(wanted.text)\"" }
    // A limit that jobs met says nothing of how long they would have taken.
    let met = starts.contains { $0.wallSeconds > Double(limit) * Self.nearlyAll || $0.end == .interrupted }
    let least = max(wanted.seconds, asked.warning * 2)
    guard !met, Double(least) < Double(limit) * Self.amplyMuch else { return nil }
    return "\"time\": \"\(SlurmTime(seconds: least).text)\""
  }
}

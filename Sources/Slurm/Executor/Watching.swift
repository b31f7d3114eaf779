import Foundation
import Scheduling
import Text

/// One question for all jobs, and what follows from its answer.
extension SlurmExecutor {
  func askSoon() {
    rhythm = Self.firstWait
    nextQuestion = min(max(nextQuestion, clock.now), clock.now + rhythm)
  }

  func ask() {
    let numbers = Set(tasks.values.filter(\.isAskedAbout).compactMap { $0.place?.batch }).union(untracked)
    switch queue.tasks(named: numbers.sorted().map(folder.jobName)) {
    case .none(let reason): noAnswer(reason)
    case .rows(let rows):
      if silences >= Self.silencesToTell { say("Slurm answers again") }
      silences = 0
      if take(rows) { rhythm = Self.firstWait } else { rhythm = min(rhythm * 1.5, longestWait) }
      nextQuestion = clock.now + rhythm
    }
  }

  /// Shorter than squeue's memory of jobs that have ended.
  private var longestWait: Double {
    max(Self.firstWait, min(Double(site.poll), Double(limits?.minJobAge ?? 300) / 3))
  }

  private static var silencesToTell: Int { 3 }

  /// Nothing follows from it but to ask later; what the run directories say counts all the same.
  private func noAnswer(_ reason: String) {
    silences += 1
    nextQuestion = clock.now + min(120, Self.firstWait * Double(1 << min(silences, 6)))
    if silences == Self.silencesToTell { say("Slurm does not answer (\(reason)); nothing is lost, it is asked again") }
    for task in tasks.values where task.isHandedIn && records.record(of: task.run, after: task.attempts) == .finished {
      end(task.run, .finished)
    }
  }

  /// - Returns: whether anything changed.
  private func take(_ rows: [QueueRow]) -> Bool {
    let places = Dictionary(grouping: rows, by: \.place)
    untracked = untracked.filter { number in rows.contains { $0.number == number && !$0.state.isEnded } }
    var changed = false
    var gone: [SlurmTask] = []
    for task in tasks.values.filter(\.isAskedAbout).sorted(by: { $0.run < $1.run }) {
      guard let place = task.place else { continue }
      let before = task.phase
      if let found = places[place] {
        see(task, found)
      } else if task.isHandedIn, isGone(task.run) {
        gone.append(task)
      }
      changed = changed || tasks[task.run]?.phase != before
    }
    if !gone.isEmpty { take(gone: gone) }
    return changed || !gone.isEmpty
  }

  private func see(_ task: SlurmTask, _ rows: [QueueRow]) {
    let sorted = rows.sorted { $0.job < $1.job }
    let alive = sorted.filter { !$0.state.isEnded }
    let running = alive.filter { if case .running = $0.state { true } else { false } }
    guard let row = running.first ?? alive.first ?? sorted.last else { return }
    tasks[task.run]?.unseen = 0
    tasks[task.run]?.job = row.id
    batches[row.number ?? 0]?.job = row.job
    // The same batch was taken twice: one is enough.
    let extra = alive.filter { $0.id != row.id }.map(\.id)
    if !extra.isEmpty { _ = queue.cancel(extra) }
    switch row.state {
    case .waiting:
      release(task.run, row)
      isAlive(task.run, .queued(reason: PendingReason.words(row.reason)))
    case .running: isAlive(task.run, .running)
    case .unknown(let word):
      isAlive(task.run, .queued(reason: "its state is \(word), which this program does not know"))
    case .ended(let word): ended(task.run, word, row)
    }
  }

  private func isAlive(_ run: String, _ status: JobStatus) {
    tasks[run]?.endings = 0
    tasks[run]?.phase = .handedIn(status)
  }

  /// A node that could not start the job is drained by Slurm; another one may do it.
  private func release(_ run: String, _ row: QueueRow) {
    guard PendingReason.isFailedLaunch(row.reason), let releases = tasks[run]?.releases, releases < Self.mostReleases
    else { return }
    guard queue.release(row.id) else { return }
    tasks[run]?.releases += 1
    say("a node could not start job \(row.id) (\(labels[run] ?? run)), which Slurm holds; it is let go again")
  }

  private func ended(_ run: String, _ word: JobState.Word, _ row: QueueRow) {
    tasks[run]?.endings += 1
    // Slurm takes these back into the queue by itself, where it is told to.
    let mayComeBack = site.requeue && (word == .preempted || word.blamesNode)
    if mayComeBack, tasks[run]?.endings ?? 0 < Self.endingsToBelieve { return }
    if word.blamesNode { leaveOut(row.nodes) }
    if word == .outOfMemory { tasks[run]?.memoryFactor *= 1.5 }
    tasks[run]?.phase = .settling(since: clock.now, word)
  }

  private func leaveOut(_ nodes: [String]) {
    for node in nodes where !excluded.contains(node) {
      excluded.append(node)
      say("node \(node) has failed; jobs that are handed in from now on leave it out")
    }
  }

  private func isGone(_ run: String) -> Bool {
    tasks[run]?.unseen += 1
    return tasks[run]?.unseen ?? 0 >= Self.answersToBelieve
  }

  /// Jobs that no answer names any more: never taken, or forgotten since they ended.
  private func take(gone: [SlurmTask]) {
    let numbers = Set(gone.compactMap { $0.place?.batch })
    let lost = numbers.filter { batches[$0]?.job == nil && batches[$0]?.isOurs == true }
    for number in lost.sorted() { handInAgain(number) }
    let known = numbers.subtracting(lost)
    guard !known.isEmpty else { return }
    let remembered =
      limits?.hasAccounting == true ? queue.remembered(named: known.sorted().map(folder.jobName)) : .rows([])
    guard case .rows(let rows) = remembered else { return }
    let places = Dictionary(grouping: rows, by: \.place)
    for task in gone where task.place.map({ known.contains($0.batch) }) ?? false {
      let last = task.place.flatMap { places[$0] }?.max { $0.job < $1.job }
      if let last, !last.state.isEnded { continue }
      tasks[task.run]?.endings = Self.endingsToBelieve
      if case .ended(let word)? = last?.state, let last {
        ended(task.run, word, last)
      } else {
        tasks[task.run]?.phase = .settling(since: clock.now, nil)
      }
    }
  }

  // MARK: Ends

  /// Looks whether the run directories say yet how the workers ended.
  func settle() {
    nextLook = clock.now + 2
    for task in tasks.values {
      guard case .settling(let since, let word) = task.phase else { continue }
      if let end = verdict(task, word, seconds: clock.now - since) { self.end(task.run, end) }
    }
  }

  /// Nil where it is too early.
  private func verdict(_ task: SlurmTask, _ word: JobState.Word?, seconds: Double) -> JobEnd? {
    let waited = seconds >= Self.settleSeconds
    switch records.record(of: task.run, after: task.attempts) {
    case .finished: return .finished
    case .failed(let again): return again ? .failed(status: WorkerExit.failed) : .refused
    // Its worker is about to leave, or another one has it.
    case .held: return waited ? .busy : nil
    case .interrupted where word != .cancelled:
      if hasSaved(task) { return .interrupted }
      return waited ? .lost(reason: words(task, word, "stopped before it had saved anything new")) : nil
    case .interrupted, .brokenOff, .nothingNew: break
    }
    if word == .cancelled { return cancelled(task) }
    if word == .preempted, hasSaved(task) { return .interrupted }
    // What was saved may be seen late as well, and a loss without progress counts.
    let isClear = word.map { $0 != .completed && $0 != .failed && hasSaved(task) } ?? false
    return isClear || waited ? .lost(reason: words(task, word, word?.endWords ?? "is not in the queue any more")) : nil
  }

  private func cancelled(_ task: SlurmTask) -> JobEnd {
    task.isStopping ? .interrupted : .cancelled(reason: words(task, .cancelled, JobState.Word.cancelled.endWords))
  }

  private func hasSaved(_ task: SlurmTask) -> Bool { task.saved.map { $0 != records.saved(of: task.run) } ?? true }

  private func words(_ task: SlurmTask, _ word: JobState.Word?, _ what: String) -> String {
    let log = task.place.map { "; Slurm's log: \(folder.log($0.batch, task: $0.task).path)" } ?? ""
    return "its job \(task.job ?? task.run) \(what)\(word == .cancelled ? "" : log)"
  }
}

extension QueueRow {
  /// The batch, from the job's name.
  var number: Int? { name.split(separator: "-").last.flatMap { Int($0) } }
  var place: SlurmTask.Place { .init(batch: number ?? 0, task: task) }
  /// As scancel takes it.
  var id: String { "\(job)_\(task)" }
}

import Foundation
import Scheduling
import System
import Text

/// From runs to arrays: one for all that need the same, in pieces that the cluster takes.
extension SlurmExecutor {
  /// Hands in what waits, as far as there is room.
  func handIn() {
    nextHandIn = clock.now + Self.roomWait
    var waiting = tasks.values.filter(\.isWaiting)
    while !waiting.isEmpty, let piece = nextPiece(waiting) {
      guard handIn(piece) else { break }
      waiting = tasks.values.filter(\.isWaiting)
    }
    // What no answer was asked for may be wanted soon.
    if tasks.values.contains(where: \.isWaiting) { nextHandIn = clock.now + Self.roomWait }
  }

  /// Seconds until a full queue is tried again.
  private static var roomWait: Double { 30 }

  private func bytes(_ task: SlurmTask) -> Int {
    site.bytes(estimate: Int(Double(task.estimate) * task.memoryFactor))
  }

  /// Runs of equal needs, at most as many as an array may have and the queue has room for; nil when it has none.
  private func nextPiece(_ waiting: [SlurmTask]) -> (memory: Int, runs: [SlurmTask])? {
    let groups = Dictionary(grouping: waiting, by: bytes)
    guard let memory = groups.keys.max(), let group = groups[memory] else { return nil }
    let open = tasks.values.count { $0.isHandedIn }
    let room = site.maxSubmit.map { $0 - open } ?? .max
    guard room > 0 else {
      wait(waiting, "as many jobs as `maxSubmit` allows (\(open)) are in the queue")
      return nil
    }
    let most = min(site.maxArray ?? limits?.maxArraySize ?? Self.usualArray, room, chunk)
    let sorted = group.sorted { $0.run < $1.run }
    return (memory, Array(sorted.prefix(max(1, most))))
  }

  /// What an array may have where the cluster has not said: Slurm's own default.
  private static var usualArray: Int { 1000 }

  private func wait(_ waiting: [SlurmTask], _ reason: String) {
    for task in waiting { tasks[task.run]?.phase = .waiting(reason) }
  }

  /// - Returns: whether more may be handed in at once.
  private func handIn(_ piece: (memory: Int, runs: [SlurmTask])) -> Bool {
    let names = piece.runs.map(\.run)
    let batch: RunBatch
    do {
      let number = try folder.nextNumber()
      batch = RunBatch(
        number: number, name: folder.jobName(number), memory: piece.memory, runs: names,
        attempts: names.map(records.attempts), asked: RunBatch.Asked(site))
      try folder.write(batch, script: script(batch).text)
    } catch {
      for name in names { end(name, .notStarted(reason: "\(error)")) }
      return false
    }
    batches[batch.number] = OpenBatch(batch: batch, job: nil, isOurs: true)
    let answer = send(batch.number)
    return take(answer, of: batch)
  }

  func script(_ batch: RunBatch) -> BatchScript {
    let several = batch.runs.count > 1 ? " and \(batch.runs.count - 1) more" : ""
    return BatchScript(
      name: batch.name, tasks: batch.runs.count, comment: (labels[batch.runs[0]] ?? batch.runs[0]) + several,
      folder: folder.workspace.path, log: folder.logPattern(batch.number), memory: batch.memory, exclude: excluded,
      site: site, worker: worker + ["--batch", folder.batchFile(batch.number).path])
  }

  private func send(_ number: Int) -> SubmissionAnswer {
    queue.submit(folder.scriptFile(number), site.places)
  }

  private func take(_ answer: SubmissionAnswer, of batch: RunBatch) -> Bool {
    switch answer {
    case .accepted(let job):
      batches[batch.number]?.job = job
      handedIn(batch, job: job)
      fullAnswers = 0
      return true
    case .uncertain(let words):
      say("Slurm's answer to sbatch is not clear (\(words)); job \(batch.name) is looked for before anything else")
      handedIn(batch, job: nil)
      return false
    case .full(let words):
      return isFull(batch, words)
    case .refused(let words):
      return isRefused(batch, words)
    }
  }

  /// Where nodes that have failed are left out, these may be all that there are: better one of them than none.
  private func isRefused(_ batch: RunBatch, _ words: String) -> Bool {
    drop(batch)
    let those = batch.runs.compactMap { tasks[$0] }.filter { $0.isWaiting || $0.place?.batch == batch.number }
    guard excluded.count > site.exclude.count else {
      for task in those { end(task.run, .notStarted(reason: "sbatch: \(words)")) }
      return false
    }
    excluded = site.exclude
    say("Slurm refuses jobs that leave out the nodes that have failed (\(words)); they may have them again")
    wait(those, "to be handed in again")
    return true
  }

  private func handedIn(_ batch: RunBatch, job: Int?) {
    for (index, name) in batch.runs.enumerated() {
      guard var task = tasks[name] else { continue }
      task.phase = .handedIn(.queued(reason: job == nil ? "it is not known yet whether Slurm has it" : nil))
      task.place = .init(batch: batch.number, task: index)
      task.job = job.map { "\($0)_\(index)" }
      (task.attempts, task.saved) = (batch.attempts[index], records.saved(of: name))
      (task.unseen, task.endings) = (0, 0)
      tasks[name] = task
    }
    askSoon()
  }

  private func drop(_ batch: RunBatch) {
    batches[batch.number] = nil
    folder.end(batch.number)
  }

  /// A smaller piece may fit. One run alone, with nothing else in the queue, that is refused again and again, will never.
  private func isFull(_ batch: RunBatch, _ words: String) -> Bool {
    drop(batch)
    let reason = "Slurm takes no more for now: \(words)"
    wait(batch.runs.compactMap { tasks[$0] }, reason)
    if batch.runs.count > 1 {
      chunk = batch.runs.count / 2
      return true
    }
    fullAnswers += 1
    if fullAnswers >= Self.mostRefusals, !tasks.values.contains(where: \.isHandedIn) {
      for task in tasks.values where task.isWaiting { end(task.run, .notStarted(reason: "sbatch: \(words)")) }
    }
    return false
  }

  /// Once more the same batch, under the same name: nobody has seen it.
  func handInAgain(_ number: Int) {
    guard var open = batches[number], open.tries < Self.mostTries, !isCancelled else { return giveUp(number) }
    open.tries += 1
    batches[number] = open
    switch send(number) {
    case .accepted(let job):
      batches[number]?.job = job
      handedIn(open.batch, job: job)
    case .uncertain, .full: handedIn(open.batch, job: nil)
    case .refused(let words): _ = isRefused(open.batch, words)
    }
  }

  private func giveUp(_ number: Int) {
    let name = folder.jobName(number)
    let end: JobEnd =
      isCancelled
      ? .cancelled(reason: "cancelled before Slurm had it")
      : .notStarted(reason: "Slurm did not take job \(name) in \(Self.mostTries) tries")
    for task in tasks.values where task.place?.batch == number { self.end(task.run, end) }
  }
}

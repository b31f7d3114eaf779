import Foundation
import Scheduling
import Slurm
import Store
import TestSupport

/// A cluster, its controller's programs and its shared disk, in time that passes only when somebody waits.
///
/// Workers are modelled by what they leave: progress that is saved every 20 s, a lock, a journal that other hosts see
/// later. Every fault is drawn from the seed.
final class FakeCluster: SweepClock, SlurmCommands, RunRecords, RunWatcher {
  var faults: Faults
  private var numbers: SeededNumbers
  private(set) var now = 0.0
  private var nextJob = 1
  private var tasks: [Task] = []
  private var disk = SharedDisk()
  /// Seconds of work of each run.
  private var needed: [String: Double] = [:]
  private var setbacks: [String: Int] = [:]

  private(set) var calls: [String: Int] = [:]
  private(set) var largestArray = 0
  private(set) var mostInQueue = 0
  private(set) var secondWorkers = 0
  /// Instants at which a run was begun while it was trained already and not left at once.
  private(set) var trainedTwice = 0
  private(set) var longestCommand = 0

  init(seed: UInt64, faults: Faults = Faults()) {
    self.faults = faults
    numbers = SeededNumbers(seed: seed)
  }

  func need(_ seconds: Double, for run: String) { needed[run] = seconds }
  var finishedRuns: Int { needed.keys.count { disk.truth($0).record == .finished } }
  var aliveTasks: Int { tasks.count { $0.isAlive } }
  func truthIsFinished(_ run: String) -> Bool { disk.truth(run).record == .finished }

  // MARK: Time

  func pause(_ seconds: Double) {
    let end = now + seconds
    while now < end {
      now = min(end, now + 1)
      step()
    }
  }

  private func step() {
    for index in tasks.indices where tasks[index].state == "RUNNING" { work(index) }
    for index in tasks.indices where tasks[index].state == "COMPLETING" && now >= tasks[index].since + 3 {
      finishCleaning(index)
    }
    var free = faults.slots - tasks.count { $0.state == "RUNNING" || $0.state == "COMPLETING" }
    for index in tasks.indices
    where free > 0 && tasks[index].state == "PENDING" && !tasks[index].isHeld && now >= tasks[index].since + 5 {
      start(index)
      free -= 1
    }
    tasks.removeAll { !$0.isAlive && now > $0.since + faults.forgetsAfter }
  }

  private func start(_ index: Int) {
    let run = tasks[index].run
    (tasks[index].state, tasks[index].since, tasks[index].worked) = ("RUNNING", now, 0)
    if tasks[index].failedLaunches < 3, numbers.chance(faults.failedLaunches) {
      (tasks[index].state, tasks[index].isHeld) = ("PENDING", true)
      tasks[index].failedLaunches += 1
      return
    }
    if disk.truth(run).record == .finished { return clean(index, "COMPLETED") }
    if disk.locks[run] != nil {
      secondWorkers += 1
      return clean(index, "COMPLETED")
    }
    disk.locks[run] = tasks[index].job
    tasks[index].fate = drawFate(run)
    tasks[index].endsAt = now + (faults.isHopeless ? 10 : Double.random(in: 5..<60, using: &numbers))
    disk.note(run, .held, attempts: disk.truth(run).attempts + 1, at: now)
  }

  /// Setbacks without progress are fewer than a run is given up for.
  private func drawFate(_ run: String) -> String {
    guard faults.isHopeless || setbacks[run, default: 0] < 2 else { return "" }
    for (share, fate) in [
      (faults.nodeFailures, "NODE_FAIL"), (faults.preemptions, "PREEMPTED"), (faults.memoryKills, "OUT_OF_MEMORY"),
    ] where numbers.chance(share) { return fate }
    return ""
  }

  private func work(_ index: Int) {
    let run = tasks[index].run
    if disk.locks[run] != tasks[index].job { trainedTwice += 1 }
    tasks[index].worked += 1
    let before = disk.done[run, default: 0]
    let reached = before + (tasks[index].worked.truncatingRemainder(dividingBy: 20) == 0 ? 20 : 0)
    if reached > before {
      (disk.done[run], setbacks[run]) = (reached, 0)
      disk.note(run, .held, at: now)
    }
    if reached >= needed[run] ?? 0 { return leave(index, .finished, "COMPLETED") }
    if tasks[index].fate != "", now >= tasks[index].endsAt { return strike(index) }
    if now - tasks[index].since >= faults.timeLimit - 10 { saveAndLeave(index) }
  }

  private func leave(_ index: Int, _ record: RunRecord, _ state: String) {
    let run = tasks[index].run
    disk.locks[run] = nil
    disk.note(run, record, at: now)
    clean(index, state)
  }

  /// Warned before its limit; its script hands the job in again.
  private func saveAndLeave(_ index: Int) {
    let run = tasks[index].run
    disk.done[run, default: 0] += tasks[index].worked.truncatingRemainder(dividingBy: 20)
    leave(index, .interrupted, faults.requeues ? "REQUEUED" : "COMPLETED")
  }

  private func strike(_ index: Int) {
    let (run, fate) = (tasks[index].run, tasks[index].fate)
    setbacks[run, default: 0] += 1
    disk.locks[run] = nil
    disk.note(run, .brokenOff, at: now)
    let comesBack = faults.requeues && (fate == "PREEMPTED" || fate == "NODE_FAIL")
    clean(index, comesBack ? "REQUEUED" : fate)
  }

  private func clean(_ index: Int, _ state: String) {
    (tasks[index].state, tasks[index].since, tasks[index].fate) = ("COMPLETING", now, state)
  }

  private func finishCleaning(_ index: Int) {
    let state = tasks[index].fate
    (tasks[index].state, tasks[index].since, tasks[index].fate) = (state == "REQUEUED" ? "PENDING" : state, now, "")
  }

  // MARK: The shared disk

  /// Until when what was written is seen from here.
  private var horizon: Double { now - faults.visibleAfter }

  func attempts(of run: String) -> Int { disk.seen(run, until: horizon).attempts }
  func saved(of run: String) -> Int { disk.seen(run, until: horizon).saved }

  func record(of run: String, after attempts: Int) -> RunRecord {
    disk.record(of: run, after: attempts, until: horizon)
  }

  func sighting(of name: String) -> Sighting {
    if disk.seen(name, until: horizon).record == .finished { return .finished }
    return disk.locks[name] != nil ? .locked : .free
  }

  func savedProgress(of name: String) -> Int { saved(of: name) }
  func heartbeat(of name: String) -> Heartbeat? { nil }
  func recordFailure(of name: String, _ end: JobEnd) {}

  // MARK: Slurm's programs

  func call(_ program: String, _ arguments: [String]) -> (answer: String, status: Int32?) {
    calls[program, default: 0] += 1
    longestCommand = max(longestCommand, arguments.reduce(0) { $0 + $1.utf8.count + 1 })
    if numbers.chance(faults.lostAnswers), program != "sbatch" {
      return numbers.chance(0.5)
        ? ("", nil) : ("slurm_load_jobs error: Socket timed out on send/recv operation\n", 1)
    }
    if faults.isUnconfigured { return (Faults.nowhere(program), 1) }
    switch program {
    case "sbatch" where arguments == ["--version"]: return ("slurm-wlm 22.05.8\n", 0)
    case "sbatch": return submit(arguments)
    case "squeue": return (numbers.chance(faults.emptyTables) ? "" : table(arguments), 0)
    case "sacct": return (history(arguments), 0)
    case "scancel":
      arguments.forEach(cancel)
      return ("", 0)
    case "scontrol" where arguments.first == "release":
      for index in tasks.indices where "\(tasks[index].job)_\(tasks[index].task)" == arguments.last {
        (tasks[index].isHeld, tasks[index].since) = (false, now)
      }
      return ("", 0)
    default: return (faults.configuration, 0)
    }
  }

  private func submit(_ arguments: [String]) -> (answer: String, status: Int32?) {
    if numbers.chance(faults.refusedOnTheWay) {
      return ("sbatch: error: RunBatch job submission failed: Socket timed out on send/recv operation\n", 1)
    }
    let script = URL(fileURLWithPath: arguments.last ?? "")
    guard let batch = try? BatchFolder.read(script.deletingPathExtension().appendingPathExtension("json")) else {
      return ("sbatch: error: Unable to open file\n", 1)
    }
    if batch.runs.count > faults.maxArray {
      return ("sbatch: error: RunBatch job submission failed: Invalid job array specification\n", 1)
    }
    if aliveTasks + batch.runs.count > faults.maxSubmit {
      return ("sbatch: error: QOSMaxSubmitJobPerUserLimit\nsbatch: error: Job violates accounting/QOS policy\n", 1)
    }
    let left = Set((0..<faults.nodes).map { "node\($0)" }).subtracting(excluded(script))
    if left.isEmpty {
      return ("sbatch: error: Batch job submission failed: Requested node configuration is not available\n", 1)
    }
    let job = nextJob
    nextJob += 1
    let delay = numbers.chance(faults.acceptedWithoutAnswer) ? 4.0 : 0
    for (index, run) in batch.runs.enumerated() {
      tasks.append(Task(job: job, task: index, name: batch.name, run: run, since: now, visibleFrom: now + delay))
    }
    (largestArray, mostInQueue) = (max(largestArray, batch.runs.count), max(mostInQueue, aliveTasks))
    if delay > 0 { return numbers.chance(0.5) ? ("", nil) : ("sbatch: error: Unable to contact slurm controller\n", 1) }
    return ("\(job)\n", 0)
  }

  private func excluded(_ script: URL) -> [String] {
    let text = (try? String(contentsOf: script, encoding: .utf8)) ?? ""
    let option = text.split(separator: "\n").first { $0.hasPrefix("#SBATCH --exclude=") } ?? ""
    return option.split(separator: "=").last?.split(separator: ",").map(String.init) ?? []
  }

  private func names(_ arguments: [String]) -> Set<String>? {
    arguments.first { $0.hasPrefix("--name=") }.map { Set($0.dropFirst(7).split(separator: ",").map(String.init)) }
  }

  private func table(_ arguments: [String]) -> String {
    let names = names(arguments)
    return tasks.filter { (names?.contains($0.name) ?? true) && now >= $0.visibleFrom }.map { task in
      let suffix = numbers.chance(faults.suffixes) ? (task.state == "CANCELLED" ? " by 0" : "+") : ""
      return task.row(suffix: suffix, nodes: faults.nodes)
    }.joined()
  }

  private func history(_ arguments: [String]) -> String {
    let names = names(arguments) ?? []
    return tasks.filter { names.contains($0.name) }.map { "\($0.job)_\($0.task)|\($0.state)|node1|\($0.name)\n" }
      .joined()
  }

  func cancel(_ id: String) {
    for index in tasks.indices
    where tasks[index].isAlive && (id == "\(tasks[index].job)_\(tasks[index].task)" || id == "\(tasks[index].job)") {
      if disk.locks[tasks[index].run] == tasks[index].job, tasks[index].state == "RUNNING" {
        leave(index, .interrupted, "CANCELLED")
      } else {
        (tasks[index].state, tasks[index].since) = ("CANCELLED", now)
      }
    }
  }

  /// One that somebody ends by hand: the first that is at work.
  func cancelOne() -> String? {
    guard let task = tasks.first(where: { $0.state == "RUNNING" && disk.locks[$0.run] == $0.job }) else { return nil }
    cancel("\(task.job)_\(task.task)")
    return task.run
  }
}

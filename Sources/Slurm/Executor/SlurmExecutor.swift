import Foundation
import Scheduling
import System
import Text

/// Workers as jobs of a Slurm cluster, which go on when this program ends.
///
/// The run directory is the truth, Slurm a hint: a run is finished when its journal says so; an answer that does not come,
/// or names no job, means "ask later". So that nothing is trained twice, a batch is on the disk under a name of its own
/// before Slurm hears of it, that name is looked for before anything is handed in again, and a worker that finds its run
/// trained by another leaves at once.
package final class SlurmExecutor: Executor {
  /// Good answers in a row that must not name a job before it counts as gone, or must call it over before it is believed
  /// where Slurm may bring it back.
  static let answersToBelieve = 3
  static let endingsToBelieve = 2
  /// Seconds for which files of another host may stay unseen.
  static let settleSeconds = 90.0
  /// Times that a batch is handed in which nobody has seen, and one run that is refused for a limit.
  static let mostTries = 25
  static let mostRefusals = 5
  /// Times that a job is let go which nodes could not start.
  static let mostReleases = 3

  let site: SiteProfile
  let folder: BatchFolder
  let queue: SlurmQueue
  let records: any RunRecords
  let clock: any SweepClock
  let say: (String) -> Void
  /// The program and the options of its workers.
  let worker: [String]

  var tasks: [String: SlurmTask] = [:]
  /// Their names, in the order in which they came.
  private var order: [String] = []
  var batches: [Int: OpenBatch] = [:]
  var labels: [String: String] = [:]
  var excluded: [String]
  var limits: ClusterLimits?
  private var limitsAskedAt = -Double.infinity

  /// Held as long as this one watches.
  var submitterLock: FileLock?

  // Handing in
  var nextHandIn = -Double.infinity
  /// Tasks of one array that were not too many last time.
  var chunk = Int.max
  var fullAnswers = 0
  // Asking
  var nextQuestion = -Double.infinity
  var rhythm = SlurmExecutor.firstWait
  var silences = 0
  var nextLook = -Double.infinity

  static let firstWait = 5.0

  /// - Parameters:
  ///   - worker: the program and its arguments, but for the batch and the task.
  ///   - say: tells the user what concerns no single run.
  package init(
    site: SiteProfile, folder: BatchFolder, commands: any SlurmCommands, records: any RunRecords,
    clock: any SweepClock = SteadyClock(), worker: [String], say: @escaping (String) -> Void
  ) {
    (self.site, self.folder, self.records, self.clock) = (site, folder, records, clock)
    (self.worker, self.say) = (worker, say)
    queue = SlurmQueue(commands)
    excluded = site.exclude
  }

  package var outlivesCoordinator: Bool { true }

  package func submit(_ jobs: [Job]) -> [String: String] {
    for job in jobs {
      var task = SlurmTask(run: job.name, estimate: job.run.memory, phase: .waiting("about to be handed in"))
      (task.memoryFactor, labels[job.name]) = (memoryFactors[job.name] ?? 1, job.run.label)
      keep(task)
    }
    handIn()
    return [:]
  }

  package func poll() -> [(name: String, status: JobStatus)] {
    askLimits()
    if isCancelled { cancelWaiting() }
    if clock.now >= nextHandIn { handIn() }
    if clock.now >= nextQuestion, tasks.values.contains(where: \.isAskedAbout) { ask() }
    if clock.now >= nextLook { settle() }
    let told = order.compactMap { name in tasks[name].map { (name: name, status: $0.status) } }
    forgetEnded()
    return told
  }

  package func interrupt(_ names: [String]) { stop(names) }
  package func kill(_ names: [String]) { stop(names) }

  // MARK: Tasks

  func keep(_ task: SlurmTask) {
    if tasks.updateValue(task, forKey: task.run) == nil { order.append(task.run) }
  }

  func end(_ run: String, _ end: JobEnd) { tasks[run]?.phase = .ended(end) }

  private func forgetEnded() {
    let before = tasks.count
    for (name, task) in tasks {
      guard case .ended(let end) = task.phase else { continue }
      tasks[name] = nil
      memoryFactors[name] = task.memoryFactor == 1 || end == .finished ? nil : task.memoryFactor
    }
    if tasks.count == before { return }
    order.removeAll { tasks[$0] == nil }
    closeBatches()
  }

  /// What was learnt of a run's memory outlives its job.
  private var memoryFactors: [String: Double] = [:]

  /// Writes down which batches nothing more will be heard of.
  func closeBatches() {
    let open = Set(tasks.values.compactMap { $0.place?.batch })
    for number in batches.keys where !open.contains(number) && !untracked.contains(number) {
      batches[number] = nil
      folder.end(number)
    }
  }

  /// Batches of an earlier submitter with tasks that are not this one's, and may still be alive.
  var untracked: Set<Int> = []

  private func stop(_ names: [String]) {
    var jobs: [String] = []
    for name in names {
      tasks[name]?.isStopping = true
      guard let task = tasks[name] else { continue }
      if task.isWaiting { end(name, .interrupted) } else if let job = task.job { jobs.append(job) }
    }
    if !jobs.isEmpty, !queue.cancel(jobs) {
      say("scancel did not answer; the jobs may go on: \(jobs.joined(separator: " "))")
    }
  }

  // MARK: Cancelled sweeps

  var isCancelled: Bool { access(folder.cancelMark.path, F_OK) == 0 }

  private func cancelWaiting() {
    for task in tasks.values where task.isWaiting {
      end(task.run, .cancelled(reason: "cancelled before it was handed in"))
    }
  }

  // MARK: Limits

  private func askLimits() {
    guard limits == nil, clock.now - limitsAskedAt > 60 else { return }
    limitsAskedAt = clock.now
    limits = queue.limits()
  }
}

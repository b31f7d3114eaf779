import Foundation
import Scheduling

/// Jobs that an earlier submitter, ended or killed, has left at work.
extension SlurmExecutor {
  package func adopt(_ jobs: [Job]) -> Set<String> {
    let wanted = Dictionary(jobs.map { ($0.name, $0.run) }, uniquingKeysWith: { first, _ in first })
    let open: [RunBatch]
    do { open = try folder.open() } catch {
      say("\(error)")
      return []
    }
    var adopted: Set<String> = []
    // The latest batch that has a run is the one that counts.
    for batch in open.reversed() {
      batches[batch.number] = OpenBatch(batch: batch, job: nil, isOurs: false)
      untracked.insert(batch.number)
      for (index, name) in batch.runs.enumerated() {
        guard let run = wanted[name], !adopted.contains(name) else { continue }
        if isOver(name, batch.attempts[index]) { continue }
        adopted.insert(name)
        keep(adoptedTask(run, batch, index))
      }
    }
    if !adopted.isEmpty {
      say(
        "\(adopted.count) \(adopted.count == 1 ? "job" : "jobs") of an earlier `safnet run` may be at work: Slurm is asked"
      )
    }
    return adopted
  }

  private func adoptedTask(_ run: SweepRun, _ batch: RunBatch, _ index: Int) -> SlurmTask {
    var task = SlurmTask(
      run: run.name, estimate: run.memory, phase: .handedIn(.queued(reason: "an earlier `safnet run` has handed it in"))
    )
    task.place = .init(batch: batch.number, task: index)
    (task.attempts, labels[run.name]) = (batch.attempts[index], run.label)
    // What was more than the estimate had a reason.
    let usual = site.bytes(estimate: run.memory)
    if site.memory == nil, batch.memory > usual { task.memoryFactor = Double(batch.memory) / Double(max(1, usual)) }
    return task
  }

  /// A job whose worker has failed does not go on.
  private func isOver(_ name: String, _ attempts: Int) -> Bool {
    if case .failed = records.record(of: name, after: attempts) { return true }
    return false
  }
}

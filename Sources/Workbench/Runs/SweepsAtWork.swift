import Foundation
import Slurm
import Store
import System
import Text

/// The sweeps that are at work in a workspace. No lock tells of the runs that they have yet to train, and one that is taken away
/// is a run that its sweep fails to train.
struct SweepsAtWork {
  private let workspace: Workspace
  private let records: [ExperimentRecord]
  /// What a record names need not be there.
  private let begun: Set<String>

  init(_ workspace: Workspace) {
    (self.workspace, records) = (workspace, workspace.experimentRecords())
    begun = Set((try? workspace.runNames()) ?? [])
  }

  /// Those that a sweep has yet to train, for each such sweep.
  ///
  /// - Parameter names: of runs that are to be trained (`RunState.isToBeTrained`), by whomever.
  func awaited(among names: [String]) -> [BusyRuns.Awaited] {
    if names.isEmpty { return [] }
    return records.flatMap { record -> [BusyRuns.Awaited] in
      let now = record.variants.flatMap(\.runs).filter(begun.contains)
      let earlier = (record.earlier ?? []).flatMap(\.runs).filter(begun.contains)
      return awaited(names, among: now) {
        submitter(of: record) + sweeps(of: record.name, training: now, processes(of: record))
      }
        // What the experiment asked for before waits for none but a sweep of that time, which trains others of then.
        + awaited(names, among: earlier) { sweeps(of: record.name, training: earlier) }
    }
  }

  private func awaited(
    _ names: [String], among asked: [String], by sweeps: () -> [String]
  ) -> [BusyRuns.Awaited] {
    let asked = Set(asked)
    let own = names.filter(asked.contains)
    return own.isEmpty ? [] : sweeps().map { BusyRuns.Awaited(names: own, sweep: $0) }
  }

  /// Those that have started the workers of these runs, and further ones of this machine.
  private func sweeps(of experiment: String, training runs: [String], _ others: [Int] = []) -> [String] {
    SweepHolders(workspace, training: runs).sweeps(and: others).map { machine, ending in
      let (place, there) = machine.map { ($0, " there") } ?? ("this machine", "")
      return "the `safnet run` of \(experiment) on \(place), \(ending.processes): \(ending.words)\(there)."
    }
  }

  /// The sweep that hands jobs in to a cluster, which is no worker's, and whose end alone would leave the jobs.
  private func submitter(of record: ExperimentRecord) -> [String] {
    guard let lock = submitterLock(record) else { return [] }
    let holder = String(decoding: lock.content, as: UTF8.self)
    let command = ["safnet", "cancel", workspace.experimentFile(of: record) ?? "EXPERIMENT"] + workspace.options
    return [
      "the `safnet run` of \(record.name) that hands jobs in to a cluster\(holder.isEmpty ? "" : ", \(holder)"):"
        + " `\(command.map(ShellWord.quoted).joined(separator: " "))` ends it and its jobs."
    ]
  }

  /// Nil where nobody holds it.
  private func submitterLock(_ record: ExperimentRecord) -> FileLock.Probe? {
    let file = BatchFolder(workspace: workspace.root, experiment: record.name).lockFile
    guard let probe = try? FileLock.probe(file), probe.isHeld else { return nil }
    return probe
  }

  /// Between two runs no lock tells of a sweep, but its words do.
  private func processes(of record: ExperimentRecord) -> [Int] {
    guard let file = record.file, submitterLock(record) == nil else { return [] }
    return SweepHolders.processes(of: workspace.place(recordedAs: file), in: workspace)
  }
}

extension RunState {
  /// Whether a sweep that asks for such a run trains or mends it.
  var isToBeTrained: Bool {
    switch self {
    case .queued, .interrupted, .stale, .damaged: true
    case .running, .finished, .failed: false
    }
  }
}

import Foundation
import System

/// A command of Slurm, with its answer.
package protocol SlurmCommands: AnyObject {
  /// - Returns: what it wrote, errors among it, and its exit code; nil if it did not end in time or could not start.
  func call(_ program: String, _ arguments: [String]) -> (answer: String, status: Int32?)
}

/// Slurm's own programs, each for at most a minute, and without what an outer job or a user's defaults have left in the
/// environment.
package final class InstalledCommands: SlurmCommands {
  private let seconds: Double

  package init(seconds: Double = 60) { self.seconds = seconds }

  package func call(_ program: String, _ arguments: [String]) -> (answer: String, status: Int32?) {
    guard
      let (output, end) = try? ChildProcess.run("/bin/sh", ["-c", Self.clean, program] + arguments, seconds: seconds)
    else { return ("\(program) could not be started", nil) }
    let text = String(decoding: output, as: UTF8.self)
    if case .exited(let code) = end { return (text, code) }
    return (text, nil)
  }

  /// Whether this program finds Slurm's.
  package static var areThere: Bool {
    let found = try? ChildProcess.run("/bin/sh", ["-c", "command -v sbatch && command -v squeue"], seconds: 10)
    return found?.end == .exited(code: 0)
  }

  /// Which cluster is asked stays; which job this program may itself run in, and what outputs should look like, does not.
  private static let clean = """
    for name in $(env | sed -n 's/^\\(SLURM_[A-Za-z0-9_]*\\|SQUEUE_[A-Z_]*\\|SACCT_[A-Z_]*\\|SCONTROL_[A-Z_]*\\)=.*/\\1/p'); do
      case $name in SLURM_CONF|SLURM_CLUSTERS) ;; *) unset "$name" ;; esac
    done
    unset SBATCH_ARRAY_INX SBATCH_JOB_NAME SBATCH_SIGNAL SBATCH_EXPORT SBATCH_OPEN_MODE SBATCH_REQUEUE SBATCH_NO_REQUEUE \
      SBATCH_WAIT SBATCH_MEM_PER_NODE SBATCH_MEM_PER_CPU SBATCH_TIMELIMIT SBATCH_EXCLUSIVE SBATCH_CPUS_PER_TASK
    exec "$0" "$@" 2>&1
    """
}

/// The questions and orders that a sweep has, as commands.
package struct SlurmQueue {
  package let commands: any SlurmCommands

  package init(_ commands: any SlurmCommands) { self.commands = commands }

  /// Nothing follows from `none` but to ask later.
  package enum Answer: Equatable, Sendable {
    case rows([QueueRow])
    case none(String)
  }

  /// One question about every job of these names.
  package func tasks(named names: [String]) -> Answer {
    let those = names.count <= Self.longestList ? ["--name=\(names.joined(separator: ","))"] : ["--me"]
    let (answer, status) = commands.call(
      "squeue", ["--noheader", "--array", "--states=all", "--format=\(QueueRow.squeueFormat)"] + those)
    guard status == 0 else { return .none(Self.reason(answer, status, "squeue")) }
    let wanted = Set(names)
    return .rows(QueueRow.squeue(answer).filter { wanted.contains($0.name) })
  }

  /// What accounting remembers of jobs that squeue has forgotten.
  package func remembered(named names: [String]) -> Answer {
    let (answer, status) = commands.call(
      "sacct",
      [
        "--noheader", "--parsable2", "--allocations", "--starttime=now-30days", "--format=\(QueueRow.sacctFormat)",
        "--name=\(names.prefix(Self.longestList).joined(separator: ","))",
      ])
    guard status == 0 else { return .none(Self.reason(answer, status, "sacct")) }
    return .rows(QueueRow.sacct(answer))
  }

  package func limits() -> ClusterLimits? {
    let (answer, status) = commands.call("scontrol", ["show", "config"])
    return status == 0 ? ClusterLimits(scontrolConfig: answer) : nil
  }

  package enum Table: Equatable, Sendable {
    case some(String)
    case none(String)
  }

  /// Limit, processors and megabytes of each kind of node of a partition; nil: of all.
  package func nodes(of partition: String?) -> Table {
    let those = partition.map { ["--partition=\($0)"] } ?? []
    let (answer, status) = commands.call("sinfo", ["--noheader", "--exact", "--format=%l|%c|%m"] + those)
    return status == 0 ? .some(answer) : .none(Self.reason(answer, status, "sinfo"))
  }

  /// - Parameter options: those that a user's environment must not overrule, which it does in a script.
  package func submit(_ script: URL, _ options: [String]) -> SubmissionAnswer {
    let (answer, status) = commands.call("sbatch", ["--parsable"] + options + [script.path])
    return SubmissionAnswer(answer: answer, status: status)
  }

  /// - Parameter jobs: `17`, or `17_3` for one task.
  package func cancel(_ jobs: [String]) -> Bool {
    stride(from: 0, to: jobs.count, by: Self.longestList).allSatisfy { start in
      commands.call("scancel", Array(jobs[start..<min(start + Self.longestList, jobs.count)])).status == 0
    }
  }

  /// Lets a job go that Slurm holds in the queue.
  package func release(_ job: String) -> Bool { commands.call("scontrol", ["release", job]).status == 0 }

  /// Names in one command line: far below what a system takes.
  private static let longestList = 500

  private static func reason(_ answer: String, _ status: Int32?, _ program: String) -> String {
    guard status != nil else { return "\(program) did not answer in time" }
    return answer.split(separator: "\n").last.map(String.init) ?? "\(program) said nothing"
  }
}

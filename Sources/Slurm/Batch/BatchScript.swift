import Foundation
import Text

/// The file that sbatch is given for one array of runs.
///
/// - The worker is started by `srun`: the warning before the time limit reaches the steps of a job only, and the shell
///   lives on to hand the job in again.
/// - Nothing of it depends on the environment it is submitted from: paths are absolute.
package struct BatchScript: Equatable, Sendable {
  package var name: String
  package var tasks: Int
  package var comment: String
  /// The workspace, in which the job starts and below which its log is.
  package var folder: String
  /// Relative to the folder; `%a` is the task.
  package var log: String
  /// Bytes.
  package var memory: Int
  package var exclude: [String]
  package var site: SiteProfile
  /// The program and its arguments, without the task.
  package var worker: [String]

  /// - Parameter worker: the program and its arguments, without the task's number, which is added.
  package init(
    name: String, tasks: Int, comment: String, folder: String, log: String, memory: Int, exclude: [String],
    site: SiteProfile, worker: [String]
  ) {
    (self.name, self.tasks, self.comment, self.folder, self.log) = (name, tasks, comment, folder, log)
    (self.memory, self.exclude, self.site, self.worker) = (memory, exclude, site, worker)
  }

  package var text: String { (["#!/bin/bash"] + directives + [""] + body).joined(separator: "\n") + "\n" }

  /// The options of sbatch that a site may not set, and what it can do instead, if anything.
  static let ownOptions: [String: String] = [
    "array": "give atOnce for its limit", "job-name": "", "comment": "", "chdir": "",
    "output": "", "error": "", "open-mode": "", "signal": "give warning",
    "ntasks": "", "nodes": "", "cpus-per-task": "give cpus", "mem": "give memory or memoryMargin",
    "mem-per-cpu": "give memory or memoryMargin", "time": "give time", "requeue": "give requeue",
    "no-requeue": "give requeue", "partition": "give partition", "account": "give account", "qos": "give qos",
    "constraint": "give constraint", "reservation": "give reservation", "exclude": "give exclude",
    "wrap": "", "wait": "", "parsable": "", "test-only": "",
  ]

  private var directives: [String] {
    let cap = site.atOnce.map { $0 < tasks ? "%\($0)" : "" } ?? ""
    let always = [
      "--job-name=\(name)", "--array=0-\(tasks - 1)\(cap)", "--comment=\(Self.option(comment))",
      "--chdir=\(Self.option(folder))", "--output=\(Self.option(log))", "--open-mode=append",
      "--nodes=1", "--ntasks=1", "--cpus-per-task=\(site.cpus)", "--mem=\(max(1, memory >> 20))M",
      "--signal=TERM@\(site.warning)", site.requeue ? "--requeue" : "--no-requeue",
    ]
    let left = exclude.isEmpty ? [] : ["--exclude=\(exclude.joined(separator: ","))"]
    return (always + site.places + left + site.options).map { "#SBATCH \($0)" }
  }

  private var body: [String] {
    let command = (worker.map(ShellWord.quoted) + ["--task", "\"$SLURM_ARRAY_TASK_ID\""]).joined(separator: " ")
    let start = [
      // Slurm 22.05 to 23.02 forgets the number of processors between a job and its steps.
      "export SRUN_CPUS_PER_TASK=\(site.cpus)",
      "srun --export=ALL --nodes=1 --ntasks=1 --cpus-per-task=\(site.cpus) \\", "  \(command)", "status=$?",
    ]
    return site.setup + start + (site.requeue ? Self.goingOn : []) + ["exit \"$status\""]
  }

  /// A worker that has saved and left before the time limit: its job goes on, whether anybody watches it or not.
  private static let goingOn = [
    "if [ \"$status\" -eq 130 ]; then",
    "  status=0",
    "  scontrol requeue \"${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}\" && sleep 300",
    "fi",
  ]

  /// A value in a line of `#SBATCH`: in quotes where it must be.
  private static func option(_ text: String) -> String {
    let isPlain = text.allSatisfy { $0.isLetter || $0.isNumber || "-_./%+=:,@".contains($0) }
    return isPlain ? text : "\"\(text.filter { !"\"\n".contains($0) })\""
  }
}

extension SiteProfile {
  /// Where and for how long, as options of sbatch.
  var places: [String] {
    let asked: [(String, String?)] = [
      ("time", time?.text), ("partition", partition), ("account", account), ("qos", qos), ("reservation", reservation),
      ("constraint", constraint),
    ]
    return asked.compactMap { name, value in value.map { "--\(name)=\($0)" } }
  }
}

/// One task of an array, as squeue or sacct tells of it.
package struct QueueRow: Equatable, Sendable {
  /// The array's job number.
  package var job: Int
  package var task: Int
  package var state: JobState
  package var reason: String
  package var nodes: [String]
  /// The job's name.
  package var name: String

  package init(job: Int, task: Int, state: JobState, reason: String, nodes: [String], name: String) {
    (self.job, self.task, self.state, self.reason, self.nodes, self.name) = (job, task, state, reason, nodes, name)
  }

  /// `squeue --array --format`: one line a task.
  package static let squeueFormat = "%F|%K|%T|%r|%N|%j"

  /// The rows of an answer, and the lines that are none: messages between them.
  package static func squeue(_ answer: String) -> [QueueRow] {
    answer.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 6, let job = Int(fields[0]), let task = Int(fields[1]) else { return nil }
      return QueueRow(
        job: job, task: task, state: JobState(fields[2]), reason: fields[3], nodes: Self.nodes(fields[4]),
        name: fields[5])
    }
  }

  /// `sacct --format`, with `--parsable2`.
  package static let sacctFormat = "JobID,State,NodeList,JobName"

  /// Tasks that never left the queue are told as a range, `17_[3-9]`, and left out here.
  package static func sacct(_ answer: String) -> [QueueRow] {
    answer.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      let numbers = (fields.first ?? "").split(separator: "_").map { Int($0) }
      guard fields.count == 4, numbers.count == 2, let job = numbers[0], let task = numbers[1] else { return nil }
      return QueueRow(
        job: job, task: task, state: JobState(fields[1]), reason: "", nodes: Self.nodes(fields[2]), name: fields[3])
    }
  }

  /// A run has one node; what Slurm writes where there is none is left out.
  private static func nodes(_ text: String) -> [String] {
    text.isEmpty || text.contains("(null)") || text.hasPrefix("None") ? [] : [text]
  }
}

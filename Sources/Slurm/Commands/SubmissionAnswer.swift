/// What sbatch meant.
package enum SubmissionAnswer: Equatable, Sendable {
  case accepted(job: Int)
  /// There are as many jobs as there may be: later.
  case full(String)
  /// Whether it was accepted is not known: an error on the way, or no answer in time. Its name will tell.
  case uncertain(String)
  /// It would be refused again.
  case refused(String)

  /// - Parameters:
  ///   - answer: everything that sbatch wrote.
  ///   - status: its exit code; nil: it did not end in time.
  package init(answer: String, status: Int32?) {
    let lines = answer.split(separator: "\n").map(String.init)
    let last = lines.last { $0.contains("error") } ?? lines.last ?? "no answer"
    let words = last.replacing("sbatch: error: ", with: "")
    if status == 0, let job = lines.compactMap(Self.number).first {
      self = .accepted(job: job)
    } else if status == nil || status == 0 {
      self = .uncertain(status == nil ? "sbatch did not answer in time" : words)
    } else if Self.limits.contains(where: answer.contains) {
      self = .full(words)
    } else if Self.passing.contains(where: { answer.localizedStandardContains($0) }) || lines.isEmpty {
      self = .uncertain(words)
    } else {
      self = .refused(words)
    }
  }

  /// `--parsable` writes `17` or `17;cluster`.
  private static func number(_ line: String) -> Int? {
    Int(line.prefix { $0 != ";" }.filter { !$0.isWhitespace })
  }

  private static let limits = [
    "MaxSubmit", "AssocMaxSubmitJobLimit", "QOSMaxSubmitJob", "job submit limit", "Job violates accounting/QOS policy",
    "AssocGrpSubmitJobsLimit", "QOSGrpSubmitJobsLimit",
  ]

  private static let passing = [
    "Socket timed out", "timed out", "Unable to contact slurm controller", "Connection refused", "Connection reset",
    "temporarily", "Communication connection failure", "Zero Bytes were transmitted", "Unexpected message",
    "Slurm backup controller", "Transport endpoint", "Protocol authentication", "Munge", "credential",
  ]
}

import Experiments
import Foundation
import Scheduling
import Store
import System
import Text
import Training

/// What a sweep says besides its display.
extension SweepSession {
  func tell(_ review: RunReview) {
    for notice in review.notices { console.error("notice: \(notice)") }
    for run in review.unfinished {
      if let flaw = review.flaws[run.directoryName] { console.error("notice: \(run.label) is not whole: \(flaw)") }
    }
    for refusal in review.refused { console.error("error: \(refusal.run.label): \(refusal.reason)") }
  }

  /// What was told of the data when it was trained on stays true of a sweep that is finished: which cases and folds are used
  /// is told again, the rest is counted.
  func remind(of warnings: (named: [String], others: Int)) {
    for line in warnings.named { console.error("warning: \(line)") }
    guard warnings.others > 0, let file = specification.shownFile else { return }
    let words = ([file] + specification.options.flatMap { ["--set", $0] }).map(ShellWord.quoted).joined(separator: " ")
    let count = Quantity.of(warnings.others, warnings.named.isEmpty ? "warning" : "more warning")
    console.error("notice: \(count) of the data; `safnet dataset check \(words)` shows them")
  }

  func dryRun(_ sweep: PreparedSweep) -> SweepOutcome {
    let (unfinished, allotment) = (sweep.review.unfinished, sweep.allotment)
    for run in sweep.chosen {
      console.print("\(words(of: run, sweep.review))  \(run.label)  \(run.directoryName)")
    }
    let threads = allotment.threads(unfinished: unfinished.count)
    let atOnce = min(allotment.jobs, settings.atOnce ?? .max, max(unfinished.count, 1))
    console.print(
      "\(unfinished.count) of \(Quantity.of(sweep.chosen.count, "run")), \(atOnce) at once, \(Quantity.of(threads, "thread")) each"
        + (settings.executor == ExecutorEntry.local.name ? "" : ", by \(settings.executor)")
    )
    if !sweep.predictions.isEmpty {
      console.print("\(Quantity.of(sweep.predictions.count, "prediction")) would be scored")
    }
    return SweepOutcome(finished: [], failed: refused(sweep.review), interrupted: [], wasStopped: false)
  }

  private func words(of run: PlannedRun, _ review: RunReview) -> String {
    if review.refused.contains(where: { $0.run == run }) { return "cannot go on" }
    guard review.unfinished.contains(run) else { return "finished" }
    if (try? RunLock.isHeld(workspace.runDirectory(named: run.directoryName))) == true { return "is being trained" }
    return review.flaws[run.directoryName] == nil ? "would train" : "would mend"
  }

  func showFailures(_ outcome: SweepOutcome) {
    for run in outcome.failed {
      if let loss = outcome.lossWords(of: run) {
        console.error("\n\(run.label) failed: \(loss).")
        continue
      }
      let lines = LogTail.read(run.log)
      if lines.isEmpty { showReason(run) } else { console.error("\n\(run.label) failed. The end of \(run.log.path):") }
      for line in lines { console.error("  \(line)") }
    }
  }

  /// Of a run whose worker could write nothing into its log, as on a full disk.
  private func showReason(_ run: SweepRun) {
    let refusal = LogTail.refusal(run.log).map { "\($0)" }
    let reasons = [RunDirectory(run.directory).failureWords, refusal].compactMap(\.self)
    let free = Machine.freeDisk(at: run.directory).map { ", and \(Quantity.bytes($0)) are free on its disk" } ?? ""
    console.error("\n\(run.label) failed" + (reasons.isEmpty ? "; its log \(run.log.path) is empty\(free)." : ":"))
    for reason in reasons { console.error("  \(reason)") }
  }

  /// What was made anew of a damaged run, as its worker told it.
  func showMends(_ outcome: SweepOutcome, _ review: RunReview) {
    for run in outcome.finished where review.unfinished.contains(where: { $0.directoryName == run.name }) {
      let found = (try? RunDirectory(run.directory).history().notices) ?? []
      if review.lostPredictions.contains(run.name) {
        let done = LogTail.read(run.log, lines: 1).last ?? "the label maps of its test cases were predicted again"
        console.error("\(run.label) is whole again: \(done)")
      } else if review.flaws[run.name] != nil {
        let done = (found + ["its test cases were tested again"]).joined(separator: "; ")
        console.error("\(run.label) is whole again: \(done)")
      } else if !found.isEmpty {
        console.error("notice: \(run.label): \(found.joined(separator: "; "))")
      }
    }
  }
}

extension SweepOutcome {
  /// What `safnet run` says last.
  ///
  /// - Parameters:
  ///   - file: the experiment's, with the options that make it another, as words of a command line.
  ///   - isPart: only some of its runs were asked for.
  ///   - edit: what has become of the file since it was read; nil: it says the same.
  package func closingWords(file: String, isPart: Bool = false, edit: FileEdit? = nil) -> String {
    if wasStopped {
      return "Interrupted; " + (edit?.goingOn ?? "the same command goes on where this stopped.")
    }
    let report = edit?.reporting(file) ?? "`safnet report \(file)` makes the tables in Reports/."
    if failed.isEmpty, !interrupted.isEmpty {
      return
        "\(interrupted.count) \(interrupted.count == 1 ? "run was" : "runs were") cancelled; the same command goes on there. \(report)"
    }
    guard failed.isEmpty else { return "\(failureWords(file)) \(report)" }
    return isPart ? "All runs that were asked for are finished. \(report)" : "All runs are finished. \(report)"
  }

  /// Of a run whose folder is gone, status knows nothing.
  private func failureWords(_ file: String) -> String {
    let (gone, others) = (failed.count { lossWords(of: $0) != nil }, failed.count { lossWords(of: $0) == nil })
    let taken =
      gone == 1
      ? "its folder was taken away; the same command trains it again"
      : "their folders were taken away; the same command trains them again"
    let told = "`safnet status \(file)` says why"
    if gone == 0 { return "\(others) of the runs failed; \(told)." }
    if others == 0 { return "\(gone) of the runs failed: \(taken)." }
    return "\(failed.count) of the runs failed; of \(others) \(told), and of \(gone) \(taken)."
  }

  /// Of a run that failed because its folder was taken away.
  fileprivate func lossWords(of run: SweepRun) -> String? {
    let directory = RunDirectory(run.directory)
    return directory.lossWords ?? (takenAway.contains(run) ? directory.returnWords : nil)
  }
}

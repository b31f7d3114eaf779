import Experiments
import Foundation
import Reporting
import Store
import Text
import Volumes

/// What must hold before a report is written.
struct ReportGuard {
  let report: Report
  let folder: URL
  let known: KnownExperiment
  let workspace: Workspace
  let settings: ReportSession.Settings

  func begun() throws {
    let runs = report.input.variants.flatMap(\.runs)
    guard runs.allSatisfy({ $0.evaluations == nil }) else { return }
    let specification = known.specification
    let begun = known.runs.map { ($0, workspace.runDirectory(named: $0.directoryName)) }.filter { $0.1.exists }
    guard begun.isEmpty else {
      let unfinished = UnfinishedRuns(
        begun.map { run, directory in
          ("\(run.variant) fold \(run.fold)" + (run.isOneOfSeveral ? " seed \(run.seed)" : ""), directory)
        }, command: specification.runCommand(in: workspace))
      throw ReportRefusal.nothingFinished(unfinished: unfinished, earlier: try earlierContent { _ in nil })
    }
    guard workspace.exists else {
      throw ReportRefusal.noWorkspace(workspace.absence(of: specification.name, beside: specification.file))
    }
    let running = try known.changes(in: workspace, .running).text
    let others = [running, try earlierContent { _ in nil }, try left].compactMap(\.self)
    throw ReportRefusal.nothingTrained(
      workspace: workspace.root.path, earlier: others.isEmpty ? nil : others.joined(separator: "\n"),
      elsewhere: RunsElsewhere(specification, besides: workspace)?.pointing)
  }

  func overlays() throws(UsageError) {
    let cases = report.input.scoredCases
    guard let stranger = settings.overlays.first(where: { !cases.contains($0) }) else { return }
    let file = URL(fileURLWithPath: stranger).lastPathComponent
    let stem = NIfTIFiles.stem(file) ?? file
    // An image's name has its channel behind it.
    let name = cases.contains(stem) ? stem : stem.replacing(/_[0-9]{4}$/, with: "")
    let used = Set(known.runs.map(\.plan.fold).flatMap { $0.train + $0.validation + $0.test })
    throw .noTestCase(
      name: stranger, nearest: cases.contains(name) ? name : name.nearest(in: cases), known: cases,
      isUntested: !cases.contains(name) && used.contains(name))
  }

  func replacing(_ experiment: String?, _ console: any Console) throws {
    let replacing = ReportReplacing(report: report, folder: folder, experiment: experiment)
    do {
      let notice = try replacing.check {
        let causes = [damages, try earlierContent { replacing.run(like: $0) }].compactMap(\.self)
        return causes.isEmpty ? nil : causes.joined(separator: "\n")
      }
      if let notice { console.error("notice: \(notice)") }
    } catch let refusal as ReportRefusal {
      guard settings.force else { throw refusal }
    }
  }

  /// What somebody else wrote, or corrected since, is not replaced without a word.
  func ownFiles(
    _ files: ReportFiles, _ others: [String], _ console: any Console
  ) throws(ReportRefusal) {
    let own = OwnFiles(in: folder, inTheWayOf: files, and: others)
    guard own.folders.isEmpty else { throw .foldersInTheWay(folder: folder.path, names: own.folders) }
    guard settings.force else {
      if let refusal = own.refusal { throw refusal }
      return
    }
    if let notice = own.notice { console.error("notice: \(notice)") }
  }

  /// Where no record tells what is there.
  func tables(_ files: ReportFiles) throws(ReportRefusal) {
    guard !settings.force, ReportRecord(in: folder) == nil else { return }
    let losses = ReportCheck.losses(in: folder, to: files)
    guard losses.isEmpty else { throw .emptierTables(folder: folder.path, losses: losses) }
  }

  /// Why the report in the folder holds other cells than this one, as far as runs tell.
  ///
  /// - Throws: `ReportRefusal` where this one would hold none.
  func cause() throws -> String? {
    try begun()
    let replacing = ReportReplacing(report: report, folder: folder, experiment: nil)
    return try earlierContent { replacing.run(like: $0) }.map {
      $0
        + "\nPut back what they were trained with (their --set, the experiment's file or the dataset as they were), or train"
        + " with `safnet run`: the same command without --check then writes the report anew."
    }
  }

  /// Of each run that was finished and is damaged, whose cells are empty: which file; nil where none is.
  private var damages: String? {
    let lines = known.runs.compactMap { run -> String? in
      let directory = workspace.runDirectory(named: run.directoryName)
      guard (try? directory.state()) == .damaged, let flaws = try? directory.flaws(.glance), !flaws.isEmpty else {
        return nil
      }
      return "\(run.label) is damaged: " + flaws.map { "\(directory.url.path)/\($0)" }.joined(separator: "; ")
    }
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  private func earlierContent(_ named: (PlannedRun) -> String?) throws -> String? {
    try known.changes(in: workspace, named: named).text
  }

  /// Runs of an earlier plan that nothing goes on with.
  private var left: String? { get throws { try known.changes(in: workspace, .left).text } }
}

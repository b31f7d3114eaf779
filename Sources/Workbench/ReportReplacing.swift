import Experiments
import Foundation
import Reporting

/// Whether a report may take the place of the one that is in its folder.
struct ReportReplacing {
  let report: Report
  let folder: URL
  /// The experiment's file, by its path from the folder.
  let experiment: String?

  private var old: ReportRecord? { ReportRecord(in: folder) }

  /// The run that the old report held of a variant, a fold and a seed; of a report whose variant had one seed, that one.
  func run(like run: PlannedRun) -> String? {
    old?.runs.first {
      $0.variant == run.variant && $0.fold == run.fold && $0.cases != nil && ($0.seed ?? run.seed) == run.seed
    }?.directory
  }

  /// - Parameter earlier: what the refusal adds: which finished runs are of earlier content.
  /// - Returns: a notice when finished runs leave the report and as many others take their places.
  func check(earlier: () throws -> String?) throws -> String? {
    guard let old else { return nil }
    let runs = report.input.variants.flatMap(\.runs)
    let asked = Set(runs.map(\.identity))
    // Ways of predicting that nobody asks for any more are no loss.
    let kept = old.runs.filter { $0.cases != nil && ($0.predicted == nil || asked.contains($0.identity)) }
    let held = Set(kept.map(\.identity))
    let new = Set(runs.filter { $0.evaluations != nil }.map(\.identity))
    let lost = held.subtracting(new)
    guard !lost.isEmpty else { return nil }
    let isOther =
      old.experiment == nil || experiment == nil
      ? Set(old.runs.map(\.identity)).isDisjoint(with: runs.map(\.identity)) && old.experiment != experiment
      : old.experiment != experiment
    if isOther { throw ReportRefusal.otherExperiment(folder: folder.path, held: held.count, file: old.experiment) }
    guard new.count >= held.count else {
      throw ReportRefusal.fewerRuns(
        folder: folder.path, held: held.count, new: new.count, earlier: try earlier())
    }
    let names = old.runs.filter { lost.contains($0.identity) }.map(\.directory)
    return "the report that was in \(folder.path) held \(lost.count == 1 ? "a run" : "\(lost.count) runs") of earlier"
      + " content: \(names.joined(separator: ", "))"
  }
}

extension URL {
  /// The way from a folder to this file: `../../Experiments/demo.json`.
  func path(from folder: URL) -> String {
    let own = resolvingSymlinksInPath().standardizedFileURL.pathComponents
    let base = folder.resolvingSymlinksInPath().standardizedFileURL.pathComponents
    let shared = zip(own, base).prefix { $0 == $1 }.count
    return (Array(repeating: "..", count: base.count - shared) + own.dropFirst(shared)).joined(separator: "/")
  }
}

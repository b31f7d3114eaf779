import Experiments
import Foundation
import Reporting
import Store
import Text

/// What was given where an experiment's file belongs, and the file that is meant: the name or the folder of a run, a variant, an
/// experiment's name, a report, the folder of a workspace's runs.
package struct GivenForExperiment {
  /// What it is: "is a run of small (SAFNet, fold 1) in the workspace Workspace".
  package let words: String
  /// The experiment's; nil where it is not known, or not there any more.
  package let file: String?
  /// Of a run or a variant: the part of the experiment that it is.
  package let part: RunSelection
  /// Under which the run was planned.
  package let settings: [String]
  /// Of a run or of runs in a folder: their workspace, where it is another than the command's.
  package let workspace: String?

  /// Nil of everything else.
  ///
  /// - Parameter text: as it was given.
  package init?(_ text: String, in workspace: Workspace) {
    let place = URL(fileURLWithPath: text)
    let places = [place, place.deletingLastPathComponent()].filter { FileManager.default.fileExists(atPath: $0.path) }
    let isThere = places.first == place
    if isThere, let run = places.map(RunDirectory.init).first(where: \.exists) {
      let home = Workspace(run.url.standardizedFileURL.deletingLastPathComponent().deletingLastPathComponent())
      self.init(run: run, called: text, in: home, besides: workspace)
    } else if isThere, let report = places.first(where: { ReportRecord(in: $0) != nil }) {
      self.init(report: report)
    } else if isThere, place.lastPathComponent == workspace.runsFolder.lastPathComponent {
      self.init(runsOf: Workspace(place.standardizedFileURL.deletingLastPathComponent()), besides: workspace)
    } else if !isThere, !text.contains("/") {
      self.init(name: text, in: workspace)
    } else {
      return nil
    }
  }

  private init(
    _ words: String, file: String?, part: RunSelection = .init(), settings: [String] = [], workspace: String? = nil
  ) {
    (self.words, self.file, self.part) = (words, file, part)
    (self.settings, self.workspace) = (settings, workspace)
  }

  private init?(name: String, in workspace: Workspace) {
    guard workspace.exists else { return nil }
    let place = "in the workspace \(workspace.root.relativePath)"
    let records = workspace.recordsOfFiles()
    let owners = records.filter { record in
      (record.variants + (record.earlier ?? [])).contains { $0.name == name }
    }
    if let owner = owners.first(where: { $0.file.flatMap(workspace.file) != nil }) ?? owners.first {
      var part = RunSelection()
      part.only = [name]
      let names = owners.map(\.name).distinct.joined(separator: " and ")
      self.init("is a variant of \(names) \(place)", file: workspace.experimentFile(of: owner), part: part)
    } else if let record = records.first(where: { $0.name == name }) {
      self.init("is the name of an experiment \(place)", file: workspace.experimentFile(of: record))
    } else if let run = try? workspace.run(named: name) {
      self.init(run: run, called: name, in: workspace, besides: workspace)
    } else {
      return nil
    }
  }

  private init(run: RunDirectory, called text: String, in home: Workspace, besides workspace: Workspace) {
    let claims = RunClaims(of: home)
    let (variant, plan) = (claims.variant(of: run.name), try? run.plan())
    let label = [variant, plan.map { "fold \($0.fold.number)" }].compactMap(\.self).joined(separator: ", ")
    let experiment = claims.experiments(of: run.name) ?? claims.formerExperiments(of: run.name)
    let asker = home.recordsOfFiles().first { record in
      (record.variants + (record.earlier ?? [])).contains { $0.runs.contains(run.name) }
    }
    // A run of two variants is called by both: one of them is enough to choose it.
    let asked = asker.map { $0.variants + ($0.earlier ?? []) }?.first { $0.runs.contains(run.name) }
    var part = RunSelection()
    (part.only, part.folds) = (asked.map { [$0.name] } ?? [], plan.map { [$0.fold.number] })
    self.init(
      (text == run.name ? "is a run" : "is the run \(run.name)")
        + (experiment.map { " of \($0.distinct.joined(separator: " and "))" } ?? "")
        + (label.isEmpty ? "" : " (\(label))") + " in the workspace \(Self.shown(home, beside: workspace))",
      file: asker.flatMap(home.experimentFile) ?? run.beginning.file, part: part, settings: run.beginning.settings,
      workspace: Self.option(home, besides: workspace))
  }

  private init(report: URL) {
    let (record, folder) = (ReportRecord(in: report), URL(fileURLWithPath: report.path, isDirectory: true))
    let file = record?.experiment.map { URL(fileURLWithPath: $0, relativeTo: folder).standardizedFileURL }
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    self.init(
      "is the report" + (record.map { " of \($0.name)" } ?? ""),
      file: file.flatMap { FileManager.default.fileExists(atPath: $0.path) ? $0.path(from: here) : nil })
  }

  private init?(runsOf home: Workspace, besides workspace: Workspace) {
    guard home.exists else { return nil }
    let records = home.recordsOfFiles()
    let names = records.map(\.name).distinct
    self.init(
      "is the folder of the runs of the workspace \(Self.shown(home, beside: workspace))"
        + (names.isEmpty ? "" : ", which are of \(names.joined(separator: ", "))"),
      file: records.count == 1 ? home.experimentFile(of: records[0]) : nil,
      workspace: Self.option(home, besides: workspace))
  }

  private static func option(_ home: Workspace, besides workspace: Workspace) -> String? {
    home.root.onePath == workspace.root.onePath ? nil : shown(home, beside: workspace)
  }

  /// As it was given, else by its way from here where it lies below, else in full.
  private static func shown(_ home: Workspace, beside workspace: Workspace) -> String {
    if home.root.onePath == workspace.root.onePath { return workspace.root.relativePath }
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    return home.root.onePath.hasPrefix(here.onePath + "/") ? home.root.path(from: here) : home.root.path
  }
}

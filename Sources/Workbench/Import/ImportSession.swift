import Experiments
import Foundation
import Metrics
import Store
import System
import Text
import Volumes

/// `safnet import`: a method whose label maps come from elsewhere, as a row beside an experiment's own.
///
/// Everything is checked before a number is averaged, and nothing is stored unless all is sound.
package struct ImportSession {
  /// Where the maps are.
  package enum Source: Sendable {
    /// A folder with a label map for each test case.
    case predictions(URL)
    /// A results folder of nnU-Net v2; the splits it was trained on, if they are not in it.
    case nnUNet(URL, splits: URL?)

    var folder: URL {
      switch self {
      case .predictions(let folder), .nnUNet(let folder, _): folder
      }
    }
  }

  package let specification: Specification
  package let source: Source
  /// Its row's name.
  package let name: String
  /// A table of files and cases; nil: files are called after their cases.
  package var cases: URL?
  /// What the numbers in the maps mean; nil: what the experiment says, or the results' own `dataset.json`.
  package var labels: URL?
  /// Why test cases are missing.
  package var partial: String?
  /// Take the place of other content under this name.
  package var replaces = false
  /// By what the maps were made, as it is stated.
  package var tool: String?
  package var version: String?
  package var program = ""
  /// Whether somebody named the workspace: then it is meant, though the experiment's runs are in another.
  package var isWorkspaceAsked = false

  package init(_ specification: Specification, _ source: Source, name: String) {
    (self.specification, self.source, self.name) = (specification, source, name)
  }

  /// Checks, scores and stores.
  ///
  /// - Returns: the method's directory.
  @discardableResult
  package func run(in workspace: Workspace, console: any Console) throws -> RunDirectory {
    try checkName()
    try checkFolder()
    try lookForAnotherWorkspace(than: workspace, console)
    let workers = Machine.current().cores
    let target = try ImportTarget(specification, in: workspace, workers: workers, console: console)
    for notice in target.notices { console.error("notice: \(notice)") }
    let found = try maps(target)
    let matched = try MatchedMaps(found, target, isPartial: partial != nil, folder: source.folder)
    if partial != nil && matched.isComplete { throw ImportRefusal.nothingMissing(name: name) }
    let numbers = try (labels ?? found.labels).map { try ImportLabels($0, for: target.labels) }
    let known = numbers ?? ImportLabels(target.labels)
    var record = try record(found, matched, target, known)
    let methods = try ImportedRuns(workspace).methods(of: specification.name)
    let twins = methods.filter { $0.record.name == name }
    if let same = try twins.first(where: { try $0.record.identity == record.identity && $0.directory.isWhole() }) {
      console.print("\(same.directory.name): the same maps are imported already; nothing was changed")
      return same.directory
    }
    let others = twins.filter { $0.record.identity != record.identity }
    if let other = others.first, !replaces {
      throw ImportRefusal.otherContent(name: name, run: other.directory.name)
    }
    let ordered = target.folds.flatMap { matched.maps[$0.number] ?? [] }
    let scoring = ImportScoring(target: target, labels: known)
    let scored = try scoring.score(ordered, workers: workers)
    record.notices = notices(found, matched, scored, ordered, known, target)
    let directory = try store(record, scored, scoring, workspace)
    for other in others { _ = try other.directory.remove() }
    tellOfTwins(record, scored, among: methods, console)
    let doubts = doubts(scored, known, target)
    for notice in record.notices { console.error("\(doubts.contains(notice) ? "warning" : "notice"): \(notice)") }
    say(directory, record, scored, console)
    return directory
  }

  /// Rows that nobody tells apart, once there are two.
  private func tellOfTwins(
    _ record: ImportRecord, _ scored: [ImportScoring.Scored], among methods: [ImportedRuns.Method],
    _ console: any Console
  ) {
    if let twin = specification.row(like: name) ?? name.twin(in: methods.map(\.record.name)) {
      console.error(
        "warning: --name '\(name)' differs from '\(twin)' only in case or blanks, which nobody sees in a table: give it another"
          + " name, and take this one away with `safnet runs remove`")
    }
    func inOrder(_ cases: [CaseEvaluation]) -> [CaseEvaluation] { cases.sorted { $0.name < $1.name } }
    let scores = inOrder(scored.map(\.imageGrid))
    for other in methods where other.record.name != name {
      let isSame = other.record.hasSameMaps(as: record)
      let stored = try? EvaluationFile.read(other.directory.evaluationFile)
      guard isSame || stored.map({ inOrder($0.scores) == scores }) == true else { continue }
      return console.error(
        "warning: \(isSame ? "the same maps" : "maps of the same scores") are imported as '\(other.record.name)' already"
          + " (\(other.directory.name)), so that two rows are equal: take one away with `safnet runs remove`")
    }
  }

  /// A file of nnU-Net's results in their folder's place is told with the folder.
  private func checkFolder() throws {
    if case .nnUNet(let place, _) = source, PredictionFiles.exists(place), !VolumeList.isFolder(place) {
      let near = NearbyResults.of(place)
      if !near.isEmpty { throw ImportProblems([.noResults(folder: place.path, inside: near)]) }
    }
    _ = try Folder.names(in: source.folder)
  }

  /// From another working directory a second workspace would be begun, and the method would stand beside nothing.
  private func lookForAnotherWorkspace(than workspace: Workspace, _ console: any Console) throws {
    guard var elsewhere = RunsElsewhere(specification, besides: workspace) else { return }
    elsewhere.deed = "import here all the same"
    guard isWorkspaceAsked else { throw elsewhere }
    console.error("notice: \(elsewhere.pointing)")
  }

  private func checkName() throws(ImportRefusal) {
    let isPlain = !name.unicodeScalars.contains { $0.acts } && name == name.trimmingCharacters(in: .whitespaces)
    if partial?.allSatisfy(\.isWhitespace) == true { throw .noReason }
    guard isPlain, (1...200).contains(name.utf8.count) else { throw .badName(name: name) }
    guard !specification.rowNames.contains(name) else {
      throw .nameTaken(name: name, variants: specification.rowNames)
    }
  }

  private func maps(_ target: ImportTarget) throws -> FoundMaps {
    switch source {
    case .predictions(let folder):
      return try .predictions(
        in: folder, list: cases, origin: .init(tool: tool ?? "another program", version: version))
    case .nnUNet(let folder, let splits):
      return try NNUNetResults(folder).maps(
        target, list: cases, splits: splits, origin: .init(tool: tool ?? "nnU-Net", version: version))
    }
  }

  private func record(
    _ found: FoundMaps, _ matched: MatchedMaps, _ target: ImportTarget, _ labels: ImportLabels
  ) throws -> ImportRecord {
    var problems: [ImportProblem] = []
    let folds = target.folds.map { fold in
      let maps = (matched.maps[fold.number] ?? []).compactMap { map -> ImportRecord.Map? in
        do throws(ImportProblem) {
          return ImportRecord.Map(name: map.name, file: map.path, sha256: try map.digest())
        } catch {
          problems.append(error)
          return nil
        }
      }
      return ImportRecord.Fold(number: fold.number, maps: maps, missing: matched.missing[fold.number] ?? [])
    }
    guard problems.isEmpty else { throw ImportProblems(problems) }
    var record = ImportRecord(
      name: name, experiment: specification.name, dataset: target.digest, structures: target.labels.names,
      numbers: labels.meanings, origin: found.origin, partial: partial, folds: folds)
    (record.folder, record.date, record.program) = (source.folder.path, Date(), program)
    record.date = Date(timeIntervalSince1970: record.date.timeIntervalSince1970.rounded(.down))
    return record
  }

  private func notices(
    _ found: FoundMaps, _ matched: MatchedMaps, _ scored: [ImportScoring.Scored], _ maps: [FoundMap],
    _ labels: ImportLabels, _ target: ImportTarget
  ) -> [String] {
    var notices = found.notices + matched.notices + scored.compactMap(\.notice)
    notices += doubts(scored, labels, target)
    if !labels.unnumbered.isEmpty {
      notices.append("no number stands for \(ImportProblem.short(labels.unnumbered))")
    }
    if !found.summaries.isEmpty {
      notices +=
        SummaryComparison(
          found.summaries, maps, scored.map(\.imageGrid), labels, structures: target.labels.names
        ).notices
    }
    return notices
  }

  /// What makes it doubtful that the scores are the method's.
  private func doubts(
    _ scored: [ImportScoring.Scored], _ labels: ImportLabels, _ target: ImportTarget
  ) -> [String] {
    let renumbered = RenumberedMaps(scored.map(\.imageGrid), labels, of: target.labels)
    return [truthWords(scored), renumbered?.importWords].compactMap(\.self)
  }

  /// Of maps that are the truth itself; nil where none is.
  private func truthWords(_ scored: [ImportScoring.Scored]) -> String? {
    let truths = scored.filter(\.isTruth).map(\.imageGrid.name)
    guard !truths.isEmpty else { return nil }
    let which =
      truths.count == scored.count ? "all \(truths.count) maps" : "the maps of \(ImportProblem.short(truths))"
    return
      "\(which) equal the reference masks voxel for voxel, as no network's do: \(source.folder.path) may hold the references;"
      + " give the method's own maps with --replace"
  }

  private func store(
    _ record: ImportRecord, _ scored: [ImportScoring.Scored], _ scoring: ImportScoring, _ workspace: Workspace
  ) throws -> RunDirectory {
    let evaluation = StoredEvaluation(
      planIdentity: record.identity, structures: record.structures, cases: scored.map(\.networkGrid),
      imageGrid: .init(cases: scored.map(\.imageGrid), ceiling: scored.map(\.ceiling)))
    return try workspace.store(record, evaluation) { directory in
      try scoring.write(scored, to: directory.predictionsFolder)
    }
  }

  private func say(
    _ directory: RunDirectory, _ record: ImportRecord, _ scored: [ImportScoring.Scored], _ console: any Console
  ) {
    let missing = record.folds.reduce(0) { $0 + $1.missing.count }
    let dice = mean(ofCounted: scored.map(\.imageGrid.meanDice)).map { "mean Dice \($0.percent)" }
    console.print(
      "\(name): \(scored.count) of \(Quantity.of(scored.count + missing, "test case")) in"
        + " \(Quantity.of(record.folds.count { !$0.maps.isEmpty }, "fold")), \(dice ?? "no structure counts"), as \(directory.name)"
    )
  }
}

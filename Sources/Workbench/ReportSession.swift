import Experiments
import Foundation
import Reporting
import Scheduling
import Store
import System
import Text

/// `safnet report`: one experiment's report, to be written, compared with files written before, or explained.
package struct ReportSession {
  package struct Settings: Sendable {
    /// What deviations run over, and what is averaged first; nil: as the experiment says.
    package var deviation: Deviation?
    package var averaging: Averaging?
    /// Quote the paper's figures in both its tables; else in the one that the experiment names, if any.
    package var paper = false
    package var marksSecond = false
    /// The cases to show in the overlays; empty: best, median and worst.
    package var overlays: [String] = []
    /// Make the report with the choices that the one in the folder was made with.
    package var likeWritten = false
    /// Replace a report that holds more, or is another experiment's, and files that no report wrote or that were changed since.
    package var force = false
    /// The experiment's file, which tells two experiments of one name apart.
    package var file: URL?
    /// Whether files are to be written, so that their place is looked at before anything is read.
    package var writes = true

    package init() {}
  }

  package let report: Report
  /// Where its files are, or will be.
  package let folder: URL
  private let known: KnownExperiment
  private let workspace: Workspace
  private let settings: Settings

  /// Reads what is known of the experiment and its runs; makes nothing.
  ///
  /// - Parameter output: nil: `Reports/NAME`.
  /// - Throws: before anything else, what keeps files from being written there, if they are to be.
  package init(
    specification: Specification, workspace: Workspace, output: String? = nil, settings: Settings = Settings(),
    program: RunningProgram, console: any Console
  ) throws {
    folder = output.map { URL(fileURLWithPath: $0, isDirectory: true) } ?? Self.usualFolder(of: specification.name)
    if settings.writes { try OutputPlace.requireFolder(output ?? folder.relativePath, at: folder) }
    known = try KnownExperiment(specification, in: workspace, workers: Machine.current().cores)
    for notice in known.notices { console.error("notice: \(notice)") }
    for sentence in try known.misnamed(in: workspace) { console.error("notice: \(sentence)") }
    if let words = known.renamed(in: workspace) { console.error("notice: \(words)") }
    let test = try KnownTest(
      of: specification, labels: known.labels, in: workspace, workers: Machine.current().cores)
    for notice in test?.notices ?? [] { console.error("notice: \(notice)") }
    let input = try known.reportInput(test: test?.record, workspace: workspace, program: program) {
      console.error("notice: \($0)")
    }
    for sentence in input.importsLeftOut { console.error("notice: \(sentence)") }
    (self.workspace, self.settings) = (workspace, settings)
    report = Report(
      input,
      try settings.likeWritten ? ReportCheck.options(in: folder) : settings.options(specification))
  }

  /// Of what is known already, with the tables that the experiment asks for. No image is read: of a test set it is what
  /// the last `safnet run` recorded.
  init(_ known: KnownExperiment, in workspace: Workspace, program: RunningProgram) throws {
    (self.known, self.workspace, settings) = (known, workspace, Settings())
    folder = Self.usualFolder(of: known.specification.name)
    let test = known.specification.test == nil ? nil : workspace.testSet(of: known.specification.name)
    report = Report(
      try known.reportInput(test: test, workspace: workspace, program: program) { _ in },
      settings.options(known.specification))
  }

  static func usualFolder(of experiment: String) -> URL {
    URL(fileURLWithPath: "Reports/\(experiment)", isDirectory: true)
  }

  /// What must hold before anything is written.
  private var checks: ReportGuard {
    ReportGuard(report: report, folder: folder, known: known, workspace: workspace, settings: settings)
  }

  private func overlays() -> (overlays: [Overlay], missing: [String]) {
    Overlay.stored(for: report.input, cache: known.cache, workspace: workspace, names: settings.overlays)
  }

  /// How a cell came about.
  package func explanation(method: String, cell: String) throws(Explanation.Failure) -> String {
    try Explanation(report, method: method, cell: cell).text
  }

  /// A sentence for each cell of the files in the folder that the stored runs contradict.
  package func differences() -> [String] {
    ReportCheck.differences(in: folder, from: report, overlays: overlays().overlays)
  }

  /// Why there are any, as far as that is known.
  ///
  /// - Throws: `ReportRefusal` where no run of the experiment has finished, and every cell differs.
  package func causes() throws -> [String] {
    try [checks.cause(), ReportCheck.edits(in: folder, to: report)].compactMap(\.self) + overlays().missing
  }

  /// That files of the report were taken out of the folder, be it on purpose; nil where none is missing.
  package var goneWords: String? {
    let gone = WrittenFiles(in: folder).gone(from: folder)
    guard !gone.isEmpty else { return nil }
    return "\(folder.path) has no \(OwnFiles.list(gone)) any more, which `safnet report` wrote there; the same"
      + " command without --check writes \(gone.count == 1 ? "it" : "them") again"
  }

  /// Writes the files, and prints the tables and what is missing in them; then makes the PNG figures.
  ///
  /// - Parameters:
  ///   - printed: the tables to print; empty: all.
  ///   - searchPath: folders with programs, separated by colons, where the one that makes PNG figures may be.
  /// - Throws: `ReportRefusal` before anything is written when there is nothing to report, or when what is there would be
  ///   lost; after everything else when a picture could not be made.
  package func write(
    _ formats: Set<ReportFiles.Format> = Set(ReportFiles.Format.allCases), printing printed: [ReportPlan.Table] = [],
    searchPath: String, console: any Console
  ) throws {
    let tables = try printed.isEmpty ? report.tables : printed.map(table)
    try checks.begun()
    try checks.overlays()
    if !settings.force { try ReportFolder(folder: folder).check(known.specification, workspace) }
    let experiment = settings.file.map { $0.path(from: folder) }
    try checks.replacing(experiment, console)
    let (overlays, missing) = formats.isDisjoint(with: [.figures, .html]) ? ([], []) : overlays()
    let files = ReportFiles(report, formats: formats, overlays: overlays, experiment: experiment)
    let converter = PNGConverter.find(in: searchPath)
    let others = self.others(files, formats, hasConverter: converter != nil)
    try checks.ownFiles(files, others, console)
    try checks.tables(files)
    let notice = ReportFolder(folder: folder).notice(writing: Set(files.contents.keys))
    if let notice { console.error("notice: \(notice)") }
    var written = WrittenFiles(in: folder)
    try Folder.create(folder)
    try written.announce(files.contents, and: others, in: folder)
    do { try files.write(to: folder) } catch {
      // What was announced and not written is not to be taken for the report's.
      tell(console) { try written.settle(Array(files.contents.keys) + others, in: folder) }
      throw error
    }
    for table in tables { console.print(TerminalTable.text(table) + "\n") }
    console.print(([report.status] + [folder.path]).compactMap { $0 }.joined(separator: "\n"))
    for sentence in try further + runningWords + missing + files.leftOut { console.error("notice: \(sentence)") }
    // After the pictures, which are among its files, and even where some of them could not be made.
    defer {
      describe(files, formats, console)
      tell(console) { try written.settle(Array(files.contents.keys) + others, in: folder) }
    }
    try convertFigures(files, converter, console)
  }

  /// What is written besides: pictures, and what describes the folder.
  private func others(_ files: ReportFiles, _ formats: Set<ReportFiles.Format>, hasConverter: Bool) -> [String] {
    (hasConverter ? Self.pictures(of: files) : []) + (formats.contains(.json) ? [ReportCrate.name] : [])
  }

  private static func pictures(of files: ReportFiles) -> [String] {
    files.drawings.map { $0.replacing(".svg", with: ".png") }
  }

  /// What is met at the end, when everything that people read is there.
  private func tell(_ console: any Console, _ work: () throws -> Void) {
    do { try work() } catch { console.error("error: \(error)") }
  }

  /// Stored runs of the experiment that are in none of its tables.
  private var further: [String] {
    get throws {
      let stored = try StoredRuns(workspace)
      return [
        known.changes(in: stored, .finished).text, known.changes(in: stored, .left).text,
        OtherSeeds(known, in: stored).words,
      ]
      .compactMap(\.self) + FurtherRuns(known, in: stored).words
    }
  }

  /// That more will come, where a sweep is at work.
  private var runningWords: [String] {
    let running = report.input.variants.filter { $0.predicted == nil }.flatMap(\.runs).count { $0.state == "running" }
    guard running > 0 else { return [] }
    return [
      "\(Quantity.of(running, "run")) of these \(running == 1 ? "is" : "are") being trained now and not in the means; give the"
        + " same command again once `safnet status` calls them finished"
    ]
  }

  /// The folder as an RO-Crate.
  private func describe(_ files: ReportFiles, _ formats: Set<ReportFiles.Format>, _ console: any Console) {
    guard formats.contains(.json) else { return }
    tell(console) {
      try ReportCrate.write(report, files: Array(files.contents.keys) + Self.pictures(of: files), in: folder)
    }
  }

  private func table(_ kind: ReportPlan.Table) throws(UsageError) -> Table {
    guard let table = report.table(kind) else {
      throw .noTable(name: kind.rawValue, known: report.tables.map(\.kind.rawValue))
    }
    return table
  }

  private func convertFigures(_ files: ReportFiles, _ converter: URL?, _ console: any Console) throws {
    guard !files.drawings.isEmpty else { return }
    guard let converter else {
      return console.error("rsvg-convert is not installed, so there are no PNG figures: apt-get install librsvg2-bin")
    }
    let failures = parallelMap(files.drawings, workers: Machine.processors) { [folder] drawing in
      do throws(PNGConverter.Failure) {
        try PNGConverter.convert(folder.appending(path: drawing), with: converter)
        return nil as PNGConverter.Failure?
      } catch {
        return error
      }
    }.compactMap(\.self)
    for failure in failures { console.error("error: \(failure)") }
    let failed = failures.count
    if failed > 0 { throw ReportRefusal.pictures(failed: failed) }
  }
}

extension ReportSession.Settings {
  /// What the experiment says, where these settings say nothing.
  fileprivate func options(_ specification: Specification) -> ReportOptions {
    let plan = specification.report
    return ReportOptions(
      deviation: deviation ?? plan.deviation, averaging: averaging ?? plan.average,
      paper: paper ? ReportPlan.PaperTable.allCases : plan.paper.map { [$0] } ?? [], marksSecond: marksSecond,
      tables: plan.tables(testing: specification.test != nil))
  }
}

import ArgumentParser
import Experiments
import Foundation
import Reporting
import Scheduling
import Store
import System

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write the tables and figures of an experiment.",
    discussion: """
      What has not finished is named, never averaged over silently.

      Examples:
        safnet report Experiments/demo.json
        safnet report Experiments/ablation.json --paper --format latex --output Paper/tables
        safnet report Experiments/demo.json --print ablation cost
        safnet report Experiments/demo.json --explain SAFNet "fold 3"
        safnet report Experiments/demo.json --check
      """)

  @OptionGroup var experiment: ExperimentArguments
  @OptionGroup var options: WorkspaceOptions
  @Option(help: ArgumentHelp("Where the files go; Reports/NAME when absent.", valueName: "folder"))
  var output: String?
  @Option(help: "What standard deviations run over: cases, or folds (their means); report.deviation, if not given.")
  var deviation: Deviation?
  @Option(
    help:
      "What is averaged first: case (the challenge's order), or structure (nnU-Net's); report.average, if not given.")
  var average: Averaging?
  @Flag(help: "Quote the paper's figures beside ours, in Table 1 and in Table 2.") var paper = false
  @Flag(help: "Underline the second best.") var second = false
  @Option(
    parsing: .upToNextOption,
    help: "markdown, csv, latex, json, figures, html: what to write; everything when absent.")
  var format: [ReportFiles.Format] = []
  @Option(
    name: .customLong("print"), parsing: .upToNextOption,
    help: ArgumentHelp("Print only these of the report's tables; all are written.", valueName: "tables"))
  var printed: [ReportPlan.Table] = []
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Show these cases in the overlays instead of best, median and worst.", valueName: "cases"))
  var overlay: [String] = []
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Print how a cell came about, down to the cases.", valueName: "method> <cell"))
  var explain: [String] = []
  @Flag(help: "Recompute the files in the output folder and name every cell that differs; writes nothing.")
  var check = false

  func validate() throws {
    if !explain.isEmpty && explain.count != 2 {
      throw ValidationError("--explain needs a method and a cell: --explain SAFNet \"fold 3\"")
    }
    if check && !explain.isEmpty { throw ValidationError("--check and --explain do different things; give one") }
  }

  func run() throws {
    let specification = try experiment.specification()
    let opened = try ExperimentOpening(
      specification: specification, workspace: options.store, workers: Machine.current().cores,
      report: PreparationLines.show
    ).open()
    let input = try ReportInput(
      plan: opened.plan, workspace: options.store, engine: engines.standard, software: programVersion)
    let folder = URL(fileURLWithPath: output ?? "Reports/\(specification.name)", isDirectory: true)
    let report = Report(input, try check ? ReportCheck.options(in: folder) : chosenOptions(specification.report))
    if explain.count == 2 {
      return try printExplanation(report)
    }
    let overlays = Overlay.stored(for: input, cache: opened.cache, workspace: options.store, names: overlay)
    if check { return try compare(report, overlays, folder) }
    let formats = format.isEmpty ? Set(ReportFiles.Format.allCases) : Set(format)
    let tables = try printed.isEmpty ? report.tables : printed.map { try table($0, of: report) }
    let files = ReportFiles(report, formats: formats, overlays: overlays)
    try files.write(to: folder)
    try convertFigures(files, folder)
    for table in tables { Console.print(TerminalTable.text(table) + "\n") }
    Console.print(([report.status] + [folder.path]).compactMap { $0 }.joined(separator: "\n"))
  }

  private func chosenOptions(_ plan: ReportPlan) -> ReportOptions {
    ReportOptions(
      deviation: deviation ?? plan.deviation, averaging: average ?? plan.average,
      paper: paper ? ReportPlan.PaperTable.allCases : plan.paper.map { [$0] } ?? [], marksSecond: second,
      tables: plan.tables)
  }

  private func table(_ kind: ReportPlan.Table, of report: Report) throws -> Table {
    guard let table = report.table(kind) else {
      throw UsageError.noTable(name: kind.rawValue, known: report.tables.map(\.kind.rawValue))
    }
    return table
  }

  private func printExplanation(_ report: Report) throws {
    do {
      Console.print(try Explanation(report, method: explain[0], cell: explain[1]).text)
    } catch {
      throw ValidationError("--explain: \(error)")
    }
  }

  private func compare(_ report: Report, _ overlays: [Overlay], _ folder: URL) throws {
    let differences = ReportCheck.differences(in: folder, from: report, overlays: overlays)
    guard differences.isEmpty else {
      for difference in differences { Console.error(difference) }
      throw ExitCode(1)
    }
    Console.print("every cell in \(folder.path) agrees with the stored runs")
  }

  private func convertFigures(_ files: ReportFiles, _ folder: URL) throws {
    let drawings = files.contents.keys.filter { $0.hasSuffix(".svg") }.sorted()
    guard !drawings.isEmpty else { return }
    guard let converter = PNGConverter.find(in: ProcessInfo.processInfo.environment["PATH"] ?? "") else {
      return Console.error("rsvg-convert is not installed, so there are no PNG figures: apt-get install librsvg2-bin")
    }
    for drawing in drawings { try PNGConverter.convert(folder.appending(path: drawing), with: converter) }
  }
}

extension ReportPlan.Table: ExpressibleByArgument {}
extension Deviation: ExpressibleByArgument {}
extension Averaging: ExpressibleByArgument {}
extension ReportFiles.Format: ExpressibleByArgument {}

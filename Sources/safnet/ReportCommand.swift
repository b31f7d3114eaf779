import ArgumentParser
import Experiments
import Foundation
import Reporting
import Text
import Workbench

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write the tables and figures of an experiment.",
    discussion: """
      What has not finished is named, never averaged over silently. A report is not replaced by one that holds fewer \
      finished runs, nor by that of another experiment of its name; nor are files that it did not write, or that were \
      changed since. Only the workspace is needed, not the images.

      Examples:
        safnet report Experiments/demo.json
        safnet report Experiments/ablation.json --paper --format latex \\
          --output Paper/tables
        safnet report Experiments/demo.json --print ablation cost
        safnet report Experiments/demo.json --explain SAFNet "fold 3"
        safnet report Experiments/demo.json --check
      """)

  @OptionGroup var experiment: ExperimentArguments
  @OptionGroup var options: WorkspaceOptions
  @OptionGroup var engine: EngineOptions
  @Option(
    name: [.short, .long], help: ArgumentHelp("Where the files go; Reports/NAME when absent.", valueName: "folder"))
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
  var format: [CommaList<ReportFiles.Format>] = []
  @Option(
    name: .customLong("print"), parsing: .upToNextOption,
    help: ArgumentHelp("Print only these of the report's tables; all are written.", valueName: "tables"))
  var printed: [CommaList<ReportPlan.Table>] = []
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Show these cases in the overlays instead of best, median and worst.", valueName: "cases"))
  var overlay: [String] = []
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Print how a cell came about, down to the cases.", valueName: "method> <cell"))
  var explain: [String] = []
  @Flag(
    help:
      "Replace a report that holds more finished runs, or is another experiment's, and files that you wrote or changed there."
  )
  var force = false
  @Flag(help: "Recompute the files in the output folder and name every cell that differs; writes nothing.")
  var check = false

  func validate() throws {
    if !explain.isEmpty && explain.count != 2 {
      let given = explain.map(ShellWord.quoted).joined(separator: " ")
      throw ValidationError(
        "--explain needs a method and a cell, and was given \(given); one with blanks stands in quotes: --explain SAFNet"
          + " \"fold 3\"")
    }
    if output == OutputPlace.stream {
      throw ValidationError(
        "--output -: a report is a folder of files, and none goes to standard output; its tables are printed there all the"
          + " same, and --print chooses among them. Give a folder, or leave --output out for Reports/NAME.")
    }
    if check && !explain.isEmpty { throw ValidationError("--check and --explain do different things; give one") }
  }

  func run() throws {
    let session = try ReportSession(
      specification: experiment.specification(), workspace: options.store, output: output, settings: settings,
      program: engine.program(), console: console)
    if explain.count == 2 { return try printExplanation(session) }
    if check { return try compare(session) }
    try session.write(
      format.isEmpty ? Set(ReportFiles.Format.allCases) : Set(format.flatMap(\.values)),
      printing: printed.flatMap(\.values),
      searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "", console: console)
  }

  private var settings: ReportSession.Settings {
    var settings = ReportSession.Settings()
    (settings.deviation, settings.averaging, settings.paper) = (deviation, average, paper)
    (settings.marksSecond, settings.overlays, settings.likeWritten) = (second, overlay, check)
    (settings.force, settings.file) = (force, URL(fileURLWithPath: experiment.file))
    settings.writes = explain.isEmpty && !check
    return settings
  }

  private func printExplanation(_ session: ReportSession) throws {
    try options.store.requireRuns()
    console.print(try session.explanation(method: explain[0], cell: explain[1]))
  }

  private func compare(_ session: ReportSession) throws {
    if let words = session.goneWords { console.error("notice: \(words)") }
    let differences = session.differences()
    if !differences.isEmpty { for cause in try session.causes() { console.error("notice: \(cause)") } }
    for difference in differences { console.error(difference) }
    if !differences.isEmpty { throw ExitCode(1) }
    console.print("every cell in \(session.folder.path) agrees with the stored runs")
  }
}

extension ReportPlan.Table: ExpressibleByArgument {}
extension Deviation: ExpressibleByArgument {}
extension Averaging: ExpressibleByArgument {}
extension ReportFiles.Format: ExpressibleByArgument {}

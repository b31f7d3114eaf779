import ArgumentParser
import Experiments
import Foundation
import Scheduling
import Store
import System

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show what ran, runs, waits, failed and why.",
    discussion: """
      Without an experiment, every run of the workspace is shown.

      Examples:
        safnet status Experiments/demo.json
        safnet status Experiments/demo.json --watch
        safnet status --json
      """)

  @Argument(help: ArgumentHelp("The experiment's file.", valueName: "spec")) var file: String?
  @Option(
    name: .long, parsing: .singleValue, help: ArgumentHelp("Change a value of it.", valueName: "key.path=value"))
  var set: [String] = []
  @OptionGroup var options: WorkspaceOptions
  @Flag(help: "Show it again every two seconds, until Ctrl-C.") var watch = false
  @Flag(help: "As JSON, for scripts.") var json = false

  func run() throws {
    let board = try StatusBoard(workspace: options.store, runs: plannedRuns())
    repeat {
      let statuses = try board.read()
      if json { try Console.printJSON(statuses) } else { show(StatusTable.lines(statuses)) }
      if watch { Thread.sleep(forTimeInterval: 2) }
    } while watch
  }

  /// The cells of the experiment, or nil for the whole workspace.
  private func plannedRuns() throws -> [PlannedRun]? {
    guard let file else { return nil }
    let specification = try Specification.load(URL(fileURLWithPath: file), overrides: set)
    let opening = ExperimentOpening(
      specification: specification, workspace: options.store, workers: Machine.current().cores,
      report: PreparationLines.show)
    return try opening.open().plan.runs
  }

  private func show(_ lines: [String]) {
    let clear = watch && isatty(STDOUT_FILENO) == 1 ? "\u{1B}[H\u{1B}[2J" : ""
    Console.print(clear + lines.joined(separator: "\n"))
  }
}

import ArgumentParser
import Experiments
import Foundation
import Workbench

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show what ran, runs, waits, failed and why.",
    discussion: """
      Without an experiment, every run of the workspace is shown.

      Examples:
        safnet status Experiments/demo.json
        safnet status Experiments/demo.json --watch
        safnet status Experiments/ablation.json --only SAFNet --folds 1-3
        safnet status --json
      """)

  @Argument(help: ArgumentHelp("The experiment's file.", valueName: "spec")) var file: String?
  @Option(
    name: .long, parsing: .singleValue, help: ArgumentHelp("Change a value of it.", valueName: "key.path=value"))
  var set: [String] = []
  @OptionGroup var part: SelectionOptions
  @OptionGroup var options: WorkspaceOptions
  @Flag(help: "A line for every run; else, where an experiment has more than a hundred, one for each variant.")
  var all = false
  @Flag(help: "Show it again every two seconds, until Ctrl-C.") var watch = false
  @Flag(help: "As JSON, for scripts.") var json = false

  func validate() throws { try SetOfAnExperiment.check(set, file: file, command: "status") }

  func run() throws {
    let specification = try file.map { try Specification.load(URL(fileURLWithPath: $0), overrides: set) }
    UnheardOption.tell(set, by: .runs)
    try options.requireMeant(for: specification)
    let selection = try StatusSelection(part.selection, specification)
    let board = try StatusBoard(workspace: options.store, of: specification, only: selection.variants, console: console)
    repeat {
      let statuses = try selection.chosen(from: board.read())
      if watch { console.clear() }
      if json {
        try console.printJSON(statuses)
      } else {
        console.print(StatusTable.lines(statuses, all: all || file == nil).joined(separator: "\n"))
      }
      if watch && console.refusal == nil { Thread.sleep(forTimeInterval: 2) }
    } while watch && console.refusal == nil
  }
}

import ArgumentParser
import Store
import Workbench

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List, show, compare and remove runs.",
    discussion: """
      Examples:
        safnet runs list --json
        safnet runs show safnet-f1-1a2b3c4d5e6f
        safnet runs compare safnet-f1-1a2b3c4d5e6f safnet-f1-9f8e7d6c5b4a
        safnet runs remove safnet-f1-1a2b3c4d5e6f --yes
      """,
    subcommands: [List.self, Show.self, Compare.self, Remove.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List every run of the workspace.",
      discussion: "Example:\n  safnet runs list --state failed")

    @OptionGroup var options: WorkspaceOptions
    @Option(help: "Only runs in this state: queued, running, finished, damaged, failed, interrupted, stale.")
    var state: RunState?
    @Flag(help: "As JSON, for scripts.") var json = false

    func run() throws {
      let all = try StatusBoard(workspace: options.store, of: nil, console: console).read()
      let statuses = all.filter { state == nil || $0.state == state }
      if json { return try console.printJSON(statuses) }
      console.print(StatusTable.lines(statuses).joined(separator: "\n"))
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show one run: its plan, epochs, events and files.",
      discussion: "Example:\n  safnet runs show safnet-f1-1a2b3c4d5e6f")

    @Argument(help: "The run's name, or its first letters.") var name: String
    @OptionGroup var options: WorkspaceOptions
    @Flag(help: "As JSON, for scripts.") var json = false

    func run() throws {
      let run = try options.store.run(named: name)
      if run.isImported {
        let description = try ImportDescription(of: run)
        if json { try console.printJSON(description) } else { console.print(description.text) }
        return
      }
      let description = try RunDescription(of: run)
      if json { try console.printJSON(description) } else { console.print(description.text) }
    }
  }

  struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compare runs: in which fields their plans differ, and their scores.",
      discussion: "Example:\n  safnet runs compare safnet-f1-1a2b3c4d5e6f safnet-f1-9f8e7d6c5b4a")

    @Argument(help: "Two or more runs.") var names: [String]
    @OptionGroup var options: WorkspaceOptions
    @Flag(help: "As JSON, for scripts.") var json = false

    func validate() throws {
      if names.count < 2 { throw ValidationError("runs compare needs at least two runs") }
    }

    func run() throws {
      let comparison = try RunComparison(of: names.map { try options.store.run(named: $0) }, in: options.store)
      if json { try console.printJSON(comparison) } else { console.print(comparison.text) }
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Delete runs with everything they hold.",
      discussion: "Example:\n  safnet runs remove safnet-f1-1a2b3c4d5e6f --yes")

    @Argument(help: "The runs' full names.") var names: [String]
    @OptionGroup var options: WorkspaceOptions
    @Flag(help: "Really.") var yes = false

    func run() throws {
      try options.store.remove(names, confirmed: yes) { console.print("removed \($0)") }
    }
  }
}

extension RunState: ExpressibleByArgument {}

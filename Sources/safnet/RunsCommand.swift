import ArgumentParser
import Experiments
import Foundation
import Store
import Text
import Workbench

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List, show, compare, annotate and remove runs.",
    discussion: """
      Examples:
        safnet runs list --json
        safnet runs show safnet-f1-1a2b3c4d5e6f
        safnet runs compare safnet-f1-1a2b3c4d5e6f safnet-f1-9f8e7d6c5b4a
        safnet runs note safnet-f1-1a2b3c4d5e6f "with the new masks"
        safnet runs tag safnet-f1-1a2b3c4d5e6f paper
        safnet runs remove safnet-f1-1a2b3c4d5e6f --yes
      """,
    subcommands: [List.self, Show.self, Compare.self, Note.self, Tag.self, Remove.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List every run of the workspace.",
      discussion: """
        With the experiments that ask for it, its variant there, and the fields in which the plans of the shown runs differ.

        Examples:
          safnet runs list --state failed
          safnet runs list --experiment ablation --tag paper
        """)

    @OptionGroup var options: WorkspaceOptions
    @Option(help: "Only runs in this state: queued, running, finished, damaged, failed, interrupted, stale.")
    var state: RunState?
    @Option(
      help: ArgumentHelp(
        "Only runs of this experiment: its file, for what that asks for now; or its name, for those of its earlier plans too.",
        valueName: "name"))
    var experiment: String?
    @Option(parsing: .singleValue, help: ArgumentHelp("Only runs with this tag. May be given again.", valueName: "tag"))
    var tag: [String] = []
    @Flag(help: "Every field in which the plans differ.") var fields = false
    @Flag(help: "As JSON, for scripts.") var json = false

    func run() throws {
      var selection = RunList.Selection()
      (selection.state, selection.experiment, selection.tags) = (state, try experiment.map(Self.name), tag)
      selection.file = experiment.flatMap(Self.file)
      try options.store.requireMeant(for: selection.experiment, beside: selection.file, isAsked: options.isAsked)
      let list = try RunList(selection, in: options.store, console: console)
      if json { return try console.printJSON(list.runs) }
      console.print(list.lines(allFields: fields).joined(separator: "\n"))
    }

    /// Of an experiment that was given by its file.
    private static func name(_ given: String) throws -> String {
      guard let file = file(given) else { return given }
      return try Specification.load(file).name
    }

    private static func file(_ given: String) -> URL? {
      let file = URL(fileURLWithPath: given)
      return given.hasSuffix(".json") && FileManager.default.fileExists(atPath: file.path) ? file : nil
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show one run: its plan, epochs, events and files.",
      discussion: "Example:\n  safnet runs show safnet-f1-1a2b3c4d5e6f")

    @Argument(help: "The run's name, or its first letters; of a variant's name the newest finished run.") var name:
      String
    @OptionGroup var options: WorkspaceOptions
    @Flag(help: "As JSON, for scripts.") var json = false

    func run() throws {
      let run = try options.run(named: name)
      if run.isImported {
        let description = try ImportDescription(of: run)
        if json { try console.printJSON(description) } else { console.print(description.text) }
        return
      }
      let description = try RunDescription(of: run)
      if let words = MisnamedRuns.sentence(of: run) { console.error("notice: \(words)") }
      if let words = description.notice { console.error("notice: \(words)") }
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
      let runs = try names.map { try options.run(named: $0) }
      guard Set(runs.map(\.name)).count == runs.count else {
        throw ValidationError(
          "\(names.joined(separator: " and ")) name one run twice; runs compare needs different ones")
      }
      let comparison = try RunComparison(of: runs, in: options.store)
      if json { try console.printJSON(comparison) } else { console.print(comparison.text) }
    }
  }

  struct Note: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a note about a run, or print it.",
      discussion: """
        It stands in notes.json of the run's directory: no part of its identity, and of no matter to its training. An empty \
        text takes it away.

        Example:
          safnet runs note safnet-f1-1a2b3c4d5e6f "with the new masks"
        """)

    @Argument(help: "The run's name, or its first letters.") var name: String
    @Argument(help: "The note; what is there is printed, if not given.") var text: String?
    @OptionGroup var options: WorkspaceOptions

    func run() throws {
      let run = try options.store.run(named: name)
      guard let text else {
        let note = try run.readNotes().note
        if note == nil {
          console.error("\(run.name) has no note; one is written by `safnet runs note \(run.name) \"TEXT\"`")
        }
        return console.print(note ?? "")
      }
      try run.changeNotes { $0.with(note: text) }
    }
  }

  struct Tag: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give a run tags, or take them away.",
      discussion: """
        Examples:
          safnet runs tag safnet-f1-1a2b3c4d5e6f paper baseline
          safnet runs tag safnet-f1-1a2b3c4d5e6f baseline --remove
        """)

    @Argument(help: "The run's name, or its first letters.") var name: String
    @Argument(help: "The tags.") var tags: [String]
    @OptionGroup var options: WorkspaceOptions
    @Flag(help: "Take them away.") var remove = false

    func run() throws {
      let run = try options.store.run(named: name)
      if remove {
        let known = try run.readNotes().tags
        for tag in tags where !known.contains(tag) {
          let others =
            known.isEmpty
            ? ". It has no tags." : "\(tag.nearest(in: known).closingHint) It has \(known.joined(separator: ", "))."
          console.error("notice: \(run.name) has no tag '\(tag)'\(others)")
        }
      }
      let notes = try run.changeNotes { remove ? $0.removing(tags) : $0.adding(tags) }
      console.print(notes.tags.joined(separator: " "))
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Delete runs with everything they hold.",
      discussion: """
        Unclaimed is a run that nobody asks for any more: neither an experiment given with --experiment, as its file says \
        now, nor any other that the workspace knows, as its last `safnet run` did (Workspace/experiments) or its file says now, \
        nor another file of one's name that is still there. Imported methods, \
        runs that are being trained and those that wait in a sweep that is at work are never unclaimed.

        Examples:
          safnet runs remove safnet-f1-1a2b3c4d5e6f --yes
          safnet runs remove --state failed --dry-run
          safnet runs remove --unclaimed --experiment Experiments/ablation.json --yes
        """)

    @Argument(help: "The runs' full names.") var names: [String] = []
    @OptionGroup var options: WorkspaceOptions
    @Option(help: "All runs in this state.") var state: RunState?
    @Flag(help: "All runs that no experiment asks for.") var unclaimed = false
    @Option(
      parsing: .singleValue,
      help: ArgumentHelp("Of --unclaimed: a file that asks for runs. May be given again.", valueName: "file"),
      completion: .file(extensions: ["json"]))
    var experiment: [String] = []
    @Flag(help: "Say what would be removed, and remove nothing.") var dryRun = false
    @Flag(help: "Really.") var yes = false

    func validate() throws {
      if unclaimed, !names.isEmpty, names.allSatisfy({ $0.lowercased().hasSuffix(".json") }) {
        let files = names.map { " --experiment \(ShellWord.quoted($0))" }.joined()
        throw ValidationError(
          "an experiment's file is given to --unclaimed by --experiment: safnet runs remove --unclaimed\(files)")
      }
      if let file = experiment.first, !unclaimed {
        let part = ShellWord.quoted(file) + (state.map { " --state \($0.rawValue)" } ?? "")
        throw ValidationError(
          "--experiment belongs to --unclaimed, which removes what the experiment does not ask for. The names of those that it asks for"
            + " are listed by `safnet runs list --experiment \(part)`; give the names alone")
      }
      if names.isEmpty == (state == nil && !unclaimed) {
        throw ValidationError(
          "runs remove takes either names of runs (`safnet runs list` has them), or chooses: --state STATE takes all in a state,"
            + " such as --state finished, and --unclaimed all that no experiment asks for")
      }
    }

    func run() throws {
      let choice = RemovableRuns(
        state: state,
        unclaimedBy: unclaimed
          ? try experiment.map { try Specification.load(URL(fileURLWithPath: $0), overrides: []) } : nil)
      let found =
        names.isEmpty
        ? try choice.names(in: options.store).map(options.store.runDirectory(named:))
        : try options.store.removable(names)
      let kept = names.isEmpty ? MisnamedRuns.onlyCopies(among: found) : []
      let chosen = found.filter { !kept.contains($0) }.map(\.name)
      // A removal that only needs the name must not fail for want of more.
      let known = (try? options.store.summaries(of: chosen)) ?? [:]
      func tell(_ done: String, _ name: String) {
        console.print("\(done) \(known[name] ?? name)")
      }
      if dryRun || !yes { for name in chosen { tell("would remove", name) } }
      for run in found {
        guard let words = MisnamedRuns.sentence(of: run) else { continue }
        console.error("notice: \(kept.contains(run) ? "\(run.name) is removed by its name only: " : "")\(words)")
      }
      if chosen.isEmpty {
        return console.error(choice.nothingChosen(in: options.store))
      }
      if dryRun { return console.error("Nothing was done (--dry-run).") }
      guard yes else { throw UsageError.needsConfirmation(runs: chosen.count) }
      guard names.isEmpty else {
        return try options.store.remove(names, confirmed: true) { tell("removed", $0) }
      }
      try options.store.remove(
        choice, chosen, removed: { tell("removed", $0) }, left: { console.error("notice: \($0): it stays") })
    }
  }
}

extension RunState: ExpressibleByArgument {}

import ArgumentParser
import Foundation
import System

@main
struct Safnet: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "safnet",
    abstract: "Trains and compares 3D segmentation networks for spine MRI: sweeps, resume, tables.",
    discussion: """
      Examples:
        safnet new DATASET -o study.json      an experiment for your own images
        safnet run Experiments/demo.json      train everything it asks for
        safnet status Experiments/demo.json   what ran, runs, waits, failed and why
        safnet run Experiments/demo.json      again, any time: only what is missing

      Exit codes: 0 done; 1 something failed: a run, a file, a dataset; 2 the command or the experiment file must be \
      changed; 130 interrupted.
      """,
    version: programVersion,
    subcommands: [
      NewCommand.self, ValidateCommand.self, PlanCommand.self, RunCommand.self, StatusCommand.self, CancelCommand.self,
      RunsCommand.self, IndexCommand.self, ReportCommand.self, DashboardCommand.self, ImportCommand.self,
      DatasetCommand.self,
      PredictCommand.self, EvaluateCommand.self, ExportCommand.self, VerifyCommand.self,
      DevicesCommand.self, BenchmarkCommand.self, SchemaCommand.self, WorkerCommand.self,
    ])

  static func main() {
    StandardStreams.hold()
    _ = Signals.becomeErrors
    ProgramFile.takeName("safnet")
    let words = CommandWords.withTwoDashes(CommandWords.helpFirst(Array(CommandLine.arguments.dropFirst())))
    do {
      try ArgumentBytes.check()
      try UnknownCommand.check(words, below: Self.self)
      try EmptyWord.check(words, below: Self.self)
      try RepeatedOption.check(words, below: Self.self)
      try ExperimentForRun.check(words, below: Self.self)
      var command = try parseAsRoot(CommandWords.joiningNegativeNumbers(words))
      try command.run()
      checkOutput()
    } catch {
      leave(error, words)
    }
  }

  /// A result that did not reach its reader is a failure.
  private static func checkOutput() {
    guard let reason = console.refusal else { return }
    console.error("error: standard output: \(reason). The output is not complete; give it room or a reader, and again.")
    _exit(1)
  }

  /// Argument errors end with code 2, all others with what they mean.
  private static func leave(_ error: any Error, _ words: [String]) -> Never {
    if let code = error as? ExitCode {
      checkOutput()
      _exit(code.rawValue)
    }
    switch exitCode(for: error) {
    case .success:
      let help = fullMessage(for: error)
      if !help.isEmpty { console.print(help) }
      checkOutput()
      _exit(0)
    case .validationFailure:
      console.error(OptionElsewhere.told(fullMessage(for: error), of: words, below: Self.self))
      _exit(2)
    default:
      console.error("error: \(Failure.words(error))")
      let meant =
        MistakenExperiment.words(error, words, below: Self.self) ?? MeantCommand.words(error, words, below: Self.self)
        ?? FlagWord.words(error, words, below: Self.self)
      if let meant { console.error(meant) }
      _exit(Failure.exitCode(error))
    }
  }
}

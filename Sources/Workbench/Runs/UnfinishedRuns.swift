import Experiments
import Foundation
import Store
import Text

/// Runs of which one that is finished is wanted, and none is: what came of each, and the command that leads on.
package struct UnfinishedRuns: Equatable, Sendable {
  /// "fold 1, 2: failed: the loss of step 2 is nan; fold 3: queued".
  package let states: String
  /// `safnet run` with all that names them.
  package let command: String
  private let isAtWork: Bool
  /// Of a folder that is called as one of them and holds another run, which `safnet run` would not touch: what to do first.
  private var misnamed: String?

  package init(states: String, command: String, isAtWork: Bool = false) {
    (self.states, self.command, self.isAtWork) = (states, command, isAtWork)
  }

  /// - Parameter runs: each with what it is called here, such as "fold 1".
  init(_ runs: [(place: String, directory: RunDirectory)], command: String) {
    let standings = runs.map { $0.directory.standing }
    let kinds = standings.distinct.map { kind in
      let places = zip(runs, standings).filter { $0.1 == kind }.map(\.0.place)
      let folds = places.filter { $0.hasPrefix("fold ") && !$0.contains(",") }.map { $0.dropFirst("fold ".count) }
      let names = folds.count == places.count ? "fold " + folds.joined(separator: ", ") : places.joined(separator: ", ")
      return "\(names): \(kind)"
    }
    states = kinds.joined(separator: "; ")
    isAtWork = standings.contains { $0.hasPrefix(RunState.running.rawValue) }
    misnamed = runs.lazy.map(\.directory).first { $0.misnaming != nil }.flatMap { MisnamedRuns.sentence(of: $0) }
    self.command = command
  }

  /// How to go on.
  package var remedy: String {
    isAtWork
      ? "`\(command.replacing("safnet run", with: "safnet status", maxReplacements: 1))` shows how far they are"
      : (misnamed.map { "\($0); then " } ?? "") + "`\(command)` trains what is missing"
  }
}

extension RunDirectory {
  /// Its state, and why; no more than that of one that is finished.
  var standing: String {
    guard exists, let history = try? history(), let state = try? state(after: history) else {
      return RunState.queued.rawValue
    }
    let epochs = history.finishedEpochs
    switch state {
    case .failed:
      let message = history.failure?.message ?? ""
      // Whoever reads it knows the run.
      let cause = message.hasPrefix(name + " ") ? String(message.dropFirst(name.count + 1)) : message
      return cause.isEmpty ? "failed" : "failed: \(cause.trimmingSuffix("."))"
    case .interrupted: return "interrupted after \(Quantity.of(epochs, "epoch"))"
    case .stale: return "its process is gone, after \(Quantity.of(epochs, "epoch"))"
    case .running: return "running, \(Quantity.of(epochs, "epoch")) so far"
    default: return state.rawValue
    }
  }
}

extension String {
  fileprivate func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}

extension Specification {
  /// `safnet run` with this experiment, as it was given.
  func runCommand(in workspace: Workspace) -> String {
    workspace.runCommand(shownFile ?? "EXPERIMENT", options: options)
  }
}

extension Workspace {
  /// - Parameter options: of `--set`.
  func runCommand(_ file: String, options: [String] = []) -> String {
    let changes = options.flatMap { ["--set", $0] }
    return (["safnet", "run", file] + changes + self.options).map(ShellWord.quoted).joined(separator: " ")
  }

  /// Of a command that is about this workspace, the words that name it; none where it is the usual one.
  var options: [String] {
    let isUsual = root.onePath == URL(fileURLWithPath: "Workspace", isDirectory: true).onePath
    return isUsual ? [] : ["--workspace", root.relativePath]
  }

  /// The same for the experiment that asked for a run, or did before, with the `--set` under which the run was planned: without
  /// them other runs would be trained.
  func runCommand(for run: String) -> String {
    func asks(_ variants: [ExperimentRecord.Variant]?) -> Bool { variants?.contains { $0.runs.contains(run) } == true }
    let (records, beginning) = (recordsOfFiles(), runDirectory(named: run).beginning)
    let file =
      records.first { asks($0.variants) }.flatMap(experimentFile) ?? beginning.file
      ?? records.first { asks($0.earlier) }.flatMap(experimentFile)
    return runCommand(file ?? "EXPERIMENT", options: beginning.settings)
  }

  /// The experiment's file, as the record has it, else as it was given when one of its runs was begun, where it still lies there.
  func experimentFile(of record: ExperimentRecord) -> String? {
    if let file = record.file.flatMap(file) {
      return file.path(from: URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true))
    }
    let known = Set((try? runNames()) ?? [])
    return record.variants.flatMap(\.runs).filter(known.contains).prefix(Self.lookedForFile).lazy
      .compactMap { runDirectory(named: $0).beginning.file }.first
  }

  private static var lookedForFile: Int { 5 }
}

/// The command that a run was planned by.
struct RunBeginning {
  private let words: [String]

  init(_ words: [String]) { self.words = words }

  /// The experiment's, where it still lies there.
  var file: String? {
    words.dropFirst().first { $0.hasSuffix(".json") && !$0.hasPrefix("-") }
      .flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
  }

  /// What it gave with `--set`.
  var settings: [String] { values(of: "--set") }

  /// What it gave with an option, in either form.
  func values(of option: String) -> [String] {
    words.indices.compactMap { place in
      if words[place].hasPrefix(option + "=") { return String(words[place].dropFirst(option.count + 1)) }
      return words[place] == option && place + 1 < words.count ? words[place + 1] : nil
    }
  }
}

extension RunDirectory {
  /// Nothing of a run whose plan cannot be read.
  var beginning: RunBeginning { RunBeginning((try? readPlan())?.environment.commandLine ?? []) }
}

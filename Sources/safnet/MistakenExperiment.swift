import ArgumentParser
import Experiments
import Foundation
import JSON
import Text
import Workbench

/// Something else that a workspace knows, where an experiment's file belongs: what it is, and the same command with the file.
enum MistakenExperiment {
  /// Nil where the error is about something else, or nothing is known of what was given.
  ///
  /// - Parameter given: the words of the command line.
  static func words(_ error: any Error, _ given: [String], below root: any ParsableCommand.Type) -> String? {
    guard let place = place(of: error, in: given) else { return nil }
    guard let found = GivenForExperiment(given[place], in: WorkspaceOptions.workspace(of: given)) else { return nil }
    let what = "\(given[place]) \(found.words)"
    guard let file = found.file else {
      return "\(what); give the experiment's file, which is not where it was when it was run."
    }
    let (command, depth) = StrayArgument.command(of: given, root)
    var words = given
    words[place] = file
    let help = command.helpMessage(columns: 400)
    func add(_ option: String, _ values: [String]) {
      guard help.contains("--\(option) "), !given.contains("--\(option)") else { return }
      words += values.flatMap { ["--\(option)", $0] }
    }
    // Both may stand in each other's place.
    if let variant = found.part.only.first, let option = words.firstIndex(of: "--variant"),
      words[(option + 1)...].first.flatMap(NamesFile.init) == .experiment
    {
      words[option + 1] = variant
    }
    add("variant", found.part.only)
    add("only", found.part.only)
    add("folds", found.part.folds.map { [$0.map(String.init).joined(separator: ",")] } ?? [])
    // A run of another `--set` is not of the file as it stands.
    if ["run", "status", "plan", "report", "dashboard"].contains(given[..<depth].joined(separator: " ")) {
      add("set", found.settings)
    }
    add("workspace", [found.workspace].compactMap(\.self))
    return "\(what). Type: \((["safnet"] + words).map(ShellWord.quoted).joined(separator: " "))"
  }

  /// Which of the words could not be read as an experiment.
  private static func place(of error: any Error, in given: [String]) -> Int? {
    if case .unknownExperiment(let name, _, _)? = error as? UsageError { return given.lastIndex(of: name) }
    guard let one = (error as? SpecificationErrors)?.errors.first else { return nil }
    let shown: String
    switch one.fault {
    case .unreadable(let file, _): shown = file
    case .noExperiment:
      guard case .file(let file)? = one.place?.origin else { return nil }
      shown = file
    default: return nil
    }
    func path(_ text: String) -> String { URL(fileURLWithPath: text).standardizedFileURL.path }
    return given.lastIndex { !$0.hasPrefix("-") && path($0) == path(shown) }
  }
}

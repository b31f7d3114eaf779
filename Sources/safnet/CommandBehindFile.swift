import ArgumentParser
import Experiments
import Foundation
import Store
import Volumes
import Workbench

/// A file, a folder or a run before the command that is to take it, as with programs whose subject stands first.
enum CommandBehindFile {
  /// The words in their order; nil where no command is behind it, or one that takes no such thing.
  ///
  /// - Parameter others: the words behind it.
  static func words(_ word: String, _ others: [String], below root: any ParsableCommand.Type) -> String? {
    guard let (place, name) = command(among: others, root) else { return nil }
    let words = [name] + Array(others[(place + 1)...])
    let (command, depth) = StrayArgument.command(of: words, root)
    let (path, rest) = (Array(words[..<depth]), Array(others[..<place]) + Array(words[depth...]))
    do throws(ExperimentForRun) { try ExperimentForRun.check(path + [word] + rest, below: root) } catch {
      return error.meant.map(said) ?? "The command comes first; \(error)"
    }
    guard let own = order(of: word, rest, for: command) else { return nil }
    let meant = MeantCommand.withOutput(path + own, command)
    return MeantCommand.isTaken(meant, below: root) ? said(MeantCommand.typed(meant)) : nil
  }

  private static func said(_ command: String) -> String { "The command comes first: `\(command)`" }

  /// Where a command stands, and its name; of the first word behind the file it may be another program's, or misspelt.
  private static func command(
    among others: [String], _ root: any ParsableCommand.Type
  ) -> (place: Int, name: String)? {
    let names = root.configuration.subcommands.map { $0._commandName }
    let place = others.indices.first { index in
      guard names.contains(others[index]) else { return false }
      // What stands behind an option is its value, unless it takes none.
      guard index > 0, others[index - 1].hasPrefix("-") else { return true }
      let command = StrayArgument.command(of: Array(others[index...]), root).command
      return FlagWord.flags(of: command).contains(others[index - 1])
    }
    if let place { return (place, others[place]) }
    guard let first = others.first, !first.hasPrefix("-") else { return nil }
    return UnknownCommand.meant(first, among: names).map { (0, $0) }
  }

  /// The word among the others as the command may take it; nil where it takes no such thing.
  private static func order(
    of word: String, _ rest: [String], for command: any ParsableCommand.Type
  ) -> [String]? {
    let place = URL(fileURLWithPath: word, isDirectory: true)
    let isOurs = RunDirectory(place).exists || Workspace(place).exists
    let isThere = FileManager.default.fileExists(atPath: word)
    if StrayArgument.takes("run", command),
      (try? PredictionRuns.check(word, in: WorkspaceOptions.workspace(of: rest))) != nil
    {
      return [word] + rest
    }
    if word.lowercased().hasSuffix(".json") {
      if StrayArgument.takesExperiment(command) { return [word] + rest }
      let takesVariant = OptionElsewhere.options(of: command).contains("--variant") && !rest.contains("--variant")
      let variants = takesVariant ? (try? Specification.load(URL(fileURLWithPath: word)).variants.count) ?? 0 : 0
      return ["--experiment", word] + (variants > 1 ? ["--variant", "NAME"] : []) + rest
    }
    if command is PredictCommand.Type { return isThere && !isOurs ? rest + [word] : nil }
    let takesIt =
      command is EvaluateCommand.Type || VolumeList.isFolder(place) && StrayArgument.takes("dataset", command)
    return isThere && !isOurs && takesIt ? [word] + rest : nil
  }
}

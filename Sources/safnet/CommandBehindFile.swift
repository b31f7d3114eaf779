import ArgumentParser
import Foundation
import Store
import Volumes

/// A file or a folder before the command that is to take it, as with programs whose subject stands first.
enum CommandBehindFile {
  /// The words in their order; nil where no command is behind it, or one that takes no such thing.
  ///
  /// - Parameter others: the words behind it.
  static func words(_ word: String, _ others: [String], below root: any ParsableCommand.Type) -> String? {
    let names = root.configuration.subcommands.map { $0._commandName }
    let found = others.indices.first { index in
      names.contains(others[index]) && (index == 0 || !others[index - 1].hasPrefix("-"))
    }
    guard let place = found else { return nil }
    let (command, depth) = StrayArgument.command(of: Array(others[place...]), root)
    let path = Array(others[place..<(place + depth)])
    let rest = Array(others[..<place] + others[(place + depth)...])
    do throws(ExperimentForRun) { try ExperimentForRun.check(path + [word] + rest, below: root) } catch {
      return said(error.meant)
    }
    return subject(word, of: command).map { said(MeantCommand.typed(path + $0 + rest)) }
  }

  private static func said(_ command: String) -> String { "The command comes first: `\(command)`" }

  /// The word as the command takes it.
  private static func subject(_ word: String, of command: any ParsableCommand.Type) -> [String]? {
    let place = URL(fileURLWithPath: word, isDirectory: true)
    if VolumeList.isFolder(place) {
      let isOurs = RunDirectory(place).exists || Workspace(place).exists
      return !isOurs && StrayArgument.takes("dataset", command) ? [word] : nil
    }
    guard word.lowercased().hasSuffix(".json") else { return nil }
    if StrayArgument.takesExperiment(command) { return [word] }
    return command.helpMessage(columns: 400).contains("\n  --experiment ") ? ["--experiment", word] : nil
  }
}

import ArgumentParser
import Foundation
import Text

/// A word that is no command, where one must stand: said before the parser takes it for a stray argument.
struct UnknownCommand: Error, Equatable, CustomStringConvertible {
  var word: String
  /// What stands before it: "safnet runs".
  var parent: String
  var known: [String]
  /// What to type where the word is a file or a folder.
  var command: String?
  /// A command of another group, by its whole name.
  var elsewhere: String?
  /// What to type where the same word stands twice.
  var once: String?

  var description: String {
    if let once { return "'\(word)' stands there twice; type `\(once)`" }
    if let command { return "\(word) stands where a command must. \(command)" }
    let nearest =
      Self.otherNames[word].flatMap { known.contains($0) ? $0 : nil } ?? elsewhere ?? word.nearest(in: known)
    return "\(parent) has no command '\(word)'\(nearest.map { ", did you mean \($0)?" } ?? ".") It has "
      + known.joined(separator: ", ") + "."
  }

  /// How other programs call it.
  private static let otherNames = [
    "train": "run", "resume": "run", "start": "run", "sweep": "run", "test": "evaluate", "score": "evaluate",
    "segment": "predict", "infer": "predict", "inference": "predict", "tables": "report", "check": "validate",
    "ls": "list", "rm": "remove", "delete": "remove", "diff": "compare", "info": "show", "create": "phantom",
    "init": "new",
  ]

  /// Throws if the first words of a command line, up to the first option, do not lead to a command.
  static func check(_ words: [String], below root: any ParsableCommand.Type) throws(UnknownCommand) {
    var (command, path) = (root, name(root))
    // `safnet help WORD`: what is to be explained is a command too.
    for (number, word) in words.enumerated() where number > 0 || word != "help" {
      let below = command.configuration.subcommands
      if below.isEmpty, number > 0, word == name(command), !FileManager.default.fileExists(atPath: word) {
        let once = path.split(separator: " ").map(String.init) + words.dropFirst(number + 1)
        throw UnknownCommand(
          word: word, parent: path, known: [], once: once.map(ShellWord.quoted).joined(separator: " "))
      }
      if below.isEmpty || word.hasPrefix("-") { return }
      guard let next = below.first(where: { name($0) == word }) else {
        let shown = below.filter { $0.configuration.shouldDisplay }.map { name($0) }
        let meant = number == 0 ? FileForCommand.words(word, Array(words.dropFirst())) : nil
        throw UnknownCommand(
          word: word, parent: path, known: shown, command: meant, elsewhere: elsewhere(word, below: root))
      }
      (command, path) = (next, path + " " + word)
    }
  }

  /// `list` is `runs list`, and `version` an option.
  private static func elsewhere(_ word: String, below root: any ParsableCommand.Type) -> String? {
    if ["version", "help"].contains(word) { return "--\(word)" }
    let wanted = [word, otherNames[word]].compactMap(\.self)
    let groups = root.configuration.subcommands.filter { !$0.configuration.subcommands.isEmpty }
    return groups.lazy.flatMap { group in
      group.configuration.subcommands.filter { wanted.contains(name($0)) }.map { "\(name(group)) \(name($0))" }
    }.first
  }

  private static func name(_ command: any ParsableCommand.Type) -> String { command._commandName }
}

import ArgumentParser
import Text

/// A word that is no command, where one must stand: said before the parser takes it for a stray argument.
struct UnknownCommand: Error, Equatable, CustomStringConvertible {
  var word: String
  /// What stands before it: "safnet runs".
  var parent: String
  var known: [String]
  /// What to type where the word is a file or a folder.
  var command: String?

  var description: String {
    if let command { return "\(word) stands where a command must. \(command)" }
    let nearest = Self.otherNames[word].flatMap { known.contains($0) ? $0 : nil } ?? word.nearest(in: known)
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
      if below.isEmpty || word.hasPrefix("-") { return }
      guard let next = below.first(where: { name($0) == word }) else {
        let shown = below.filter { $0.configuration.shouldDisplay }.map { name($0) }
        let meant = number == 0 ? FileForCommand.words(word, Array(words.dropFirst())) : nil
        throw UnknownCommand(word: word, parent: path, known: shown, command: meant)
      }
      (command, path) = (next, path + " " + word)
    }
  }

  private static func name(_ command: any ParsableCommand.Type) -> String { command._commandName }
}

import ArgumentParser
import Experiments
import Foundation
import Text
import Volumes
import Workbench

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
    let nearest = Self.meanings(of: word).first(where: known.contains) ?? elsewhere ?? word.nearest(in: known)
    return "\(parent) has no command '\(word)'\(nearest.closingHint) It has "
      + known.joined(separator: ", ") + "."
  }

  /// How other programs call it: a command, and their words for it.
  private static let otherNames: [(command: String, words: String)] = [
    (
      "run",
      "train training fit learn resume continue restart start sweep launch submit exec go crossval cv tune search"
    ),
    ("evaluate", "eval evaluation test testing score metrics metric dice"),
    ("predict", "infer inference segment segmentation prediction predictions forward apply ensemble"),
    (
      "report",
      "tables table results result summary summarize summarise figures figure plot plots find-best-configuration"
    ),
    ("status", "ps progress monitor watch top queue jobs"),
    ("cancel", "stop kill abort scancel interrupt end pause halt quit terminate suspend finish break"),
    ("dashboard", "serve server web ui gui tensorboard board visualize visualise view viewer"),
    ("validate", "check lint config"),
    ("plan", "estimate dry-run dryrun cost"),
    ("new", "init create setup wizard quickstart configure"),
    ("devices", "device gpu gpus nvidia-smi"),
    ("benchmark", "bench profile speed"),
    ("export", "convert onnx to-onnx"),
    ("index", "reindex rebuild"),
    // Of a group of commands.
    ("list", "ls ll history experiments"), ("show", "info log logs cat describe details view inspect"),
    ("remove", "rm del delete clean prune purge"), ("compare", "diff cmp"), ("note", "comment annotate"),
    ("tag", "label mark"), ("phantom", "create demo example synthetic generate"),
    (
      "check",
      "validate verify info inspect stats statistics summary ls list preprocess plan-and-preprocess prepare fingerprint"
    ), ("import", "convert add"),
  ]

  /// Commands that a word of another program may mean, the likeliest first.
  private static func meanings(of word: String) -> [String] {
    let word = Substring(word.lowercased().replacing("_", with: "-"))
    return otherNames.filter { $0.words.split(separator: " ").contains(word) }.map(\.command)
  }

  /// The command of these names that another program's word or a misspelt one means.
  static func meant(_ word: String, among names: [String]) -> String? {
    meanings(of: word).first(where: names.contains) ?? word.nearest(in: names)
  }

  /// `check data`, where an experiment is checked by another command than a dataset.
  private static func ofDataset(_ word: String, _ others: [String]) -> String? {
    guard word == "check" || meanings(of: word).contains("check"), let place = others.first,
      Dataset.isOne(URL(fileURLWithPath: place)) || VolumeList.isFolder(URL(fileURLWithPath: place))
    else { return nil }
    return
      "A dataset is looked through by `\((["safnet", "dataset", "check"] + others).map(ShellWord.quoted).joined(separator: " "))`;"
      + " an experiment's file is checked by `safnet validate FILE`."
  }

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
        let others = Array(words.dropFirst())
        if number == 0, word == name(root), !others.isEmpty {
          throw UnknownCommand(
            word: word, parent: path, known: [], once: words.map(ShellWord.quoted).joined(separator: " "))
        }
        let meant =
          WeightsFile(word)?.words(word)
          ?? (number == 0
            ? CommandBehindFile.words(word, others, below: root) ?? FileForCommand.words(word, others, below: root)
              ?? ofDataset(word, others)
            : CommandBehindFile.words(word, [words[0]] + others.dropFirst(number), below: root)
              ?? FileForCommand.words(word, Array(others.dropFirst(number)), behind: name(command), below: root))
        throw UnknownCommand(
          word: word, parent: path, known: shown, command: meant,
          elsewhere: elsewhere(word, below: root, isGroup: path.contains(" ")))
      }
      (command, path) = (next, path + " " + word)
    }
  }

  /// `list` is `runs list`, and `version` an option.
  ///
  /// - Parameter isGroup: whether the word stands behind the name of a group, so that it may be a command of no group.
  private static func elsewhere(
    _ word: String, below root: any ParsableCommand.Type, isGroup: Bool
  ) -> String? {
    if ["version", "help"].contains(word) { return "--\(word)" }
    let wanted = [word] + meanings(of: word)
    let groups = root.configuration.subcommands.filter { !$0.configuration.subcommands.isEmpty }
    return wanted.lazy.compactMap { one in
      groups.lazy.flatMap { group in
        group.configuration.subcommands.filter { name($0) == one }.map { "\(name(group)) \(name($0))" }
      }.first
        ?? root.configuration.subcommands.first { isGroup && $0.configuration.shouldDisplay && name($0) == one }
        .map { "\(name(root)) \(name($0))" }
    }.first
  }

  private static func name(_ command: any ParsableCommand.Type) -> String { command._commandName }
}

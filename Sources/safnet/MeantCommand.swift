import ArgumentParser
import Foundation
import Text
import Workbench

/// The same command with the words that an error says were meant, and all of its options.
enum MeantCommand {
  /// Nil where the error names no others.
  ///
  /// - Parameter given: the words of the command line.
  static func words(_ error: any Error, _ given: [String], below root: any ParsableCommand.Type) -> String? {
    meant(error, given, root).map { "Type: \(typed($0))" }
  }

  /// As it is typed.
  static func typed(_ words: [String]) -> String { (["safnet"] + words).map(ShellWord.quoted).joined(separator: " ") }

  /// With prediction and truth in each other's place; nil where they do not stand there.
  static func exchanged(_ prediction: String, _ truth: String, _ given: [String]) -> [String]? {
    guard let first = given.dropFirst().firstIndex(of: prediction),
      let second = given[(first + 1)...].firstIndex(of: truth)
    else { return nil }
    var words = given
    words.swapAt(first, second)
    return words
  }

  /// Whether the parser takes the words for a command, and what stands in them for allowed.
  static func isTaken(_ words: [String], below root: any ParsableCommand.Type) -> Bool {
    (try? root.parseAsRoot(CommandWords.joiningNegativeNumbers(words))) != nil
  }

  /// With a place for the label maps, which `safnet predict` does not do without.
  static func withOutput(_ words: [String], _ command: any ParsableCommand.Type) -> [String] {
    let has = words.contains { ["-o", "--output"].contains($0.prefix { $0 != "=" }) }
    return command is PredictCommand.Type && !has ? words + ["--output", "FOLDER"] : words
  }

  private static func meant(
    _ error: any Error, _ given: [String], _ root: any ParsableCommand.Type
  ) -> [String]? {
    if case .exchanged(let prediction, let truth, _)? = error as? ImageUsageError {
      return exchanged(prediction, truth, given)
    }
    if case .imageFirst(let image, let run?)? = error as? ImageUsageError {
      return with(run, before: image, given, root)
    }
    if case .runTwice(let name)? = error as? ImageUsageError { return once(name, given, root) }
    if case .runAmongImages(_, _, let runs, let others)? = error as? ImageUsageError {
      return runs.isEmpty ? nil : voting(runs + others, given, root)
    }
    guard case .noResults(let folder, let inside)? = (error as? ImportProblems)?.problems.first, inside.count == 1,
      let place = given.lastIndex(where: { !$0.hasPrefix("-") && URL(fileURLWithPath: $0).path == folder })
    else { return nil }
    var words = given
    words[place] = inside[0]
    return words
  }

  /// With one of the words that stand by themselves before another of them.
  private static func with(
    _ word: String, before other: String, _ given: [String], _ root: any ParsableCommand.Type
  ) -> [String]? {
    let (command, depth) = StrayArgument.command(of: given, root)
    let own = FlagWord.own(of: given, from: depth, FlagWord.flags(of: command))
    guard let first = own.first(where: { given[$0] == other }),
      let second = own.first(where: { $0 > first && given[$0] == word })
    else { return nil }
    var words = given
    words.remove(at: second)
    words.insert(word, at: first)
    return words
  }

  /// With the first of several places alone where a word stands; nil where that is no command.
  private static func once(_ word: String, _ given: [String], _ root: any ParsableCommand.Type) -> [String]? {
    let (command, depth) = StrayArgument.command(of: given, root)
    let own = FlagWord.own(of: given, from: depth, FlagWord.flags(of: command))
    let again = own.filter { given[$0] == word }.dropFirst()
    let words = given.indices.filter { !again.contains($0) }.map { given[$0] }
    return !again.isEmpty && isTaken(words, below: root) ? words : nil
  }

  /// With every one of these names behind a `--run` of its own.
  private static func voting(
    _ names: [String], _ given: [String], _ root: any ParsableCommand.Type
  ) -> [String] {
    let (command, depth) = StrayArgument.command(of: given, root)
    let own = FlagWord.own(of: given, from: depth, FlagWord.flags(of: command)).filter { names.contains(given[$0]) }
    let rest = given.indices.filter { $0 >= depth && !own.contains($0) }.map { given[$0] }
    return Array(given[..<depth]) + own.map { given[$0] }.distinct.flatMap { ["--run", $0] } + rest
  }
}

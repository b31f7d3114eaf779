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

  private static func meant(
    _ error: any Error, _ given: [String], _ root: any ParsableCommand.Type
  ) -> [String]? {
    if case .exchanged(let prediction, let truth, _)? = error as? ImageUsageError {
      return exchanged(prediction, truth, given)
    }
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

  /// With every one of these names behind a `--run` of its own.
  private static func voting(
    _ names: [String], _ given: [String], _ root: any ParsableCommand.Type
  ) -> [String] {
    let (command, depth) = StrayArgument.command(of: given, root)
    let own = FlagWord.own(of: given, from: depth, FlagWord.flags(of: command)).filter { names.contains(given[$0]) }
    let rest = given.indices.filter { $0 >= depth && !own.contains($0) }.map { given[$0] }
    return Array(given[..<depth]) + own.flatMap { ["--run", given[$0]] } + rest
  }
}

import Foundation
import Text
import Workbench

/// The same command with the words that an error says were meant, and all of its options.
enum MeantCommand {
  /// Nil where the error names no others.
  ///
  /// - Parameter given: the words of the command line.
  static func words(_ error: any Error, _ given: [String]) -> String? {
    meant(error, given).map { "Type: \((["safnet"] + $0).map(ShellWord.quoted).joined(separator: " "))" }
  }

  private static func meant(_ error: any Error, _ given: [String]) -> [String]? {
    var words = given
    if case .exchanged(let prediction, let truth, _)? = error as? ImageUsageError {
      guard let first = given.dropFirst().firstIndex(of: prediction),
        let second = given[(first + 1)...].firstIndex(of: truth)
      else { return nil }
      words.swapAt(first, second)
      return words
    }
    guard case .noResults(let folder, let inside)? = (error as? ImportProblems)?.problems.first, inside.count == 1,
      let place = given.lastIndex(where: { !$0.hasPrefix("-") && URL(fileURLWithPath: $0).path == folder })
    else { return nil }
    words[place] = inside[0]
    return words
  }
}

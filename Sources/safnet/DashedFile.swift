import ArgumentParser
import Foundation

/// A file's name with dashes before it, as if it were an option.
enum DashedFile {
  /// The command without them; nil where no word is one.
  ///
  /// - Parameter given: the words of the command line.
  static func words(_ given: [String], below root: any ParsableCommand.Type) -> String? {
    let (_, depth) = StrayArgument.command(of: given, root)
    guard let place = given.indices.first(where: { $0 >= depth && isFile(given[$0]) }) else { return nil }
    var rest = Array(given[depth...])
    rest.remove(at: place - depth)
    let file = String(given[place].drop { $0 == "-" })
    return "a file's name stands without dashes: `\(MeantCommand.typed(Array(given[..<depth]) + [file] + rest))`"
  }

  private static func isFile(_ word: String) -> Bool {
    let name = word.drop { $0 == "-" }
    guard word.hasPrefix("-"), name.contains("."), !name.contains("=") else { return false }
    return name.lowercased().hasSuffix(".json") || FileManager.default.fileExists(atPath: String(name))
  }
}

import ArgumentParser
import Foundation
import Text

/// A file's name with dashes before it, as if it were an option.
enum DashedFile {
  /// The command without them; nil where no word is one.
  ///
  /// - Parameters:
  ///   - given: the words of the command line.
  ///   - lacksOne: whether the command lacks what the file may be; only then a name without an ending is taken for one.
  static func words(_ given: [String], below root: any ParsableCommand.Type, lacksOne: Bool) -> String? {
    let (command, depth) = StrayArgument.command(of: given, root)
    for place in given.indices where place >= depth && given[place].hasPrefix("-") && !given[place].contains("=") {
      let name = String(given[place].drop { $0 == "-" })
      let isFile = name.contains(".") && (name.lowercased().hasSuffix(".json") || isThere(name))
      let isWord = lacksOne && !OptionElsewhere.options(of: command).contains(given[place])
      guard isFile || isWord, let file = isFile ? name : [name, name + ".json"].first(where: isThere) else { continue }
      if depth == 0, let words = CommandBehindFile.words(file, Array(given.dropFirst()), below: root) {
        return "\(start). \(words)"
      }
      let meant = Array(given[..<place]) + [file] + Array(given[(place + 1)...])
      if MeantCommand.isTaken(meant, below: root) { return "\(start): `\(MeantCommand.typed(meant))`" }
      if isFile { return "\(start): \(ShellWord.quoted(file))" }
    }
    return nil
  }

  private static let start = "a file's name stands without dashes"

  private static func isThere(_ name: String) -> Bool { !name.isEmpty && FileManager.default.fileExists(atPath: name) }
}

import ArgumentParser

/// A word of the command line that is empty, as a variable of the shell that is not set gives it: as a path it would be
/// the working directory.
struct EmptyWord: Error, Equatable, CustomStringConvertible {
  /// Nil of a word that belongs to no option.
  var option: String?
  /// "safnet run".
  var command: String
  /// What help calls it: "folder".
  var value: String
  var isOptional: Bool

  var description: String {
    let way = "give \(Self.kinds[value] ?? "<\(value)>")" + (isOptional ? ", or leave it out" : "")
    if let option { return "\(option) is empty; \(way)" }
    return
      "a name is empty where `\(command)` takes <\(value)>, as a variable of the shell that is not set gives it; \(way)"
  }

  private static let kinds = [
    "folder": "a folder", "file": "a file", "file.json": "a file's name", "spec": "an experiment's file",
    "path": "a path", "name": "a name", "command": "a command", "pattern": "a pattern", "numbers": "numbers",
    "dataset": "its folder", "run": "a run", "text": "a text", "prediction": "a file or folder",
    "truth": "a file or folder",
    "run-and-images": "the run and the images",
  ]

  /// Throws if one of the words of a command line, which begin with a command's name, is empty and may not be.
  static func check(_ words: [String], below root: any ParsableCommand.Type) throws(EmptyWord) {
    let (command, depth) = StrayArgument.command(of: words, root)
    guard words[depth...].contains(where: { $0.isEmpty || $0.hasPrefix("-") && $0.hasSuffix("=") }) else { return }
    let name = (["safnet"] + words[..<depth]).joined(separator: " ")
    let arguments = CommandArgument.all(of: command)
    var (own, current, isBehindDashes) = (arguments.filter(\.names.isEmpty)[...], CommandArgument?.none, false)
    func require(_ value: String, of argument: CommandArgument?) throws(EmptyWord) {
      guard value.isEmpty, let argument else { return }
      let option = argument.names.max { $0.count < $1.count }
      // An empty note takes it away.
      if option == nil, argument.valueName == "text" { return }
      throw EmptyWord(
        option: option, command: name, value: argument.valueName, isOptional: argument.isOptional)
    }
    for word in words[depth...] {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      if word == "--", !isBehindDashes {
        (current, isBehindDashes) = (nil, true)
      } else if !isBehindDashes, word.hasPrefix("-"), word != "-" {
        let option = arguments.first { $0.names.contains(parts[0]) }
        if parts.count == 2 { try require(parts[1], of: option) }
        current = parts.count == 2 ? nil : option
      } else if let option = current {
        try require(word, of: option)
        if !option.takesSeveral { current = nil }
      } else {
        try require(word, of: own.first)
        if own.count > 1, own.first?.isRepeating == false { own.removeFirst() }
      }
    }
  }
}

import ArgumentParser

/// An option that the command does not have, and others do.
enum OptionElsewhere {
  /// The parser's message with the commands that have the option it does not know, behind its first line; as it is where
  /// none has.
  static func told(_ message: String, below root: any ParsableCommand.Type) -> String {
    guard let match = message.firstMatch(of: /Unknown option '(?<option>-[^']+)'/) else { return message }
    let option = String(match.option)
    let owners = commands(below: root, "").filter { $0.options.contains(option) }.map { "`\($0.name)`" }
    guard let last = owners.last else { return message }
    let list = owners.count == 1 ? "\(last) has" : "\(owners.dropLast().joined(separator: ", ")) and \(last) have"
    var lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines.insert("\(list) \(option).", at: 1)
    return lines.joined(separator: "\n")
  }

  private static func commands(
    below command: any ParsableCommand.Type, _ path: String
  ) -> [(name: String, options: Set<String>)] {
    let own = command.configuration
    guard own.shouldDisplay else { return [] }
    guard own.subcommands.isEmpty else {
      return own.subcommands.flatMap { commands(below: $0, path + command._commandName + " ") }
    }
    return [(path + command._commandName, options(in: command.helpMessage(columns: columns)))]
  }

  /// Those that help lists: the names at the beginning of a line.
  private static func options(in help: String) -> Set<String> {
    let names = help.split(separator: "\n").flatMap { line -> [Substring] in
      guard line.hasPrefix("  -") else { return [] }
      return line.split(separator: " ").map { $0.prefix { $0 != "," && $0 != "/" } }.prefix {
        $0.hasPrefix("-") || $0.hasPrefix("<")
      }
    }
    return Set(names.map(String.init))
  }

  /// Wide enough that no name is on a second line.
  private static let columns = 400
}

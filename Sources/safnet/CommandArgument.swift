import ArgumentParser
import Foundation

/// An option with a value, or a word without one, as a command describes itself to makers of completions.
struct CommandArgument {
  /// With their dashes; none of a word that belongs to no option.
  let names: [String]
  /// What help calls the value.
  let valueName: String
  let isOptional: Bool
  /// Whether it may be given again.
  let isRepeating: Bool
  /// Whether one option is followed by several values.
  let takesSeveral: Bool

  /// In the order of help; the parser takes its time for them.
  static func all(of command: any ParsableCommand.Type) -> [CommandArgument] {
    struct Description: Decodable {
      struct Command: Decodable { let arguments: [Argument]? }
      struct Argument: Decodable {
        struct Name: Decodable {
          let kind: String
          let name: String
        }
        let kind: String
        let isOptional: Bool
        let isRepeating: Bool
        let parsingStrategy: String?
        let valueName: String?
        let names: [Name]?
      }
      let command: Command
    }
    guard let found = try? JSONDecoder().decode(Description.self, from: Data(command._dumpHelp().utf8)) else {
      return []
    }
    return (found.command.arguments ?? []).filter { $0.kind != "flag" }.map { argument in
      CommandArgument(
        names: (argument.names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name },
        valueName: argument.valueName ?? "", isOptional: argument.isOptional, isRepeating: argument.isRepeating,
        takesSeveral: argument.parsingStrategy == "upToNextOption")
    }
  }
}

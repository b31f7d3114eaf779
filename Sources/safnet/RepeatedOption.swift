import ArgumentParser
import Text

/// An option of one value that is given twice, with two values: the parser would take the last and drop the others.
struct RepeatedOption: Error, Equatable, CustomStringConvertible {
  var option: String
  var values: [String]
  /// Whether its one value may be a list, `1-3,5`.
  var takesList = false

  var description: String {
    let given = "given \(values.count == 2 ? "twice" : "\(values.count) times"): \(values.joined(separator: ", ")). "
    guard takesList else { return "\(option) takes one value and is \(given)Give the one that is meant." }
    let list = ShellWord.quoted(values.joined(separator: ","))
    return "\(option) is \(given)Several are written in one: \(option) \(list)"
  }

  /// Throws if the words of a command line, which begin with a command's name, say one thing in two ways.
  static func check(_ words: [String], below root: any ParsableCommand.Type) throws(RepeatedOption) {
    var (command, rest) = (root, words[...])
    while let word = rest.first, let next = command.configuration.subcommands.first(where: { $0._commandName == word })
    {
      (command, rest) = (next, rest.dropFirst())
    }
    // What a command has is asked of the parser, which takes its time: not where nothing can be there twice.
    guard rest.count(where: { $0.hasPrefix("-") }) > 1 else { return }
    let options = CommandArgument.all(of: command)
    var values: [Int: [String]] = [:]
    while let word = rest.popFirst(), word != "--" {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard word.hasPrefix("-"), let number = options.firstIndex(where: { $0.names.contains(String(parts[0])) }) else {
        continue
      }
      guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else { break }
      if !options[number].isRepeating, values[number]?.contains(value) != true {
        values[number, default: []].append(value)
      }
    }
    for (number, given) in values.sorted(by: { $0.key < $1.key }) where given.count > 1 {
      throw RepeatedOption(
        option: options[number].names.max { $0.count < $1.count } ?? "", values: given,
        takesList: options[number].valueName == listName)
    }
  }

  /// What the help calls the value of every option that is read as a `NumberList`.
  private static let listName = "numbers"
}

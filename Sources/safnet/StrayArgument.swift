import ArgumentParser
import Foundation
import Text
import Volumes
import Workbench

/// A word that the parser could not place: what it seems to belong to, and how that is written.
enum StrayArgument {
  /// Nil where the message is about something else.
  ///
  /// - Parameters:
  ///   - message: the parser's.
  ///   - given: the words of the command line.
  static func words(_ message: String, _ given: [String], _ root: any ParsableCommand.Type) -> String? {
    let first = message.firstMatch(of: /Unexpected argument '(?<word>.*)'(\n|$)/)?.word
    let several = message.firstMatch(of: /unexpected arguments: '(?<word>.*?)'(, '|\n|$)/)?.word
    guard let word = (first ?? several).map(String.init), let place = place(of: word, in: given) else { return nil }
    let (command, depth) = command(of: given, root)
    guard depth <= place else { return nil }
    // Of "= 3" the number is meant.
    let meant = word == "=" && place + 1 < given.count ? given[place + 1] : word
    return valuesBeforeFile(place, given, depth, root)
      ?? value(meant, behind: given[depth..<place], before: given[(place + 1)...]) ?? flag(word, of: command)
      ?? further(word, place, given, command, depth, root)
  }

  /// The parser names what is left over from the left; a word that stands there twice is left over the second time.
  private static func place(of word: String, in given: [String]) -> Int? { given.lastIndex(of: word) }

  /// The command, and where its own words begin.
  static func command(
    of given: [String], _ root: any ParsableCommand.Type
  ) -> (command: any ParsableCommand.Type, depth: Int) {
    var (command, depth) = (root, 0)
    while depth < given.count,
      let next = command.configuration.subcommands.first(where: { $0._commandName == given[depth] })
    {
      (command, depth) = (next, depth + 1)
    }
    return (command, depth)
  }

  /// Of what a command finds once it runs, the parser knows no usage but the whole program's.
  static func withOwnUsage(_ message: String, _ given: [String], _ root: any ParsableCommand.Type) -> String {
    let (_, depth) = command(of: given, root)
    let general =
      "\nUsage: \(root._commandName) <subcommand>\n  See '\(root._commandName) --help' for more information."
    let name = ([root._commandName] + given[..<depth]).joined(separator: " ")
    return depth == 0 ? message : message.replacing(general, with: "\n  See '\(name) --help' for more information.")
  }

  // MARK: The value of an option

  /// Of an experiment that is missing: an option that takes several words has taken it, or what to write.
  ///
  /// - Parameter message: the parser's.
  static func missing(_ message: String, _ given: [String], _ root: any ParsableCommand.Type) -> String? {
    let (command, depth) = command(of: given, root)
    let (name, own) = ((["safnet"] + given[..<depth]).joined(separator: " "), given[depth...])
    let files = own.indices.filter { !own[$0].hasPrefix("-") && own[$0].lowercased().hasSuffix(".json") }
    let isTaken =
      files.count == 1 && message.contains(/^Error: The value '[^']*\.json' is invalid for '--/.ignoresCase())
    guard message.contains("Missing expected argument '<file>'") || isTaken && takesExperiment(command) else {
      return nil
    }
    guard let place = files.last else {
      let known = OptionElsewhere.options(of: command)
      let isKnown = own.allSatisfy { !$0.hasPrefix("--") || known.contains(String($0.prefix { $0 != "=" })) }
      let rest = isKnown ? own.map(ShellWord.quoted) : []
      return "the experiment's file comes first: \(([name, "EXPERIMENT"] + rest).joined(separator: " "))"
    }
    // What has no other value lacks its own.
    let isOnlyValue =
      place > own.startIndex && own[place - 1].hasPrefix("-")
      && (place + 1 == own.endIndex || own[place + 1].hasPrefix("-"))
    let rest = own[..<place] + (isOnlyValue ? ["VALUE"] : []) + own[(place + 1)...]
    let words = ([own[place]] + rest).map(ShellWord.quoted).joined(separator: " ")
    return
      "an option has taken \(own[place]) for a value of its own; the experiment's file comes first: \(name) \(words)"
  }

  /// Of a file behind several values of an option that takes one: the same command with the file first, and the values in one.
  private static func valuesBeforeFile(
    _ place: Int, _ given: [String], _ depth: Int, _ root: any ParsableCommand.Type
  ) -> String? {
    guard given[place].lowercased().hasSuffix(".json"),
      let option = given[depth..<place].lastIndex(where: { $0.hasPrefix("--") }), place > option + 2,
      ["--only", "--folds", "--seeds", "--device"].contains(given[option])
    else { return nil }
    var meant = Array(given[..<depth]) + [given[place]]
    meant += given[depth...option]
    meant.append(given[(option + 1)..<place].joined(separator: ","))
    meant += given[(place + 1)...]
    guard MeantCommand.isTaken(meant, below: root) else { return nil }
    return "\(given[option]) takes its values with commas between, and the experiment's file comes first:"
      + " `\(MeantCommand.typed(meant))`"
  }

  /// What was divided by a blank and belongs to the option before it.
  private static func value(
    _ word: String, behind before: ArraySlice<String>, before rest: ArraySlice<String>
  ) -> String? {
    guard let option = before.lastIndex(where: { $0.hasPrefix("--") }) else { return nil }
    let parts = before[option].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let values = Array(parts.dropFirst()) + before[(option + 1)...]
    // What the parser took for the command's own argument may be the value that is meant.
    if parts[0] == "--set", let path = values.first, !path.contains("=") {
      return setting(path, values.count > 1 && values[1] != "=" ? values[1] : word)
    }
    if parts[0] == "--only", let name = values.first {
      let behind = values.dropFirst() + [word] + rest.prefix { !$0.hasPrefix("-") && !$0.hasSuffix(".json") }
      if let part = PartWords(behind.joined(separator: " ")) {
        return "--only takes names of variants; \(part.words(beside: name))"
      }
    }
    guard values.count == 1 else { return nil }
    switch parts[0] {
    case "--set": return setting(values[0], word)
    case "--folds", "--seeds", "--device":
      return "\(parts[0]) takes its numbers with commas between and no blanks: \(parts[0]) \(values[0]),\(word)"
    case "--only":
      return
        "--only takes its names with commas between: --only \(ShellWord.quoted("\(values[0]),\(word)")); a name with blanks"
        + " stands in quotes"
    default: return nil
    }
  }

  private static func setting(_ path: String, _ word: String) -> String? {
    guard let sign = path.firstIndex(of: "=") else {
      let value = word.hasPrefix("=") ? String(word.dropFirst()) : word
      return
        "--set takes key and value in one, with = between: --set \(ShellWord.quoted("\(path)=\(value.isEmpty ? "VALUE" : value)"))"
    }
    let value = path[path.index(after: sign)...]
    guard !value.isEmpty else {
      return "--set takes key and value in one, without blanks around =: --set \(ShellWord.quoted(path + word))"
    }
    // Another setting is told of elsewhere.
    return word.contains("=")
      ? nil : "a value with blanks stands in quotes: --set \(ShellWord.quoted("\(path) \(word)"))"
  }

  // MARK: Words of their own

  /// The name of an option without its dashes.
  private static func flag(_ word: String, of command: any ParsableCommand.Type) -> String? {
    let help = command.helpMessage(columns: 400)
    guard word.wholeMatch(of: /[a-z][a-z-]+/) != nil, help.contains("\n  --\(word) ") || help.contains(", --\(word) ")
    else { return nil }
    return "options begin with two dashes: --\(word)"
  }

  /// One more of what the command takes.
  private static func further(
    _ word: String, _ place: Int, _ given: [String], _ command: any ParsableCommand.Type, _ depth: Int,
    _ root: any ParsableCommand.Type
  ) -> String? {
    let name = (["safnet"] + given[..<depth]).joined(separator: " ")
    let taken = arguments(of: command)
    guard !taken.isEmpty else {
      if word.lowercased().hasSuffix(".json"), command.helpMessage(columns: 400).contains("\n  --experiment ") {
        return "`\(name)` takes an experiment by an option: \(name) --experiment \(ShellWord.quoted(word))"
      }
      if let words = FlagWord.words(at: place, of: given, command) { return words }
      return "`\(name)` takes options only, and '\(word)' is none; `\(name) --help` lists them"
    }
    let firsts = given[depth..<place].filter { !$0.hasPrefix("-") }
    if let first = firsts.first, (firsts + [word]).contains(where: configurations.contains) {
      return NNUNetNumber.training(first, [word] + given[(place + 1)...])
    }
    if let words = WordsBehindExperiment.words(given, command, depth, below: root) { return words }
    if name == "safnet evaluate" { return StrayOfEvaluate.words(word, Array(given[depth...])) }
    if word.lowercased().hasSuffix(".json"), let first = firsts.first(where: { $0.lowercased().hasSuffix(".json") }) {
      let own = [first, word].map { "`\(name) \(ShellWord.quoted($0))`" }
      return "a command takes one experiment: give it once for each, \(own[0]), then \(own[1])"
        + (name == "safnet run" ? "; both may train into one workspace, even at the same time" : "")
    }
    if let words = FlagWord.words(at: place, of: given, command) { return words }
    if takesExperiment(command), firsts.contains(where: { $0.lowercased().hasSuffix(".json") }) {
      return
        "`\(name)` takes one experiment, and '\(word)' is one more: all else stands behind options, which `\(name) --help`"
        + " lists"
    }
    if let words = wholeDataset(given, command, depth, root) { return words }
    return
      "`\(name)` takes \(taken.joined(separator: " and ")), and '\(word)' is one more: give the command once for each, and"
      + " put a name or a text with blanks in quotes"
  }

  /// Of a dataset's images and masks, where its folder is taken: the same command with that.
  private static func wholeDataset(
    _ given: [String], _ command: any ParsableCommand.Type, _ depth: Int, _ root: any ParsableCommand.Type
  ) -> String? {
    let own = FlagWord.own(of: given, from: depth, FlagWord.flags(of: command))
    let folders = own.map { URL(fileURLWithPath: given[$0]).deletingLastPathComponent().relativePath }
    guard own.count == 2, let folder = folders.first, folders[1] == folder, takes("dataset", command),
      Dataset.isOne(URL(fileURLWithPath: folder, isDirectory: true))
    else { return nil }
    var words = given
    words[own[0]] = folder
    words.remove(at: own[1])
    return MeantCommand.isTaken(words, below: root)
      ? "images and masks are taken by the folder of their dataset: `\(MeantCommand.typed(words))`" : nil
  }

  /// What nnU-Net can be asked to train.
  private static let configurations: Set = ["2d", "3d_fullres", "3d_lowres", "3d_cascade_fullres"]

  /// "<prediction>", "<truth>": those that help lists.
  private static func arguments(of command: any ParsableCommand.Type) -> [String] {
    argumentLines(of: command).compactMap { $0.firstMatch(of: /^  (<[^>]+>)/).map { String($0.1) } }
  }

  /// Whether the first of what stands by itself is, or may be, an experiment's file.
  static func takesExperiment(_ command: any ParsableCommand.Type) -> Bool {
    argumentLines(of: command).first?.lowercased().contains(/> +(the|an) experiment/) == true
  }

  /// Whether help calls the first of what stands by itself so.
  static func takes(_ what: String, _ command: any ParsableCommand.Type) -> Bool {
    argumentLines(of: command).first?.lowercased().contains(what) == true
  }

  private static func argumentLines(of command: any ParsableCommand.Type) -> [Substring] {
    let lines = command.helpMessage(columns: 400).split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(of: "ARGUMENTS:") else { return [] }
    return Array(lines[(start + 1)...].prefix { $0.hasPrefix("  ") })
  }
}

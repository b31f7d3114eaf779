import ArgumentParser
import Experiments
import Text

/// An option that the command does not have, and others do, or that is a field of an experiment.
enum OptionElsewhere {
  /// The parser's message, and behind its first line where what it does not know belongs; as it is where that is
  /// nowhere.
  ///
  /// - Parameter given: the words of the command line.
  static func told(_ message: String, of given: [String], below root: any ParsableCommand.Type) -> String {
    let message = StrayArgument.withOwnUsage(withoutFarGuess(message), given, root)
    let found =
      words(message, given, root) ?? StrayArgument.words(message, given, root) ?? StrayArgument.missing(
        message, given, root)
      ?? limits(message, given, root)
    guard let words = found else { return message }
    var lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines.insert(words, at: 1)
    return lines.joined(separator: "\n")
  }

  /// The parser guesses at any option, however far.
  private static func withoutFarGuess(_ message: String) -> String {
    guard
      let guess = message.firstMatch(
        of: /Unknown option '-+(?<option>[^']+)'\. (?<hint>Did you mean '-+(?<other>[^']+)'\?)/),
      String(guess.option).nearest(in: [String(guess.other)]) == nil
    else { return message }
    return message.replacing(" " + guess.hint, with: "")
  }

  /// Of a number that is none: what it may be, as the command says of one that is out of its range.
  private static func limits(_ message: String, _ given: [String], _ root: any ParsableCommand.Type) -> String? {
    guard let match = message.firstMatch(of: /The value '(?<value>[^']*)' is invalid for '(?<option>--[\w-]+)/) else {
      return nil
    }
    let (option, value) = (String(match.option), String(match.value))
    if let words = ForeignValue.words(value, of: option) { return words }
    if option == "--device", let words = ForeignOption.device(value) { return words }
    if option == "--folds", value.lowercased() == "all" { return "All folds are trained where --folds is left out." }
    var words = given
    if let place = given.indices.dropLast().first(where: { given[$0] == option && given[$0 + 1] == value }) {
      words.replaceSubrange(place...(place + 1), with: ["\(option)=\(outOfRange)"])
    } else if let place = given.firstIndex(of: "\(option)=\(value)") {
      words[place] = "\(option)=\(outOfRange)"
    }
    do {
      _ = try root.parseAsRoot(words)
      return nil
    } catch {
      let line = String(root.fullMessage(for: error).prefix { $0 != "\n" }).replacing(/^Error:\s+/, with: "")
      return line.contains(option) && !line.contains("'\(outOfRange)'") ? line : nil
    }
  }

  /// A number that nothing can be.
  private static let outOfRange = "-1000000000"

  private static func words(
    _ message: String, _ given: [String], _ root: any ParsableCommand.Type
  ) -> String? {
    if message.contains(/Unknown option|Missing expected argument/),
      let words = DashedFile.words(given, below: root, lacksOne: message.contains("Missing expected argument '<"))
    {
      return words
    }
    if let match = message.firstMatch(of: /Unknown option '(?<option>-[^']+)'/) {
      let option = String(match.option)
      if let moved = behindItsCommand(given, root) {
        let own = options(of: StrayArgument.command(of: moved, root).command)
        return own.contains(option)
          ? "options stand behind the command: `\(MeantCommand.typed(moved))`" : words(message, moved, root)
      }
      if let words = commandByOption(option, given, root) { return words }
      let (command, depth) = StrayArgument.command(of: given, root)
      let experiment = ExperimentByOption(option, in: given, root)
      if let experiment, experiment.isUsual { return experiment.words }
      let foreign = ForeignOption(option, in: given)
      let (own, path) = (options(of: command), given[..<depth].joined(separator: " "))
      if let words = foreign.output(among: own) ?? foreign.words(for: path)
        ?? WordsBehindExperiment.words(ofVariant: foreign.value, given, own)
      {
        return words
      }
      if let experiment, !message.contains("Did you mean") { return experiment.words }
      if path == "new", let words = foreign.fieldOfNew { return words }
      // Who names runs has no experiment to change.
      let takesFields = own.contains("--set") && (!own.contains("--checkpoint") || given.contains("--experiment"))
      let owners = commands(below: root, "").filter { $0.options.contains(option) }.map { "`\($0.name)`" }
      guard let last = owners.last else {
        if !message.contains("Did you mean"), let meant = near(option, among: own) { return "Did you mean '\(meant)'?" }
        guard takesFields else { return nil }
        return foreign.field(for: path) ?? (message.contains("Did you mean") ? nil : ForeignOption.anyField)
      }
      // What is measured, or planned, by an option is a field where an experiment is.
      if takesFields, owners.allSatisfy(["`safnet benchmark`", "`safnet new`"].contains),
        let words = foreign.field(for: path)
      {
        return words
      }
      let list = owners.count == 1 ? "\(last) has" : "\(owners.dropLast().joined(separator: ", ")) and \(last) have"
      return "\(list) \(option)."
    }
    if message.contains("Missing value for '--only "), let place = given.firstIndex(of: "--only"),
      place + 1 < given.count, !options(of: StrayArgument.command(of: given, root).command).contains(given[place + 1])
    {
      return ForeignHabits.ofOthers.words
    }
    if message.contains("Missing expected argument"), let words = stranger(in: given, root) { return words }
    let line = message.prefix { $0 != "\n" }
    guard line.contains("nexpected argument") else { return nil }
    let settings = line.matches(of: /'\+{0,2}(?<path>[\w.]+)=(?<value>[^']*)'/).compactMap {
      setting(String($0.path), String($0.value))
    }
    let options = settings.map { "--set \(ShellWord.quoted($0))" }.joined(separator: " ")
    let isAll = line.count { $0 == "'" } == 2 * settings.count
    return settings.isEmpty || !isAll ? nil : "A field of the experiment is changed by \(options)"
  }

  /// The words with what stands before a command's word behind them all: `--workspace W run` as `run --workspace W`; nil where no
  /// option stands there.
  private static func behindItsCommand(_ given: [String], _ root: any ParsableCommand.Type) -> [String]? {
    let (command, depth) = StrayArgument.command(of: given, root)
    let names = Set(command.configuration.subcommands.map { $0._commandName })
    guard depth < given.count, given[depth].hasPrefix("-"),
      let place = given[depth...].firstIndex(where: names.contains)
    else { return nil }
    return Array(given[..<depth] + given[place...] + given[depth..<place])
  }

  /// A command with dashes before it, `--run s.json` as `run s.json`; nil where that is none that the parser takes.
  private static func commandByOption(
    _ option: String, _ given: [String], _ root: any ParsableCommand.Type
  ) -> String? {
    guard let place = given.firstIndex(where: { $0.prefix { $0 != "=" } == option }),
      StrayArgument.command(of: given, root).depth == 0
    else { return nil }
    let parts = given[place].split(separator: "=", maxSplits: 1).map(String.init)
    let rest = Array(parts.dropFirst()) + given[..<place] + given[(place + 1)...]
    if ExperimentByOption.isUsual(option), let file = rest.first(where: { $0.lowercased().hasSuffix(".json") }) {
      return FileForCommand.words(file, rest.filter { $0 != file }, below: root)
    }
    let names = root.configuration.subcommands.map { $0._commandName }
    guard let name = UnknownCommand.meant(String(option.drop { $0 == "-" }), among: names) else { return nil }
    let moved = [name] + rest
    guard moved.count > 1, MeantCommand.isTaken(moved, below: root) else { return nil }
    return "a command stands without dashes: `\(MeantCommand.typed(moved))`"
  }

  /// Of what is missing the parser tells first: what another program's option among the words would be here.
  private static func stranger(in given: [String], _ root: any ParsableCommand.Type) -> String? {
    let (command, depth) = StrayArgument.command(of: given, root)
    let own = options(of: command)
    let names = given[depth...].filter { $0.hasPrefix("-") }.map { String($0.prefix { $0 != "=" }) }
    guard let option = names.first(where: { !own.contains($0) }) else { return nil }
    let foreign = ForeignOption(option, in: given)
    let words =
      ExperimentByOption(option, in: given, root)?.words ?? foreign.output(among: own)
      ?? foreign.words(for: given[..<depth].joined(separator: " "))
    return words.map { "\(option) is no option of it. \($0)" }
  }

  /// The one that begins so, or that every command has; the parser's own guess takes neither.
  private static func near(_ option: String, among own: Set<String>) -> String? {
    let longer = option.count < leastOfWord ? [] : own.filter { $0.hasPrefix(option) }
    return longer.count == 1 ? longer.first : option.nearest(in: ["--version", "--help"])
  }

  /// Dashes and two letters.
  private static let leastOfWord = 4

  /// How a field of an experiment is changed from the command line; nil for what is none.
  private static func setting(_ path: String, _ value: String) -> String? {
    let isOfTraining = TrainingPlan.fields().contains { $0.name == path }
    guard isOfTraining || path.contains(".") else { return nil }
    return "\(isOfTraining ? "training." : "")\(path)=\(value)"
  }

  private static func commands(
    below command: any ParsableCommand.Type, _ path: String
  ) -> [(name: String, options: Set<String>)] {
    let own = command.configuration
    guard own.shouldDisplay else { return [] }
    guard own.subcommands.isEmpty else {
      return own.subcommands.flatMap { commands(below: $0, path + command._commandName + " ") }
    }
    return [(path + command._commandName, options(of: command))]
  }

  /// Those that help lists: the names at the beginning of a line.
  static func options(of command: any ParsableCommand.Type) -> Set<String> {
    let names = command.helpMessage(columns: columns).split(separator: "\n").flatMap { line -> [Substring] in
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

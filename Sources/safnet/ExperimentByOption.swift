import ArgumentParser
import Text
import Workbench

/// An experiment's file as the value of an option that a command does not have, whatever that is called.
struct ExperimentByOption {
  /// Whether programs give an experiment by an option of this name, and hardly anything else.
  let isUsual: Bool
  /// What to type.
  let words: String

  /// Nil where the value is no such file, or the command takes no experiment, or has one already.
  ///
  /// - Parameters:
  ///   - option: without its value.
  ///   - given: the words of the command line.
  init?(_ option: String, in given: [String], _ root: any ParsableCommand.Type) {
    let (command, depth) = StrayArgument.command(of: given, root)
    let own = Array(given[depth...])
    guard let place = own.firstIndex(where: { $0 == option || $0.hasPrefix(option + "=") }) else { return nil }
    let joined = own[place].split(separator: "=", maxSplits: 1).dropFirst().first.map(String.init)
    let end = joined == nil ? place + 2 : place + 1
    guard end <= own.count, Self.isJSON(joined ?? own[place + 1]) else { return nil }
    let file = joined ?? own[place + 1]
    if case .labels? = NamesFile(file) { return nil }
    isUsual = Self.isUsual(option)
    let rest = own[..<place] + own[end...]
    func typed(_ words: [String]) -> String {
      let whole = Array(given[..<depth]) + words + rest
      // Another program's word for what the command does, `run fit`, is none too many there.
      let strays = FlagWord.own(of: whole, from: depth, FlagWord.flags(of: command)).filter { whole[$0] != file }
      let plain = whole.indices.filter { !strays.contains($0) }.map { whole[$0] }
      let isBetter = !MeantCommand.isTaken(whole, below: root) && MeantCommand.isTaken(plain, below: root)
      return "`\(MeantCommand.typed(isBetter ? plain : whole))`"
    }
    if StrayArgument.takesExperiment(command) {
      guard !Self.standsAlone(in: rest) else { return nil }
      words = "The experiment's file stands by itself: \(typed([file]))"
    } else {
      let flag = "--experiment"
      guard isUsual, command.helpMessage(columns: 400).contains("\n  \(flag) "),
        !rest.contains(where: { $0 == flag || $0.hasPrefix(flag + "=") })
      else { return nil }
      words = "The experiment's file is given by \(flag): \(typed([flag, file]))"
    }
  }

  private static func isJSON(_ word: String) -> Bool { !word.hasPrefix("-") && word.lowercased().hasSuffix(".json") }

  /// Whether a file is among the words that no option stands before.
  private static func standsAlone(in words: ArraySlice<String>) -> Bool {
    zip([""] + Array(words), words).contains { before, word in !before.hasPrefix("-") && isJSON(word) }
  }

  /// Whether programs call that so by which an experiment is given.
  static func isUsual(_ option: String) -> Bool {
    usual.contains(option.drop { $0 == "-" }.lowercased().replacing("_", with: "-"))
  }

  private static let usual: Set = [
    "f", "file", "c", "config", "cfg", "configuration", "config-file", "e", "exp", "experiment", "experiment-file",
    "spec", "specification", "json", "study",
  ]
}

import ArgumentParser
import Experiments
import Foundation

/// Variants, folds and a folder that stand by themselves behind an experiment: the same command with their options.
struct WordsBehindExperiment {
  private let given: [String]
  private let depth: Int
  private let help: String
  private let flags: Set<String>

  private init(_ given: [String], _ command: any ParsableCommand.Type, _ depth: Int) {
    (self.given, self.depth) = (given, depth)
    (help, flags) = (command.helpMessage(columns: 400), FlagWord.flags(of: command))
  }

  /// Nil where the command takes no experiment, or something else is among the words, or one number alone, which nnU-Net may
  /// count otherwise.
  ///
  /// - Parameters:
  ///   - given: the words of the command line.
  ///   - depth: where the command's own begin.
  static func words(_ given: [String], _ command: any ParsableCommand.Type, _ depth: Int) -> String? {
    StrayArgument.takesExperiment(command) ? WordsBehindExperiment(given, command, depth).words : nil
  }

  private var words: String? {
    let own = FlagWord.own(of: given, from: depth, flags)
    guard let file = own.first(where: { given[$0].lowercased().hasSuffix(".json") }) else { return nil }
    let others = own.filter { $0 != file }
    let numbers = takes("--folds") ? others.filter { isNumbers(given[$0]) } : []
    let variants = takes("--only") ? variants(among: others, of: given[file]) : [:]
    let left = others.filter { variants[$0] == nil && !numbers.contains($0) }
    guard !others.isEmpty, left.count <= 1, left.allSatisfy(isOutput) else { return nil }
    if others.count == 1, numbers.count == 1, Int(given[others[0]]) != nil { return nil }
    let isFromZero = numbers.contains { given[$0].split { !$0.isNumber }.contains("0") }
    let folds = numbers.map { isFromZero ? shifted(given[$0]) : given[$0] }
    var options: [String] = []
    if !variants.isEmpty { options += ["--only", others.compactMap { variants[$0] }.joined(separator: ",")] }
    if !folds.isEmpty { options += ["--folds", folds.joined(separator: ",")] }
    for place in left { options += ["-o", given[place]] }
    let rest = given.indices.filter { !others.contains($0) }.map { given[$0] }
    return "behind an experiment stand options: `\(MeantCommand.typed(rest + options))`"
      + (isFromZero ? "; folds are counted from 1, by nnU-Net from 0" : "")
  }

  /// Whether the command has an option that was not given.
  private func takes(_ option: String) -> Bool {
    (help.contains("\n  \(option) ") || help.contains(", \(option) "))
      && !given.contains { $0 == option || $0.hasPrefix(option + "=") }
  }

  private func isNumbers(_ word: String) -> Bool { word.wholeMatch(of: /[0-9]+([-,][0-9]+)*/) != nil }

  private func shifted(_ numbers: String) -> String {
    numbers.replacing(/[0-9]+/) { match in Int(match.output).map { "\($0 + 1)" } ?? String(match.output) }
  }

  /// The variants that words name, however their letters are written; several may stand in one word.
  private func variants(among places: [Int], of file: String) -> [Int: String] {
    guard let known = try? Specification.load(URL(fileURLWithPath: file)).variants.map(\.name) else { return [:] }
    var found: [Int: String] = [:]
    for place in places {
      let parts = given[place].split(separator: ",").map { Self.variant(String($0), among: known) }
      let list = parts.contains(nil) ? nil : parts.compactMap(\.self).joined(separator: ",")
      found[place] = Self.variant(given[place], among: known) ?? list
    }
    return found
  }

  /// The variant of this name, however its letters are written.
  static func variant(_ word: String, among known: [String]) -> String? {
    known.first { $0 == word } ?? known.first { $0.lowercased() == word.lowercased() }
  }

  /// Whether a word may be the folder to write into.
  private func isOutput(_ place: Int) -> Bool {
    let word = given[place]
    return takes("--output") && !given.contains("-o") && !flags.contains(given[place - 1])
      && !word.lowercased().hasSuffix(".json") && !word.contains("=") && !isNumbers(word)
  }
}

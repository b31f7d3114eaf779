import ArgumentParser
import Experiments
import Foundation
import Reporting
import Text
import Volumes
import Workbench

/// Variants, folds, seeds, tables and a folder that stand by themselves behind an experiment: the same command with their options.
struct WordsBehindExperiment {
  private let given: [String]
  private let depth: Int
  private let root: any ParsableCommand.Type
  private let options: Set<String>
  private let flags: Set<String>

  private init(_ given: [String], _ command: any ParsableCommand.Type, _ depth: Int, _ root: any ParsableCommand.Type) {
    (self.given, self.depth, self.root) = (given, depth, root)
    (options, flags) = (OptionElsewhere.options(of: command), FlagWord.flags(of: command))
  }

  /// Nil where the command takes no experiment, or something else is among the words.
  ///
  /// - Parameters:
  ///   - given: the words of the command line.
  ///   - depth: where the command's own begin.
  static func words(
    _ given: [String], _ command: any ParsableCommand.Type, _ depth: Int, below root: any ParsableCommand.Type
  ) -> String? {
    StrayArgument.takesExperiment(command) ? WordsBehindExperiment(given, command, depth, root).words : nil
  }

  /// Of a variant behind an option that the command does not have; nil of everything else.
  ///
  /// - Parameter options: the command's own.
  static func words(ofVariant name: String?, _ given: [String], _ options: Set<String>) -> String? {
    guard let name, let file = given.first(where: { $0.lowercased().hasSuffix(".json") }),
      let known = try? Specification.load(URL(fileURLWithPath: file)).variants.map(\.name), known.contains(name)
    else { return nil }
    return options.contains("--only")
      ? "--only \(ShellWord.quoted(name)) chooses among variants."
      : "\(name) is a variant: which of them are taken is said by --only, which `safnet run`, `safnet plan` and `safnet status`"
        + " have."
  }

  private var words: String? {
    let own = FlagWord.own(of: given, from: depth, flags)
    guard let file = own.first(where: { given[$0].lowercased().hasSuffix(".json") }) else { return nil }
    let others = own.filter { $0 != file }
    let known = try? Specification.load(URL(fileURLWithPath: given[file]))
    if !options.contains("--only"),
      let words = others.lazy.compactMap({ Self.words(ofVariant: given[$0], given, options) }).first
    {
      return words
    }
    let variants = takes("--only") ? variants(among: others, of: known) : [:]
    var (typed, left) = (added("--only", others.compactMap { variants[$0] }), others.filter { variants[$0] == nil })
    for (option, names) in Self.lists where takes(option) {
      let found = left.filter { names.contains(given[$0].lowercased()) }
      if !found.isEmpty { typed += [option] + found.map { given[$0].lowercased() } }
      left.removeAll(where: found.contains)
    }
    var isFromZero = false
    let numbers = NumbersBehindExperiment(left, of: given, file, known, isAlone: others == left)
    if takes("--folds"), !left.isEmpty, let found = numbers.found {
      switch found {
      case .options(let added, shifted: let shifted): (typed, left, isFromZero) = (typed + added, [], shifted)
      case .words(let words): if others == left { return words }
      }
    }
    if left.count == 1, let added = option(of: given[left[0]], at: left[0], known) {
      (typed, left) = (typed + added, [])
    }
    guard !typed.isEmpty, left.isEmpty else { return nil }
    let meant = given.indices.filter { !others.contains($0) }.map { given[$0] } + typed
    guard MeantCommand.isTaken(meant, below: root) else { return nil }
    return "behind an experiment stand options: `\(MeantCommand.typed(meant))`"
      + (isFromZero ? "; folds are counted from 1, by nnU-Net from 0" : "")
  }

  /// What a report has of a fixed number.
  private static let lists = [
    ("--print", ReportPlan.Table.allCases.map(\.rawValue)), ("--format", ReportFiles.Format.allCases.map(\.rawValue)),
  ]

  private func added(_ option: String, _ values: [String]) -> [String] {
    values.isEmpty ? [] : [option, values.joined(separator: ",")]
  }

  /// Of one word: a port, a run of the experiment, a dataset, the folder to write into.
  private func option(of word: String, at place: Int, _ known: Specification?) -> [String]? {
    if takes("--port"), Int(word) != nil { return ["--port", word] }
    if takes("--only"), takes("--folds"),
      let part = GivenForExperiment(word, in: WorkspaceOptions.workspace(of: given))?.part, let folds = part.folds,
      let variant = part.only.first, known?.variants.contains(where: { $0.name == variant }) == true
    {
      return ["--only", variant, "--folds", folds.map(String.init).joined(separator: ",")]
    }
    if options.contains("--set"), Dataset.isOne(URL(fileURLWithPath: word)) {
      return ["--set", "dataset.path=\(word)"]
    }
    return isOutput(place) ? ["-o", word] : nil
  }

  /// Whether the command has an option that was not given.
  private func takes(_ option: String) -> Bool {
    options.contains(option) && !given.contains { $0 == option || $0.hasPrefix(option + "=") }
  }

  /// The variants that words name, however their letters are written; several may stand in one word.
  private func variants(among places: [Int], of experiment: Specification?) -> [Int: String] {
    guard let known = experiment?.variants.map(\.name) else { return [:] }
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

  /// Whether a word may be the folder to write into; behind an option without a value it may be that of another program.
  private func isOutput(_ place: Int) -> Bool {
    let word = given[place]
    let isValue =
      flags.contains(given[place - 1]) && ["true", "false", "yes", "no", "on", "off"].contains(word.lowercased())
    return takes("--output") && !given.contains("-o") && !isValue && !word.lowercased().hasSuffix(".json")
      && !word.contains("=") && !NumbersBehindExperiment.isList(word)
      && (VolumeList.isFolder(URL(fileURLWithPath: word)) || !FileManager.default.fileExists(atPath: word))
  }
}

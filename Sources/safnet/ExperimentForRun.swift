import ArgumentParser
import Experiments
import Foundation
import Volumes
import Workbench

/// An experiment's file among the runs and images of a command that takes it by an option.
struct ExperimentForRun: Error, Equatable, CustomStringConvertible {
  let file: String
  /// The same command as it can be obeyed.
  let meant: String

  var description: String {
    "\(file) is an experiment, and neither a run nor an image; a variant of it is named by --experiment and --variant. Type:"
      + " \(meant)"
  }

  /// Throws where one stands there beside what names a variant or a run.
  ///
  /// - Parameter given: the words of the command line.
  static func check(_ given: [String], below root: any ParsableCommand.Type) throws(ExperimentForRun) {
    let (command, depth) = StrayArgument.command(of: given, root)
    guard command is PredictCommand.Type || command is ExportCommand.Type,
      !given.contains(where: { isOption("--experiment", $0) }),
      given.contains(where: { $0.lowercased().hasSuffix(".json") })
    else { return }
    let own = FlagWord.own(of: given, from: depth, FlagWord.flags(of: command))
    guard let place = own.first(where: { NamesFile(given[$0]) == .experiment }),
      let known = try? Specification.load(URL(fileURLWithPath: given[place]))
    else { return }
    let others = own.filter { $0 != place && !isImage(given[$0]) }
    let voting = namedByOption(given, from: depth)
    let named = others.map { (word: given[$0], places: [$0]) } + voting
    let variants = known.variants.map(\.name)
    let found = named.compactMap { one in
      WordsBehindExperiment.variant(one.word, among: variants).map { (name: $0, places: one.places) }
    }
    let hasVariant = given.contains { isOption("--variant", $0) }
    var (options, taken) = ([String](), [place])
    if hasVariant || found.count == 1 && voting.allSatisfy({ $0.places == found[0].places }) {
      options = ["--experiment", given[place]]
      if !hasVariant {
        options += ["--variant", found[0].name]
        taken += found[0].places
      }
    } else if named.isEmpty {
      return
    }
    let rest = given.indices.filter { $0 >= depth && !taken.contains($0) }.map { given[$0] }
    throw ExperimentForRun(
      file: given[place], meant: MeantCommand.typed(Array(given[..<depth]) + options + rest))
  }

  /// Whether it is a file or a folder, or meant for one.
  private static func isImage(_ word: String) -> Bool {
    NIfTIFiles.isSingle(word.lowercased()) || FileManager.default.fileExists(atPath: word)
  }

  private static func isOption(_ name: String, _ word: String) -> Bool { word == name || word.hasPrefix(name + "=") }

  /// What `--run` names.
  private static func namedByOption(_ given: [String], from depth: Int) -> [(word: String, places: [Int])] {
    given.indices.filter { $0 >= depth && isOption("--run", given[$0]) }.compactMap {
      place -> (word: String, places: [Int])? in
      if given[place] != "--run" { return (String(given[place].dropFirst("--run=".count)), [place]) }
      return place + 1 < given.count ? (given[place + 1], [place, place + 1]) : nil
    }
  }
}

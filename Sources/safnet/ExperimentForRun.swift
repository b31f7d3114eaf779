import ArgumentParser
import Experiments
import Foundation
import Text
import Volumes
import Workbench

/// An experiment's file among the runs and images of a command that takes it by an option.
struct ExperimentForRun: Error, Equatable, CustomStringConvertible {
  let file: String
  /// The same command as it can be obeyed; nil where a word is nothing that it takes.
  let meant: String?
  /// What is wrong with such a word, and what may stand in its place.
  var fault = ""

  var description: String {
    "\(file) is an experiment, and neither a run nor an image; a variant of it is named by --experiment and --variant. "
      + (meant.map { "Type: \($0)" } ?? fault)
  }

  /// What names networks: a word and where it stands, with its option.
  private typealias Name = (word: String, places: [Int])

  /// Throws where one stands there beside what names a variant or a run.
  ///
  /// - Parameter given: the words of the command line.
  static func check(_ given: [String], below root: any ParsableCommand.Type) throws(ExperimentForRun) {
    let (command, depth) = StrayArgument.command(of: given, root)
    let takesImages = command is PredictCommand.Type
    guard takesImages || command is ExportCommand.Type, !given.contains(where: { isOption("--experiment", $0) }),
      given.contains(where: { $0.lowercased().hasSuffix(".json") })
    else { return }
    let own = FlagWord.own(of: given, from: depth, FlagWord.flags(of: command))
    guard let place = own.first(where: { NamesFile(given[$0]) == .experiment }),
      let known = try? Specification.load(URL(fileURLWithPath: given[place])).variants.map(\.name)
    else { return }
    let file = given[place]
    var named: [Name] = own.filter { $0 != place && !isImage(given[$0]) }.map { (given[$0], [$0]) }
    for option in ["--run", "--variant"] { named += values(of: option, in: given, from: depth) }
    // A folder may be called as a variant is.
    if named.isEmpty { named = own.filter { known.contains(given[$0]) }.prefix(1).map { (given[$0], [$0]) } }
    guard !named.isEmpty else { return }
    let variants = named.map { WordsBehindExperiment.variant($0.word, among: known) }
    let workspace = WorkspaceOptions.workspace(of: given)
    let unread = named.filter { (try? PredictionRuns.check($0.word, in: workspace)) == nil }
    var words = Array(given[..<depth])
    if Set(variants).count == 1, let variant = variants[0] {
      words += ["--experiment", file, "--variant", variant]
    } else if let stranger = unread.first(where: { !known.contains($0.word) }) ?? unread.first {
      throw ExperimentForRun(file: file, meant: nil, fault: fault(of: stranger.word, beside: file, known))
    } else {
      words += named.flatMap { takesImages && named.count > 1 ? ["--run", $0.word] : [$0.word] }
    }
    let taken = [place] + named.flatMap(\.places)
    words += given.indices.filter { $0 >= depth && !taken.contains($0) }.map { given[$0] }
    if takesImages, own.allSatisfy(taken.contains) { words.append("IMAGES") }
    throw ExperimentForRun(file: file, meant: MeantCommand.typed(MeantCommand.withOutput(words, command)))
  }

  private static func fault(of word: String, beside file: String, _ known: [String]) -> String {
    let all = known.map { ShellWord.quoted($0) }.joined(separator: ", ")
    return known.contains(word)
      ? "Of \(all) one is taken: --experiment \(ShellWord.quoted(file)) --variant NAME"
      : "'\(word)' is none (it has \(all)), and no run and no image that is there: give --experiment"
        + " \(ShellWord.quoted(file)) --variant NAME, then the images"
  }

  /// Whether it is a file or a folder, or meant for one.
  private static func isImage(_ word: String) -> Bool {
    NIfTIFiles.isSingle(word.lowercased()) || FileManager.default.fileExists(atPath: word)
  }

  private static func isOption(_ name: String, _ word: String) -> Bool { word == name || word.hasPrefix(name + "=") }

  private static func values(of option: String, in given: [String], from depth: Int) -> [Name] {
    given.indices.filter { $0 >= depth && isOption(option, given[$0]) }.compactMap { place -> Name? in
      if given[place] != option { return (String(given[place].dropFirst(option.count + 1)), [place]) }
      return place + 1 < given.count ? (given[place + 1], [place, place + 1]) : nil
    }
  }
}

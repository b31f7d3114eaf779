import ArgumentParser
import Experiments
import Foundation
import Text
import Workbench

/// A variant of an experiment in place of named runs, of every command that takes trained networks.
struct VariantOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("All finished runs of one variant of this experiment.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var experiment: String?
  @Option(help: ArgumentHelp("Which variant of the experiment.", valueName: "name")) var variant: String?
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Change one field of the experiment, as for `safnet run`.", valueName: "key.path=value"))
  var overrides: [String] = []

  func validate() throws {
    if !overrides.isEmpty, experiment == nil {
      throw ValidationError(
        "--set changes an --experiment, and a run is what it was trained as; leave --set out, or give the experiment.")
    }
    if let idle = overrides.first(where: { UnheardOption($0, by: .networks) != nil }) {
      throw ValidationError(
        "--set \(ShellWord.quoted(idle)) changes nothing here: networks are chosen by what they were trained with, and how an"
          + " experiment predicts, tests and reports is none of it. Leave it out; `safnet predict` has --checkpoint, --mirror, --levels"
          + " and --components."
      )
    }
    if variant != nil, experiment == nil {
      throw ValidationError("--variant is one of an --experiment; give that too.")
    }
  }

  /// How the one word beside the experiment is given, where it is a variant of it.
  func hint(of words: [String]) -> String {
    guard let experiment, variant == nil, words.count == 1,
      let known = try? Specification.load(URL(fileURLWithPath: experiment)).variants.map(\.name),
      let name = WordsBehindExperiment.variant(words[0], among: known)
    else { return "" }
    return "; a variant is given by --experiment \(ShellWord.quoted(experiment)) --variant \(ShellWord.quoted(name))"
  }

  /// The variant's runs; the named ones where no experiment is given.
  func choice(orRuns runs: [String]) throws -> PredictionRuns.Choice {
    guard let experiment else { return .named(runs) }
    return .variant(try Specification.load(URL(fileURLWithPath: experiment), overrides: overrides), name: variant)
  }
}

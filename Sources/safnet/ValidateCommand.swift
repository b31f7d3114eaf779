import ArgumentParser
import Experiments
import Foundation
import Text
import Volumes

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check an experiment file; report every mistake at once.",
    discussion: """
      Each mistake is printed with its file, line and column, its JSON path, what \
      was found and what is allowed. Nothing is read but the experiment and the \
      files that it extends; where its dataset should be, a file that is none is named.

        safnet validate Experiments/ablation.json
        safnet validate Experiments/demo.json --set training.epochs=3 \\
          --set variants.SAFNet.model.width=32

      Exit code 2 when there is a mistake.
      """)

  @OptionGroup var experiment: ExperimentArguments

  func run() throws {
    let specification = try experiment.specification()
    if let errors = DatasetErrors(fileAt: specification.datasetRoot) { throw errors }
    for line in specification.unlikelyValues + specification.splitsNotices { console.error("warning: \(line)") }
    let variants = specification.variants.map(\.name.inAList).joined(separator: ", ")
    let seeds = Set(specification.variants.flatMap(\.seeds)).sorted().map { "\($0)" }
    let count = specification.variants.count
    let several = seeds.count > 1 ? " Seeds \(seeds.joined(separator: ", "))." : ""
    let starts = specification.variants.map(\.training.start).filter { !$0.isEmpty }.distinct
    console.print(
      "\(experiment.file): sound. \(Quantity.of(count, "variant")): \(variants).\(several) The dataset"
        + " was not looked at: `safnet dataset check \(experiment.file)` does that."
        + (starts.isEmpty
          ? ""
          : " Nor was what training.start names (\(starts.joined(separator: ", "))):"
            + " `safnet run \(experiment.file) --dry-run` does that."))
  }
}

/// The experiment file and its overrides, for every command that takes one.
struct ExperimentArguments: ParsableArguments {
  @Argument(help: "The experiment file.", completion: .file(extensions: ["json"]))
  var file: String

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Change one field; may be repeated.",
      discussion:
        "In a list, a step of the path is an index or an element's name. The value null takes away what the file says.",
      valueName: "key.path=value"))
  var overrides: [String] = []

  /// Reads the experiment; throws every mistake in it at once, and tells of options that change nothing.
  ///
  /// - Parameters:
  ///   - reader: what of it is read; nil: everything.
  ///   - assumesCases: whether a number of cases is assumed, in the place of a phantom's own.
  func specification(for reader: UnheardOption.Reader? = nil, assumesCases: Bool = false) throws -> Specification {
    let specification = try Specification.load(
      URL(fileURLWithPath: file), overrides: overrides, assumesCases: assumesCases)
    if let reader { UnheardOption.tell(overrides, by: reader) }
    return specification
  }
}

extension UnheardOption {
  static func tell(_ options: [String], by reader: Reader) {
    for idle in options.compactMap({ UnheardOption($0, by: reader) }) { console.error("notice: \(idle)") }
  }
}

import ArgumentParser
import Workbench

/// `--only`, `--folds` and `--seeds`, of every command that can do with a part of an experiment.
struct SelectionOptions: ParsableArguments {
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Only variants of this name; * stands for any text, ? for one character. Several with commas between, or given again.",
      valueName: "pattern"))
  var only: [String] = []
  @Option(help: ArgumentHelp("Only these folds: 1-3,5.", valueName: "numbers"), transform: NumberList.init(parsing:))
  var folds: NumberList?
  @Option(
    help: ArgumentHelp("Only these of the experiment's seeds: 2023,2025.", valueName: "numbers"),
    transform: NumberList.init(parsing:))
  var seeds: NumberList?

  /// Whether anything may be left out.
  var isPart: Bool { !only.isEmpty || folds != nil || seeds != nil }

  var selection: RunSelection {
    var selection = RunSelection()
    (selection.only, selection.folds) = (only, folds?.numbers)
    selection.seeds = seeds?.numbers.map { UInt64($0) }
    return selection
  }
}

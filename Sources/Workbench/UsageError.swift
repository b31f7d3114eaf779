import Foundation
import Text
import Volumes

/// A command that cannot be obeyed as it was given; says what to type instead.
package enum UsageError: Error, Equatable, CustomStringConvertible {
  case unknownRun(name: String, workspace: String, nearest: String?)
  /// `option`: how the command takes the variant; nil: it does not.
  case variantForRun(name: String, owners: [VariantOwner])
  /// Of which finished runs are of several plans; `options`: how the command takes the experiment's own.
  case variantOfPlans(name: String, experiments: [String], plans: Int, options: [String], runs: [String])
  case experimentForRun(name: String, variants: [String], option: String?)
  case fileForRun(name: String, option: String?)
  /// A file that is no experiment either; `what`: "it is the record of a report".
  case otherForRun(name: String, what: String)
  /// A file of a run; `option`: how the command takes this one, where it does.
  case partForRun(name: String, run: String, option: String?)
  /// Weights of another program; `words`: what they are.
  case weightsForRun(words: String)
  /// `dataset`: what the experiment is about.
  case experimentForDataset(file: String, dataset: String)
  case unknownExperiment(name: String, nearest: String?, known: [String])
  /// `takesBeginning`: whether the command would do with more of a name, or wants all of it; `isLabel`: whether it is a variant's
  /// name with a fold.
  case ambiguousRun(name: String, workspace: String, runs: [String], takesBeginning: Bool = true, isLabel: Bool = false)
  /// A pattern where a run's name must stand, and the runs that it would mean.
  case patternForRun(name: String, workspace: String, matching: [String])
  case unknownVariant(option: String, name: String, nearest: String?, known: [String])
  case unknownSeed(UInt64, known: [UInt64])
  case nothingSelected(seeds: [UInt64], variants: [String])
  /// Without an experiment, whose variants would be known.
  case noRunOfVariant(option: String, name: String, nearest: String?, known: [String])
  /// Of runs that are there, none is in the part that was asked for.
  case nothingShown(options: String, runs: Int)
  case unknownFold(number: Int, known: Int)
  /// Those that were to be removed and are being trained, or are about to be.
  case runsAreBusy(BusyRuns)
  /// `least`: that suffice, where that is known; `words`: what the experiment asks for that so few do not give.
  case assumedCases(Int, least: Int?, words: String)
  case needsConfirmation(runs: Int)
  case outputExists(file: String)
  case noFolder(file: String, folder: String)
  /// A place to write at that is a link to nothing, or lies below one; `words`: which link leads where.
  case deadOutput(output: String, words: String, remedy: String)
  case noTable(name: String, known: [String])
  /// `isUntested`: whether it is a case that networks are trained on or chosen by, and that none was tested on.
  case noTestCase(name: String, nearest: String?, known: [String], isUntested: Bool = false)
  case noLabels(dataset: String)
  case nobodyClaims(workspace: String)
  /// Among the images of a dataset, or in their folder's place.
  case workspaceInDataset(workspace: String, dataset: URL)
  /// Among the runs of another workspace, or their folder itself.
  case workspaceInRuns(workspace: String, outer: String)
  case unknownPlans(experiment: String)

  package var description: String {
    switch self {
    case .unknownRun(let name, let workspace, let nearest):
      "there is no run '\(name)' in \(workspace)." + (nearest.map { " Did you mean \($0)?" } ?? "")
        + " \(Self.list(of: workspace)) shows all; `safnet run EXPERIMENT --dry-run` says which is which variant's."
    case .variantForRun(let name, let owners) where owners.count > 1:
      "'\(name)' is a variant of \(owners.count) experiments, not a run; "
        + (owners.contains { $0.option != nil }
          ? "give one of these in its place, or one run by its name (`safnet runs list`):\n"
          : "name one run:\n")
        + AlignedTable.lines(owners.map(\.row)).map { "  " + $0 }.joined(separator: "\n")
    case .variantForRun(let name, let owners):
      "'\(name)' is a variant of \(owners.map(\.experiment).joined()), not a run." + owners.map(\.words).joined()
    case .variantOfPlans(let name, let experiments, let plans, let options, let runs):
      "'\(name)' is a variant of \(experiments.joined(separator: " and ")), and its finished runs are of \(plans) plans. Name what is"
        + " meant of these"
        + (options.isEmpty
          ? "" : "; what the file asks for now is \(options.map { "`\($0)`" }.joined(separator: " or "))")
        + ":\n" + runs.map { "  \($0)" }.joined(separator: "\n")
    case .experimentForRun(let name, let variants, let option):
      "'\(name)' is an experiment, not a run; its variants are \(Self.variants(variants))."
        + (option.map { " All finished runs of one are `\($0)`." } ?? "")
        + " `safnet runs list --experiment \(ShellWord.quoted(name))` names its runs."
    case .fileForRun(let name, let option):
      "\(name) is a file, not a run." + (option.map { " All finished runs of one of its variants are `\($0)`." } ?? "")
        + " `safnet status \(ShellWord.quoted(name))` shows its runs, `safnet runs list` their names."
    case .otherForRun(let name, let what): "\(name) is no run: \(what). `safnet runs list` has the runs."
    case .partForRun(let name, let run, let option):
      "\(name) is a file of the run \(run), not a run: give \(ShellWord.quoted(run)) in its place"
        + (option.map { ", and \($0) for the network in this file." } ?? ".")
    case .weightsForRun(let words): words
    case .experimentForDataset(let file, let dataset):
      "\(file) is an experiment, and `safnet new` writes one for a dataset. `safnet run \(ShellWord.quoted(file))` trains this one;"
        + " another one for the same images: safnet new \(ShellWord.quoted(dataset)) -o NAME.json"
    case .unknownExperiment(let name, let nearest, let known):
      "--experiment '\(name)': no experiment of this name was run in this workspace\(nearest.closingHint) "
        + (known.isEmpty ? "None was." : "It knows \(Self.list(known)).")
    case .ambiguousRun(let name, let workspace, let runs, _, true):
      "\(runs.count) runs in \(workspace) are \(name), by different plans; name the one that is meant:\n"
        + runs.map { "  \($0)" }.joined(separator: "\n")
    case .ambiguousRun(let name, let workspace, let runs, let takesBeginning, false):
      "\(runs.count) runs in \(workspace) begin with '\(name)'; give \(takesBeginning ? "more of the name" : "the whole name")"
        + " of one:\n"
        + runs.map { "  \($0)" }.joined(separator: "\n")
    case .patternForRun(let name, let workspace, let matching):
      "'\(name)' is a pattern, and runs are called by their names here"
        + (matching.isEmpty
          ? "; none in \(workspace) is called so. \(Self.list(of: workspace)) shows all."
          : ": \(matching.prefix(20).joined(separator: " "))"
            + (matching.count > 20 ? " and \(matching.count - 20) more (`safnet runs list`)" : ""))
    case .unknownVariant(let option, let name, let nearest, let known):
      "\(option) '\(name)' is no variant of this experiment\(Self.hint(option, name, nearest, known)); it has"
        + " \(Self.variants(known))."
    case .noRunOfVariant(let option, let name, let nearest, let known):
      "\(option) '\(name)': no run of this workspace is of such a variant"
        + (known.isEmpty
          ? nearest.closingHint : "\(Self.hint(option, name, nearest, known)); they are of \(Self.variants(known)).")
        + " With an experiment's file, what was not begun is shown too."
    case .unknownSeed(let seed, let known):
      "--seeds \(seed): no variant of this experiment has this seed; there \(known.count == 1 ? "is" : "are") "
        + "\(Self.list(known.map { "\($0)" })). --seeds takes the seeds themselves: one more is"
        + " written into the experiment, or given by --set 'seeds=[\((known + [seed]).map { "\($0)" }.joined(separator: ","))]'."
        + Self.counted(seed, known)
    case .nothingSelected(let seeds, let variants):
      "--seeds \(seeds.map { "\($0)" }.joined(separator: ",")): none of the variants asked for has such a seed"
        + " (\(Self.list(variants)))."
    case .nothingShown(let options, 0):
      "\(options): there is no run here of which a part could be shown; `safnet status EXPERIMENT` shows what an experiment asks"
        + " for."
    case .nothingShown(let options, let runs):
      "\(options): none of the \(runs) \(runs == 1 ? "run" : "runs") is of this part; `safnet status` without it shows all."
    case .unknownFold(let number, 1):
      "--folds: there is no fold \(number); this experiment has fold 1 alone. Give --folds 1, or leave it out."
    case .unknownFold(let number, let known):
      "--folds: there is no fold \(number); this experiment has folds 1 to \(known), nnU-Net's 0 to \(known - 1). Give --folds"
        + " 1-\(known), or some of them."
    case .runsAreBusy(let runs): "\(runs)"
    case .assumedCases(let cases, let least, let words):
      "--assume-cases \(cases) is too few for the experiment: give "
        + (least.map { "\($0) or more" } ?? "more") + " there, or change it\n  \(words)"
    case .needsConfirmation(let runs):
      "this deletes \(runs) \(runs == 1 ? "run" : "runs") for good. Type it again with --yes."
    case .outputExists(let file): "\(file) exists already. Give another name, or remove it."
    case .noFolder(let file, let folder):
      "\(file): there is no folder \(folder). Make it, or give another name."
    case .deadOutput(let output, let words, let remedy): "\(output): \(words); \(remedy)."
    case .noTestCase(let name, let nearest, let known, let isUntested):
      "--overlay \(name): "
        + (isUntested
          ? "this case of the dataset is in no test that was done: it trains, or chooses checkpoints. "
          : "there is no such test case\(nearest.closingHint) ")
        + (known.isEmpty ? "No run has been tested yet." : "There are \(known.joined(separator: ", ")).")
        + (name.contains(",") ? " Several stand with blanks between." : "")
        + (NIfTIFiles.stem(name) != nil ? " A case is called by its name, without folder and ending." : "")
    case .noLabels(let dataset): "--labels dataset.json: \(dataset) has none. Leave --labels out to take MRSpineSeg's."
    case .nobodyClaims(let workspace):
      "no experiment is known in \(workspace), so every run would be unclaimed. Give the experiments' files with --experiment."
    case .workspaceInDataset(let workspace, let dataset):
      "the workspace \(workspace) is the folder of the dataset \(dataset.path) or lies among its images, for which other programs"
        + " would take what is written there. Give a folder outside: --workspace"
        + " \(ShellWord.quoted(dataset.deletingLastPathComponent().appending(path: "Workspace").path))"
    case .workspaceInRuns(let workspace, let outer):
      "\(workspace) lies among the runs of the workspace \(outer), and would be taken for one of them; give --workspace"
        + " \(ShellWord.quoted(outer)), or a folder outside"
    case .unknownPlans(let experiment):
      "which runs \(experiment) asks for is not known: its cases are not prepared, or its dataset is not there."
        + " `safnet run` with it, or --dry-run of it, says why."
    case .noTable(let name, let known):
      "--print \(name): this report has \(known.joined(separator: ", ")) (report.tables of the experiment)."
    }
  }

  /// Of names that begin as the one that was given, as those of a grid do, all; else the nearest.
  private static func hint(_ option: String, _ name: String, _ nearest: String?, _ known: [String]) -> String {
    if option == "--only", let words = part(name, nearest, known) { return "; \(words)" }
    let count = known.count { $0.hasPrefix(name) }
    return option == "--only" && !name.isEmpty && count > 1
      ? ", did you mean \"\(name)*\", which takes the \(count) that begin so?" : nearest.map(\.inAList).hint
  }

  /// Of a fold in the place of a variant, or behind its name: how both are asked for.
  private static func part(_ name: String, _ nearest: String?, _ known: [String]) -> String? {
    let isSaid = ["fold", "seed"].contains { name.lowercased().contains($0) }
    if isSaid || nearest == nil, let part = PartWords(name) { return part.words(beside: nil) }
    return known.lazy.compactMap { variant -> String? in
      guard name.hasPrefix(variant) else { return nil }
      let rest = name.dropFirst(variant.count).drop { " ,_-/:".contains($0) }
      return PartWords(String(rest))?.words(beside: variant)
    }.first
  }

  /// Of a number that is a number of seeds rather than one.
  private static func counted(_ seed: UInt64, _ known: [UInt64]) -> String {
    guard (2...20).contains(seed), let first = known.first, first < 1 << 32 else { return "" }
    let all = (0..<seed).map { "\(first + $0)" }.joined(separator: ",")
    return " For \(seed) seeds give --set 'seeds=[\(all)]' and no --seeds."
  }

  private static func variants(_ names: [String]) -> String { list(names.map(\.inAList)) }

  /// The command that lists the runs of a workspace, be it the usual one or another.
  private static func list(of workspace: String) -> String {
    let usual = URL(fileURLWithPath: "Workspace").standardizedFileURL.path
    let isUsual = URL(fileURLWithPath: workspace).standardizedFileURL.path == usual
    return "`safnet runs list\(isUsual ? "" : " --workspace \(ShellWord.quoted(workspace))")`"
  }

  /// The first twenty, and how many more.
  fileprivate static func list(_ known: [String]) -> String {
    known.prefix(20).joined(separator: ", ") + (known.count > 20 ? " and \(known.count - 20) more" : "")
  }
}

/// An experiment that has a variant whose name was given for a run's.
package struct VariantOwner: Equatable, Sendable {
  package var experiment: String
  /// Those of the variant that were begun.
  package var runs: [String]
  /// How the command takes the variant; nil: it does not.
  package var option: String?
  /// Of a command that wants a finished one, where none is: what came of its runs.
  package var unfinished: UnfinishedRuns?

  package init(experiment: String, runs: [String], option: String?, unfinished: UnfinishedRuns? = nil) {
    (self.experiment, self.runs, self.option, self.unfinished) = (experiment, runs, option, unfinished)
  }

  /// Of the only experiment that has the variant.
  fileprivate var words: String {
    if let unfinished {
      let states = unfinished.states.isEmpty ? "was begun yet" : "has finished (\(unfinished.states))"
      return " None of its runs \(states); \(unfinished.remedy)."
        + (runs.isEmpty ? "" : " What one has learnt so far is used where it is named: \(UsageError.list(runs)).")
    }
    let together = option.map {
      " All its finished runs together are `\($0)`" + (runs.isEmpty ? "." : "; one alone is named:")
    }
    return (together ?? (runs.isEmpty ? " None of its runs was begun yet." : " Name one of its runs:"))
      + (runs.isEmpty ? "" : " \(UsageError.list(runs)).")
  }

  /// The same of one of several, in cells.
  fileprivate var row: [String] {
    let first = runs.prefix(Self.shown).joined(separator: ", ")
    let more = runs.count > Self.shown ? " and \(runs.count - Self.shown) more" : ""
    if let unfinished { return ["\(experiment):", "no finished run; \(unfinished.remedy)"] }
    let names = runs.isEmpty ? "no run yet" : first + more
    return option.map { [$0, "\(experiment):", names] } ?? ["\(experiment):", names]
  }

  private static let shown = 2
}

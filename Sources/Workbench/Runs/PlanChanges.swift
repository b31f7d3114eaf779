import Experiments
import Foundation
import Store
import Text
import Volumes

/// In what finished runs, those that are being trained, or those that were left in the middle differ from the ones that an
/// experiment asks for in their places.
struct PlanChanges {
  /// Which stored runs are compared.
  enum Kind: CaseIterable { case finished, running, left }

  /// Of a variant, a fold and a seed.
  struct Change {
    let variant: String
    let fold: Int
    /// Nil where the variant has no other.
    let seed: UInt64?
    let run: String
    let words: String
    /// Of a run that was left: "2 of 9 epochs, interrupted"; of one that is trained: by whom.
    let progress: String?
    /// Whose the run is.
    let owner: RunOwner
  }

  let changes: [Change]
  private let kind: Kind

  /// One line for each kind of difference: `SAFNet fold 1, 2; Base fold 1: training.epochs: was 2, is 3`.
  static func lines(_ changes: [Change]) -> [String] {
    let kinds = changes.map(\.words).distinct
    return kinds.map { words in
      let own = changes.filter { $0.words == words }
      let rows = own.map { [$0.variant, $0.seed.map { "seed \($0)" } ?? ""] }
      let places = rows.distinct.map { row in
        let folds = zip(own, rows).filter { $0.1 == row }
          .map { "\($0.0.fold)" + ($0.0.progress.map { " (\($0))" } ?? "") }
        return (row.filter { !$0.isEmpty } + ["fold \(folds.joined(separator: ", "))"]).joined(separator: " ")
      }
      return "\(places.joined(separator: "; ")): \(words)"
    }
  }

  /// "2 finished runs are of earlier content:" and their lines, for each owner; nothing when there is none.
  var text: String? {
    let owners = changes.map(\.owner).distinct
    return owners.isEmpty ? nil : owners.map { text(of: $0) }.joined(separator: "\n")
  }

  private func text(of owner: RunOwner) -> String {
    let own = changes.filter { $0.owner == owner }
    let count = Set(own.map(\.run)).count
    let runs = count == 1 ? "a run" : "\(count) runs"
    let finished = count == 1 ? "1 finished run is" : "\(count) finished runs are"
    let what =
      switch (kind, owner) {
      case (.finished, .content): "\(finished) of earlier content (was and is)"
      case (.finished, .plan): "\(finished) of an earlier plan (was and is)"
      case (.finished, .options(let options)):
        "\(finished) of this experiment as \(options) changes it, which this command was not given (was there and is here)"
      case (.finished, .nobody):
        "\(finished) of another plan, for which no known experiment asks (was there and is here)"
      case (.finished, .experiment(let name)): "\(finished) of another experiment, \(name) (was there and is here)"
      case (.finished, .namesake(let file)):
        "\(finished) of another file of this name, \(file) (was there and is here); give one of the two another \"name\""
      case (.running, .namesake(let file)):
        "a sweep is training \(runs) of another file of this name, \(file) (was there and is here)"
      case (.running, .experiment(let name)):
        "a sweep is training \(runs) of another experiment, \(name) (was there and is here)"
      case (.running, _):
        "a sweep is training \(runs) of \(owner.asked), and goes on with it; what"
          + " the experiment says now comes after it, with another `safnet run` (was and is)"
      case (.left, _):
        "\(runs) of \(owner.asked) \(count == 1 ? "was" : "were") begun and not finished, and `safnet run` does not go"
          + " on with \(count == 1 ? "it" : "them") as the experiment says now (was and is)"
      }
    let lines = Self.lines(own) + (kind == .left ? [Self.remedy(own, of: owner)] : [])
    return "\(what):\n" + lines.map { "  \($0)" }.joined(separator: "\n")
  }

  /// What becomes of runs that nothing goes on with. What somebody unknown has begun is not to be removed.
  private static func remedy(_ left: [Change], of owner: RunOwner) -> String {
    let runs = left.map(\.run).distinct
    if owner == .nobody {
      return
        "the workspace does not know whose \(runs.count == 1 ? "it is" : "they are"): with the experiment and the --set that"
        + " asked for \(runs.count == 1 ? "it" : "them"), `safnet run` goes on"
    }
    let shown = runs.prefix(3).map { ShellWord.quoted($0) }.joined(separator: " ")
    let more = runs.count > 3 ? " and \(runs.count - 3) more, which `safnet runs list` shows" : ""
    return
      "to finish \(runs.count == 1 ? "it" : "them"), put back what was and give `safnet run` again; else `safnet runs remove"
      + " \(shown) --yes` makes room\(more)"
  }

  /// - Parameters:
  ///   - planned: what is looked for of what the experiment asks for.
  ///   - all: everything that it asks for; empty: no more than `planned`.
  ///   - specification: the experiment.
  ///   - current: the cases that `planned` is of, where they are not kept.
  ///   - named: for a variant, a fold and a seed, the run that an earlier report held; else the finished run of the same network
  ///     and fold that differs least, among those that the experiment does not ask for. A run of another seed that the
  ///     experiment has too is of that seed's place.
  init(
    planned: [PlannedRun], among all: [PlannedRun] = [], of specification: Specification, in stored: StoredRuns,
    _ kind: Kind = .finished, current: CacheSummary? = nil,
    named: (PlannedRun) -> String? = { _ in nil }
  ) {
    self.kind = kind
    let others = stored.unrelated(to: specification)
    let asked = Set((planned + all).map(\.directoryName))
    let seeds = Set((planned + all).map(\.seed))
    let strangers = stored.strangers(notIn: asked)
    var contents = Contents(cache: stored.cacheFolder, current: current)
    var settings = SettingsOfRuns(specification)
    changes = planned.compactMap { run in
      // First: of those that are finished, nothing else has to be read.
      guard !stored.isFinished(run.directoryName) else { return nil }
      let candidates = Self.candidates(
        for: run, named: named(run), of: specification.name, in: stored, asked,
        stored.neighbours(of: run, of: specification.name, among: strangers, notIn: asked)
      ).filter {
        $0.isOf(kind) && !others.contains($0.directory.name)
          && ($0.plan.training.seed == run.seed || !seeds.contains($0.plan.training.seed))
      }
      guard !candidates.isEmpty else { return nil }
      let nearest = candidates.map { ($0, differences(between: $0.plan, and: run.plan)) }.min {
        $0.1.count < $1.1.count
      }
      return nearest.flatMap { earlier, differences in
        let owner = RunOwner.of(earlier, differences, stored, specification, &settings)
        // What others have begun is theirs to finish.
        if kind == .left, owner.isOther { return nil }
        return Change(
          variant: run.variant, fold: run.fold, seed: run.isOneOfSeveral ? run.seed : nil, run: earlier.directory.name,
          words: Self.words(differences, content: contents.change(from: earlier.plan, to: run.plan))
            + (kind == .finished ? Self.continuation(from: earlier.plan, to: run.plan) : ""),
          progress: earlier.progress(kind), owner: owner)
      }
    }
  }

  /// The run that an earlier report held, where it says so; else those of the fold that have the network, or that the
  /// experiment asked for as this variant before its network was changed.
  private static func candidates(
    for run: PlannedRun, named name: String?, of experiment: String, in stored: StoredRuns, _ asked: Set<String>,
    _ neighbours: [String]
  ) -> [StoredRuns.Run] {
    if let name { return asked.contains(name) ? [] : [stored[name]].compactMap(\.self) }
    return neighbours.compactMap { stored[$0] }.filter { stored.isInPlace($0, of: run, of: experiment) }
  }

  /// Of a plan with more epochs and nothing else: whether those that are trained are used. Empty of any other.
  private static func continuation(from earlier: Plan, to plan: Plan) -> String {
    var longer = earlier
    longer.training.epochs = plan.training.epochs
    guard longer == plan, earlier.training.epochs < plan.training.epochs else { return "" }
    return plan.training.schedule.kind == .plateau
      ? "; `safnet run` goes on after the \(earlier.training.epochs)"
      : "; `safnet run` begins anew, as every rate of this schedule hangs on the number of epochs"
  }

  /// Structures stand in the experiment's file, or in the dataset's own: no field has the plan's name of them.
  private static func described(_ difference: PlanDifference) -> String {
    difference.path.hasPrefix("structures.")
      ? "the structures, by dataset.labels or by the dataset's own file: was \(difference.old), is \(difference.new)"
      : difference.description
  }

  /// Lists of cases follow from what else has changed.
  ///
  /// - Parameter change: what of the dataset's content, where that is known.
  static func words(_ differences: [PlanDifference], content change: String) -> String {
    let isChanged = differences.contains { $0.path == "dataset.digest" }
    let content = isChanged ? ["the dataset's content" + (change.isEmpty ? "" : " (\(change))")] : []
    let others = differences.filter { $0.path != "dataset.digest" && !$0.path.hasPrefix("fold.") }.map(described)
    let cases =
      differences.contains { $0.path.hasPrefix("fold.") } && content.isEmpty
      ? ["the cases of the fold, by folds (its seed among them), dataset.exclude or splits_final.json"] : []
    return (content + others + cases).joined(separator: "; ")
  }
}

/// What prepared cases tell of the contents that plans are of; each pair is compared once.
private struct Contents {
  let cache: URL
  /// Of what is planned now, where it is not among the prepared cases.
  let current: CacheSummary?
  private var known: [[String]: String] = [:]

  init(cache: URL, current: CacheSummary?) { (self.cache, self.current) = (cache, current) }

  /// In which cases they differ; empty where that is not known.
  mutating func change(from earlier: Plan, to plan: Plan) -> String {
    guard earlier.dataset.digest != plan.dataset.digest else { return "" }
    let pair = [earlier.dataset.digest, plan.dataset.digest]
    if let words = known[pair] { return words }
    let now = summary(of: plan) ?? current
    let words = summary(of: earlier).flatMap { old in now.map { ContentChange(from: old, to: $0).words } } ?? ""
    known[pair] = words
    return words
  }

  private func summary(of plan: Plan) -> CacheSummary? {
    PreparedCache(
      directory: cache, fingerprint: plan.dataset.digest, labels: plan.structures, preprocessing: plan.preprocessing
    ).readSummary()
  }
}

extension StoredRuns.Run {
  func isOf(_ kind: PlanChanges.Kind) -> Bool {
    switch kind {
    case .finished: isFinished
    case .running: isRunning
    case .left: isLeft
    }
  }

  /// "2 of 9 epochs, interrupted", or "process 7 on host"; nil of what has finished.
  fileprivate func progress(_ kind: PlanChanges.Kind) -> String? {
    switch kind {
    case .finished: nil
    case .running: holder
    case .left:
      "\(epochs) of \(Quantity.of(plan.training.epochs, "epoch")), \(state == .stale ? "its process is gone" : state.rawValue)"
    }
  }

  /// Of a run that is being trained: "process 7 on host".
  var holder: String { (try? RunLock.probe(directory))?.holder.map { "\($0)" } ?? "another process" }
}

import Experiments
import Foundation
import Store
import Volumes

/// An experiment for commands that only look: nothing is made, no phantom, no cache, no folder.
///
/// Its runs follow from the dataset, where that is whole and was prepared as it is. Where it is gone, or holds something
/// else than the experiment's runs were trained on, their own stored plans tell them: a report of finished runs needs the
/// workspace only.
package struct KnownExperiment {
  package let specification: Specification
  package let labels: LabelMap
  /// The numbers of all planned folds.
  package let folds: [Int]
  /// Those whose plans are known; none before `safnet run` has prepared the cases.
  package let runs: [PlannedRun]
  /// The prepared cases of these runs.
  let cache: PreparedCache
  /// The patient of each case that has one; empty where the dataset itself could not be looked at.
  private(set) var patients: [String: String] = [:]
  /// What the dataset calls each channel that is read, by its number; empty where it does not, or could not be looked at.
  private var channelNames: [Int: String] = [:]
  /// Of the dataset's files as they lie there; nil where they could not be looked at.
  private var fingerprint: DatasetFingerprint?
  /// What was not looked at, or has changed since.
  package let notices: [String]

  /// - Throws: what is wrong with the dataset when no stored run of the experiment could serve instead.
  package init(_ specification: Specification, in workspace: Workspace, workers: Int) throws {
    let specification = try specification.settlingStarts(
      in: workspace, structures: specification.dataset.knownLabels, keeps: false)
    let stored = try StoredRuns(workspace)
    let current: CurrentDataset
    do {
      current = try CurrentDataset(specification, workspace, workers: workers)
    } catch {
      // What the file itself says wrongly is no matter of the cases.
      if let own = error as? SpecificationErrors, !own.errors.allSatisfy({ $0.path.description.hasPrefix("folds") }) {
        throw own
      }
      let notice = "\(Self.words(error)). The finished runs are told by their own plans."
      guard let known = Self(stored, specification, workspace, takesOthers: false, notice: { _, _ in notice }),
        // Runs of other folds than the experiment's say nothing of what is wrong with these.
        !(error is SpecificationErrors) || known.folds.count == specification.folds.count
      else { throw error }
      self = known
      return
    }
    let before = { [workspace, specification] in
      Self(stored, specification, workspace, takesOthers: false, notice: current.change(since:isRunning:)) {
        !current.is($0)
      }
    }
    guard let plan = current.plan else {
      self =
        Self(stored, specification, workspace, needsResults: current.digest == nil, where: current.fits) ?? before()
        ?? Self(specification, current.labels, Array(1...max(1, current.folds)), [], current.cache, [])
      (patients, channelNames, fingerprint) = (current.patients, current.channelNames, current.fingerprint)
      return
    }
    let isBegun = plan.runs.contains { stored.holds($0.directoryName) }
    if !isBegun, let known = before() {
      self = known
    } else {
      self.init(specification, plan.labels, plan.folds.map(\.number), plan.runs, current.cache, [])
    }
    (patients, channelNames, fingerprint) = (current.patients, current.channelNames, current.fingerprint)
  }

  /// Why the dataset as it lies there tells nothing of the runs.
  private static func words(_ error: any Error) -> String {
    error is SpecificationErrors
      ? "the dataset as it lies there no longer makes what the experiment asks for, and `safnet run` is refused until it does (\(error))"
      : "the dataset was not looked at (\(error))"
  }

  /// The channels that its runs see, by number and name; empty where they see the first alone, as most do.
  var channels: [String] {
    let numbers = runs.first?.plan.dataset.channels ?? [0]
    guard numbers != [0] else { return [] }
    return numbers.map { number in "\(number)" + (channelNames[number].map { " \($0)" } ?? "") }
  }

  private init(
    _ specification: Specification, _ labels: LabelMap, _ folds: [Int], _ runs: [PlannedRun], _ cache: PreparedCache,
    _ notices: [String]
  ) {
    (self.specification, self.labels, self.folds) = (specification, labels, folds)
    (self.runs, self.cache, self.notices) = (runs, cache, notices)
  }
}

extension KnownExperiment {
  /// What is asked for and has no known plan: before `safnet run` has prepared the cases, the folds' cases are not known.
  var unplanned: [(trained: SeededVariant, fold: Int)] {
    let known = Set(runs.map { Place(variant: $0.variant, seed: $0.seed, fold: $0.fold) })
    return specification.seededVariants.flatMap { trained in
      folds.filter { !known.contains(Place(variant: trained.variant.name, seed: trained.seed, fold: $0)) }
        .map { (trained, $0) }
    }
  }

  private struct Place: Hashable {
    let variant: String
    let seed: UInt64
    let fold: Int
  }

  /// In what finished runs differ from those that are asked for in their places. Where a plan is not known, all but its
  /// cases is.
  ///
  /// - Parameter named: as `PlanChanges` takes it.
  func changes(
    in workspace: Workspace, _ kind: PlanChanges.Kind = .finished, named: (PlannedRun) -> String? = { _ in nil }
  ) throws -> PlanChanges {
    changes(in: try StoredRuns(workspace), kind, named: named)
  }

  /// The same, of run directories that were looked at already.
  func changes(
    in stored: StoredRuns, _ kind: PlanChanges.Kind, named: (PlannedRun) -> String? = { _ in nil }
  ) -> PlanChanges {
    let unplanned = unplanned
    let finished = unplanned.isEmpty ? [] : stored.runs.filter { $0.isOf(kind) }.map(\.plan)
    let others = unplanned.compactMap { trained, fold -> PlannedRun? in
      let model = trained.variant.model.resolved
      return finished.first { $0.model == model && $0.fold.number == fold }.map { twin in
        PlannedRun(
          trained,
          plan: specification.plan(
            for: trained, fold: twin.fold,
            labels: twin.structures.learns(as: labels) ? twin.structures : labels,
            dataset: fingerprint ?? twin.dataset))
      }
    }
    return PlanChanges(planned: runs + others, of: specification, in: stored, kind, named: named)
  }
}

// MARK: From stored plans

extension KnownExperiment {
  /// The experiment on the content that is most likely meant; nil when none was ever begun.
  ///
  /// - Parameters:
  ///   - needsResults: whether some run has to be finished, or to be trained now.
  ///   - takesOthers: whether runs may be those that only other experiments asked for. On the same content they are the same;
  ///     on another they are of another study.
  ///   - isMeant: which plans may be.
  fileprivate init?(
    _ stored: StoredRuns, _ specification: Specification, _ workspace: Workspace, needsResults: Bool = true,
    takesOthers: Bool = true, notice: (PreparedCache, _ isRunning: Bool) -> String? = { _, _ in nil },
    where isMeant: (Plan) -> Bool = { _ in true }
  ) {
    let asked = specification.seededVariants
    let others = takesOthers ? [] : stored.unrelated(to: specification)
    let own = stored.runs.filter { isMeant($0.plan) && !others.contains($0.directory.name) }.compactMap { run in
      specification.seededVariant(of: run.plan, among: asked).map { Own(run: run, trained: $0) }
    }
    let contents = Dictionary(grouping: own) {
      TrainedContent(fingerprint: $0.run.plan.dataset, labels: $0.run.plan.structures)
    }
    let ranked = contents.map { content, runs in
      let finished = runs.filter(\.run.isFinished)
      let claimed = finished.count { own in
        let name = own.run.directory.name
        return stored.experiments(of: name).contains(specification.name)
          && stored.namesake(askingFor: name, besides: specification) == nil
      }
      return (rank: content.rank(claimed: claimed, finished: finished.count), content: content, runs: runs)
    }
    // What a sweep trains now is shown too, though none of it has finished.
    guard let (_, content, known) = ranked.max(by: { $0.rank < $1.rank }),
      !needsResults || known.contains(where: { $0.run.isFinished || $0.run.isRunning })
    else { return nil }
    let cache = CurrentDataset.cache(specification, workspace, content.labels, digest: content.fingerprint.digest)
    let earlier = contents.filter { $0.isSame(but: content) && $1.contains(where: \.run.isFinished) }.map(\.key)
    let notices =
      [notice(cache, known.contains(where: \.run.isRunning))].compactMap(\.self)
      + (earlier.isEmpty ? [] : [content.notice(besides: earlier)])
    if let plan = Self.plan(of: content, specification, cache),
      plan.runs.contains(where: { stored.holds($0.directoryName) })
    {
      self.init(
        specification, plan.labels, plan.folds.map(\.number), plan.runs, cache, notices)
      return
    }
    let folds = Self.folds(known.map(\.run))
    let runs = asked.flatMap { trained in
      let ofVariant = known.filter { $0.trained == trained }
      return folds.compactMap { fold in
        ofVariant.first { $0.run.plan.fold == fold }.map { PlannedRun(trained, plan: $0.run.plan) }
      }
    }
    let numbers = Self.numbers(folds, specification.folds)
    self.init(specification, content.labels, numbers, runs, cache, notices)
  }

  /// A stored run, and what of the experiment it is a run of.
  private struct Own {
    let run: StoredRuns.Run
    let trained: SeededVariant
  }

  /// As `safnet run` planned it, from what it found when it prepared the cases.
  private static func plan(
    of content: TrainedContent, _ specification: Specification, _ cache: PreparedCache
  ) -> ExperimentPlan? {
    guard let summary = cache.readSummary() else { return nil }
    let root = specification.datasetRoot
    let dataset = Dataset(
      root: root, layout: .mrSpineSeg,
      cases: summary.cases.map { DatasetCase(name: $0.name, image: root, label: root) }, labels: content.labels)
    return try? ExperimentPlan(
      specification: specification, dataset: dataset.excluding(specification.dataset.exclude),
      fingerprint: content.fingerprint, labels: content.labels,
      present: summary.present)
  }

  /// One fold of each number: that which most runs have finished.
  private static func folds(_ runs: [StoredRuns.Run]) -> [Fold] {
    Dictionary(grouping: runs, by: \.plan.fold.number).sorted { $0.key < $1.key }.compactMap { _, runs in
      Dictionary(grouping: runs, by: \.plan.fold)
        .max { a, b in
          let (x, y) = (a.value.count(where: \.isFinished), b.value.count(where: \.isFinished))
          return (x, a.key.test.joined(), a.key.train.joined()) < (y, b.key.test.joined(), b.key.train.joined())
        }?.key
    }
  }

  /// Every case is held out in one fold: where some never is, there are folds of which nothing was begun.
  private static func numbers(_ folds: [Fold], _ plan: FoldPlan) -> [Int] {
    let known = folds.map(\.number)
    let all = Set(folds.flatMap { $0.train + $0.validation + $0.test })
    let heldOut = Set(folds.flatMap { plan.validationFrom == .training ? $0.test : $0.validation + $0.test })
    return all == heldOut ? known : Array(1...max(plan.count, known.max() ?? 1))
  }
}

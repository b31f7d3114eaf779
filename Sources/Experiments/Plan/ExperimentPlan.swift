import JSON
import Models
import System
import Volumes

/// Every run of an experiment: variant x fold x seed.
package struct ExperimentPlan: Sendable {
  /// What was asked for.
  package let specification: Specification
  /// The structures to learn, and the classes that stand for them.
  package let labels: LabelMap
  /// The division of the cases, each fold with its training, validation and test cases.
  package let folds: [Fold]
  /// In the order of the sweep: all of the first seed, variant by variant, fold by fold, before those of the second. Two
  /// of them may be one run.
  package let runs: [PlannedRun]

  /// - Parameters:
  ///   - labels: what the cases were prepared with; nil: as the specification says.
  ///   - present: for each case, for each structure: is it in the case? Decides balanced folds.
  /// - Throws: `SpecificationErrors` when dataset and specification do not fit, `FoldErrors` for unusable folds.
  package init(
    specification: Specification, dataset: Dataset, fingerprint: DatasetFingerprint, labels: LabelMap? = nil,
    present: [String: [Bool]]
  ) throws {
    let labels = try labels ?? specification.labels(of: dataset)
    folds = try specification.folds(of: dataset, present: present)
    let errors =
      specification.labelConflicts(in: labels) + specification.predictionConflicts(among: labels)
      + folds.flatMap { specification.conflicts(trainingCases: $0.train.count, fold: $0.number) }
    guard errors.isEmpty else { throw SpecificationErrors(errors) }
    let places = specification.seededVariants.flatMap { [folds] trained in folds.map { (trained, $0) } }
    // Of thousands of runs, the identities are a second's work.
    runs = parallelMap(places, workers: Machine.processors) { trained, fold in
      PlannedRun(trained, plan: specification.plan(for: trained, fold: fold, labels: labels, dataset: fingerprint))
    }
    (self.specification, self.labels) = (specification, labels)
  }

  /// The runs to train: the first of each identity, should two variants share a plan.
  package var distinctRuns: [PlannedRun] {
    var seen: Set<String> = []
    return runs.filter { seen.insert($0.identity).inserted }
  }

  /// The variant's runs, seed by seed, fold by fold.
  package func runs(of variant: String) -> [PlannedRun] { runs.filter { $0.variant == variant } }
}

extension Specification {
  /// Everything that shows before an image is read: folds that cannot be, batches that cannot be filled or normalised,
  /// groups of structures that the dataset does not name.
  ///
  /// - Returns: how many cases each fold has in its parts.
  package func checkCounts(of dataset: Dataset, labels: LabelMap) throws -> [FoldSizes] {
    let sizes: [FoldSizes]
    do throws(SpecificationErrors) { sizes = try foldSizes(of: dataset) } catch {
      throw error.noting(DatasetNotice.lines(dataset.notices.filter(\.decidesCases), below: dataset.root))
    }
    let conflicts = labelConflicts(in: labels) + predictionConflicts(among: labels)
    guard conflicts.isEmpty else { throw SpecificationErrors(conflicts) }
    if folds.by != nil || (folds.source != .balanced && dataset.givenSplits != nil) {
      _ = try folds(of: dataset, present: [:])
    }
    return sizes
  }

  /// The folds as `folds.source` says: drawn by seed, or the dataset's own.
  ///
  /// - Parameter present: for each case, for each structure: is it in the case? Decides balanced folds.
  /// - Throws: `SpecificationErrors` where the cases do not suffice or the dataset has no splits, `FoldErrors` for
  ///   unusable ones.
  package func folds(of dataset: Dataset, present: [String: [Bool]]) throws -> [Fold] {
    // A case that is taken out and cannot be prepared is in no fold at all.
    let tested = test?.cases == .splits ? dataset.sharedTests ?? [] : []
    let excluded = dataset.excludedNames.union(tested)
    let without = LeftOutCases(excluded, readable: excluded.intersection(present.keys))
    if let by = folds.by {
      do throws(FoldErrors) {
        return try Folds.leavingOutEach(
          dataset.values(of: by), cases: dataset.names, patients: dataset.patients, without: without,
          validation: folds.validation, seed: folds.seed)
      } catch {
        throw FoldErrors(error.problems, .column(by, field: field("folds.by")))
      }
    }
    if folds.source != .balanced, let splits = dataset.givenSplits {
      do throws(FoldErrors) {
        return try Folds.honouring(
          splits, cases: dataset.names, present: present, patients: dataset.patients, without: without,
          validation: folds.validation, from: folds.validationFrom, seed: folds.seed)
      } catch {
        throw error.ofFile(dataset.splitsFile.path, tests: dataset.givenTests)
      }
    }
    guard folds.source != .file else {
      throw SpecificationErrors([error(noSplits(of: dataset), at: "folds.source")])
    }
    let errors = conflicts(cases: dataset.cases.count)
    guard errors.isEmpty else { throw SpecificationErrors(errors) }
    do throws(FoldErrors) {
      return try Folds.balanced(
        cases: dataset.names, present: present, patients: dataset.patients, traits: dataset.traits(of: folds.stratify),
        without: without, count: folds.count, validation: folds.validation, from: folds.validationFrom,
        seed: folds.seed)
    } catch {
      throw FoldErrors(error.problems, .drawn(field: field("folds.count")))
    }
  }

  /// A field with its place, as messages begin.
  func field(_ path: JSONPath) -> String { "\(place(of: path)): \(path)" }

  /// What is trained on a fold of a dataset with these labels and this content.
  package func plan(
    for trained: SeededVariant, fold: Fold, labels: LabelMap, dataset: DatasetFingerprint
  ) -> Plan {
    Plan(
      model: trained.variant.model, structures: labels, dataset: dataset, preprocessing: preprocessing,
      augmentation: augmentation, fold: fold, training: trained.training)
  }
}

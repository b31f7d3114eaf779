import Crypto
import Foundation
import JSON
import System

/// Finished runs that predict cases together in one way, to be scored on them.
package struct PlannedPrediction: Equatable, Sendable {
  /// The cases of an external test set, by their content.
  package struct External: Equatable, Sendable {
    /// `DatasetFingerprint.digest` of the test set.
    package var digest: String
    package var cases: [String]

    package init(digest: String, cases: [String]) { (self.digest, self.cases) = (digest, cases) }
  }

  /// Its row in the tables: `SAFNet + mirror`.
  package let row: String
  /// The variant whose networks these are.
  package let variant: String
  /// How they predict.
  package let way: PredictionPlan
  /// In the order in which probabilities are summed; at least one.
  package let members: [PlannedRun]
  /// The cases by name: those that the members' fold tests, or those of the test set.
  package let cases: [String]
  /// Whether the cases are those of the external test set.
  package let isExternal: Bool
  /// SHA-256 over everything that decides what is to be predicted: plans, way and cases.
  package let identity: String

  init(_ way: PredictionPlan, of variant: Variant, _ members: [PlannedRun], on test: External? = nil) {
    row = way.rowName(of: variant.name, networks: variant.seeds.count)
    (self.variant, self.way, self.members) = (variant.name, way, members)
    (cases, isExternal) = (test?.cases ?? members[0].plan.fold.test, test != nil)
    identity = Self.identity(way, members, cases, digest: test?.digest)
  }

  /// Of the member; of several, of the first.
  package var fold: Int { members[0].fold }
  /// Of the member; of several, of the first.
  package var seed: UInt64 { members[0].seed }
  /// Of which structures only the largest piece stays.
  package var largestOnly: [String] { way.largestOnly(of: members[0].plan.structures.names) }

  /// `predicted-f3-1a2b3c4d5e6f`, `predicted-test-...`: its folder among the runs.
  package var directoryName: String { "predicted-\(isExternal ? "test" : "f\(fold)")-\(identity.prefix(12))" }

  /// What people call it: `SAFNet + mirror, fold 3`, `SAFNet, fold 3, on the test set`.
  package var label: String {
    let seed = way.ensemble != .seeds && members[0].isOneOfSeveral ? seed : nil
    let words =
      way.ensemble == .folds
      ? row + (seed.map { ", seed \($0)" } ?? "") : PlannedRun.label(row, fold: fold, seed: seed)
    return isExternal ? words + ", on the test set" : words
  }

  private static func identity(
    _ way: PredictionPlan, _ members: [PlannedRun], _ cases: [String], digest: String?
  ) -> String {
    let content = JSONValue.object(
      [
        ("mirror", .bool(way.mirror)),
        ("largestOnly", .array(way.largestOnly(of: members[0].plan.structures.names).map { .string($0) })),
        ("plans", .array(members.map { .string($0.identity) })),
        ("cases", .array(cases.map { .string($0) })),
      ] + (way.checkpoint.map { [("checkpoint", .string($0.rawValue))] } ?? [])
        + (way.levels.map { [("levels", .string($0.rawValue))] } ?? [])
        + (digest.map { [("test", .string($0))] } ?? []))
    return SHA256.hash(data: Data(CanonicalJSON.text(content).utf8)).hex
  }
}

extension Specification {
  /// What is to be scored of these runs besides their own tests, row by row; one run serves several.
  ///
  /// A variant with one seed has no ensemble of seeds, and no cases of cross-validation are fair to an ensemble of folds.
  package func predictions(of runs: [PlannedRun]) -> [PlannedPrediction] {
    let known = Dictionary(grouping: runs, by: \.variant)
    return variants.flatMap { variant in
      prediction.filter { $0.ensemble != .folds }.flatMap { way in
        members(of: variant, known[variant.name] ?? [], in: way).map { PlannedPrediction(way, of: variant, $0) }
      }
    }
  }

  /// What is to be scored on an external test set: every run, the ensemble of its folds, and both in every way.
  package func predictions(of runs: [PlannedRun], on test: PlannedPrediction.External) -> [PlannedPrediction] {
    let known = Dictionary(grouping: runs, by: \.variant)
    return variants.flatMap { variant in
      testWays.flatMap { way in
        members(of: variant, known[variant.name] ?? [], in: way).map {
          PlannedPrediction(way, of: variant, $0, on: test)
        }
      }
    }
  }

  /// How the external test set is predicted, in the order of a variant's rows.
  package var testWays: [PredictionPlan] {
    ([PredictionPlan(), PredictionPlan(ensemble: .folds)] + prediction).reduce(into: []) { ways, way in
      if !ways.contains(way) { ways.append(way) }
    }
  }

  /// What the rows of the tables are called: every variant, and it again for each way of predicting.
  package var rowNames: [String] {
    variants.flatMap { variant in
      [variant.name] + prediction.map { $0.rowName(of: variant.name, networks: variant.seeds.count) }
    }
  }

  /// The runs that predict together. Sums have one order, however seeds are listed.
  private func members(of variant: Variant, _ runs: [PlannedRun], in way: PredictionPlan) -> [[PlannedRun]] {
    switch way.ensemble {
    case nil: return runs.map { [$0] }
    case .seeds:
      guard variant.seeds.count > 1 else { return [] }
      return Dictionary(grouping: runs, by: \.fold).sorted { $0.key < $1.key }.compactMap { _, own in
        // Before all of them are planned there is no such ensemble.
        own.count == variant.seeds.count ? own.sorted { $0.directoryName < $1.directoryName } : nil
      }
    case .folds:
      return variant.seeds.compactMap { seed in
        let own = runs.filter { $0.seed == seed }
        return own.isEmpty ? nil : own.sorted { ($0.fold, $0.directoryName) < ($1.fold, $1.directoryName) }
      }
    }
  }
}

import Experiments
import Foundation
import Store

extension ReportInput {
  /// What the tables say of a row whose networks are another row's, used in another way.
  package struct Predicted: Equatable, Sendable {
    /// The variant that trained them.
    package var variant: String
    /// How they predict.
    package var way: PredictionPlan

    package init(variant: String, way: PredictionPlan) { (self.variant, self.way) = (variant, way) }

    /// Whether several networks predict together, so that the row has no seeds of its own.
    var isEnsemble: Bool { way.ensemble != nil }

    var words: String {
      var parts: [String] = []
      switch way.ensemble {
      case nil: break
      case .seeds: parts.append("the mean of the probabilities of a fold's seeds")
      case .folds: parts.append("the mean of the probabilities of a seed's folds")
      }
      switch way.checkpoint {
      case nil: break
      case .best: parts.append("the network that was best on the validation cases")
      case .last: parts.append("the network of the last epoch")
      }
      if way.mirror { parts.append("the mean with the image whose left and right are exchanged") }
      if way.levels == .consecutive {
        parts.append("levels named one after the other from head to foot, each piece by one name")
      }
      switch way.components {
      case nil: break
      case .all: parts.append("only the largest piece of each structure")
      case .named(let names): parts.append("only the largest piece of \(names.joined(separator: ", "))")
      }
      return parts.joined(separator: "; ")
    }
  }

  /// Which rows are the same networks, used otherwise; below a table.
  func predictionNotes(for table: ReportPlan.Table) -> [String] {
    guard table != .partition, table != .cost, table != .test else { return [] }
    return rows.compactMap { row in
      row.predicted.map { "\(row.name): the networks of \($0.variant), not trained anew; \($0.words)." }
    }
  }

  /// Puts the rows of each way of predicting after their variants.
  mutating func addPredictions(
    of specification: Specification, _ runs: [PlannedRun], _ workspace: Workspace
  ) throws {
    let ways = specification.prediction.filter { $0.ensemble != .folds }
    guard !ways.isEmpty else { return }
    let planned = Dictionary(grouping: specification.predictions(of: runs), by: \.row)
    for variant in specification.variants.reversed() {
      guard let place = variants.firstIndex(where: { $0.name == variant.name }) else { continue }
      let rows = try ways.compactMap { way -> Variant? in
        guard way.ensemble == nil || variant.seeds.count > 1 else { return nil }
        let name = way.rowName(of: variant.name, networks: variant.seeds.count)
        return try Variant(
          way, beside: variants[place], named: name, planned[name] ?? [], structures: structures, workspace)
      }
      variants.insert(contentsOf: rows, at: place + 1)
    }
  }
}

extension ReportInput {
  /// What every run, the ensemble of its folds, and both in every other way scored on the external test set.
  ///
  /// - Parameters:
  ///   - place: where the test set lies.
  ///   - patients: of its cases.
  package mutating func addTest(
    of specification: Specification, _ runs: [PlannedRun], on test: PlannedPrediction.External, place: String,
    patients: [String: String], _ workspace: Workspace
  ) throws {
    let planned = Dictionary(grouping: specification.predictions(of: runs, on: test), by: \.row)
    var rows: [Variant] = []
    for variant in specification.variants {
      guard let plain = variants.first(where: { $0.name == variant.name }) else { continue }
      for way in specification.testWays where way.ensemble != .seeds || variant.seeds.count > 1 {
        let name = way.rowName(of: variant.name, networks: variant.seeds.count)
        rows.append(
          try Variant(way, beside: plain, named: name, planned[name] ?? [], structures: structures, workspace))
      }
    }
    self.test = ExternalTest(place: place, digest: test.digest, cases: test.cases, patients: patients, rows: rows)
  }
}

extension ReportInput.Variant {
  fileprivate init(
    _ way: PredictionPlan, beside plain: ReportInput.Variant, named name: String, _ planned: [PlannedPrediction],
    structures: [String], _ workspace: Workspace
  ) throws {
    // An ensemble of seeds has none of its own: it stands under the first, once.
    let seeds = way.ensemble == .seeds ? Array(plain.seeds.prefix(1)) : plain.seeds
    let runs = try planned.map { one in
      let states = one.members.map { plain.run(fold: $0.fold, seed: $0.seed)?.state ?? "queued" }
      return try ReportInput.Run(
        one, seed: way.ensemble == .seeds ? plain.seeds[0] : one.seed,
        unfinished: states.first { $0 != "finished" }, structures, workspace)
    }
    self.init(name: name, components: plain.components, seeds: seeds, runs: runs)
    fields = plain.fields.map { field in
      guard let checkpoint = way.checkpoint, field.label.split(separator: ".").last == "evaluate" else { return field }
      return ReportInput.Field(field.label, checkpoint.rawValue)
    }
    predicted = ReportInput.Predicted(variant: plain.name, way: way)
  }
}

extension ReportInput.Run {
  /// - Parameter unfinished: the state of a member that has not finished; nil where all have.
  fileprivate init(
    _ planned: PlannedPrediction, seed: UInt64, unfinished: String?, _ structures: [String], _ workspace: Workspace
  ) throws {
    let name = planned.directoryName
    self.init(
      fold: planned.fold, seed: seed, identity: planned.identity, directory: name,
      state: unfinished ?? "not scored yet")
    guard unfinished == nil else { return }
    let members = planned.members.map { workspace.runDirectory(named: $0.directoryName) }
    switch try workspace.predicted(named: name, identity: planned.identity, members: members) {
    case .missing: return
    case .outdated: state = "not scored with the weights of today"
    case .whole(let stored):
      let file = workspace.runDirectory(named: name).evaluationFile
      guard stored.evaluation.structures == structures else {
        throw ReportSourceError.otherStructures(
          file: file.path, expected: structures, found: stored.evaluation.structures)
      }
      (state, plan, lastTime) = ("finished", stored.record.compactJSON, stored.record.date)
      let evaluation = stored.evaluation
      (evaluations, networkGrid, ceiling) = (evaluation.scores, evaluation.cases, evaluation.imageGrid?.ceiling)
    }
  }
}

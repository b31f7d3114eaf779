import Crypto
import Experiments
import Foundation
import Models
import Networks
import Store
import Volumes
import System

/// A run directory that holds something else than its name says.
package enum ReportSourceError: Error, Equatable, CustomStringConvertible {
  case otherRun(file: String, expected: String, found: String)
  case otherStructures(file: String, expected: [String], found: [String])

  package var description: String {
    switch self {
    case .otherRun(let file, let expected, let found):
      "\(file) is of run \(found.prefix(12)), not of \(expected.prefix(12)). If its folder was renamed, give it the name"
        + " that ends in -\(found.prefix(12)) again where no other folder has that. Else move the folder to another"
        + " place, and train this run with `safnet run`"
    case .otherStructures(let file, let expected, let found):
      "\(file) has scores for \(found.joined(separator: ", ")), not for \(expected.joined(separator: ", ")): it is not of"
        + " this experiment's labels. Copy the run's folder back, or remove it (`safnet runs remove`) and train it again"
    }
  }
}

extension ReportInput {
  /// Reads what the experiment's runs have stored so far.
  ///
  /// - Parameter engine: tells what the networks cost.
  package init(plan: ExperimentPlan, workspace: Workspace, engine: any Engine, software: String) throws {
    try self.init(
      plan.specification, labels: plan.labels, folds: plan.folds.map(\.number), runs: plan.runs, workspace: workspace,
      engine: engine, software: software)
  }

  /// - Parameters:
  ///   - folds: the numbers of all planned folds.
  ///   - runs: those that are known; of a variant, a fold and a seed without one, nothing has been trained.
  package init(
    _ specification: Specification, labels: LabelMap, folds: [Int], runs: [PlannedRun], workspace: Workspace,
    engine: any Engine, software: String
  ) throws {
    let structures = labels.names
    let groups = specification.report.groups(of: structures).map { group in
      Group(name: group.name, structures: group.structures.compactMap(structures.firstIndex))
    }
    let own = try Variant.all(of: specification, runs, structures, workspace, engine)
    let imported = try ImportedMethods(of: specification, beside: runs, structures, workspace)
    self.init(
      name: specification.name, title: specification.title.isEmpty ? specification.name : specification.title,
      structures: structures, groups: groups, folds: folds,
      variants: own + imported.variants,
      baseline: own.count + imported.variants.count > 1 ? specification.baseline : nil,
      proposed: specification.variants.last { $0.model.isProposed }?.name,
      provenance: Provenance(specification, runs, software: software))
    importsLeftOut = imported.leftOut
    for field in specification.differingFields {
      for (index, value) in zip(variants.indices, field.values) {
        variants[index].fields.append(Field(field.label, value))
      }
    }
    try addPredictions(of: specification, runs, workspace)
    if variants.count > 1 { baseline = specification.baseline }
    settleGrid()
  }
}

extension ReportInput.Provenance {
  init(_ specification: Specification, _ runs: [PlannedRun], software: String) {
    let identities = Data(runs.map(\.identity).joined(separator: "\n").utf8)
    let evaluated = Set(specification.variants.map(\.training.evaluate))
    let words = [TrainingPlan.EvaluatedCheckpoint.best: "best on the validation cases", .last: "last epoch"]
    let tested = evaluated.count == 1 ? words[evaluated.first!]! : "best or last, as each method's plan says"
    let others = specification.prediction.contains { $0.checkpoint != nil }
    self.init(
      dataset: runs.first?.plan.dataset.digest ?? "", cases: runs.first?.plan.dataset.cases ?? 0,
      specification: SHA256.hash(data: identities).hex, software: software,
      checkpoint: others ? "\(tested), where a row's name does not say another" : tested)
  }
}

extension ReportInput.Variant {
  /// Those of an experiment, with what its runs have stored.
  static func all(
    of specification: Specification, _ runs: [PlannedRun], _ structures: [String], _ workspace: Workspace,
    _ engine: any Engine
  ) throws -> [ReportInput.Variant] {
    let planned = Dictionary(grouping: runs, by: \.variant)
    let own = specification.variants.map { planned[$0.name] ?? [] }
    // All at once: a variant alone has few runs.
    var read = try parallelMap(own.flatMap(\.self), workers: Machine.processors) { run in
      Result { try ReportInput.Run(run, in: workspace, structures: structures) }
    }.map { try $0.get() }[...]
    let costs = parallelMap(own, workers: Machine.processors) { runs in
      runs.first.map { ReportInput.ModelCost($0.plan, engine) }
    }
    return zip(specification.variants, zip(own, costs)).map { variant, known in
      let (planned, cost) = known
      defer { read = read.dropFirst(planned.count) }
      return ReportInput.Variant(
        name: variant.name, components: variant.model.components.map { .init($0.name, $0.isOn) }, cost: cost,
        seeds: variant.seeds, runs: Array(read.prefix(planned.count)))
    }
  }
}

extension ReportInput.ModelCost {
  init(_ plan: Plan, _ engine: any Engine) {
    let cost = engine.cost(
      of: SessionRequest(plan, trainingBatches: [plan.training.batch], threads: 2))
    self.init(parameters: cost.parameters, multiplyAdds: cost.multiplyAdds, trainingBytes: cost.trainingBytes)
  }
}

extension ModelConfiguration {
  /// The network of an ablation with every part.
  fileprivate var isProposed: Bool { !components.isEmpty && components.allSatisfy(\.isOn) }
}

import Compute
import Experiments
import Foundation
import Interchange
import Networks
import Store
import Training

/// The runs of an export, chosen as `safnet predict` chooses them.
struct ExportedRuns {
  let directories: [RunDirectory]
  /// What must be said of the choice: what was left out, what is not finished.
  let notes: [String]
  /// What the experiment and the variant are called; nil for runs that were named.
  let title: (experiment: String, variant: String)?

  /// - Throws: `ExportRefusal` for runs that are not finished, unless that is allowed.
  init(_ choice: PredictionRuns.Choice, allowsUnfinished: Bool, in workspace: Workspace) throws {
    let chosen = try PredictionRuns(choice, in: workspace)
    directories = chosen.directories
    if let imported = directories.first(where: { $0.isImported }) {
      throw ExportRefusal.imported(run: imported.name)
    }
    let unfinished = try directories.compactMap { run in
      let state = try run.state()
      return state == .finished ? nil : "\(run.name) (\(state.rawValue))"
    }
    title = Self.title(choice)
    if !allowsUnfinished {
      let command = Self.command(choice, directories, in: workspace)
      guard unfinished.isEmpty else { throw ExportRefusal.notFinished(runs: unfinished, command: command) }
      guard chosen.notTaken.isEmpty else {
        throw ExportRefusal.incomplete(
          variant: title?.variant ?? "the variant", notTaken: chosen.notTaken, command: command)
      }
    }
    notes =
      chosen.notices + (title == nil ? [chosen.coverage].compactMap(\.self) : [])
      + (unfinished.isEmpty ? [] : ["not finished: \(unfinished.joined(separator: ", "))"])
      + (chosen.notTaken.isEmpty ? [] : ["left out, not finished: \(chosen.notTaken.joined(separator: ", "))"])
  }

  /// What trains the rest of them.
  private static func command(
    _ choice: PredictionRuns.Choice, _ runs: [RunDirectory], in workspace: Workspace
  ) -> String {
    switch choice {
    case .variant(let specification, _): specification.runCommand(in: workspace)
    case .named:
      (runs.first { (try? $0.state()) != .finished } ?? runs.first).map { workspace.runCommand(for: $0.name) }
        ?? workspace.runCommand("EXPERIMENT")
    }
  }

  private static func title(_ choice: PredictionRuns.Choice) -> (experiment: String, variant: String)? {
    guard case .variant(let specification, let name) = choice else { return nil }
    return (specification.name, name ?? specification.variants.first?.name ?? "")
  }

  /// Plans and networks of all of them.
  ///
  /// - Throws: a network that is not there, `Mismatch` where the runs do not see images alike.
  func networks(_ choice: TrainedNetworks.Choice, _ program: RunningProgram) throws -> [TrainedNetworks.Loaded] {
    let loaded = try directories.map {
      try TrainedNetworks.Loaded($0, choice, program.networks, program.losses)
    }
    guard let first = loaded.first else { throw TrainedNetworks.Mismatch.noRun }
    if let one = loaded.first(where: { $0.plan.training.patch != nil }) {
      throw ExportRefusal.patches(run: one.source.run)
    }
    for one in loaded.dropFirst() {
      try TrainedNetworks.Mismatch.check(first.plan, first.source.run, one.plan, one.source.run)
    }
    return loaded
  }
}

extension TrainedNetworks.Loaded {
  /// Those of `graph`: heads that training alone compares with labels are left out.
  var tensors: [NamedTensor] {
    let layout = ParameterLayout(graph)
    let names = Set((layout.parameters + layout.statistics).map(\.name))
    return (state.parameters + state.statistics).filter { names.contains($0.name) }
  }

  var weights: NetworkWeights { NetworkWeights(tensors) }

  /// The network as its plan has it, for one image.
  var graph: Graph {
    plan.model.graph(
      batch: 1, extent: plan.inputExtent, classes: plan.structures.classes, channels: plan.model.channels
    ).withoutAuxiliaries()
  }
}

import Experiments
import Foundation
import Store
import Volumes

/// The plans that the run directories of a workspace hold.
struct StoredRuns {
  struct Run {
    let directory: RunDirectory
    let plan: Plan
    let isFinished: Bool
    /// Whether some process trains it now.
    let isRunning: Bool
  }

  let runs: [Run]

  /// A directory whose plan cannot be read is nobody's run here; who asks for it by name is told.
  init(_ workspace: Workspace) throws {
    runs = try workspace.runDirectories().compactMap { directory in
      guard let stored = try? directory.readPlan(),
        let plan = try? Plan(json: stored.planJSON, file: directory.planFile.path)
      else { return nil }
      let isFinished = (try? directory.history().finish != nil) ?? false
      let isRunning = !isFinished && ((try? RunLock.probe(directory).isHeld) ?? false)
      return Run(directory: directory, plan: plan, isFinished: isFinished, isRunning: isRunning)
    }
  }

  func holds(_ name: String) -> Bool { runs.contains { $0.directory.name == name } }
}

extension Specification {
  /// The variant and the seed that a plan is of, whatever its cases: all that the experiment decides is as it says.
  func seededVariant(of plan: Plan) -> SeededVariant? {
    if let known = dataset.knownLabels, !plan.structures.learns(as: known) { return nil }
    return seededVariants.first { trained in
      trained.seed == plan.training.seed
        && self.plan(for: trained, fold: plan.fold, labels: plan.structures, dataset: plan.dataset).canonicalJSON
          == plan.canonicalJSON
    }
  }
}

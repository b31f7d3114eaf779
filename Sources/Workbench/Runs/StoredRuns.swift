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
  }

  let runs: [Run]

  /// A directory whose plan cannot be read is nobody's run here; who asks for it by name is told.
  init(_ workspace: Workspace) throws {
    runs = try workspace.runDirectories().compactMap { directory in
      guard let stored = try? directory.readPlan(),
        let plan = try? Plan(json: stored.planJSON, file: directory.planFile.path)
      else { return nil }
      return Run(directory: directory, plan: plan, isFinished: (try? directory.history().finish != nil) ?? false)
    }
  }

  func holds(_ name: String) -> Bool { runs.contains { $0.directory.name == name } }
}

extension Specification {
  /// The variant that a plan is of, whatever its cases: all that the experiment decides is as it says.
  func variant(of plan: Plan) -> Variant? {
    if let known = dataset.knownLabels, !plan.structures.learns(as: known) { return nil }
    return variants.first { variant in
      Plan(
        model: variant.model, structures: plan.structures, dataset: plan.dataset, preprocessing: preprocessing,
        augmentation: augmentation, fold: plan.fold, training: variant.training
      ).canonicalJSON == plan.canonicalJSON
    }
  }
}

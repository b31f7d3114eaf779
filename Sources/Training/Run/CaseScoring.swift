import Compute
import Experiments
import Foundation
import Metrics
import Store
import System
import Volumes

/// Scores what was predicted of a case, on its image's own grid and on the network's, and keeps the label maps.
struct CaseScoring {
  let plan: Plan
  /// Where the predicted label maps go: `CASE.nii.gz` on the image's own grid, with the label map's numbers, and
  /// `network-grid/CASE.nii.gz` on the network's, with class indices.
  let predictions: URL

  /// What one case came to.
  struct Scored {
    let networkGrid, imageGrid: CaseEvaluation
    /// By structure: the Dice of the truth taken to the network's grid and back.
    let ceiling: [Double?]
  }

  private var networkGrid: URL { predictions.appendingPathComponent("network-grid", isDirectory: true) }

  /// Makes the folders, and removes what a killed process left in them.
  func prepareFolders() throws {
    for folder in [predictions, networkGrid] {
      try Folder.create(folder)
      try NIfTI.removeUnfinished(in: folder)
    }
  }

  func steps(_ truth: TruthVolume) -> PreprocessingSteps {
    PreprocessingSteps(plan.preprocessing, for: truth.geometry)
  }

  /// - Parameters:
  ///   - prediction: on the network's grid.
  ///   - restored: the same on the image's own.
  func score(
    _ prediction: Grid3<UInt8>, _ restored: Grid3<UInt8>, of one: PreparedCase, _ truth: TruthVolume
  ) throws -> Scored {
    let (name, steps, classes) = (one.name, steps(truth), plan.structures.classes)
    try NIfTI.write(preparedGrid: prediction, spacing: one.spacing, to: file(name, in: networkGrid))
    try NIfTI.write(restored, map: plan.structures, geometry: truth.geometry, to: file(name, in: predictions))
    var kept = steps.restored(steps.labels(truth.labels))
    // Ignored voxels that resampling moved onto others are nothing that a network could find there.
    for index in kept.values.indices where Int(kept.values[index]) >= classes { kept.values[index] = 0 }
    let reached = Overlap(prediction: kept, truth: truth.labels, classes: classes)
    return Scored(
      networkGrid: evaluate(
        name: name, prediction: prediction, truth: one.labels, classes: classes, spacing: one.spacing),
      imageGrid: evaluate(
        name: name, prediction: restored, truth: truth.labels, classes: classes, spacing: truth.geometry.spacing),
      ceiling: (1..<classes).map(reached.dice))
  }

  func evaluation(_ scored: [Scored], identity: String) -> StoredEvaluation {
    StoredEvaluation(
      planIdentity: identity, structures: plan.structures.names, cases: scored.map(\.networkGrid),
      imageGrid: StoredEvaluation.ImageGrid(cases: scored.map(\.imageGrid), ceiling: scored.map(\.ceiling)))
  }

  private func file(_ name: String, in folder: URL) -> URL { folder.appendingPathComponent("\(name).nii.gz") }
}

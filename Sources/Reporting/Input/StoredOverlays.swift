import Compute
import Experiments
import Foundation
import Store
import Volumes

extension Overlay {
  /// The slices of the chosen cases from the prepared images and the label maps that the runs stored
  /// (`predictions/network-grid/CASE.nii.gz`; `predictions/CASE.nii.gz` in runs of earlier programs).
  ///
  /// - Parameter names: the cases to show; empty: best, median and worst.
  /// - Returns: nothing for a case whose image or predictions are not there: a run may have come without them.
  package static func stored(
    for input: ReportInput, cache: PreparedCache, workspace: Workspace, names: [String] = []
  ) -> [Overlay] {
    var chosen = choice(input)
    if !names.isEmpty {
      let cases = input.scored?.cases(.dice) ?? []
      chosen = names.compactMap { name in cases.first { $0.name == name }.map { ("chosen", $0.fold, name) } }
    }
    return chosen.compactMap { stored(role: $0.role, fold: $0.fold, name: $0.name, input, cache, workspace) }
  }

  private static func stored(
    role: String, fold: Int, name: String, _ input: ReportInput, _ cache: PreparedCache, _ workspace: Workspace
  ) -> Overlay? {
    guard let prepared = try? cache.load(name) else { return nil }
    let depth = middleSlice(of: prepared.labels)
    let predictions = input.rows.compactMap { variant -> Prediction? in
      guard let run = variant.run(fold: fold), let evaluation = run.evaluations?.first(where: { $0.name == name })
      else {
        return nil
      }
      let folder = workspace.runDirectory(named: run.directory).predictionsFolder
      let files = ["network-grid/\(name).nii.gz", "\(name).nii.gz"].map { folder.appending(path: $0) }
      guard let volume = files.lazy.compactMap({ try? NIfTI.read($0) }).first,
        volume.grid.extent == prepared.labels.extent
      else { return nil }
      let labels = Grid3(volume.grid.extent, values: volume.grid.values.map { UInt8(max(0, min(255, $0))) })
      return Prediction(variant: variant.name, labels: slice(labels, at: depth), dice: evaluation.meanDice)
    }
    guard predictions.count == input.rows.filter({ !$0.finished.isEmpty }).count else { return nil }
    return Overlay(
      name: name, role: role, image: greySlice(prepared.image, at: depth), truth: slice(prepared.labels, at: depth),
      predictions: predictions, aspect: prepared.spacing.y / prepared.spacing.z)
  }
}

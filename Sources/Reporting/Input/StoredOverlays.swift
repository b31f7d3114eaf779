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
  /// - Returns: the overlays, and a sentence for each case that cannot be shown because its image or a prediction is not
  ///   there: a run may have come without them.
  package static func stored(
    for input: ReportInput, cache: PreparedCache, workspace: Workspace, names: [String] = []
  ) -> (overlays: [Overlay], missing: [String]) {
    var chosen = choice(input)
    if !names.isEmpty {
      let cases = input.scored?.cases(.dice) ?? []
      chosen = names.compactMap { name in cases.first { $0.name == name }.map { ("chosen", $0.fold, name) } }
    }
    var (overlays, missing): ([Overlay], [String]) = ([], [])
    for (role, fold, name) in chosen {
      do {
        overlays.append(try stored(role: role, fold: fold, name: name, input, cache, workspace))
      } catch {
        missing.append("\(name) is not shown among the overlays: \(error)")
      }
    }
    return (overlays, missing)
  }

  private static func stored(
    role: String, fold: Int, name: String, _ input: ReportInput, _ cache: PreparedCache, _ workspace: Workspace
  ) throws -> Overlay {
    var prepared = try cache.load(name)
    // What nobody has annotated has no outline.
    let ignored = prepared.labels.values.indices.filter { Int(prepared.labels.values[$0]) > input.structures.count }
    for index in ignored { prepared.labels.values[index] = 0 }
    let depth = middleSlice(of: prepared.labels)
    let predictions = try input.rows.filter { !$0.finished.isEmpty }.map { variant in
      guard let run = variant.run(fold: fold), let evaluation = run.evaluations?.first(where: { $0.name == name })
      else { throw OverlayError.notTested(variant: variant.name, fold: fold) }
      let file = predictionFile(of: name, in: workspace.runDirectory(named: run.directory).predictionsFolder)
      let volume = try NIfTI.read(file)
      guard volume.grid.extent == prepared.labels.extent else {
        throw OverlayError.otherExtent(file: file.path, "\(volume.grid.extent)", expected: "\(prepared.labels.extent)")
      }
      let labels = Grid3(volume.grid.extent, values: volume.grid.values.map { UInt8(max(0, min(255, $0))) })
      let name = variant.tellingSeed(of: run).map { "\(variant.name), seed \($0)" } ?? variant.name
      return Prediction(variant: name, labels: slice(labels, at: depth), dice: evaluation.meanDice)
    }
    return Overlay(
      name: name, role: role, image: greySlice(prepared.image, at: depth), truth: slice(prepared.labels, at: depth),
      predictions: predictions, aspect: prepared.spacing.y / prepared.spacing.z)
  }

  /// Runs of earlier programs hold the network's grid only, under the plain name.
  private static func predictionFile(of name: String, in folder: URL) -> URL {
    let file = folder.appending(path: "network-grid/\(name).nii.gz")
    return FileManager.default.fileExists(atPath: file.path) ? file : folder.appending(path: "\(name).nii.gz")
  }
}

/// Why a case cannot be shown.
private enum OverlayError: Error, CustomStringConvertible {
  case notTested(variant: String, fold: Int)
  case otherExtent(file: String, String, expected: String)

  var description: String {
    switch self {
    case .notTested(let variant, let fold): "\(variant) has not finished fold \(fold)"
    case .otherExtent(let file, let found, let expected): "\(file) has \(found) voxels, not \(expected)"
    }
  }
}

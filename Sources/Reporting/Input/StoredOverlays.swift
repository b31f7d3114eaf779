import Compute
import Experiments
import Foundation
import Metrics
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

  /// One slice of a case.
  package struct Slice {
    package let overlay: Overlay
    /// From 0, and of how many.
    package let depth: Int
    package let count: Int
  }

  /// A slice of a test case with what each method made of it that has tested it yet.
  ///
  /// - Parameter depth: the nearest that there is; nil: the middle of those that hold a structure.
  /// - Returns: nil for a case that no method has tested.
  package static func stored(
    case name: String, at depth: Int?, for input: ReportInput, cache: PreparedCache, workspace: Workspace
  ) throws -> Slice? {
    let tested = input.rows.compactMap { variant in
      variant.finished.first { $0.evaluations?.contains { $0.name == name } == true }.map { (variant, $0) }
    }
    guard !tested.isEmpty else { return nil }
    let prepared = try annotated(name, input, cache)
    let count = prepared.labels.extent.depth
    let chosen = depth.map { max(0, min(count - 1, $0)) } ?? middleSlice(of: prepared.labels)
    let predictions = try tested.map { variant, run in
      try prediction(of: name, variant, run, like: prepared, at: chosen, workspace)
    }
    let overlay = Overlay(name, "slice \(chosen + 1)", prepared, at: chosen, predictions)
    return Slice(overlay: overlay, depth: chosen, count: count)
  }

  private static func stored(
    role: String, fold: Int, name: String, _ input: ReportInput, _ cache: PreparedCache, _ workspace: Workspace
  ) throws -> Overlay {
    let prepared = try annotated(name, input, cache)
    let depth = middleSlice(of: prepared.labels)
    let predictions = try input.rows.filter { !$0.finished.isEmpty }.map { variant in
      guard let run = variant.run(fold: fold) else { throw OverlayError.notTested(variant: variant.name, fold: fold) }
      return try prediction(of: name, variant, run, like: prepared, at: depth, workspace)
    }
    return Overlay(name, role, prepared, at: depth, predictions)
  }

  /// The prepared case; what nobody has annotated has no outline.
  private static func annotated(
    _ name: String, _ input: ReportInput, _ cache: PreparedCache
  ) throws -> PreparedCase {
    var prepared = try cache.load(name)
    let ignored = prepared.labels.values.indices.filter { Int(prepared.labels.values[$0]) > input.structures.count }
    for index in ignored { prepared.labels.values[index] = 0 }
    return prepared
  }

  private static func prediction(
    of name: String, _ variant: ReportInput.Variant, _ run: ReportInput.Run, like prepared: PreparedCase,
    at depth: Int, _ workspace: Workspace
  ) throws -> Prediction {
    guard let evaluation = run.evaluations?.first(where: { $0.name == name }) else {
      throw OverlayError.notTested(variant: variant.name, fold: run.fold)
    }
    let directory = workspace.runDirectory(named: run.directory)
    let file = predictionFile(of: name, in: directory.predictionsFolder)
    if access(file.path, F_OK) != 0, errno == ENOENT {
      throw OverlayError.lost(file: file.path, isTested: variant.imported == nil && variant.predicted == nil)
    }
    let volume = try NIfTI.read(file)
    guard volume.grid.extent == prepared.labels.extent else {
      throw OverlayError.otherExtent(file: file.path, "\(volume.grid.extent)", expected: "\(prepared.labels.extent)")
    }
    let labels = Grid3(volume.grid.extent, values: volume.grid.values.map { UInt8(max(0, min(255, $0))) })
    let scored = (run.networkGrid ?? run.evaluations)?.first { $0.name == name }
    guard scored?.canBe(of: labels, spacing: volume.geometry.spacing) != false else {
      throw ReplacedLabelMap(file, of: directory)
    }
    let title = variant.tellingSeed(of: run).map { "\(variant.name), seed \($0)" } ?? variant.name
    return Prediction(variant: title, labels: slice(labels, at: depth), dice: evaluation.meanDice)
  }

  /// Runs of earlier programs hold the network's grid only, under the plain name.
  private static func predictionFile(of name: String, in folder: URL) -> URL {
    let file = folder.appending(path: "network-grid/\(name).nii.gz")
    return FileManager.default.fileExists(atPath: file.path) ? file : folder.appending(path: "\(name).nii.gz")
  }
}

extension Overlay {
  fileprivate init(
    _ name: String, _ role: String, _ prepared: PreparedCase, at depth: Int, _ predictions: [Prediction]
  ) {
    self.init(
      name: name, role: role, image: Self.greySlice(prepared.image, at: depth),
      truth: Self.slice(prepared.labels, at: depth), predictions: predictions,
      aspect: prepared.spacing.y / prepared.spacing.z)
  }
}

/// Why a case cannot be shown.
private enum OverlayError: Error, CustomStringConvertible {
  case notTested(variant: String, fold: Int)
  case otherExtent(file: String, String, expected: String)
  /// - Parameter isTested: by a run of this workspace, which `safnet run` lets predict again.
  case lost(file: String, isTested: Bool)

  var description: String {
    switch self {
    case .notTested(let variant, let fold): "\(variant) has not finished fold \(fold)"
    case .lost(let file, let isTested):
      "\(file) is missing" + (isTested ? "; `safnet run` with the experiment predicts it again" : "")
    case .otherExtent(let file, let found, let expected): "\(file) has \(found) voxels, not \(expected)"
    }
  }
}

import Compute
import Experiments
import Foundation
import Metrics
import Reporting
import Store
import System
import Text
import Volumes

/// Normalised surface Dice at the tolerances that a report asks for. Runs are scored at the usual ones when they are
/// tested; others are made from the stored predictions and truths. All scores of a report are at the same tolerances.
struct ToleranceScores {
  let tolerances: [Double]
  let cache: PreparedCache
  let labels: LabelMap
  let workspace: Workspace
  let workers: Int

  /// Where a score stands in a report.
  private struct Place {
    let variant, run, index: Int
    let evaluation: CaseEvaluation
    let directory: String
  }

  /// Puts every score at the tolerances; where that cannot be for one of them, none is changed and the report says so.
  func settle(_ input: inout ReportInput) {
    let places = places(input)
    guard places.contains(where: { $0.evaluation.elements?.tolerances != tolerances }) else { return }
    guard input.grid == .image else {
      return input.remarks += remark(input, "runs were scored on the network's grid only", Self.remedy)
    }
    let scores = parallelMap(places, workers: workers) { place in
      Result { try place.evaluation.elements.flatMap(stored) ?? scored(place) }
    }
    for case .failure(let error) in scores {
      let remedy = error is ReplacedLabelMap ? "" : Self.remedy
      return input.remarks += remark(input, "\(error)", remedy)
    }
    for (place, score) in zip(places, scores) {
      guard case .success(let dice) = score else { continue }
      input.variants[place.variant].runs[place.run].evaluations?[place.index].elements?.normalizedDice = dice
      input.variants[place.variant].runs[place.run].evaluations?[place.index].elements?.tolerances = tolerances
    }
  }

  private func places(_ input: ReportInput) -> [Place] {
    input.variants.indices.flatMap { variant in
      input.variants[variant].runs.indices.flatMap { run -> [Place] in
        let one = input.variants[variant].runs[run]
        return (one.evaluations ?? []).enumerated().compactMap { index, evaluation in
          // Scores of programs that had no surface elements have no such columns at all.
          evaluation.elements == nil
            ? nil
            : Place(variant: variant, run: run, index: index, evaluation: evaluation, directory: one.directory)
        }
      }
    }
  }

  /// From a score that has all of these tolerances already.
  private func stored(_ elements: SurfaceElementScores) -> [[Double?]]? {
    let indices = tolerances.compactMap { elements.tolerances.firstIndex(of: $0) }
    return indices.count == tolerances.count ? indices.map { elements.normalizedDice[$0] } : nil
  }

  private func scored(_ place: Place) throws -> [[Double?]] {
    let name = place.evaluation.name
    let truth = try cache.truth(name)
    let (run, spacing) = (workspace.runDirectory(named: place.directory), truth.geometry.spacing)
    let file = run.predictionsFolder.appending(path: "\(name).nii.gz")
    guard let prediction = labels.classes(of: try NIfTI.read(file)), prediction.extent == truth.labels.extent,
      place.evaluation.isOf(prediction, truth: truth.labels, classes: labels.classes, spacing: spacing)
    else {
      throw ReplacedLabelMap(file, of: run, mender: "`\(workspace.runCommand(for: run.name))`")
    }
    return normalizedSurfaceDice(
      prediction: prediction, truth: truth.labels, classes: labels.classes, spacing: spacing, tolerances: tolerances)
  }

  private static let remedy =
    " NSD is scored again from the runs' predictions and the prepared cases; restore them, or remove evaluation.h5 of these"
    + " runs and give `safnet run` again, which tests them anew, then `safnet report`."

  private func remark(_ input: ReportInput, _ reason: String, _ remedy: String) -> [String] {
    func list(_ values: [Double]) -> String {
      values.map { $0.fixed($0 == $0.rounded() ? 0 : 2) }.joined(separator: ", ")
    }
    let shown = places(input).first?.evaluation.elements?.tolerances ?? []
    return [
      "NSD is not shown at report.tolerances (\(list(tolerances)) mm) but at \(list(shown)) mm, as the runs were scored:"
        + " \(reason).\(remedy)"
    ]
  }
}

extension LabelMap {
  /// A stored label map on its image's own grid in classes; nil where it holds a number that no structure has.
  func classes(of volume: Volume) -> Grid3<UInt8>? {
    var values: [UInt8] = []
    values.reserveCapacity(volume.grid.values.count)
    var (last, label): (Double, UInt8) = (0, 0)
    for value in volume.grid.values {
      if value != last {
        guard let found = Int(exactly: value).flatMap({ self[$0] }) else { return nil }
        (last, label) = (value, UInt8(found))
      }
      values.append(label)
    }
    return Grid3(volume.grid.extent, values: values)
  }
}

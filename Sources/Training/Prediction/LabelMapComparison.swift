import Compute
import Foundation
import Metrics
import Volumes

/// Scores one label map file against another, on their own grid.
package enum LabelMapComparison {
  package enum Problem: Error, Equatable, CustomStringConvertible {
    case differentGrids(prediction: String, truth: String, found: String, expected: String)
    case unknownLabel(file: String, value: Double, known: [Int])

    package var description: String {
      switch self {
      case .differentGrids(let prediction, let truth, let found, let expected):
        "\(prediction) has \(found) voxels (D, H, W), \(truth) has \(expected). Resample one to the other's grid first."
      case .unknownLabel(let file, let value, let known):
        "\(file) holds the label \(value); the known ones are \(known.map(String.init).joined(separator: ", ")). "
          + "Name the run whose structures are meant with --run."
      }
    }
  }

  package static func evaluate(prediction: URL, truth: URL, labels: LabelMap) throws -> CaseEvaluation {
    let (predicted, true_) = (try NIfTI.read(prediction), try NIfTI.read(truth))
    guard predicted.grid.extent == true_.grid.extent else {
      throw Problem.differentGrids(
        prediction: prediction.path, truth: truth.path, found: "\(predicted.grid.extent)",
        expected: "\(true_.grid.extent)")
    }
    return Metrics.evaluate(
      name: prediction.lastPathComponent, prediction: try classes(of: predicted, file: prediction, labels),
      truth: try classes(of: true_, file: truth, labels), classes: labels.classes, spacing: true_.geometry.spacing)
  }

  private static func classes(of volume: Volume, file: URL, _ labels: LabelMap) throws -> Grid3<UInt8> {
    var known: [Double: UInt8] = [:]
    let values = try volume.grid.values.map { value -> UInt8 in
      if let found = known[value] { return found }
      guard let whole = Int(exactly: value), let index = labels[whole] else {
        let all = (labels.background + labels.structures.map(\.value)).sorted()
        throw Problem.unknownLabel(file: file.path, value: value, known: all)
      }
      known[value] = UInt8(index)
      return UInt8(index)
    }
    return Grid3(volume.grid.extent, values: values)
  }
}

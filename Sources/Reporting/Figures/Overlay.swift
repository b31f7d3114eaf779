import Compute
import Metrics

/// A slice of one case: the image, the truth, and what each method made of it.
package struct Overlay: Equatable, Sendable {
  /// A slice of labels, rows from head to foot, columns from front to back.
  package struct Labels: Equatable, Sendable {
    package var height: Int
    package var width: Int
    package var values: [UInt8]

    package init(height: Int, width: Int, values: [UInt8]) {
      precondition(values.count == height * width, "a slice of \(height)x\(width), not of \(values.count) values")
      (self.height, self.width, self.values) = (height, width, values)
    }
  }

  package struct Prediction: Equatable, Sendable {
    package var variant: String
    package var labels: Labels
    /// Of the whole case.
    package var dice: Double?

    package init(variant: String, labels: Labels, dice: Double?) {
      (self.variant, self.labels, self.dice) = (variant, labels, dice)
    }
  }

  package var name: String
  /// Why it is shown: best, median, worst.
  package var role: String
  /// Grey values of the slice.
  package var image: Labels
  /// Nil where there is none, and so no score.
  package var truth: Labels?
  package var predictions: [Prediction]
  /// Height of a voxel over its width.
  package var aspect: Double

  package init(
    name: String, role: String, image: Labels, truth: Labels?, predictions: [Prediction], aspect: Double
  ) {
    (self.name, self.role, self.image, self.truth) = (name, role, image, truth)
    (self.predictions, self.aspect) = (predictions, aspect)
  }
}

extension ReportInput {
  /// The last row that has scores.
  var scored: Variant? { rows.last { !$0.finished.isEmpty } }

  /// The cases that may be shown: those that it was tested on.
  package var scoredCases: [String] { scored?.cases(.dice).map(\.name) ?? [] }
}

extension Overlay {
  /// The label maps that are drawn over the image, in order; a prediction has a score where there is a truth.
  var maps: [(labels: Labels, dice: Double?, isScored: Bool)] {
    (truth.map { [($0, nil, false)] } ?? []) + predictions.map { ($0.labels, $0.dice, truth != nil) }
  }

  /// The middle of the slices that hold a structure.
  package static func middleSlice(of truth: Grid3<UInt8>) -> Int {
    let plane = truth.extent.height * truth.extent.width
    let held = (0..<truth.extent.depth).filter { d in
      truth.values[d * plane..<(d + 1) * plane].contains { $0 != 0 }
    }
    return held.isEmpty ? truth.extent.depth / 2 : held[held.count / 2]
  }

  package static func slice(_ grid: Grid3<UInt8>, at depth: Int) -> Labels {
    let plane = grid.extent.height * grid.extent.width
    return Labels(
      height: grid.extent.height, width: grid.extent.width,
      values: Array(grid.values[depth * plane..<(depth + 1) * plane]))
  }

  /// Grey values: from the 1st to the 99th percentile of the slice.
  package static func greySlice(_ grid: Grid3<Float>, at depth: Int) -> Labels {
    let plane = grid.extent.height * grid.extent.width
    let values = grid.values[depth * plane..<(depth + 1) * plane].map(Double.init)
    let sorted = values.sorted()
    let (low, high) = (percentile(1, ofSorted: sorted), percentile(99, ofSorted: sorted))
    let grey = values.map { UInt8(max(0, min(255, 255 * ($0 - low) / max(high - low, 1e-12)))) }
    return Labels(height: grid.extent.height, width: grid.extent.width, values: grey)
  }

  /// Which cases to show: best, median and worst mean Dice of the last row that has scores, the proposed method's.
  package static func choice(_ input: ReportInput) -> [(role: String, fold: Int, name: String)] {
    let all = Array(input.structures.indices)
    let ordered = (input.scored?.cases(.dice) ?? [])
      .compactMap { scored in scored.mean(over: all).map { (scored, $0) } }
      .sorted { ($0.1, $1.0.name) > ($1.1, $0.0.name) }.map(\.0)
    guard let best = ordered.first, let worst = ordered.last else { return [] }
    let median = ordered[ordered.count / 2]
    return [("best", best), ("median", median), ("worst", worst)].reduce(into: []) { chosen, entry in
      if !chosen.contains(where: { $0.name == entry.1.name }) { chosen.append((entry.0, entry.1.fold, entry.1.name)) }
    }
  }
}

import Compute
import Foundation
import Metrics
import Volumes

/// Scores one label map file against another, on their own grid.
package enum LabelMapComparison {
  package enum Problem: Error, Equatable, CustomStringConvertible {
    case differentGrids(prediction: String, truth: String, found: String, expected: String)
    case differentPlaces(prediction: String, truth: String, millimetres: Double, tolerance: Double)
    /// All values that stand for no structure, in ascending order.
    case unknownLabels(file: String, values: [Double], known: [Int])
    /// A value that cannot stand for a structure, where no names were given.
    case noLabel(file: String, value: Double)
    case tooManyLabels(count: Int)
    /// More different numbers than any label map has.
    case looksLikeImage(file: String, numbers: Int)

    package var description: String {
      switch self {
      case .differentGrids(let prediction, let truth, let found, let expected):
        "\(prediction) has \(found) voxels (D, H, W), \(truth) has \(expected). Resample one to the other's grid first."
      case .differentPlaces(let prediction, let truth, let millimetres, let tolerance):
        "\(prediction) lies up to \((millimetres * 1000).rounded() / 1000) mm off \(truth) (allowed:"
          + " \((tolerance * 1000).rounded() / 1000) mm). Correct its affine, or resample it onto the other's grid"
          + " first."
      case .noLabel(let file, let value) where value != value.rounded() && value.isFinite:
        Self.fraction(value, in: file)
      case .unknownLabels(let file, let values, let known):
        if let value = values.first(where: { $0 != $0.rounded() }) {
          Self.fraction(value, in: file)
        } else {
          "\(file) holds the \(values.count == 1 ? "label" : "labels") \(Self.few(values)); those that are"
            + " meant are \(Self.list(known)). Correct the mask, or name in --labels (in place of --run or --experiment) the"
            + " structures that both files were drawn with, all numbers of one where they differ, such as {\"L1\": [1, 1001]}; without"
            + " any of these every number is scored under its own name."
        }
      case .noLabel(let file, let value):
        "\(file) holds \(Self.text(value)), and a label is a whole number from 0 on. Is it a label map?"
      case .tooManyLabels(let count): "the two files hold \(count) labels; 255 can be scored. Are they label maps?"
      case .looksLikeImage(let file, let numbers):
        "\(file) holds \(numbers) different numbers: it is an image, not a label map. Give the predicted label maps first,"
          + " then the true ones (of nnU-Net's folders labelsTr, not imagesTr)."
      }
    }

    private static func fraction(_ value: Double, in file: String) -> String {
      "\(file) holds \(value), and a label is a whole number from 0 on. Resample label maps by nearest neighbour; of"
        + " probabilities, give the label map that they make."
    }

    /// The first ten, and how many more.
    private static func few(_ values: [Double]) -> String {
      values.prefix(10).map(text).joined(separator: ", ") + (values.count > 10 ? " and \(values.count - 10) more" : "")
    }

    /// 7, not 7.0.
    private static func text(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }

    /// "0 to 3, 7": spans of numbers in ascending order.
    private static func list(_ numbers: [Int]) -> String {
      let spans = numbers.reduce(into: [ClosedRange<Int>]()) { spans, number in
        if let last = spans.last, last.upperBound + 1 == number {
          spans[spans.count - 1] = last.lowerBound...number
        } else {
          spans.append(number...number)
        }
      }
      return spans.map { span in
        span.count < 3 ? span.map(String.init).joined(separator: ", ") : "\(span.lowerBound) to \(span.upperBound)"
      }.joined(separator: ", ")
    }
  }

  /// The scores, and what is odd about the pair though it can be scored.
  package struct Outcome {
    package let scores: CaseEvaluation
    package let notice: String?
    /// Whose structures were scored.
    package let labels: LabelMap
    /// The structures, from 0, of which the truth reaches the image's edge towards head, foot, front or back: they are
    /// not whole there.
    package let cut: [Int]
  }

  /// - Parameter labels: the structures; nil: every number that either file holds, under that name.
  package static func evaluate(prediction: URL, truth: URL, labels: LabelMap?) throws -> Outcome {
    let (predicted, true_) = (try NIfTI.read(prediction), try NIfTI.read(truth))
    var notice = labels == nil ? try imageNotice([(predicted, prediction), (true_, truth)]) : nil
    switch GeometryMatch(predicted.geometry, on: true_.geometry) {
    case .same: break
    case .turned:
      let turned =
        "\(prediction.path) counts its voxels along \(predicted.geometry.axes.codes), \(truth.path) along"
        + " \(true_.geometry.axes.codes); they are compared where the headers say that they lie"
      notice = [turned, notice].compactMap(\.self).joined(separator: "; ")
    case .away(let millimetres, let tolerance):
      throw Problem.differentPlaces(
        prediction: prediction.path, truth: truth.path, millimetres: millimetres, tolerance: tolerance)
    case .otherShape:
      throw Problem.differentGrids(
        prediction: prediction.path, truth: truth.path, found: "\(predicted.grid.extent)",
        expected: "\(true_.grid.extent)")
    }
    let labels = try labels ?? numbers(in: [(predicted, prediction), (true_, truth)])
    let actual = try classes(of: true_, file: truth, labels, isTruth: true)
    let scores = Metrics.evaluate(
      name: prediction.lastPathComponent, prediction: try classes(of: predicted, file: prediction, labels),
      truth: actual, classes: labels.classes, spacing: true_.geometry.spacing)
    let empty = emptyNotice(scores, prediction: prediction, truth: truth)
    let notices = [notice, empty].compactMap(\.self)
    return Outcome(
      scores: scores, notice: notices.isEmpty ? nil : notices.joined(separator: "; "), labels: labels,
      cut: labelsAtEdge(of: actual))
  }

  /// Of files in which there is nothing to score.
  private static func emptyNotice(_ scores: CaseEvaluation, prediction: URL, truth: URL) -> String? {
    let empty = [(scores.truthVoxels, truth), (scores.predictedVoxels, prediction)].filter { voxels, _ in
      voxels.allSatisfy { $0 == 0 }
    }.map(\.1.path)
    guard !empty.isEmpty else { return nil }
    return
      "\(empty.joined(separator: " and ")) \(empty.count == 1 ? "holds" : "hold") no voxel of any structure: is this the"
      + " right file?"
  }

  private static func labelsAtEdge(of truth: Grid3<UInt8>) -> [Int] {
    let extent = truth.extent
    var found: Set<UInt8> = []
    for d in 0..<extent.depth {
      for w in 0..<extent.width { found.formUnion([truth[d, 0, w], truth[d, extent.height - 1, w]]) }
      for h in 0..<extent.height { found.formUnion([truth[d, h, 0], truth[d, h, extent.width - 1]]) }
    }
    return found.subtracting([0, ignoredLabel]).map { Int($0) - 1 }.sorted()
  }

  /// So many numbers more than four times those of the other file are grey values.
  private static let greyValues = 20
  /// More than these no label map of a spine holds.
  private static let mostStructures = 150
  /// That can be scored.
  private static let mostLabels = 255

  private static func imageNotice(_ volumes: [(volume: Volume, file: URL)]) throws -> String? {
    let counts = volumes.map { Set($0.volume.grid.values).count }
    for (this, other) in [(0, 1), (1, 0)] where counts[this] >= max(greyValues, 4 * counts[other]) {
      if counts[this] > mostStructures {
        throw Problem.looksLikeImage(file: volumes[this].file.path, numbers: counts[this])
      }
      return "\(volumes[this].file.path) holds \(counts[this]) different numbers and \(volumes[other].file.path)"
        + " \(counts[other]): it looks like an image, not like a label map"
    }
    return nil
  }

  private static func numbers(in volumes: [(volume: Volume, file: URL)]) throws -> LabelMap {
    var found: Set<Int> = []
    for (volume, file) in volumes {
      let values = Set(volume.grid.values)
      guard values.count <= mostLabels + 1 else {
        throw Problem.looksLikeImage(file: file.path, numbers: values.count)
      }
      for value in values {
        guard let number = Int(exactly: value), number == 0 || LabelMap.numbers.contains(number) else {
          throw values.count > greyValues
            ? Problem.looksLikeImage(file: file.path, numbers: values.count)
            : Problem.noLabel(file: file.path, value: value)
        }
        found.insert(number)
      }
    }
    let labels = found.subtracting([0]).sorted()
    guard labels.count <= mostLabels else { throw Problem.tooManyLabels(count: labels.count) }
    return LabelMap(structures: labels.map { .init(name: "\($0)", value: $0) })
  }

  /// - Parameter isTruth: whether voxels may be of the number that nobody has annotated; a prediction has none.
  private static func classes(
    of volume: Volume, file: URL, _ labels: LabelMap, isTruth: Bool = false
  ) throws -> Grid3<UInt8> {
    var known: [Double: UInt8] = [:]
    let values = try volume.grid.values.map { value -> UInt8 in
      if let found = known[value] { return found }
      guard let label = label(of: value, labels, isTruth) else {
        let numbers = Set(volume.grid.values).count
        throw numbers > max(greyValues, 4 * labels.numbers.count)
          ? Problem.looksLikeImage(file: file.path, numbers: numbers)
          : unknown(volume, file, labels, isTruth)
      }
      known[value] = label
      return label
    }
    return Grid3(volume.grid.extent, values: values)
  }

  private static func label(of value: Double, _ labels: LabelMap, _ isTruth: Bool) -> UInt8? {
    Int(exactly: value).flatMap { isTruth || $0 != labels.ignore ? labels.label(of: $0) : nil }
  }

  /// All that stands for nothing, at once.
  private static func unknown(_ volume: Volume, _ file: URL, _ labels: LabelMap, _ isTruth: Bool) -> Problem {
    let strange = Set(volume.grid.values).filter { label(of: $0, labels, isTruth) == nil }
    return .unknownLabels(file: file.path, values: strange.sorted(), known: labels.numbers.sorted())
  }
}

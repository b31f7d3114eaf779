import Foundation
import Metrics
import Volumes
import Text

/// nnU-Net's own Dice beside ours, of the same maps.
///
/// Both are 2|A ∩ B| / (|A| + |B|). Where truth and prediction are empty neither is a number; their means differ, since
/// ours are taken over cases first. A map or truth that was changed since shows here.
struct SummaryComparison {
  /// How far two numbers of the same counts may lie apart.
  static let tolerance = 1e-12

  private(set) var cases = 0
  /// Pairs of numbers that agree, and pairs without a number on both sides.
  private(set) var agreeing = 0
  private(set) var empty = 0
  /// In words: "Case3, L5: 0.81 there, 0.82 here".
  private(set) var differing: [String] = []
  /// Cases that no summary names.
  private(set) var unnamed: [String] = []
  private let regions: [String]

  init(
    _ summaries: [NNUNetSummary], _ maps: [FoundMap], _ scores: [CaseEvaluation], _ labels: ImportLabels,
    structures: [String]
  ) {
    regions = summaries.reduce(into: Set<String>()) { $0.formUnion($1.regions) }.sorted()
    for (map, score) in zip(maps, scores) {
      let stem = NIfTIFiles.stem(map.file.lastPathComponent) ?? ""
      // The summary beside the map: another fold may have a file of the same name.
      let beside = map.file.deletingLastPathComponent().standardizedFileURL.path
      let summary = summaries.first { $0.file.deletingLastPathComponent().standardizedFileURL.path == beside }
      guard let theirs = summary?.dice[stem] else {
        unnamed.append(score.name)
        continue
      }
      cases += 1
      for (label, value) in theirs.sorted(by: { $0.key < $1.key }) {
        guard let index = labels.classes[label], index > 0 else { continue }
        compare(value, score.dice[Int(index) - 1], "\(score.name), \(structures[Int(index) - 1])")
      }
    }
  }

  private mutating func compare(_ theirs: Double?, _ ours: Double?, _ place: String) {
    switch (theirs, ours) {
    case (nil, nil): empty += 1
    case (let theirs?, let ours?) where abs(theirs - ours) <= Self.tolerance: agreeing += 1
    default:
      differing.append(
        "\(place): \(theirs.map { "\($0)" } ?? "not counted") there, \(ours.map { "\($0)" } ?? "not counted") here")
    }
  }

  var notices: [String] {
    var notices = [
      "summary.json: \(agreeing) Dice of \(Quantity.of(cases, "case")) agree with ours to \(Self.tolerance); in neither truth nor"
        + " prediction, and counted on neither side: \(empty)"
    ]
    if !differing.isEmpty {
      notices.append("summary.json differs in \(differing.count): \(differing.prefix(20).joined(separator: "; "))")
    }
    if !unnamed.isEmpty { notices.append("summary.json does not name \(ImportProblem.short(unnamed))") }
    if !regions.isEmpty {
      notices.append("summary.json has regions of several labels, not compared: \(ImportProblem.short(regions))")
    }
    return notices
  }
}

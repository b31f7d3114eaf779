import Compute
import Foundation
import Testing

/// SciPy's values; `Golden/make_metrics.py` made them.
struct Golden: Decodable {
  struct Evaluation: Decodable {
    var shape: Extent3
    var classes: Int
    var spacing: [Double]
    var truth, prediction: String
    var dice, surfaceDistance, hausdorff95: [Double?]
    var confusion: [Int]
  }

  struct Transform: Decodable {
    var shape: Extent3
    var spacing: [Double]
    var marked: String
    var distances: [Double]
  }

  var evaluations: [Evaluation]
  var transforms: [Transform]

  static let shared: Golden = {
    let url = Bundle.module.url(forResource: "Golden/metrics", withExtension: "json")!
    return try! JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
  }()
}

/// A label map from one digit per voxel.
func grid(_ extent: Extent3, _ digits: String) -> Grid3<UInt8> {
  Grid3(extent, values: digits.utf8.map { $0 - 48 })
}

/// Distances are sums of three products under a root: a few roundings of at most 2^-53 each.
let roundingBound = 1e-13

func isClose(_ a: Double?, _ b: Double?) -> Bool {
  guard let a, let b else { return a == nil && b == nil }
  return abs(a - b) <= roundingBound * max(1, abs(b))
}

func expectClose(_ found: [Double?], _ expected: [Double?], _ what: String, at place: SourceLocation = #_sourceLocation)
{
  #expect(found.count == expected.count, "\(what)", sourceLocation: place)
  for (index, pair) in zip(found, expected).enumerated() where !isClose(pair.0, pair.1) {
    Issue.record(
      "\(what)[\(index)]: \(String(describing: pair.0)), not \(String(describing: pair.1))", sourceLocation: place)
  }
}

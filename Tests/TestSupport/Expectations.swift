import Compute
import Testing

/// Expects two arrays of one length with `|actual − expected| <= bound` in every element; NaN on either side fails.
///
/// Reports the element that misses its bound by most, both values, the bound, how many miss, and the caller's line.
package func expectClose(
  _ actual: [Float], _ expected: [Float], bound: Float, _ what: @autoclosure () -> String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose(
    actual, expected, bounds: Array(repeating: bound, count: expected.count), what(), sourceLocation: sourceLocation)
}

/// The same with a bound for every element.
package func expectClose(
  _ actual: [Float], _ expected: [Float], bounds: [Float], _ what: @autoclosure () -> String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  DigestLog.record(actual)
  guard let failure = difference(actual, expected, bounds: bounds) else { return }
  let name = what()
  Issue.record("\(name.isEmpty ? "" : name + ": ")\(failure)", sourceLocation: sourceLocation)
}

/// The same for tensors: name and shape first.
package func expectClose(
  _ actual: NamedTensor, _ expected: NamedTensor, bound: Float, sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.name == expected.name, actual.shape == expected.shape else {
    Issue.record(
      "\(actual.name) \(actual.shape) is not \(expected.name) \(expected.shape)", sourceLocation: sourceLocation)
    return
  }
  expectClose(actual.values, expected.values, bound: bound, actual.name, sourceLocation: sourceLocation)
}

/// Expects the same bits in every element, so that -0 is not 0 and a NaN equals only itself.
package func expectSameBits(
  _ actual: [Float], _ expected: [Float], _ what: @autoclosure () -> String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  DigestLog.record(actual)
  let same = actual.count == expected.count && zip(actual, expected).allSatisfy { $0.bitPattern == $1.bitPattern }
  if same { return }
  let first = zip(actual, expected).enumerated().first { $0.element.0.bitPattern != $0.element.1.bitPattern }
  let detail = first.map { "first at [\($0.offset)]: \($0.element.0) against \($0.element.1)" } ?? ""
  Issue.record(
    "\(what()): bits differ, \(actual.count) against \(expected.count) elements, \(detail)",
    sourceLocation: sourceLocation)
}

/// What `expectClose` would report, or nil when all is well.
private func difference(_ actual: [Float], _ expected: [Float], bounds: [Float]) -> String? {
  guard actual.count == expected.count else { return "\(actual.count) elements against \(expected.count)" }
  guard bounds.count == expected.count else { return "\(bounds.count) bounds for \(expected.count) elements" }
  var worst = (index: -1, excess: -Double.infinity)
  var misses = 0
  for index in actual.indices {
    let error = (Double(actual[index]) - Double(expected[index])).magnitude
    if error <= Double(bounds[index]) || actual[index] == expected[index] { continue }
    misses += 1
    let excess = error.isNaN ? Double.infinity : error - Double(bounds[index])
    if excess > worst.excess || worst.index < 0 { worst = (index, excess) }
  }
  if misses == 0 { return nil }
  return "\(misses) of \(actual.count) elements differ, worst at [\(worst.index)]: \(actual[worst.index]) against "
    + "\(expected[worst.index]), allowed \(bounds[worst.index])"
}

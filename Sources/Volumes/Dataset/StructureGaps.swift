/// How far structures usually lie from each other from head to foot, worked out once for each two of them: many masks ask
/// for the same.
package struct StructureGaps {
  private let facts: [CaseFacts]
  /// By the first one and the second; nil where masks do not agree.
  private var known: [Int: Double?] = [:]
  /// How often all masks were gone through.
  package private(set) var computed = 0

  package init(_ facts: [CaseFacts]) { self.facts = facts }

  package mutating func gap(_ upper: Int, _ lower: Int) -> Double? {
    let key = upper << 16 | lower
    if let gap = known[key] { return gap }
    computed += 1
    let gap = StructureOrder.usualGap(
      facts.compactMap { one in one.height(upper).flatMap { start in one.height(lower).map { $0 - start } } },
      apart: 0.03)
    known[key] = .some(gap)
    return gap
  }
}

import Compute

/// A place in a volume, or a way from one voxel to another; outside the volume a number is negative or too large.
package struct Offset3: Hashable, Sendable {
  package var depth: Int
  package var height: Int
  package var width: Int

  package init(_ depth: Int, _ height: Int, _ width: Int) {
    (self.depth, self.height, self.width) = (depth, height, width)
  }

  /// Where the first voxel of the smaller extent lies in the larger one that it is the middle of, the rest of an odd
  /// difference at the end.
  package init(centring inner: Extent3, in outer: Extent3) {
    self.init(
      (outer.depth - inner.depth) / 2, (outer.height - inner.height) / 2, (outer.width - inner.width) / 2)
  }

  package static func + (a: Self, b: Self) -> Self { Self(a.depth + b.depth, a.height + b.height, a.width + b.width) }
  package static func - (a: Self, b: Self) -> Self { Self(a.depth - b.depth, a.height - b.height, a.width - b.width) }
}

extension Grid3 {
  /// The part of this extent whose first voxel is there, which may lie outside; `filler` where there is no voxel.
  package func part(from first: Offset3, _ part: Extent3, outside filler: Element) -> Grid3 {
    if part == extent && first == Offset3(0, 0, 0) { return self }
    var result = Grid3(part, repeating: filler)
    let columns = max(first.width, 0)..<max(min(first.width + part.width, extent.width), max(first.width, 0))
    guard !columns.isEmpty else { return result }
    for d in 0..<part.depth where (0..<extent.depth).contains(first.depth + d) {
      for h in 0..<part.height where (0..<extent.height).contains(first.height + h) {
        let from = ((first.depth + d) * extent.height + first.height + h) * extent.width
        let to = (d * part.height + h) * part.width + columns.lowerBound - first.width
        result.values.replaceSubrange(
          to..<to + columns.count, with: values[from + columns.lowerBound..<from + columns.upperBound])
      }
    }
    return result
  }
}

extension PreparedCase {
  /// The part of this extent whose first voxel is there; outside the image are zeros and background.
  package func part(from first: Offset3, _ extent: Extent3) -> PreparedCase {
    guard extent != image.extent || first != Offset3(0, 0, 0) else { return self }
    let own = labels.part(from: first, extent, outside: 0)
    var found = [Bool](repeating: false, count: present.count + 1)
    for label in own.values where Int(label) < found.count { found[Int(label)] = true }
    return PreparedCase(
      name: name, image: image.part(from: first, extent, outside: 0),
      further: further.map { $0.part(from: first, extent, outside: 0) }, labels: own, spacing: spacing,
      present: Array(found.dropFirst()))
  }
}

/// One value per voxel of a volume, in D, H, W order (W runs fastest): an image, or a label map.
package struct Grid3<Element: Sendable>: Sendable {
  /// Depth, height and width.
  package let extent: Extent3
  /// All elements, W fastest: (d, h, w) is at `(d · H + h) · W + w`.
  package var values: [Element]

  /// - Precondition: as many values as voxels.
  package init(_ extent: Extent3, values: [Element]) {
    precondition(values.count == extent.count, "a grid of \(extent) holds \(extent.count) values, not \(values.count)")
    (self.extent, self.values) = (extent, values)
  }

  /// The same value at every voxel.
  package init(_ extent: Extent3, repeating value: Element) {
    self.init(extent, values: Array(repeating: value, count: extent.count))
  }

  /// The element at (d, h, w); traps beyond the last element only.
  package subscript(d: Int, h: Int, w: Int) -> Element {
    get { values[(d * extent.height + h) * extent.width + w] }
    set { values[(d * extent.height + h) * extent.width + w] = newValue }
  }
}

extension Grid3: Equatable where Element: Equatable {}

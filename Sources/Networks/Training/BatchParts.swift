/// A batch that is computed in parts, for want of memory: the gradient of the whole is the mean of theirs, weighed by their
/// cases. Batch normalisation sees the difference, whose statistics are those of a part, and a cross-entropy with weights of
/// the classes or with ignored voxels, whose mean is that of a part.
package struct BatchParts: Hashable, Sendable {
  /// Cases that are computed at once; 0: all of a batch.
  package var largest: Int

  /// Whole batches unless said otherwise.
  package init(largest: Int = 0) { self.largest = largest }

  /// The sizes of a batch's parts, in order; the last may be smaller.
  package func sizes(of batch: Int) -> [Int] {
    guard largest > 0, largest < batch else { return [batch] }
    let rest = batch % largest
    return Array(repeating: largest, count: batch / largest) + (rest > 0 ? [rest] : [])
  }
}

import Compute

/// Masks that do not lie on what they are of, as another image's, or one that was moved.
enum MaskPlacement {
  /// Of so many cases, most say what is usual.
  private static let fewest = 5
  /// So many times as uneven as the middle image: structures are of one tissue, and what lies around them is not.
  private static let uneven = 1.5
  /// So many median deviations from the middle, where images differ among themselves.
  private static let apart = 8.0

  static func notices(_ facts: [CaseFacts]) -> [String] {
    let known = facts.compactMap { one in one.unevenness.map { (name: one.name, value: $0) } }
    guard known.count >= fewest else { return [] }
    func middle(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
    let usual = middle(known.map(\.value))
    let deviation = middle(known.map { abs($0.value - usual) })
    let odd = known.filter { $0.value > uneven * usual && $0.value > usual + apart * deviation }
    guard let first = odd.first else { return [] }
    let times = ((first.value / usual) * 10).rounded() / 10
    return [
      "\(DatasetNotice.shortList(odd.map(\.name), of: "cases")): within the structures the image of \(first.name) is \(times) times"
        + " as uneven as in most cases, as if the mask lay beside them; look whether the mask is of this image and lies on it"
        + " (moved, turned, of another case), and correct it, or leave the case out by dataset.exclude"
    ]
  }
}

extension Grid3 where Element == UInt8 {
  /// The root of the mean variance of an image within the structures 1 ... `structures` that are there, as a share of its
  /// standard deviation; nil for an even image.
  package func unevenness(of image: Grid3<Double>, structures: Int) -> Double? {
    precondition(extent == image.extent, "a mask of \(extent) for an image of \(image.extent)")
    // All differences are from one value near the others, so that squares do not cancel.
    let whole = image.values.reduce(0, +) / Double(max(image.values.count, 1))
    var sums = [(count: Double, first: Double, second: Double)](repeating: (0, 0, 0), count: structures + 1)
    var total = 0.0
    for (label, value) in zip(values, image.values) {
      let apart = value - whole
      total += apart * apart
      guard label > 0, Int(label) <= structures else { continue }
      sums[Int(label)].count += 1
      sums[Int(label)].first += apart
      sums[Int(label)].second += apart * apart
    }
    let variances = sums.filter { $0.count > 1 }.map { max($0.second - $0.first * $0.first / $0.count, 0) / $0.count }
    let share = variances.reduce(0, +) / Double(variances.count) / (total / Double(image.values.count))
    return share.isFinite ? (share.squareRoot() * 1e4).rounded() / 1e4 : nil
  }
}

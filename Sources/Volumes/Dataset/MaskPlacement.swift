import Compute

/// Masks that do not lie on what they are of, as another image's, or one that was moved or mirrored.
enum MaskPlacement {
  /// Of so many cases, most say what is usual.
  private static let fewest = 5
  /// So many times as uneven as the middle image: structures are of one tissue, and what lies around them is not.
  private static let uneven = 1.5
  /// So many median deviations from the middle, where images differ among themselves.
  private static let apart = 8.0

  /// A case with how uneven it is within the structures.
  private struct Known {
    var facts: CaseFacts
    var value: Double
  }

  /// What is odd beside the others, and what is usual.
  private struct Odd {
    let cases: [Known]
    /// Less odd, and still unlike the others: the one most so.
    let next: Known?
    let usual: Double

    init?(_ known: [Known]) {
      guard known.count >= fewest else { return nil }
      func middle(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
      let usual = middle(known.map(\.value))
      let deviation = middle(known.map { abs($0.value - usual) })
      cases = known.filter { $0.value > uneven * usual && $0.value > usual + apart * deviation }
      guard let least = cases.map(\.value).min() else { return nil }
      next = known.filter {
        $0.value < least && $0.value > (1 + uneven) / 2 * usual && $0.value > usual + apart / 2 * deviation
      }
      .max { $0.value < $1.value }
      self.usual = usual
    }

    func times(_ one: Known) -> Double { ((one.value / usual) * 10).rounded() / 10 }
  }

  /// - Parameter channels: as the census has them.
  /// - Returns: what is said, and the masks that are told as mirrored: of their structures' order and numbers nothing else is
  ///   to be said.
  static func notices(_ facts: [CaseFacts], _ channels: [String]? = nil) -> (lines: [String], mirrored: Set<String>) {
    let odd = Odd(facts.compactMap { one in one.unevenness.map { Known(facts: one, value: $0) } })
    let mirrors = odd.map { odd in odd.cases.map { ($0.facts.name, mirror($0, odd)) } } ?? []
    let lines = (0..<3).compactMap { axis -> String? in
      let names = mirrors.filter { $1 == axis }.map(\.0)
      return names.isEmpty
        ? nil
        : "\(DatasetNotice.shortList(names, of: "masks")): mirrored from \(VoxelAxes.directions[axis]) beside the image: turned"
          + " round along this axis the mask lies on what it is of. Mirror the mask's array (or the image's, whichever is wrong), or"
          + " leave the case out by dataset.exclude"
    }
    let rest =
      odd.map { odd in odd.cases.filter { one in mirrors.contains { $0.0 == one.facts.name && $0.1 == nil } } } ?? []
    let told = Set(odd?.cases.map(\.facts.name) ?? [])
    return (
      lines + (odd.map { beside(rest, $0) } ?? []) + ofChannels(facts.filter { !told.contains($0.name) }, channels),
      Set(mirrors.filter { $1 != nil }.map(\.0))
    )
  }

  /// The axis along which a mask fits once it is mirrored, as well as most do; nil where it does not.
  private static func mirror(_ one: Known, _ odd: Odd) -> Int? {
    guard let mirrored = one.facts.mirroredUnevenness else { return nil }
    let fitting = mirrored.indices.filter { axis in
      mirrored[axis].map { $0 < (1 + uneven) / 2 * odd.usual && $0 < one.value / uneven } ?? false
    }
    return fitting.count == 1 ? fitting[0] : nil
  }

  private static func beside(_ cases: [Known], _ odd: Odd) -> [String] {
    guard let first = cases.first else { return [] }
    let name = first.facts.name
    return [
      "\(DatasetNotice.shortList(cases.map(\.facts.name), of: "cases")): within the structures the image of \(name) is"
        + " \(odd.times(first)) times as uneven as in most cases, as if the mask lay beside them; look whether the mask is of this"
        + " image and lies on it (moved, turned, of another case), and correct it, or leave the case out by dataset.exclude"
        + exchanged(cases, odd)
    ]
  }

  /// Two masks that may be each other's.
  private static func exchanged(_ cases: [Known], _ odd: Odd) -> String {
    let two = cases.count == 1 ? cases + [odd.next].compactMap(\.self) : cases
    guard two.count == 2, two[0].facts.extent == two[1].facts.extent else { return "" }
    let less = cases.count == 1 ? " (\(two[1].facts.name) is \(odd.times(two[1])) times as uneven)" : ""
    return ". Perhaps the masks of \(two[0].facts.name) and \(two[1].facts.name) are exchanged\(less)"
  }

  /// Further channels that do not lie on what the first one shows.
  private static func ofChannels(_ facts: [CaseFacts], _ channels: [String]?) -> [String] {
    guard let channels, channels.count > 1 else { return [] }
    return channels.indices.dropFirst().compactMap { place in
      let known = facts.compactMap { one in one.channel(place)?.unevenness.map { Known(facts: one, value: $0) } }
      guard let odd = Odd(known), let first = odd.cases.first else { return nil }
      let list = DatasetNotice.shortList(odd.cases.map(\.facts.name), of: "cases")
      return
        "\(list): within the structures channel \(channels[place]) of \(first.facts.name) is \(odd.times(first)) times as uneven"
        + " as in most cases, and its first channel is not, as if it were another patient's or had moved; put this case's own image"
        + " there, registered to the first channel, or leave the case out by dataset.exclude"
    }
  }
}

extension Grid3 where Element == UInt8 {
  /// The root of the mean variance of an image within the structures 1 ... `structures` that are there, as a share of its
  /// standard deviation; nil for an even image.
  package func unevenness(of image: Grid3<Double>, structures: Int) -> Double? {
    precondition(extent == image.extent, "a mask of \(extent) for an image of \(image.extent)")
    return unevenness(image, Spread(image), structures) { $0 }
  }

  /// The same with this mask mirrored along D, H and W.
  func mirroredUnevenness(of image: Grid3<Double>, structures: Int) -> [Double?] {
    let (spread, area) = (Spread(image), extent.height * extent.width)
    let (depth, height, width) = (extent.depth, extent.height, extent.width)
    return [
      unevenness(image, spread, structures) { (depth - 1 - $0 / area) * area + $0 % area },
      unevenness(image, spread, structures) {
        $0 / area * area + (height - 1 - $0 % area / width) * width + $0 % width
      },
      unevenness(image, spread, structures) { $0 / width * width + width - 1 - $0 % width },
    ]
  }

  /// - Parameter place: of the image's voxel that a voxel of the mask is of.
  private func unevenness(
    _ image: Grid3<Double>, _ spread: Spread, _ structures: Int, _ place: (Int) -> Int
  ) -> Double? {
    var sums = [(count: Double, first: Double, second: Double)](repeating: (0, 0, 0), count: structures + 1)
    for (position, label) in values.enumerated() where label > 0 && Int(label) <= structures {
      let apart = image.values[place(position)] - spread.mean
      sums[Int(label)].count += 1
      sums[Int(label)].first += apart
      sums[Int(label)].second += apart * apart
    }
    let variances = sums.filter { $0.count > 1 }.map { max($0.second - $0.first * $0.first / $0.count, 0) / $0.count }
    let share = variances.reduce(0, +) / Double(variances.count) / spread.variance
    return share.isFinite ? (share.squareRoot() * 1e4).rounded() / 1e4 : nil
  }
}

/// Of a whole image. All differences are from its mean, so that squares do not cancel.
private struct Spread {
  let mean: Double
  let variance: Double

  init(_ image: Grid3<Double>) {
    let count = Double(max(image.values.count, 1))
    let mean = image.values.reduce(0, +) / count
    variance = image.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    self.mean = mean
  }
}

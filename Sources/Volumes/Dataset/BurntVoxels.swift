import Compute
import Text

/// A few voxels far beyond all others of an image, as a burnt-in mark or a mistaken value: normalised, the rest has little contrast
/// left, though not none.
package enum BurntVoxels {
  /// Of so many voxels one may lie beyond, at either end.
  private static let few = 500
  /// So many times the span of all others they lie beyond it.
  private static let far = 10.0
  /// So many voxels are looked at first.
  private static let some = 4096

  /// Between which values all but a few voxels lie, where those few lie far beyond; nil where none do.
  package static func bulk(of image: Grid3<Double>) -> [Double]? {
    guard let lowest = image.values.min(), let highest = image.values.max() else { return nil }
    // The span of a few lies within that of nearly all, and most images need no more: sorting all takes longer than reading them.
    if let span = Self.span(ofFew: image.values), highest - lowest <= far * span { return nil }
    let sorted = image.values.sorted()
    let cut = max(sorted.count / few, 1)
    guard sorted.count > 2 * cut else { return nil }
    let (low, high) = (sorted[cut], sorted[sorted.count - 1 - cut])
    let span = high - low
    // An image without contrast is told as such.
    guard span > 0, max(highest - high, low - lowest) > far * span else { return nil }
    return [low, high]
  }

  /// Between which values nine tenths of some voxels lie, which are taken at equal steps; nil where there are few.
  private static func span(ofFew values: [Double]) -> Double? {
    let step = values.count / some
    guard step > 0 else { return nil }
    let sorted = stride(from: 0, to: values.count, by: step).map { values[$0] }.sorted()
    return sorted[sorted.count - 1 - sorted.count / 20] - sorted[sorted.count / 20]
  }

  /// One line for each channel that has such images.
  ///
  /// - Parameter channels: as the census has them.
  static func notices(_ facts: [CaseFacts], _ channels: [String]?) -> [String] {
    (0..<(channels?.count ?? 1)).compactMap { place in
      let odd = facts.compactMap { one in
        one.channel(place).flatMap { channel -> (name: String, channel: ChannelFacts, bulk: [Double])? in
          guard let bulk = channel.bulk, bulk.count == 2, !channel.isBlank else { return nil }
          return (one.name, channel, bulk)
        }
      }
      guard let first = odd.first else { return nil }
      let isAbove = first.channel.highest - first.bulk[1] > first.bulk[0] - first.channel.lowest
      let channel = channels.map { $0.count > 1 ? " of channel \($0[place])" : "" } ?? ""
      return
        "\(DatasetNotice.shortList(odd.map(\.name), of: "images")): a few voxels\(channel) have values"
        + " \(isAbove ? "up to \(first.channel.highest.shown(2))" : "down to \(first.channel.lowest.shown(2))") in \(first.name), all others"
        + " \(first.bulk[0].shown(2)) to \(first.bulk[1].shown(2)), which lose their contrast once normalised; clip them, or write in their place what"
        + " lies around"
    }
  }
}

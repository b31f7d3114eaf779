import Compute

/// Cases whose arrays were written with other axes than their headers say.
enum ExchangedAxes {
  /// Of so many cases, most have their axes right.
  private static let fewest = 5
  /// So many are most.
  private static let most = 0.8
  /// Structures that follow each other reach so much farther along their axis than along any other, ...
  fileprivate static let clearly = 1.5
  /// ... and so far, in millimetres.
  fileprivate static let leastSpan = 20.0
  /// Sides that differ by this factor are those of another axis.
  private static let unlike = 1.25

  /// The names of the cases, with what is told of them: one line for each way in which their axes differ.
  static func found(_ facts: [CaseFacts]) -> (names: Set<String>, notices: [String]) {
    guard facts.count >= fewest else { return ([], []) }
    let (turned, permuted) = (byStructures(facts), byExtent(facts))
    let rest = permuted.filter { one in !turned.contains { $0.name == one.name } }
    var lines: [String] = []
    let usual = VoxelAxes.directions
    for (axis, group) in Dictionary(grouping: turned, by: { $0.axis }).sorted(by: { $0.key < $1.key }) {
      let list = DatasetNotice.shortList(group.map(\.name), of: "cases")
      lines.append(
        "\(list): the structures follow each other from \(usual[axis]), in most masks from \(usual[group[0].usual]); \(remedy)"
      )
    }
    if let first = rest.first {
      lines.append(
        "\(DatasetNotice.shortList(rest.map(\.name), of: "images")): \(first.extent) voxels (D x H x W) in \(first.name), in"
          + " most images \(first.usual): the same sides along other axes; \(remedy)")
    }
    return (Set(turned.map(\.name) + rest.map(\.name)), lines)
  }

  private static let remedy =
    "array and header do not belong together. Write image and mask anew with the axes of the header (or the header with"
    + " those of the array), or leave the case out by dataset.exclude"

  /// Cases whose structures follow each other along another axis than those of most.
  private static func byStructures(_ facts: [CaseFacts]) -> [(name: String, axis: Int, usual: Int)] {
    let axes = facts.compactMap { one in one.longAxis.map { (name: one.name, axis: $0) } }
    guard axes.count >= fewest, let usual = commonest(axes.map(\.axis)) else { return [] }
    return axes.filter { $0.axis != usual }.map { ($0.name, $0.axis, usual) }
  }

  /// Images of most images' sides in another order, that do not show the same part of a body.
  private static func byExtent(_ facts: [CaseFacts]) -> [(name: String, extent: Extent3, usual: Extent3)] {
    guard let usual = commonest(facts.map(\.extent)), let model = facts.first(where: { $0.extent == usual })?.reach
    else {
      return []
    }
    return facts.compactMap { one in
      guard one.extent != usual, one.extent.list.sorted() == usual.list.sorted(), let reach = one.reach,
        zip(reach, model).contains(where: { max($0, $1) > unlike * min($0, $1) })
      else { return nil }
      return (one.name, one.extent, usual)
    }
  }

  /// The value that most have; nil where so many have none.
  private static func commonest<Value: Hashable>(_ values: [Value]) -> Value? {
    let counts = Dictionary(values.map { ($0, 1) }, uniquingKeysWith: +)
    return counts.first { Double($0.value) >= most * Double(values.count) }?.key
  }
}

extension CaseFacts {
  /// Millimetres that the image shows along D, H and W; nil where its spacing was not kept.
  fileprivate var reach: [Double]? { voxel.map { zip($0, extent.list).map { $0 * Double($1) } } }

  /// The axis along which its structures follow each other, three or more; nil where none is clearly the longest.
  fileprivate var longAxis: Int? {
    guard let centres = centres?.filter({ !$0.isEmpty }), centres.count >= 3, let reach else { return nil }
    let spans = (0..<3).map { axis -> Double in
      let places = centres.map { $0[axis] }
      return reach[axis] * ((places.max() ?? 0) - (places.min() ?? 0))
    }
    guard let axis = spans.indices.max(by: { spans[$0] < spans[$1] }), spans[axis] >= ExchangedAxes.leastSpan,
      spans.indices.allSatisfy({ $0 == axis || spans[axis] >= ExchangedAxes.clearly * spans[$0] })
    else { return nil }
    return axis
  }
}

extension Extent3 {
  fileprivate var list: [Int] { [depth, height, width] }
}

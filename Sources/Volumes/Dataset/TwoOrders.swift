/// Masks of which some are numbered from head to foot and about as many from foot to head, as two raters do who did not
/// agree: neither order is most masks', so that no case by itself is odd.
struct TwoOrders {
  /// The cases of each order, the larger group first.
  let groups: [[String]]
  /// The structures at the ends of the first group's order, uppermost first.
  private let ends: (upper: Int, lower: Int)

  /// So many masks of each order are no slip of a hand.
  private static let fewest = 2
  /// So many of the masks that tell an order have one of the two.
  private static let most = 0.8
  /// The smaller group's least share: below it, `StructureOrder` names its cases.
  private static let share = 0.2
  /// Structures whose centres lie nearer, as a share of the height, tell no order.
  private static let apart = 0.03
  /// So many pairs of them tell it: those of three structures.
  private static let pairs = 3

  /// Nil where there are no two such orders.
  ///
  /// - Parameter cases: for each, where the centres of its structures lie along D, H and W, as shares of the sides.
  init?(_ cases: [(name: String, centres: [Int: [Double]])]) {
    let couples = StructurePairs(cases).pairs
    let told = cases.compactMap { one in
      Self.directions(one.centres, couples).map { (name: one.name, signs: $0, one.centres) }
    }
    guard let model = told.max(by: { $0.signs.count < $1.signs.count }) else { return nil }
    var (like, against): ([String], [String]) = ([], [])
    for one in told {
      let common = one.signs.filter { model.signs[$0.key] != nil }
      guard common.count >= Self.pairs else { continue }
      let agreeing = common.count { model.signs[$0.key] == $0.value }
      if agreeing == common.count { like.append(one.name) }
      if agreeing == 0 { against.append(one.name) }
    }
    let smaller = min(like.count, against.count)
    guard smaller >= Self.fewest, Double(like.count + against.count) >= Self.most * Double(told.count),
      Double(smaller) >= Self.share * Double(like.count + against.count)
    else { return nil }
    let order = model.2.sorted { $0.value[1] < $1.value[1] }.map(\.key)
    let isFirst = like.count >= against.count
    groups = isFirst ? [like, against] : [against, like]
    ends = isFirst ? (order[0], order[order.count - 1]) : (order[order.count - 1], order[0])
  }

  /// For each pair of structures far enough apart, whether the first lies above; nil where there are too few.
  private static func directions(
    _ centres: [Int: [Double]], _ couples: [(first: Int, second: Int)]
  ) -> [[Int]: Bool]? {
    var found: [[Int]: Bool] = [:]
    for (first, second) in couples {
      guard let start = centres[first], let end = centres[second], abs(end[1] - start[1]) >= apart else { continue }
      found[[first, second]] = end[1] > start[1]
    }
    return found.count >= pairs ? found : nil
  }

  /// - Parameter names: of the structures.
  func notice(_ names: [String]) -> String {
    func group(_ index: Int, _ upper: Int, _ lower: Int) -> String {
      "\(names[upper]) above \(names[lower]) in \(DatasetNotice.shortList(groups[index], of: "masks"))"
    }
    return
      "masks are numbered in two orders: \(group(0, ends.upper, ends.lower)), and \(group(1, ends.lower, ends.upper)); renumber"
      + " those of one group, or correct the orientation of their images and masks"
  }
}

import Compute
import Foundation
import Testing
import Training

/// Names of levels that follow each other, against scipy and every naming there is (`make_consecutive_levels.py`), and in
/// spines whose right names are plain.
@Suite struct ConsecutiveLevelsTests {
  /// A made-up spine: boxes that are painted one over the other, each of one probability for each class.
  private struct Case: Decodable {
    struct Box: Decodable {
      /// First and beyond the last, along D, H and W.
      var at: [Int]
      var p: [Double]
    }

    var extent: [Int]
    var classes: Int
    var boxes: [Box]
    /// Label maps in runs of label and length.
    var drawn, named: [[Int]]
  }

  private struct Golden: Decodable {
    var structures: [String]
    var cases: [Case]
  }

  @Test func namingsAreThoseOfTryingAllOfThem() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Golden/consecutive_levels.json")
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
    #expect(golden.cases.count == 40)
    for (number, one) in golden.cases.enumerated() {
      let spine = MadeUpSpine(
        Extent3(one.extent[0], one.extent[1], one.extent[2]), classes: one.classes + 1,
        one.boxes.map { (at: $0.at, p: $0.p) })
      let levels = try #require(ConsecutiveLevels(structures: Array(golden.structures.prefix(one.classes))))
      #expect(spine.labels.values == Self.values(one.drawn), "case \(number)")
      #expect(levels.naming(spine.labels, spine.probability).values == Self.values(one.named), "case \(number)")
    }
  }

  private static func values(_ runs: [[Int]]) -> [UInt8] {
    runs.flatMap { Array(repeating: UInt8($0[0]), count: $0[1]) }
  }

  // MARK: Spines of bodies that lie one below the other

  /// The names of bodies of six rows with two rows between them, top down; each body's upper and lower half may differ.
  private static func named(
    _ structures: [String], _ bodies: [MadeUpSpine.Body], gaps: [Int: Int] = [:], touching: Set<Int> = [],
    rowsAbove: Int = 2
  ) throws -> [[UInt8]] {
    let spine = MadeUpSpine(bodies, classes: structures.count + 1, gaps: gaps, touching: touching, rowsAbove: rowsAbove)
    let levels = try #require(ConsecutiveLevels(structures: structures))
    let labels = levels.naming(spine.labels, spine.probability)
    return spine.rows.map { Array(Set($0.map { labels[0, $0, 0] })).sorted() }
  }

  private static let lumbar = ["L1", "L2", "L3", "L4", "L5"]

  @Test func aSpineThatIsRightStaysAsItIs() throws {
    #expect(try Self.named(Self.lumbar, [1, 2, 3, 4, 5]) == [[1], [2], [3], [4], [5]])
    #expect(try Self.named(Self.lumbar, [3, 4]) == [[3], [4]], "a part of a spine")
    #expect(try Self.named(Self.lumbar, []).isEmpty)
  }

  @Test func aVertebraHasOneName() throws {
    #expect(try Self.named(Self.lumbar, [1, 2, .init(2, 3), 4, 5]) == [[1], [2], [3], [4], [5]])
  }

  /// Two of one name, the lower ones sure of theirs: the upper one is beyond the levels that are learnt.
  @Test func noNameComesTwice() throws {
    #expect(try Self.named(Self.lumbar, [.init(1, sure: 0.6), 1, 2, 3, 4, 5]) == [[0], [1], [2], [3], [4], [5]])
    #expect(
      try Self.named(Self.lumbar, [1, .init(1, sure: 0.6), 3, 4, 5]) == [[1], [2], [3], [4], [5]],
      "where there is a name left")
  }

  /// However many bear it, and however little else there is to tell what is usual.
  @Test func aNameThatAllBearIsGivenOnce() throws {
    let names = ["T12", "L1", "L2", "L3", "L4", "L5"]
    let found = try Self.named(names, [3, 3, 3, 3, 3, 3])
    #expect(found == [[1], [2], [3], [4], [5], [6]])
  }

  /// Upside down, no vertebra is taken away: names are left for all of them.
  @Test func nothingIsTakenAwayWhileNamesAreLeft() throws {
    for bodies: [MadeUpSpine.Body] in [[5, 4, 3, 2], [3, 4, 4, 5], [1, 1, 1]] {
      let found = try Self.named(Self.lumbar, bodies)
      #expect(!found.contains([0]) && zip(found, found.dropFirst()).allSatisfy { $0[0] + 1 == $1[0] }, "\(found)")
    }
  }

  /// A spine that is all one piece stays as it is, whatever the order of its names.
  @Test func oneLongPieceStaysAsItIs() throws {
    let all: Set<Int> = [0, 1, 2, 3]
    #expect(try Self.named(Self.lumbar, [1, 3, 2, 4, 5], touching: all) == [[1], [3], [2], [4], [5]])
    #expect(try Self.named(Self.lumbar, [5, 4, 3, 2, 1], touching: all) == [[5], [4], [3], [2], [1]])
  }

  /// A few rows of another name in one vertebra alone, where nothing else tells how large a vertebra is.
  @Test func straysAreNoLevels() throws {
    #expect(try Self.named(Self.lumbar, [.init(3, rows: 12), .init(4, 1, rows: 2)], touching: [0]) == [[3], [3]])
  }

  /// A level that was not found leaves its room; without room the names close up.
  @Test func aNameIsLeftOutWhereThereIsRoom() throws {
    #expect(try Self.named(Self.lumbar, [1, 2, 4, 5], gaps: [1: 8]) == [[1], [2], [4], [5]])
    #expect(
      try Self.named(Self.lumbar, [1, 2, .init(4, sure: 0.5), .init(5, sure: 0.5)]) == [[1], [2], [3], [4]])
  }

  /// From a piece of three levels to the next one it is farther than from one level to the next.
  @Test func aLongPieceTakesItsRoom() throws {
    let names = ["T11", "T12", "L1", "L2", "L3", "L4", "L5"]
    let (l3, l4, l5) = (MadeUpSpine.Body(5, sure: 0.5), MadeUpSpine.Body(6, sure: 0.5), MadeUpSpine.Body(7, sure: 0.5))
    #expect(
      try Self.named(names, [1, 2, 3, l3, l4, l5], touching: [0, 1]) == [[1], [2], [3], [4], [5], [6]])
    #expect(
      try Self.named(names, [1, 2, 3, l3, l4, l5], gaps: [2: 8], touching: [0, 1]) == [[1], [2], [3], [5], [6], [7]])
  }

  /// Vertebrae that touch are one piece of two names, and keep both.
  @Test func vertebraeThatTouchKeepTheirNames() throws {
    #expect(try Self.named(Self.lumbar, [1, 2, 3, 4, 5], touching: [2]) == [[1], [2], [3], [4], [5]])
    #expect(try Self.named(Self.lumbar, [1, 2, 3, 4, 5], touching: [0, 1, 2, 3]) == [[1], [2], [3], [4], [5]])
    #expect(
      try Self.named(Self.lumbar, [1, .init(1, 2, sure: 0.6), 3, 4, 5], touching: [2]) == [[1], [2], [3], [4], [5]])
  }

  /// The image's edge leaves little of a vertebra, which touches the next one.
  @Test func whatTheEdgeCutsOffKeepsItsName() throws {
    #expect(
      try Self.named(Self.lumbar, [.init(1, rows: 1), 2, 3, 4, 5], touching: [0], rowsAbove: 0)
        == [[1], [2], [3], [4], [5]])
    #expect(
      try Self.named(Self.lumbar, [.init(1, rows: 1), 2, 3, 4, 5], touching: [0], rowsAbove: 1)
        == [[2], [2], [3], [4], [5]], "within the image so little is no level")
  }

  @Test func aSixthLumbarVertebraIsLeftOutByMostSpines() throws {
    let names = Self.lumbar + ["L6", "sacrum"]
    #expect(try Self.named(names, [3, 4, 5, 7]) == [[3], [4], [5], [7]])
    #expect(try Self.named(names, [3, 4, 5, 6, 7]) == [[3], [4], [5], [6], [7]])
    #expect(try Self.named(["T12", "T13", "L1", "L2"], [1, 3, 4]) == [[1], [3], [4]])
    #expect(
      try Self.named(["T12", "L1", "L2", "L3"], [1, .init(3, sure: 0.5), .init(4, sure: 0.5)]) == [[1], [2], [3]])
  }

  /// Vertebrae and discs, listed from the foot, are each named by themselves; the cord is none of them.
  @Test func discsAreAChainOfTheirOwn() throws {
    let names = ["L5", "L4", "L3", "cord", "L4/L5", "L3/L4", "L2/L3"]
    #expect(
      try Self.named(names, [3, 6, .init(2, 3), .init(6, 5), 1, 4], touching: [0, 1, 2, 3])
        == [[3], [6], [2], [5], [1], [4]])
  }

  @Test func aSpeckStaysAsItIs() throws {
    #expect(try Self.named(Self.lumbar, [.init(5, rows: 1), 1, 2, 3, 4]) == [[5], [1], [2], [3], [4]])
  }

  /// A piece of a third of a vertebra between two of them breaks no spine, and a name that is nowhere but in specks makes
  /// none of them a vertebra.
  @Test func whatLiesBetweenIsPassedOver() throws {
    #expect(
      try Self.named(Self.lumbar, [1, 2, .init(5, rows: 2), 3, 4, 5]) == [[1], [2], [5], [3], [4], [5]])
    #expect(
      try Self.named(Self.lumbar, [1, 2, .init(5, rows: 2), 4, 5], gaps: [2: 4]) == [[1], [2], [5], [4], [5]],
      "the room for a level that was not found is that between whole ones")
    let names = ["T11", "T12", "L1", "L2", "L3", "L4", "L5"]
    #expect(
      try Self.named(
        names, [3, 4, .init(1, rows: 1), 5, 6, 7].map { (body: MadeUpSpine.Body) in body.high }, gaps: [1: 2])
        == [[3], [4], [1], [5], [6], [7]])
  }

  @Test func probabilitiesThatAreNoNumbersChangeNothing() throws {
    let spine = MadeUpSpine([1, 1, 3, 4, 5], classes: 6, gaps: [:], touching: [], rowsAbove: 2)
    let levels = try #require(ConsecutiveLevels(structures: Self.lumbar))
    #expect(levels.naming(spine.labels) { _, _ in .nan } == spine.labels)
  }

  @Test func structuresThatAreNoLevelsCannotBeNamed() {
    #expect(ConsecutiveLevels(structures: ["liver", "spleen"]) == nil)
    #expect(ConsecutiveLevels(structures: ["L5"]) == nil, "one level has nothing to follow")
    #expect(ConsecutiveLevels(structures: ["L5", "L4"]) != nil)
  }
}

/// A label map and the probabilities behind it.
private struct MadeUpSpine {
  /// A box of six rows whose upper half has one name and whose lower half another.
  struct Body: ExpressibleByIntegerLiteral {
    var upper, lower: Int
    var sure: Double
    var rows: Int

    init(_ upper: Int, _ lower: Int? = nil, sure: Double = 0.9, rows: Int = 6) {
      (self.upper, self.lower, self.sure, self.rows) = (upper, lower ?? upper, sure, rows)
    }

    init(integerLiteral name: Int) { self.init(name) }

    /// Of twice as many rows, where it is no speck.
    var high: Self { rows > 1 ? Self(upper, lower, sure: sure, rows: 2 * rows) : self }
  }

  let extent: Extent3
  let classes: Int
  private var probabilities: [Double]
  /// Of each body.
  private(set) var rows: [Range<Int>] = []

  init(_ extent: Extent3, classes: Int, _ boxes: [(at: [Int], p: [Double])]) {
    (self.extent, self.classes) = (extent, classes)
    probabilities = Array(repeating: 1, count: extent.count) + Array(repeating: 0, count: (classes - 1) * extent.count)
    for box in boxes {
      for d in box.at[0]..<box.at[1] {
        for h in box.at[2]..<box.at[3] {
          for w in box.at[4]..<box.at[5] {
            let voxel = (d * extent.height + h) * extent.width + w
            for k in 0..<classes { probabilities[k * extent.count + voxel] = box.p[k] / 64 }
          }
        }
      }
    }
  }

  /// - Parameters:
  ///   - gaps: further rows below a body.
  ///   - touching: bodies that the next one touches.
  init(_ bodies: [Body], classes: Int, gaps: [Int: Int], touching: Set<Int>, rowsAbove: Int) {
    var (boxes, rows, row): ([(at: [Int], p: [Double])], [Range<Int>], Int) = ([], [], rowsAbove)
    for (place, body) in bodies.enumerated() {
      let middle = row + body.rows / 2
      for (from, to, name) in [(row, middle, body.upper), (middle, row + body.rows, body.lower)] where to > from {
        // The names beside are what else it may be, and the background.
        var p = [Double](repeating: 0, count: classes)
        (p[0], p[name]) = (64 * 0.02, 64 * body.sure)
        let beside = [name - 1, name + 1].filter { (1..<classes).contains($0) }
        for other in beside { p[other] = 64 * (0.98 - body.sure) / Double(beside.count) }
        boxes.append(([0, 2, from, to, 0, 4], p))
      }
      rows.append(row..<row + body.rows)
      row += body.rows + (touching.contains(place) ? 0 : 2) + (gaps[place] ?? 0)
    }
    self.init(Extent3(2, row + 2, 5), classes: classes, boxes)
    self.rows = rows
  }

  var labels: Grid3<UInt8> {
    Grid3(
      extent,
      values: (0..<extent.count).map { voxel in
        UInt8((0..<classes).reduce(0) { probability($1, voxel) > probability($0, voxel) ? $1 : $0 })
      })
  }

  func probability(_ label: Int, _ voxel: Int) -> Double { probabilities[label * extent.count + voxel] }
}

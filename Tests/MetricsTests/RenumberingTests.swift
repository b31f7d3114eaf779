import Compute
import Metrics
import Testing

/// Sets of label maps of five vertebrae, one box of unequal height each, that are numbered in one way or another.
private enum Maps {
  static let names = ["L1", "L2", "L3", "L4", "L5"]
  static let spine = SpineLevels(names: names)
  static let spacing = SIMD3(3.0, 1.0, 1.0)

  /// - Parameter labels: of the boxes from head to foot; 0: none.
  static func grid(_ labels: [UInt8]) -> Grid3<UInt8> {
    var grid = Grid3<UInt8>(Extent3(3, 60, 8), repeating: 0)
    var row = 1
    for (place, label) in labels.enumerated() {
      for h in row..<(row + 6 + place) { for d in 0..<2 { for w in 0..<5 { grid[d, h, w] = label } } }
      row += 8 + place
    }
    return grid
  }

  static func scores(_ predicted: [UInt8], truth: [UInt8] = [1, 2, 3, 4, 5]) -> CaseEvaluation {
    evaluate(name: "x", prediction: grid(predicted), truth: grid(truth), classes: 6, spacing: spacing)
  }

  static func renumbering(_ predictions: [[UInt8]]) -> Renumbering? {
    Renumbering(predictions.map { (scores($0), Array(0..<5)) }, structures: 5, spine: spine)
  }
}

struct RenumberingTests {
  private static let (right, reversed, shifted): ([UInt8], [UInt8], [UInt8]) = (
    [1, 2, 3, 4, 5], [5, 4, 3, 2, 1], [2, 3, 4, 5, 0]
  )

  private func set(_ parts: (count: Int, labels: [UInt8])...) -> [[UInt8]] {
    parts.flatMap { Array(repeating: $0.labels, count: $0.count) }
  }

  @Test func theReverseOrderIsFound() throws {
    let found = try #require(Maps.renumbering(set((6, Self.reversed))))
    #expect(found.isReversed && found.sources == [4, 3, 2, 1, 0])
    #expect(found.cases == 6 && found.fitting == 6)
    #expect(abs(found.diceBefore - 0.2) < 1e-12 && found.diceAfter == 1)
    // No network turns an order round, not even once.
    #expect(Maps.renumbering([Self.reversed])?.isReversed == true)
  }

  @Test func oneStepIsFound() throws {
    let found = try #require(Maps.renumbering(set((4, Self.shifted))))
    #expect(!found.isReversed && found.sources == [1, 2, 3, 4, nil])
    #expect(found.diceBefore == 0 && found.diceAfter == 0.8, "L5 has no number")
  }

  @Test func anyOtherOrderIsFound() throws {
    let found = try #require(Maps.renumbering(set((3, [1, 2, 3, 5, 4]))))
    #expect(!found.isReversed && found.sources == [0, 1, 2, 4, 3] && found.diceAfter == 1)
  }

  /// What a network does now and then is not said of the maps' numbers.
  @Test func singleCasesAreTheNetworks() {
    #expect(Maps.renumbering(set((6, Self.right))) == nil)
    #expect(Maps.renumbering(set((5, Self.right), (1, Self.shifted))) == nil)
    #expect(Maps.renumbering([Self.shifted]) == nil && Maps.renumbering(set((2, Self.shifted))) == nil)
    #expect(Maps.renumbering(set((8, Self.shifted), (2, Self.right))) == nil)
    #expect(Maps.renumbering(set((8, Self.reversed), (2, Self.right))) == nil)
    #expect(Maps.renumbering(set((9, Self.reversed), (1, Self.right)))?.fitting == 9)
    // Names that go into each direction.
    #expect(Maps.renumbering(set((3, Self.shifted), (3, [0, 1, 2, 3, 4]))) == nil)
    #expect(Maps.renumbering(set((6, [0, 0, 0, 0, 0]))) == nil && Maps.renumbering([]) == nil)
    // A class that is never predicted, and its neighbour's number instead.
    #expect(Maps.renumbering(set((6, [1, 2, 3, 4, 4]))) == nil)
  }

  /// Maps in which nothing was found say nothing of the order, as long as most do.
  @Test func emptyMapsTellNothing() {
    let empty: [UInt8] = [0, 0, 0, 0, 0]
    #expect(Maps.renumbering(set((3, Self.reversed), (3, empty)))?.fitting == 3)
    #expect(Maps.renumbering(set((3, Self.reversed), (4, empty))) == nil)
  }

  /// Of a structure that no case shows, the order says which number it has.
  @Test func anUnseenStructureIsTurnedRoundWithTheRest() throws {
    let scores = Maps.scores([5, 4, 3, 2, 0], truth: [1, 2, 3, 4, 0])
    let found = try #require(
      Renumbering(Array(repeating: (scores, Array(0..<5)), count: 3), structures: 5, spine: Maps.spine))
    #expect(found.isReversed && found.sources == [4, 3, 2, 1, 0])
  }

  /// Vertebrae and discs in their own orders, and the canal where it is.
  @Test func eachChainMayBeTurnedRound() throws {
    let spine = SpineLevels(names: ["L3", "L4", "L5", "canal", "L3/L4", "L4/L5"])
    func grid(_ labels: [UInt8]) -> Grid3<UInt8> { Grid3(Extent3(1, 1, labels.count), values: labels) }
    let scores = evaluate(
      name: "x", prediction: grid([0, 3, 2, 1, 4, 6, 5]), truth: grid([0, 1, 2, 3, 4, 5, 6]), classes: 7,
      spacing: SIMD3(1, 1, 1))
    let found = try #require(Renumbering([(scores, Array(0..<6))], structures: 6, spine: spine))
    #expect(found.isReversed && found.sources == [2, 1, 0, 3, 5, 4])
  }

  /// A set without names: each case has the numbers that are in its own files.
  @Test func casesMayHaveOtherStructures() throws {
    let scores = evaluate(
      name: "x", prediction: Maps.grid([3, 2, 1, 0, 0]), truth: Maps.grid([1, 2, 3, 0, 0]), classes: 4,
      spacing: Maps.spacing)
    let found = try #require(
      Renumbering(
        [(scores, [2, 3, 4]), (Maps.scores([0, 0, 5, 4, 3], truth: [0, 0, 3, 4, 5]), Array(0..<5))], structures: 5,
        spine: SpineLevels(names: [])))
    #expect(found.isReversed && Array(found.sources[2...]) == [4, 3, 2] && found.diceAfter == 1)
  }

  /// One case by itself: that its names are turned round explains more than that they are moved.
  @Test func aCaseInReverseOrderIsNotCalledMoved() throws {
    let faults = CaseFaults(Maps.scores(Self.reversed), spine: Maps.spine)
    #expect(faults.names == .reversed && faults.nameWords == "in the reverse order" && faults.diceOnceMoved == 1)
    let moved = CaseFaults(Maps.scores(Self.shifted), spine: Maps.spine)
    #expect(moved.names == .shifted(-1) && moved.nameWords == "1 too far towards the foot", "\(moved)")
    #expect(CaseFaults(Maps.scores(Self.right), spine: Maps.spine).names == nil)
    // One level alone tells no order.
    #expect(CaseFaults(Maps.scores([5, 0, 0, 0, 0], truth: [1, 0, 0, 0, 0]), spine: Maps.spine).names != .reversed)
  }
}

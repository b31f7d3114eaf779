import Compute
import Testing
import Volumes

/// Structures that few masks have, and folds that lack them.
@Suite struct RareStructuresTests {
  private static let drawing =
    "most other images have room for it, and what is to be seen and not drawn is learnt as background; draw it there, mark its voxels as"
    + " not annotated (\"ignore\", docs/labels.md), or leave it out of the labels"

  private static func remedy(_ isInValidation: Bool) -> String { isInValidation ? "one chooses" : "none chooses" }

  private static func spine(without count: Int) -> SpineFacts {
    var spine = SpineFacts()
    for place in spine.facts.indices.suffix(count) { spine.renumber(place, [0, 1, 2, 3, nil]) }
    for place in spine.facts.indices { spine.facts[place].present = spine.facts[place].structures.map { $0.found > 0 } }
    return spine
  }

  @Test(arguments: [(9, 1), (5, 5), (4, 0)])
  func whatHalfOfTheMasksLackIsTold(without: Int, told: Int) {
    let words = Self.spine(without: without).notices()
    #expect(words == (told > 0 ? ["L5 in \(told) of 10 masks: \(Self.drawing)"] : []))
  }

  /// Images that end below L4 cannot show L5, and nothing was forgotten.
  @Test func whatImagesDoNotShowIsCounted() {
    var spine = Self.spine(without: 8)
    for place in 2..<10 {
      spine.facts[place].centres = spine.facts[place].centres?.map { $0.isEmpty ? [] : [$0[0], $0[1] + 0.2, $0[2]] }
    }
    #expect(
      spine.notices().contains(
        "L5 in 2 of 10 masks: few to learn from and to test with; most of the other images seem to end before"))
    #expect(!spine.notices().contains { $0.contains("room") })
  }

  private static func fold(_ number: Int, train: ClosedRange<Int>, test: ClosedRange<Int>) -> Fold {
    Fold(number: number, train: train.map { "c\($0)" }, validation: [], test: test.map { "c\($0)" })
  }

  /// L5 in c1 to c5 alone, and L1 in none, of which the census tells.
  @Test func foldsThatLackAStructureAreTold() {
    var spine = Self.spine(without: 5)
    for place in spine.facts.indices {
      spine.facts[place].structures[0] = StructureVoxels()
      spine.facts[place].present[0] = false
    }
    let folds = [Self.fold(1, train: 6...10, test: 1...5), Self.fold(2, train: 1...5, test: 6...10)]
    #expect(
      RareStructures.notices(spine.names, spine.facts, folds: folds, remedy: Self.remedy) == [
        "fold 1: no training case has L5, which no network of it can learn; none chooses",
        "fold 2: no test case has L5, so that its scores come from the other folds alone",
      ])
    let even = [Self.fold(1, train: 4...10, test: 1...3), Self.fold(2, train: 1...3, test: 4...10)]
    #expect(RareStructures.notices(spine.names, spine.facts, folds: even, remedy: Self.remedy).isEmpty)
    let three = [1...1, 6...7, 8...10].enumerated().map { Self.fold($0 + 1, train: 1...10, test: $1) }
    #expect(
      RareStructures.notices(spine.names, spine.facts, folds: three, remedy: Self.remedy) == [
        "folds 2 and 3: no test case has L5, so that its scores come from the other folds alone"
      ])
  }

  /// A case with it may be among those that choose the checkpoint, which other things are done about.
  @Test func foldsThatChooseByAStructureAreToldApart() {
    let spine = Self.spine(without: 5)
    var folds = [Self.fold(1, train: 6...9, test: 1...5), Self.fold(2, train: 6...9, test: 2...5)]
    folds[1].validation = ["c1"]
    let words = RareStructures.notices(spine.names, spine.facts, folds: folds, remedy: Self.remedy)
    #expect(
      words == [
        "fold 1: no training case has L5, which no network of it can learn; none chooses",
        "fold 2: no training case has L5, which no network of it can learn; one chooses",
      ])
  }

  /// What is lost before the network sees it is not learnt, and is tested.
  @Test func trainingCasesHaveWhatIsLeftOfThem() {
    var spine = Self.spine(without: 5)
    for place in 0..<5 { spine.facts[place].present[4] = false }
    let folds = [Self.fold(1, train: 1...9, test: 10...10), Self.fold(2, train: 2...10, test: 1...1)]
    #expect(
      RareStructures.notices(spine.names, spine.facts, folds: folds, remedy: Self.remedy).map { $0.prefix(30) } == [
        "folds 1 and 2: no training cas", "fold 1: no test case has L5, s",
      ])
  }
}

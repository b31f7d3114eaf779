import Compute
import Foundation
import TestSupport
import Testing
import Volumes

/// What becomes of a mask whose numbers are merged, left out or ignored. Masks of `SmallDataset` hold 1 and 3, 24 voxels
/// of each.
@Suite struct MergedLabelTests {
  static let uncropped = Preprocessing(size: Extent3(4, 6, 8), crop: .none)

  func prepared(_ labels: LabelMap) throws -> (checked: CaseCheck.Checked, truth: TruthVolume) {
    let small = try SmallDataset(mrSpineSeg: [1])
    let one = try #require(try Dataset.open(small.root).cases.first)
    return try withExtendedLifetime(small) {
      try CaseCheck(labels: labels, preprocessing: Self.uncropped)
        .prepareWithTruth(one, of: DatasetContents(of: one)).get()
    }
  }

  func count(_ label: UInt8, in grid: Grid3<UInt8>) -> Int { grid.values.count { $0 == label } }

  @Test func aMergedStructureHasTheVoxelsOfAllItsNumbers() throws {
    let both = try prepared(LabelMap(structures: [.init(name: "AB", value: 3, others: [1])]))
    #expect(count(1, in: both.truth.labels) == 48 && count(1, in: both.checked.prepared.labels) == 48)
    #expect(both.checked.facts.structures.map(\.found) == [48] && both.checked.facts.apart == nil)
    #expect(both.checked.facts.merged == [1: 24, 3: 24])
  }

  @Test func whatIsLeftOutIsCounted() throws {
    let one = try prepared(LabelMap(structures: [.init(name: "A", value: 1)], background: [0, 3]))
    #expect(count(1, in: one.truth.labels) == 24 && count(0, in: one.truth.labels) == 168)
    #expect(one.checked.facts.apart == [3: 24])
  }

  @Test func ignoredVoxelsAreNoStructureAndNoBackground() throws {
    let one = try prepared(LabelMap(structures: [.init(name: "A", value: 1)], ignore: 3))
    #expect(count(ignoredLabel, in: one.truth.labels) == 24)
    #expect(count(ignoredLabel, in: one.checked.prepared.labels) == 24)
    #expect(one.checked.prepared.present == [true] && one.checked.facts.structures.map(\.found) == [24])
    #expect(one.checked.facts.apart == [3: 24])
  }

  @Test func aMaskOfIgnoredVoxelsAloneHasNoStructure() throws {
    let map = LabelMap(structures: [.init(name: "C", value: 2)], background: [0, 1], ignore: 3)
    #expect(throws: DatasetErrors.self) { try prepared(map) }
  }

  @Test func predictionsHoldTheFirstNumberOfAMergedStructure() throws {
    let small = try SmallDataset(mrSpineSeg: [1])
    let input = try PredictionInput(small.folder.file("MR/Case1.nii.gz"), preprocessing: Self.uncropped)
    var classes = Grid3<UInt8>(Self.uncropped.size, repeating: 0)
    for index in 0..<10 { classes.values[index] = 1 }
    let file = small.folder.file("out.nii.gz")
    try input.write(classes, map: LabelMap(structures: [.init(name: "AB", value: 3, others: [1])]), to: file)
    let values = try NIfTI.read(file).grid.values
    withExtendedLifetime(small) { #expect(Set(values) == [0, 3]) }
  }

  @Test func factsOfEarlierCachesCountNothingApart() throws {
    let facts = try prepared(SmallDataset.map).checked.facts
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(facts)
    #expect(!String(decoding: data, as: UTF8.self).contains("apart"))
    #expect(!String(decoding: data, as: UTF8.self).contains("merged"))
    #expect(try JSONDecoder().decode(CaseFacts.self, from: data) == facts)
  }
}

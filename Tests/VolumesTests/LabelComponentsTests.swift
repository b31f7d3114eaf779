import Compute
import Testing
import Volumes

@Suite struct LabelComponentsTests {
  /// Slices of rows of digits.
  private func grid(_ slices: [[String]]) -> Grid3<UInt8> {
    let values = slices.joined().joined().map { UInt8(String($0)) ?? 0 }
    return Grid3(Extent3(slices.count, slices[0].count, slices[0][0].count), values: values)
  }

  @Test func voxelsTouchByFacesEdgesAndCorners() {
    let labels = grid([["1000", "0100", "0002"], ["0000", "0010", "0020"]])
    let components = LabelComponents(of: labels, classes: [1, 2])
    #expect(components.pieces.map(\.voxels) == [3, 2])
    #expect(components.pieces.map(\.label) == [1, 2])
  }

  @Test func theLargestPieceOfEachClassStays() {
    let labels = grid([["11002", "00000", "33033"], ["00010", "00000", "00030"]])
    let (kept, removed) = LabelComponents(of: labels, classes: [1, 2, 3]).keepingLargest()
    #expect(kept == grid([["11002", "00000", "00033"], ["00000", "00000", "00030"]]))
    #expect(removed.map(\.label) == [3, 1] && removed.map(\.voxels) == [2, 1])
  }

  @Test func ofEqualPiecesTheFirstStaysAndOtherClassesAreLeft() {
    let labels = grid([["10101", "20202", "00000"]])
    let (kept, removed) = LabelComponents(of: labels, classes: [1]).keepingLargest()
    #expect(kept == grid([["10000", "20202", "00000"]]))
    #expect(removed.count == 2)
  }

  @Test func anEmptyMapAndAFullOneStayAsTheyAre() {
    for value in [0, 1] as [UInt8] {
      let labels = Grid3<UInt8>(Extent3(4, 5, 3), repeating: value)
      let (kept, removed) = LabelComponents(of: labels, classes: [1]).keepingLargest()
      #expect(kept == labels && removed.isEmpty)
    }
  }

  @Test func sidesAreToldByWords() {
    func sided(_ names: String...) -> [String] {
      LabelMap(structures: names.enumerated().map { .init(name: $1, value: $0 + 1) }).sidedNames
    }
    #expect(sided("autochthon_left", "autochthon_right", "L1") == ["autochthon_left", "autochthon_right"])
    #expect(sided("rib_L", "rib_R", "S") == ["rib_L", "rib_R"])
    #expect(sided("Rechter Muskel", "L", "L5/S", "L4/L5", "S1").isEmpty, "a lumbar spine has no side")
    #expect(LabelMap.mrSpineSeg.sidedNames.isEmpty)
  }

  @Test func mirroringExchangesSlices() {
    let labels = grid([["10", "00"], ["02", "00"], ["00", "30"]])
    #expect(labels.mirrored == grid([["00", "30"], ["02", "00"], ["10", "00"]]))
    #expect(labels.mirrored.mirrored == labels)
  }
}

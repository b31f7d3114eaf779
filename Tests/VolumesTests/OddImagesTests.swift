import Compute
import Testing
import Volumes

/// Arrays whose axes are not those of their headers.
@Suite struct ExchangedAxesTests {
  static let remedy =
    "array and header do not belong together. Write image and mask anew with the axes of the header (or the header with those of"
    + " the array), or leave the case out by dataset.exclude"

  @Test func rowsForColumns() {
    var spine = SpineFacts()
    spine.facts[2].centres = spine.facts[2].centres?.map { [$0[0], $0[2], $0[1]] }
    spine.facts[2].extent = Extent3(20, 200, 220)
    #expect(
      spine.notices() == [
        "c3: the structures follow each other from front to back, in most masks from head to foot; \(Self.remedy)"
      ])
  }

  /// Slices for rows: nothing else is advised, as of a spacing or a size.
  @Test func slicesForRows() {
    var spine = SpineFacts()
    spine.facts[2].centres = spine.facts[2].centres?.map { [$0[1], $0[0], $0[2]] }
    spine.facts[2].extent = Extent3(220, 20, 200)
    spine.facts[2].structures[1] = StructureVoxels(found: 4000, sliced: 3000, kept: 1000)
    #expect(
      spine.notices() == [
        "c3: the structures follow each other from left to right, in most masks from head to foot; \(Self.remedy)"
      ])
    // A mask of too few structures to follow each other.
    spine.renumber(2, [0, nil, nil, nil, nil])
    #expect(
      spine.notices() == [
        "c3: 220x20x200 voxels (D x H x W) in c3, in most images 20x220x200: the same sides along other axes; \(Self.remedy)"
      ])
  }

  /// The same part of the body, with more slices and fewer rows.
  @Test func anotherScanIsNotTurned() {
    var spine = SpineFacts()
    spine.facts[2].extent = Extent3(220, 20, 200)
    spine.facts[2].voxel = [80.0 / 220, 11, 1]
    #expect(!spine.notices().contains { $0.contains("array and header") })
  }
}

/// Images that are unlike most by their header or by their values.
@Suite struct OddImagesTests {
  @Test func anInvertedImageAmongOthers() {
    var spine = SpineFacts()
    spine.facts[2].skew = -0.5
    #expect(
      spine.notices() == [
        "c3: bright voxels outweigh the others, in most images dark ones, as if the contrast were inverted or the image of"
          + " another kind; put the original image there, or leave it out by dataset.exclude"
      ])
    for place in spine.facts.indices { spine.facts[place].skew = place == 2 ? 0.5 : -0.5 }
    #expect(spine.notices().first?.hasPrefix("c3: dark voxels outweigh the others, in most images bright ones") == true)
    for place in spine.facts.indices { spine.facts[place].skew = place == 2 ? -0.1 : 0.5 }
    #expect(spine.notices().isEmpty)
    for place in spine.facts.indices { spine.facts[place].skew = place % 2 == 0 ? -0.5 : 0.5 }
    #expect(spine.notices().isEmpty)
  }

  @Test func aCTAmongMRI() {
    var spine = SpineFacts()
    spine.facts[2].lowest = -1024
    #expect(
      spine.notices() == [
        "c3: values down to -1024, as CT has, and most images none such; put the image of the others' kind there, or leave it"
          + " out by dataset.exclude"
      ])
    for place in spine.facts.indices { spine.facts[place].lowest = -1024 }
    #expect(spine.notices().isEmpty)
    for place in spine.facts.indices { spine.facts[place].lowest = place == 2 ? -40 : 0 }
    #expect(spine.notices().isEmpty)
  }

  /// Of one of them the others tell; where all are so, only the size of a spine does.
  @Test func headersInCentimetres() {
    var spine = SpineFacts()
    for place in spine.facts.indices { spine.facts[place].voxel = [0.4, 0.1, 0.1] }
    #expect(
      spine.notices() == [
        "10 images, c1, c2, c3, c4, c5 and 5 more: c1 shows 22 mm from head to foot, in voxels of 0.4 x 0.1 x 0.1 mm (D x H x W), and a"
          + " spine's image 100 and more, as if the header held centimetres; correct the spacing in image and mask: every distance is in"
          + " its millimetres"
      ])
    for place in spine.facts.indices where place > 0 { spine.facts[place].voxel = [4, 1, 1] }
    #expect(!spine.notices().contains { $0.contains("centimetres") })
    // A small coil's images, and small ones of usual voxels.
    for place in spine.facts.indices { spine.facts[place].voxel = [2, 0.3, 0.3] }
    #expect(spine.notices().isEmpty)
    for place in spine.facts.indices {
      (spine.facts[place].voxel, spine.facts[place].extent) = ([3, 1, 1], Extent3(8, 32, 32))
    }
    #expect(!spine.notices().contains { $0.contains("centimetres") })
    // Fine ones of a whole spine.
    for place in spine.facts.indices {
      (spine.facts[place].voxel, spine.facts[place].extent) = ([2, 0.15, 0.15], Extent3(20, 600, 560))
    }
    #expect(!spine.notices().contains { $0.contains("centimetres") })
    for place in spine.facts.indices { spine.facts[place].extent = Extent3(8, 32, 32) }
    // Finer than any scanner's.
    for place in spine.facts.indices { spine.facts[place].voxel = [0.3, 0.03, 0.03] }
    #expect(spine.notices().contains { $0.contains("which no scanner makes, as if it held centimetres; correct") })
    #expect(spine.notices().count { $0.contains("centimetres") } == 1)
  }

  @Test func aHeaderWithoutItsSpacing() {
    var spine = SpineFacts()
    for place in spine.facts.indices { spine.facts[place].voxel = [1, 1, 1] }
    let words = spine.notices()
    #expect(
      words.count == 1
        && words[0].hasSuffix(
          "voxels of 1 x 1 x 1 mm, so that the 20x220x200 of c1 would be a slab of 20 mm: the header seems to have lost its spacing;"
            + " write the scanner's into it")
    )
    for place in spine.facts.indices { spine.facts[place].extent = Extent3(60, 220, 200) }
    #expect(spine.notices().isEmpty)
  }
}

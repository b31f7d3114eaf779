import Compute
import Foundation
import TestSupport
import Testing
import Volumes

/// Masks that are each the neighbouring case's, on one grid.
@Suite struct ShiftedMasksTests {
  static let lumbar = RealData.folder("lumbar-vb3")

  /// Images that are bright in a box somewhere, and masks of these boxes.
  private struct Boxes {
    let names: [String]
    let facts: [CaseFacts]
    private let pairs: [ShiftedMasks.Pair]

    init(_ count: Int = 9, patients: Int? = nil) {
      let extent = Extent3(3, 20, 24)
      names = (1...count).map { "c\($0)" }
      facts = names.map { name in
        CaseFacts(
          name: name, present: [true], spacing: [4, 1, 1], imageDigest: name, source: "", extent: extent,
          structures: [StructureVoxels(found: 8, kept: 8)], lowest: 0, highest: 200, isBlank: false)
      }
      pairs = (0..<count).map { number in
        let patient = number % (patients ?? count)
        let (top, left) = (5 * patient % 12, 7 * patient % 16)
        var noise = RandomStream(seed: UInt64(100 + number), purpose: .test)
        let mask = (0..<extent.count).map { index -> UInt8 in
          let (h, w) = (index / extent.width % extent.height, index % extent.width)
          return (top..<top + 8).contains(h) && (left..<left + 8).contains(w) ? 1 : 0
        }
        // Of one tissue within the box, of many around it.
        let image = mask.map { $0 == 1 ? 100 + 10 * Double(noise.nextUniform()) : 200 * Double(noise.nextUniform()) }
        return (Grid3(extent, values: image), Grid3(extent, values: mask))
      }
    }

    /// - Parameter step: from an image to the one whose mask is called as its own.
    func notices(shiftedBy step: Int, in order: [String]? = nil) -> [String] {
      let order = order ?? names
      return ShiftedMasks.notices(facts, structures: 1) { name in
        let place = order.firstIndex(of: name)! + step
        let other = order[(place + order.count) % order.count]
        return (pairs[names.firstIndex(of: name)!].image, pairs[names.firstIndex(of: other)!].mask)
      }
    }
  }

  @Test func ownMasksAreNeverTold() {
    #expect(Boxes().notices(shiftedBy: 0).isEmpty)
    #expect(Boxes(40).notices(shiftedBy: 0).isEmpty)
    // Several images of one patient fit each other's masks, and no better than their own.
    #expect(Boxes(9, patients: 1).notices(shiftedBy: 0).isEmpty)
    #expect(Boxes(9, patients: 3).notices(shiftedBy: 0).isEmpty)
  }

  @Test func masksOfTheNextCaseAreTold() {
    #expect(
      Boxes().notices(shiftedBy: 1) == [
        "the masks seem shifted by one case: 8 of 8 images that were looked at are clearly more even under the mask of the case before"
          + " them than under their own (that of c1 fits the image of c2), as an image is within its own structures. Look at a few of"
          + " them, image and mask together, and give each mask its own image's name"
      ])
    let before = Boxes(40).notices(shiftedBy: -1)
    #expect(before.count == 1 && before[0].contains("16 of 16 images"), "\(before)")
    #expect(
      before.first?.contains("the case behind them than under their own (that of c2 fits the image of c1)") == true)
  }

  /// c1, c10, c11, c12, c2: as a script sorts.
  @Test func theOrderOfTextsIsTriedToo() {
    let boxes = Boxes(12)
    #expect(boxes.notices(shiftedBy: 1, in: boxes.names.sorted()).count == 1)
  }

  /// A few cases, or another step, are no evidence.
  @Test func littleEvidenceIsNotTold() {
    #expect(Boxes(6).notices(shiftedBy: 1).isEmpty)
    #expect(Boxes(9).notices(shiftedBy: 4).isEmpty)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: lumbar.path)), arguments: [-1, 0, 1])
  func realImagesTellTheirMasks(step: Int) throws {
    var dataset = try Dataset.open(Self.lumbar)
    let own = dataset.cases
    for place in own.indices { dataset.cases[place].label = own[(place + step + own.count) % own.count].label }
    let extent = try NIfTI.readGeometry(own[0].image).extent
    let facts = own.map { one in
      CaseFacts(
        name: one.name, present: [], spacing: [], imageDigest: "", source: "", extent: extent, structures: [],
        lowest: 0,
        highest: 1, isBlank: false)
    }
    let labels = try #require(dataset.labels)
    let found = ShiftedMasks.notices(facts, of: dataset, labels: labels)
    #expect(found.isEmpty == (step == 0), "\(found)")
    if step != 0 { #expect(found.first?.contains("16 of 16 images") == true, "\(found)") }
  }

  /// Prepared phantoms of one size: as `run` sees them.
  @Test(arguments: [0, 1]) func preparedCasesTellTheirMasks(step: Int) throws {
    let folder = try TemporaryFolder()
    var phantom = Phantom()
    (phantom.cases, phantom.height, phantom.width) = (8, 64, 64)
    try phantom.write(to: folder.file("set"), workers: 2)
    let dataset = try Dataset.open(folder.file("set"))
    let check = CaseCheck(
      labels: .mrSpineSeg, preprocessing: Preprocessing(size: Extent3(16, 64, 48), crop: .none))
    let cases = try dataset.cases.map { try check.prepare($0, of: DatasetContents(of: $0)).get() }
    var facts = cases.map(\.facts)
    for place in facts.indices { facts[place].extent = Extent3(16, 64, 48) }
    let found = ShiftedMasks.notices(facts, structures: LabelMap.mrSpineSeg.classes - 1) { name in
      let place = facts.firstIndex { $0.name == name }!
      let image = cases[place].prepared.image
      return (
        Grid3(image.extent, values: image.values.map(Double.init)), cases[(place + step) % cases.count].prepared.labels
      )
    }
    #expect(found.isEmpty == (step == 0), "\(found)")
  }
}

import Compute
import Foundation
import TestSupport
import Testing
import Volumes

/// Where headers put voxels, as far as it is odd.
@Suite struct PlacementTests {
  private func placement(_ change: (inout NIfTIFixture) -> Void) throws -> Placement {
    var fixture = NIfTIFixture()
    change(&fixture)
    let folder = try TemporaryFolder()
    return try NIfTI.read(folder.write("a.nii", fixture.bytes)).placement
  }

  /// A qform of no rotation at this place.
  private func qform(_ fixture: inout NIfTIFixture, code: Int16 = 1, quaternion: [Float] = [0, 0, 0], x: Float = -10) {
    fixture.put(code, at: 252)
    for (index, value) in (quaternion + [x, 20, 30]).enumerated() { fixture.put(value.bitPattern, at: 256 + 4 * index) }
  }

  @Test func anotherQformIsTold() throws {
    #expect(try !placement { qform(&$0) }.isOdd)
    #expect(try placement { qform(&$0, x: 20) }.disagreement == "they lie up to 30 mm apart")
    // Less than a voxel, and the scanner's place beside an atlas's.
    #expect(try !placement { qform(&$0, x: -8) }.isOdd)
    #expect(try !placement { qform(&$0, code: 2, x: 20) }.isOdd)
    // Half a turn about the axis from foot to head.
    #expect(
      try placement { qform(&$0, code: 2, quaternion: [0, 0, 1]) }.disagreement
        == "the axes are RAS by the sform and LPS by the qform")
  }

  /// 0.4 of 0.75 mm: atan(0.4 / 0.75) is 28.1 degrees.
  @Test func shearedAxesAreTold() throws {
    #expect(try placement { $0.put(Float(0.4).bitPattern, at: 284) }.tilt == 28.1)
    #expect(try !placement { $0.put(Float(0.02).bitPattern, at: 284) }.isOdd)
  }

  @Test func aHeaderWithoutAPlaceIsTold() throws {
    #expect(try placement { $0.put(0 as Int16, at: 254) }.isAssumed)
    #expect(try !placement { _ in }.isAssumed)
  }

  @Test(arguments: [true, false])
  func theFileWithoutAPlaceIsNamed(isImage: Bool) throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    let (image, mask) = ("imagesTr/a_0000.nii", "labelsTr/a.nii")
    try small.remove(image + ".gz")
    try small.remove(mask + ".gz")
    try small.writeImage(image, SmallDataset.imageValues(seed: 0))
    try small.writeLabel(mask, SmallDataset.labelValues)
    let file = small.folder.file(isImage ? image : mask)
    var bytes = try Data(contentsOf: file)
    bytes.replaceSubrange(252..<256, with: [0, 0, 0, 0])
    try bytes.write(to: file)
    let (odd, other) = isImage ? (image, mask) : (mask, image)
    #expect(
      small.preparingProblems() == [
        "\(odd): its header does not say where the voxels lie (qform_code and sform_code are 0), and that of \(other) does; look"
          + " whether both show the same grid, then copy the affine of that one into this one"
      ])
  }

  // MARK: Beside others

  @Test func oddHeadersAreNamed() {
    var spine = SpineFacts()
    spine.facts[1].placement = Placement()
    spine.facts[1].placement?.disagreement = "they lie up to 30 mm apart"
    spine.facts[2].placement = Placement()
    spine.facts[2].placement?.tilt = 28.1
    spine.facts[3].placement = Placement()
    spine.facts[3].placement?.isAssumed = true
    #expect(
      spine.notices() == [
        "c2: qform and sform of the header disagree: they lie up to 30 mm apart. The sform is used here, and other programs take the"
          + " other; write the right one into both, in image and mask",
        "c3: the axes are not at right angles (28.1 degrees off in c3), and volumes and distances are measured as if they were; resample"
          + " image and mask to a grid of right angles",
        "c4: the header does not say where the voxels lie (qform_code and sform_code are 0), as 9 others do, so that directions are"
          + " assumed; copy the affine of the original into image and mask",
      ])
    // Where no image has one, what is assumed of all is said.
    for place in spine.facts.indices {
      spine.facts[place].placement = Placement()
      spine.facts[place].placement?.isAssumed = true
    }
    #expect(
      spine.notices() == [
        "10 images, c1, c2, c3, c4, c5 and 5 more: the header does not say where the voxels lie (qform_code and sform_code are 0):"
          + " voxels of 4 x 1 x 1 mm (D x H x W), the first axis from right to left, are assumed; left and right, and every score in"
          + " mm, depend on that. Convert the original anew (dcm2niix), or copy its affine into image and mask, and set sform_code to 1"
      ])
  }

  /// Of an image that is to be segmented; what all training images have is told no more.
  @Test func anOddHeaderOfAnImageToSegmentIsTold() throws {
    func oddities(_ change: (inout NIfTIFixture) -> Void, among known: [CaseFacts] = []) throws -> [String] {
      var fixture = NIfTIFixture()
      change(&fixture)
      let folder = try TemporaryFolder()
      let file = try folder.write("a.nii", fixture.bytes)
      return try PredictionInput(file, preprocessing: Preprocessing(size: Extent3(4, 4, 4), crop: .none))
        .headerOddities(among: known)
    }
    #expect(try oddities { _ in }.isEmpty)
    let placeless: (inout NIfTIFixture) -> Void = { $0.put(0 as Int16, at: 254) }
    let lines = try oddities(placeless)
    #expect(lines.count == 1)
    #expect(
      lines.first?.hasPrefix("the header does not say where the voxels lie (qform_code and sform_code are 0): v")
        == true)
    var spine = SpineFacts(2)
    #expect(try oddities(placeless, among: spine.facts).count == 1)
    for place in spine.facts.indices {
      spine.facts[place].placement = Placement()
      spine.facts[place].placement?.isAssumed = true
    }
    #expect(try oddities(placeless, among: spine.facts).isEmpty)
    #expect(
      try oddities { qform(&$0, x: 20) }.first?.hasPrefix("qform and sform of the header disagree: they lie up") == true
    )
    #expect(
      try oddities { $0.put(Float(0.4).bitPattern, at: 284) }.first?.hasPrefix("the axes are not at right") == true)
    // Metres, and micrometres.
    let metres = try oddities { $0.put(UInt8(1), at: 123) }
    #expect(
      metres.first?.contains("which no scanner makes, as if it called millimetres metres (xyzt_units); correct") == true
    )
    #expect(metres.first?.contains("4000") == true && metres.first?.contains("e+") == false, "\(metres)")
    let small = try oddities { $0.put(UInt8(3), at: 123) }
    #expect(
      small.first?.contains("as if it held metres, or called millimetres micrometres (xyzt_units); correct") == true)
  }

  @Test func anImageOfAnotherResolutionIsNamed() {
    var spine = SpineFacts()
    spine.preprocessing.size = Extent3(20, 150, 140)
    spine.facts[4].voxel = [4, 4, 4]
    spine.facts[4].extent = Extent3(20, 55, 50)
    spine.facts[4].structures = spine.facts[4].structures.map { SpineFacts.voxels($0.found / 16) }
    #expect(
      spine.notices() == [
        "c5: voxels of 4 x 4 x 4 mm (D x H x W) in c5, in most images 4 x 1 x 1; put the image of the others' resolution there, or leave"
          + " it out by dataset.exclude"
      ])
    // Of two kinds of scan, none is odd.
    for place in spine.facts.indices where place % 2 == 0 {
      (spine.facts[place].voxel, spine.facts[place].extent) = ([4, 4, 4], Extent3(20, 55, 50))
    }
    #expect(!spine.notices().contains { $0.contains("resolution") })
  }
}

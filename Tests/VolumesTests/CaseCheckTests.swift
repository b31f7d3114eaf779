import Compute
import Foundation
import TestSupport
import Testing
import Volumes

@Suite struct CaseCheckTests {
  private static func remedy(_ numbers: Int...) -> String {
    let list = numbers.map(String.init).joined(separator: ", ")
    return
      "name all labels in dataset.labels of the experiment, where a list, as \"background\": [0, \(list)], leaves \(list) out; or"
      + " correct the mask"
  }

  static let mask = "Mask/mask_case1.nii.gz"
  static let image = "MR/Case1.nii.gz"

  @Test func aSoundSetHasNoProblems() throws {
    #expect(try SmallDataset(mrSpineSeg: [1, 2]).preparingProblems() == [])
  }

  /// Five cases with five troubles: all are told, each with its file, before anything is trained.
  @Test func reportsEveryCaseAtOnce() throws {
    let small = try SmallDataset(mrSpineSeg: [1, 2, 3, 4, 5, 6])
    let other = Geometry(shape: [8, 6, 4], affine: SmallDataset.geometry.affine)
    try small.writeLabel("Mask/mask_case1.nii.gz", SmallDataset.labelValues, geometry: other)
    try small.writeLabel("Mask/mask_case2.nii.gz", SmallDataset.labelValues.map { $0 == 3 ? 7 : $0 })
    try small.writeImage("MR/Case3.nii.gz", [Float](repeating: 5, count: 192))
    let data = try Data(contentsOf: small.folder.file("MR/Case4.nii.gz"))
    try data.prefix(data.count / 2).write(to: small.folder.file("MR/Case4.nii.gz"))
    try small.writeImage("MR/Case5.nii.gz", [.nan, .infinity] + SmallDataset.imageValues(seed: 5).dropFirst(2))
    let problems = small.preparingProblems()
    #expect(problems.count == 5)
    let shape =
      "Mask/mask_case1.nii.gz: has [8, 6, 4] voxels, its image MR/Case1.nii.gz has [6, 8, 4]; resample the mask onto the image"
    let label =
      "Mask/mask_case2.nii.gz: holds the labels [7], which the label map does not know (it knows [0, 1, 3]); \(Self.remedy(7))"
    #expect(problems[0] == shape)
    #expect(problems[1] == label)
    #expect(
      problems[2] == "MR/Case3.nii.gz: a constant image, every voxel that is kept is 5.0; replace it or remove the case"
    )
    #expect(problems[3].hasPrefix("MR/Case4.nii.gz: its gzip stream breaks off after "))
    #expect(problems[4] == "MR/Case5.nii.gz: 2 voxels are not finite numbers; repair or remove the case")
  }

  @Test func allTroublesOfOneCaseAreTold() throws {
    let small = try SmallDataset(mrSpineSeg: [1])
    try small.folder.write(Self.image, [])
    try small.folder.write(Self.mask, [])
    #expect(
      small.preparingProblems() == [
        "\(Self.image): is empty; fetch it again", "\(Self.mask): is empty; fetch it again",
      ])
  }

  /// Air is 7, and what is not drawn of anything is 0.
  @Test func aMaskWhoseBackgroundHasANumberIsTold() throws {
    let small = try SmallDataset(mrSpineSeg: [1, 2])
    for number in 1...2 {
      try small.writeLabel("Mask/mask_case\(number).nii.gz", SmallDataset.labelValues.map { $0 == 0 ? 7 : $0 })
    }
    #expect(
      small.preparingProblems()
        == (1...2).map {
          "Mask/mask_case\($0).nii.gz: most of its voxels are 7, as if that were background, which is 0; write 0 in the place of 7, and a"
            + " number of its own for a structure that is 0 here"
        })
  }

  /// A quarter of the smallest voxel side (0.5 mm here) is allowed.
  @Test(arguments: [(0.12, false), (0.13, true), (-4, true)])
  func masksMustLieOnTheirImages(shift: Double, refused: Bool) throws {
    let small = try SmallDataset(mrSpineSeg: [1])
    var moved = SmallDataset.geometry
    moved.affine.rows[1][3] += shift
    try small.writeLabel(Self.mask, SmallDataset.labelValues, geometry: moved)
    let words =
      "\(Self.mask): lies up to \(abs(shift)) mm off its image \(Self.image) (allowed: 0.125 mm); correct its affine,"
      + " or resample the mask onto the image"
    #expect(small.preparingProblems() == (refused ? [words] : []))
  }

  @Test func wholeNumbersStoredAsFloatsAreLabels() throws {
    let small = try SmallDataset(mrSpineSeg: [1])
    try small.writeImage(Self.mask, SmallDataset.labelValues.map { Float($0) })
    #expect(small.preparingProblems() == [])
    var fractions = SmallDataset.labelValues.map { Float($0) }
    fractions[3] = 1.5
    fractions[4] = 0.25
    fractions[5] = -2
    try small.writeImage(Self.mask, fractions)
    #expect(
      small.preparingProblems() == [
        "\(Self.mask): holds the label 0.25, which is not a whole number; if these are probabilities, write 1 from 0.5 on and 0"
          + " below; if the mask was resampled, do it by nearest neighbour",
        "\(Self.mask): holds the labels [-2], which the label map does not know (it knows [0, 1, 3]); no structure can have a"
          + " number below 0: correct the mask",
      ])
    fractions = SmallDataset.labelValues.map { Float($0) }
    fractions[7] = .nan
    try small.writeImage(Self.mask, fractions)
    #expect(small.preparingProblems() == ["\(Self.mask): 1 voxel is not a finite number; repair or remove the case"])
  }

  @Test func anEmptyMaskIsRefused() throws {
    let small = try SmallDataset(mrSpineSeg: [1])
    try small.writeLabel(Self.mask, [UInt8](repeating: 0, count: 192))
    #expect(
      small.preparingProblems() == [
        "\(Self.mask): no structure of the label map has a voxel in it; correct the mask, remove it and its image,"
          + " or leave the case out by dataset.exclude"
      ])
  }

  /// The same picture under two names, even packed differently, would be on both sides of a fold.
  @Test func duplicatesAreFoundByContent() throws {
    let small = try SmallDataset(mrSpineSeg: [1, 2, 3])
    try small.remove("MR/Case3.nii.gz")
    try small.writeImage("MR/Case3.nii", SmallDataset.imageValues(seed: 1))
    #expect(
      small.preparingProblems() == [
        "MR/Case3.nii: the same image as MR/Case1.nii.gz; remove one of the two cases"
      ])
  }

  @Test func presenceIsThatOfTheNetworksGrid() throws {
    let small = try SmallDataset(mrSpineSeg: [1])
    // B in the outermost columns only, which the crop to the middle half removes.
    let values = (0..<192).map { index -> UInt8 in
      switch index / 6 % 8 {
      case 0: 3
      case 3, 4: 1
      default: 0
      }
    }
    try small.writeLabel(Self.mask, values)
    let one = try Dataset.open(small.root).cases[0]
    let prepared = try CaseCheck(labels: SmallDataset.map, preprocessing: SmallDataset.preprocessing)
      .prepare(one, of: DatasetContents(of: one)).get().prepared
    #expect(prepared.present == [true, false])
    #expect(prepared.image.extent == Extent3(5, 8, 6))
    let wanted: SIMD3<Double> = [4, 0.375, 0.5 * (4.0 / 6.0)]
    #expect(prepared.spacing == wanted)
  }

  /// Where the layout has a file that names numbers, that is the first thing to look at.
  @Test func unknownNumbersAreNamedWhereTheLayoutNamesThem() throws {
    let small = try SmallDataset(nnUNet: ["a"])
    try small.writeLabel("labelsTr/a.nii.gz", SmallDataset.labelValues.map { $0 == 3 ? 7 : $0 })
    #expect(
      small.preparingProblems() == [
        "labelsTr/a.nii.gz: holds the labels [7], which the label map does not know (it knows [0, 1, 3]); name them in dataset.json,"
          + " or name all labels anew in dataset.labels of the experiment, where a list, as \"background\": [0, 7], leaves 7 out; or"
          + " correct the mask"
      ])
    try small.writeText("set.csv", "case,image,label\na,imagesTr/a_0000.nii.gz,labelsTr/a.nii.gz\n")
    let one = try Dataset.open(small.folder.file("set.csv")).cases[0]
    let result = CaseCheck(labels: SmallDataset.map, preprocessing: SmallDataset.preprocessing)
      .prepare(one, of: try DatasetContents(of: one))
    guard case .failure(let errors) = result else { return #expect(Bool(false), "the mask holds 7") }
    #expect(errors.description.hasSuffix("it knows [0, 1, 3]); \(Self.remedy(7))"), "\(errors)")
  }

  /// Which mask holds which number is told where they differ, the most masks first; of one list all share a line as ever.
  @Test func unknownNumbersAreToldWithTheirMasks() {
    func told(_ masks: [(file: String, values: [Int])]) -> [String] {
      DatasetProblem.folded(masks.map { .unknownLabels(file: $0.file, values: $0.values, known: [0, 1]) })
    }
    #expect(
      told([("c4", [255]), ("c5", [3]), ("c6", [3])]) == [
        "3 masks hold the labels [3, 255], which the label map does not know (it knows [0, 1]): [3] in 2 files, c5, c6; [255] in c4;"
          + " \(Self.remedy(3, 255))"
      ])
    #expect(
      told([("c4", [3]), ("c5", [3])]) == [
        "2 files, c4, c5: holds the labels [3], which the label map does not know (it knows [0, 1]); \(Self.remedy(3))"
      ])
    #expect(told([("c4", [3])]).first?.hasPrefix("c4: holds the labels [3], which") == true)
    // What most masks hold together is one list.
    let both = told([("c1", [2, 3]), ("c2", [2, 3, 9]), ("c3", [2, 3])])
    #expect(
      both.count == 1 && both[0].contains(": [2, 3] in 3 files, c1, c2, c3; [9] in c2; \(Self.remedy(2, 3, 9))"),
      "\(both)")
    let many = told((1...7).map { ("c\($0)", [$0 + 1]) })
    #expect(
      many.count == 1 && many[0].contains("[6] in c5; [7, 8] in others; \(Self.remedy(2, 3, 4, 5, 6, 7, 8))"),
      "\(many)")
    // What is left out is all of them, however many; a list that lacked one would be refused.
    let dozen = (2...13).map { $0 }
    let long = told([("c1", dozen)])[0]
    #expect(long.contains("holds the labels [2, 3, 4, 5, 6, 7, 8, 9, 10, 11] and 2 more, which"), "\(long)")
    #expect(long.contains("as \"background\": \([0] + dozen), leaves these out; or correct the mask"), "\(long)")
    let first = "\(Array(2...11)) and"
    let together = told([("c1", dozen), ("c2", [14])])
    #expect(together.count == 1 && together[0].hasPrefix("2 masks hold the labels \(first) 3 more, "), "\(together)")
    #expect(together[0].contains(": \(first) 2 more in c1; [14] in c2; name all labels"), "\(together)")
    let others = told((1...6).map { ("c\($0)", $0 < 6 ? [$0 + 1] : Array(7...18)) })
    #expect(others[0].contains("[6] in c5; \(Array(7...16)) and 2 more in others; name all labels"), "\(others)")
    // What is background already stays so.
    func unknown(_ file: String, _ value: Int) -> DatasetProblem {
      .unknownLabels(file: file, values: [value], known: [0, 1, 7], background: [0, 7])
    }
    let kept = unknown("c1", 9).description
    #expect(kept.contains("as \"background\": [0, 7, 9], leaves 9 out"), "\(kept)")
    let folded = DatasetProblem.folded([unknown("c1", 9), unknown("c2", 8)])
    #expect(folded.count == 1 && folded[0].hasPrefix("2 masks hold the labels [8, 9], "), "\(folded)")
    #expect(folded[0].contains("as \"background\": [0, 7, 8, 9], leaves 8, 9 out; or correct"), "\(folded)")
  }

  /// All of them are found in the mask itself.
  @Test func manyUnknownNumbersOfAMaskAreAllLeftOut() throws {
    let small = try SmallDataset(mrSpineSeg: [1])
    var values = SmallDataset.labelValues
    for place in 0..<12 { values[place] = UInt8(10 + place) }
    try small.writeLabel(Self.mask, values)
    #expect(
      small.preparingProblems() == [
        "\(Self.mask): holds the labels \(Array(10...19)) and 2 more, which the label map does not know (it knows [0, 1, 3]);"
          + " name all labels in dataset.labels of the experiment, where a list, as \"background\": \([0] + Array(10...21)),"
          + " leaves these out; or correct the mask"
      ])
  }

  /// The same of the map by which a mask is read.
  @Test func whatTheMapLeavesOutStaysLeftOut() throws {
    let small = try SmallDataset(mrSpineSeg: [1])
    try small.writeLabel(Self.mask, SmallDataset.labelValues.map { $0 == 3 ? 9 : $0 })
    let one = try Dataset.open(small.root).cases[0]
    let labels = LabelMap(structures: SmallDataset.map.structures, background: [0, 7])
    let result = CaseCheck(labels: labels, preprocessing: SmallDataset.preprocessing)
      .prepare(one, of: try DatasetContents(of: one))
    guard case .failure(let errors) = result else { return #expect(Bool(false), "the mask holds 9") }
    let words =
      "it knows [0, 1, 3, 7]); name all labels in dataset.labels of the experiment, where a list, as"
      + " \"background\": [0, 7, 9], leaves 9 out; or correct the mask"
    #expect(errors.description.hasSuffix(words), "\(errors)")
  }
}

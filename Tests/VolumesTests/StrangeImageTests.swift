import Compute
import Foundation
import TestSupport
import Testing
import Volumes

/// Predictions: numbers of any size, and images unlike those of the training.
@Suite struct StrangeImageTests {
  let small: SmallDataset
  let preprocessing = Preprocessing(size: Extent3(4, 6, 8), crop: .none)

  init() throws { small = try SmallDataset(mrSpineSeg: [1, 2]) }

  func input(_ name: String) throws -> PredictionInput {
    try PredictionInput(small.folder.file(name), preprocessing: preprocessing)
  }

  @Test(arguments: [255, 256, 32767, 32768, 40000, 65535, 65536, 70000, 2_147_483_647])
  func aMaskHoldsTheLabelMapsNumbers(number: Int) throws {
    let output = small.folder.file("out.nii.gz")
    let labels = Grid3<UInt8>(Extent3(4, 6, 8), values: (0..<192).map { UInt8($0 % 3) })
    let map = LabelMap(structures: [.init(name: "A", value: 1), .init(name: "B", value: number)])
    try input("MR/Case1.nii.gz").write(labels, map: map, to: output)
    #expect(Set(try NIfTI.read(output).grid.values) == [0, 1, Double(number)])
  }

  @Test func aNumberThatNoMaskHoldsIsAnError() throws {
    let output = small.folder.file("out.nii.gz")
    let map = LabelMap(structures: [.init(name: "A", value: 1 << 40)])
    #expect(throws: NIfTIError.self) {
      try input("MR/Case1.nii.gz").write(Grid3(Extent3(4, 6, 8), repeating: 1), map: map, to: output)
    }
  }

  @Test func aLabelMapIsTakenForWhatItIs() throws {
    #expect(try input("Mask/mask_case1.nii.gz").resemblingLabels.count == 1)
    #expect(try input("MR/Case1.nii.gz").resemblingLabels.isEmpty)
    // As few numbers, but none of a label map.
    try small.writeImage("halves.nii", SmallDataset.imageValues(seed: 3).indices.map { $0 % 2 == 0 ? 0.5 : 1 })
    #expect(try input("halves.nii").resemblingLabels.isEmpty)
  }

  /// Slices are taken as they are, so that one alone would have the usual spacing.
  @Test func aPieceOfAnImageIsToldOf() throws {
    let dataset = try Dataset.open(small.root)
    let check = CaseCheck(labels: SmallDataset.map, preprocessing: preprocessing)
    let facts = try dataset.cases.map { try check.prepare($0, of: DatasetContents(of: $0)).get().facts }
    let shape = [6, 8, 1]
    try small.writeImage(
      "slice.nii", Array(SmallDataset.imageValues(seed: 3).prefix(48)),
      geometry: Geometry(shape: shape, affine: SmallDataset.geometry.affine))
    #expect(
      try input("slice.nii").strangeness(among: facts) == [
        "slice.nii is unlike the training images: left to right it shows 4.0 mm, the training images 16.0 to 16.0 mm"
      ])
    #expect(try input("MR/Case2.nii.gz").strangeness(among: facts).isEmpty)
  }

  /// Squares lean to the dark side, their negatives to the bright one, and even values to none.
  @Test func anInvertedImageIsToldOf() throws {
    func squares(_ seed: Int) -> [Float] { SmallDataset.imageValues(seed: seed).map { ($0 - 100) * ($0 - 100) } }
    for number in 1...2 { try small.writeImage("MR/Case\(number).nii.gz", squares(number)) }
    let dataset = try Dataset.open(small.root)
    let check = CaseCheck(labels: SmallDataset.map, preprocessing: preprocessing)
    var facts = try dataset.cases.map { try check.prepare($0, of: DatasetContents(of: $0)).get().facts }
    try small.writeImage("same.nii", squares(3))
    try small.writeImage("inverted.nii", squares(3).map { 2500 - $0 })
    try small.writeImage("even.nii", SmallDataset.imageValues(seed: 3))
    #expect(try input("same.nii").strangeness(among: facts).isEmpty)
    #expect(try input("even.nii").strangeness(among: facts).isEmpty)
    #expect(
      try input("inverted.nii").strangeness(among: facts) == [
        "inverted.nii is unlike the training images: in it bright voxels outweigh the others, in all training images dark ones,"
          + " as if its contrast were inverted"
      ])
    // What an earlier program kept says nothing of it.
    facts[0].skew = nil
    #expect(try input("inverted.nii").strangeness(among: facts).isEmpty)
  }

  /// By SciPy 1.17.1: `scipy.stats.skew([0, 1, 1, 2, 7, 9, 30])` is 1.643.
  @Test func theThirdMomentIsThatOfSciPy() throws {
    let values: [Double] = [0, 1, 1, 2, 7, 9, 30]
    #expect(ChannelFacts.skew(of: values) == 1.643)
    #expect(ChannelFacts.skew(of: values.map { 5 - 2 * $0 }) == -1.643)
    #expect(ChannelFacts.skew(of: [3, 3, 3]) == nil)
  }

  @Test func imagesUnlikeTheTrainingOnesAreToldOf() throws {
    let dataset = try Dataset.open(small.root)
    let check = CaseCheck(labels: SmallDataset.map, preprocessing: preprocessing)
    let facts = try dataset.cases.map { try check.prepare($0, of: DatasetContents(of: $0)).get().facts }
    #expect(try input("MR/Case2.nii.gz").strangeness(among: facts).isEmpty)
    #expect(try input("MR/Case2.nii.gz").strangeness(among: []).isEmpty)

    try small.writeImage("ct.nii", SmallDataset.imageValues(seed: 3).map { $0 - 1000 })
    let ct = try input("ct.nii").strangeness(among: facts)
    #expect(ct.count == 1 && ct[0].contains("ct.nii is unlike the training images: it has values below 0 (-"))

    var wide = SmallDataset.geometry
    for row in 0..<3 { wide.affine.rows[row] *= SIMD4(2, 1, 1, 1) }
    try small.writeImage("wide.nii", SmallDataset.imageValues(seed: 3), geometry: wide)
    let words = try input("wide.nii").strangeness(among: facts)
    #expect(
      words == [
        "wide.nii is unlike the training images: head to foot the network sees a voxel each 1.0 mm of it, of the training"
          + " images one each 0.5 to 0.5 mm"
      ])

    // Metres in the place of millimetres.
    for row in 0..<3 { wide.affine.rows[row] *= SIMD4(0.0005, 0.001, 0.001, 1) }
    try small.writeImage("small.nii", SmallDataset.imageValues(seed: 3), geometry: wide)
    let metres = try input("small.nii").strangeness(among: facts)
    #expect(
      metres.first?.contains("a voxel each 0.0005 mm of it, of the training images one each 0.5 to 0.5 mm") == true,
      "\(metres)")
  }
}

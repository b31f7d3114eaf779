import Compute
import Foundation
import TestSupport
import Testing
import Volumes

@Suite struct PredictionTests {
  /// A label map that went to the network's grid comes back to the image's own grid and header.
  @Test(arguments: golden("nifti", [GoldenVolume].self).filter { $0.name.hasPrefix("axes") || $0.name == "oblique" })
  func labelsComeBackInTheImagesGeometry(_ known: GoldenVolume) throws {
    let folder = try TemporaryFolder()
    for (name, content) in known.files { try folder.write(name, Array(content)) }
    let file = folder.file(known.main)
    let original = try NIfTI.read(file)
    let extent = original.grid.extent
    let size = Extent3(extent.depth + 2, extent.height * 3, extent.width * 2)
    let input = try PredictionInput(file, preprocessing: Preprocessing(size: size, crop: .none))
    #expect(input.image.extent == size)
    #expect(input.spacing == original.geometry.spacing / SIMD3(1, 3, 2))

    let labels = Grid3(extent, values: (0..<extent.count).map { UInt8($0 % 3) })
    let onTheNetworksGrid = PreprocessingSteps(
      Preprocessing(size: size, crop: .none), for: original.geometry
    ).labels(labels)
    #expect(input.restored(onTheNetworksGrid) == labels)
    let map = LabelMap(structures: [.init(name: "A", value: 7), .init(name: "B", value: 40)])
    let output = folder.file("out.nii.gz")
    try input.write(input.restored(onTheNetworksGrid), map: map, to: output)
    let written = try NIfTI.read(output)
    #expect(written.geometry == original.geometry)
    let numbers: [Double] = [0, 7, 40]
    #expect(written.grid.values == labels.values.map { numbers[Int($0)] })
  }

  @Test func numbersAboveAByteAreKept() throws {
    let small = try SmallDataset(mrSpineSeg: [1])
    let input = try PredictionInput(
      small.folder.file("MR/Case1.nii.gz"), preprocessing: SmallDataset.preprocessing)
    let map = LabelMap(structures: [.init(name: "A", value: 300)])
    let output = small.folder.file("out.nii")
    try input.write(input.restored(Grid3(Extent3(5, 8, 6), repeating: 1)), map: map, to: output)
    #expect(try NIfTI.read(output).grid.values.max() == 300)
  }

  @Test func refusesWhatCannotBePredicted() throws {
    let small = try SmallDataset(mrSpineSeg: [])
    let constant = try small.writeImage("a.nii", [Float](repeating: 2, count: 192))
    let broken = try small.writeImage("b.nii", [Float](repeating: .nan, count: 192))
    let expected: [(URL, DatasetProblem)] = [
      (constant, .constantImage(file: constant.path, value: 2)),
      (broken, .nonFiniteVoxels(file: broken.path, count: 192)),
      (small.folder.file("c.txt"), .volume(.unknownExtension(file: small.folder.file("c.txt").path))),
    ]
    for (file, problem) in expected {
      #expect(throws: DatasetErrors([problem])) {
        try PredictionInput(file, preprocessing: SmallDataset.preprocessing)
      }
    }
  }
}

import Compute
import Foundation
import TestSupport
import Volumes

/// A made-up dataset of two or more tiny cases in a temporary folder, and ways to spoil it.
struct SmallDataset {
  let folder: TemporaryFolder
  static let shape = [6, 8, 4]
  static let geometry = Geometry(
    shape: shape,
    affine: Affine(rows: [SIMD4(0, 0, 4, 1), SIMD4(0, -0.5, 0, 2), SIMD4(-0.5, 0, 0, 3)]))
  static let map = LabelMap(structures: [.init(name: "A", value: 1), .init(name: "B", value: 3)])
  static let preprocessing = Preprocessing(size: Extent3(5, 8, 6))

  var root: URL { folder.url }

  /// `MR` and `Mask` with the given case numbers.
  init(mrSpineSeg numbers: [Int]) throws {
    folder = try TemporaryFolder()
    for number in numbers {
      try write("MR/Case\(number).nii.gz", "Mask/mask_case\(number).nii.gz", seed: number, mask: number - 1)
    }
  }

  /// nnU-Net's folders with the given names and a `dataset.json`.
  init(nnUNet names: [String]) throws {
    folder = try TemporaryFolder()
    for (seed, name) in names.enumerated() {
      try write("imagesTr/\(name)_0000.nii.gz", "labelsTr/\(name).nii.gz", seed: seed)
    }
    try writeText(
      "dataset.json",
      #"{"channel_names": {"0": "T2"}, "labels": {"background": 0, "B": 3, "A": 1}, "numTraining": \#(names.count),"#
        + #" "file_ending": ".nii.gz"}"#)
  }

  /// - Parameter mask: nil: `seed`; 0 is `labelValues`.
  func write(_ image: String, _ label: String, seed: Int, mask: Int? = nil) throws {
    try writeImage(image, Self.imageValues(seed: seed))
    try writeLabel(label, Self.labelValues(seed: mask ?? seed))
  }

  static func imageValues(seed: Int) -> [Float] {
    var stream = RandomStream(seed: UInt64(seed), purpose: .test)
    return (0..<192).map { _ in 100 + 50 * stream.nextUniform() }
  }

  /// One column of A and one of B in the middle of each slice.
  static var labelValues: [UInt8] { (0..<192).map { [0, 0, 0, 1, 3, 0, 0, 0][$0 / 6 % 8] } }

  /// The same without the voxels of A that the seed's bits name, so that no two masks are one.
  static func labelValues(seed: Int) -> [UInt8] {
    let ones = labelValues.indices.filter { labelValues[$0] == 1 }
    let missing = Set((0..<10).filter { seed >> $0 & 1 == 1 }.map { ones[$0] })
    return labelValues.indices.map { missing.contains($0) ? 0 : labelValues[$0] }
  }

  @discardableResult
  func writeImage(_ name: String, _ values: [Float], geometry: Geometry = geometry) throws -> URL {
    try prepareFolder(name)
    try NIfTI.write(values, geometry: geometry, to: folder.file(name))
    return folder.file(name)
  }

  @discardableResult
  func writeLabel(_ name: String, _ values: [UInt8], geometry: Geometry = geometry) throws -> URL {
    try prepareFolder(name)
    try NIfTI.write(values, geometry: geometry, to: folder.file(name))
    return folder.file(name)
  }

  func writeText(_ name: String, _ text: String) throws { try folder.write(name, Array(text.utf8)) }

  func remove(_ name: String) throws { try FileManager.default.removeItem(at: folder.file(name)) }

  private func prepareFolder(_ name: String) throws {
    try FileManager.default.createDirectory(
      at: folder.file(name).deletingLastPathComponent(), withIntermediateDirectories: true)
  }

  /// What opening the dataset complains about, paths shortened.
  func openingProblems(_ layout: DatasetLayout = .automatic) -> [String] {
    problems { _ = try Dataset.open(root, layout: layout) }
  }

  /// What preparing it complains about, paths shortened.
  func preparingProblems() -> [String] {
    problems {
      let dataset = try Dataset.open(root)
      let contents = try DatasetContents(of: dataset)
      let cache = PreparedCache(
        directory: folder.file("cache"), fingerprint: contents.fingerprint.digest, labels: Self.map,
        preprocessing: Self.preprocessing)
      _ = try cache.prepare(dataset, contents, workers: 2)
    }
  }

  private func problems(_ body: () throws -> Void) -> [String] {
    do {
      try body()
      return []
    } catch {
      let words = (error as? DatasetErrors)?.problems.map(\.description) ?? ["\(error)"]
      return words.map {
        $0.replacingOccurrences(of: root.path + "/", with: "").replacingOccurrences(of: root.path, with: "ROOT")
      }
    }
  }
}

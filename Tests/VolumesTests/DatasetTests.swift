import Foundation
import TestSupport
import Testing
import Volumes

/// What is opened, and how its names sort.
@Suite struct DatasetTests {
  static let lumbar = RealData.folder("lumbar-vb3")

  @Test(arguments: [DatasetLayout.automatic, .mrSpineSeg])
  func opensMRSpineSeg(layout: DatasetLayout) throws {
    let small = try SmallDataset(mrSpineSeg: [10, 2, 215])
    let dataset = try Dataset.open(small.root, layout: layout)
    #expect(dataset.layout == .mrSpineSeg)
    #expect(dataset.names == ["Case2", "Case10", "Case215"])
    #expect(dataset.cases[0].image.path == small.folder.file("MR/Case2.nii.gz").path)
    #expect(dataset.cases[0].label.path == small.folder.file("Mask/mask_case2.nii.gz").path)
    #expect(dataset.labels == nil && dataset.givenSplits == nil)
  }

  @Test func aFileThatIsNoManifestIsNoDataset() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("set", [1])
    let error = #expect(throws: DatasetErrors.self) { try Dataset.open(file) }
    #expect(error?.problems == [.fileForDataset(file: file.path, folder: folder.url.path)])
  }

  /// The challenge's archive has the folders inside `train`; capitals differ among copies.
  @Test func opensMRSpineSegAsUnpacked() throws {
    let small = try SmallDataset(mrSpineSeg: [])
    try small.write("train/MR/case3.nii", "train/Mask/Mask_Case3.nii.gz", seed: 1)
    let dataset = try Dataset.open(small.root)
    #expect(dataset.names == ["Case3"])
  }

  @Test(arguments: [DatasetLayout.automatic, .nnUNet])
  func opensNnunet(layout: DatasetLayout) throws {
    let small = try SmallDataset(nnUNet: ["b_10", "b_9"])
    try small.writeText("splits_final.json", #"[{"train": ["b_9"], "val": ["b_10"]}]"#)
    let dataset = try Dataset.open(small.root, layout: layout)
    #expect(dataset.layout == .nnUNet)
    #expect(dataset.names == ["b_9", "b_10"])
    #expect(dataset.labels == SmallDataset.map, "in the order of their numbers")
    #expect(dataset.givenSplits == [Split(train: ["b_9"], val: ["b_10"])])
  }

  @Test func opensNnunetVersionOne() throws {
    let small = try SmallDataset(nnUNet: ["a"])
    try small.writeText(
      "dataset.json", #"{"modality": {"0": "MR"}, "labels": {"0": "background", "3": "B", "1": "A"}}"#)
    #expect(try Dataset.open(small.root).labels == SmallDataset.map)
  }

  @Test func opensAManifest() throws {
    let small = try SmallDataset(mrSpineSeg: [])
    try small.write("x/one.nii.gz", "y/one mask.nii.gz", seed: 1)
    try small.write("x/two.nii.gz", "y/two.nii.gz", seed: 2)
    try small.writeText(
      "cases.csv",
      """
      label,case,image,patient
      "y/one mask.nii.gz",one,x/one.nii.gz,Anna
      y/two.nii.gz, two , \(small.folder.file("x/two.nii.gz").path),

      """)
    for root in [small.root, small.folder.file("cases.csv")] {
      let dataset = try Dataset.open(root)
      #expect(dataset.layout == .manifest)
      #expect(dataset.names == ["one", "two"])
      #expect(dataset.cases[0].label.path == small.folder.file("y/one mask.nii.gz").path)
      #expect(dataset.patients == ["one": "Anna"])
    }
  }

  @Test func namesSortAsPeopleExpect() {
    let names = ["Case10", "Case2", "case1", "Case02", "Case2b", "Case", "Case10a2", "Case10a10"]
    #expect(
      names.sorted(by: naturallyPrecedes)
        == ["Case", "Case02", "Case2", "Case2b", "Case10", "Case10a2", "Case10a10", "case1"])
    #expect(!naturallyPrecedes("a", "a"))
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: lumbar.path), "the real set is not on this machine"))
  func preparesTheRealLumbarSet() throws {
    let folder = try TemporaryFolder()
    let dataset = try Dataset.open(Self.lumbar)
    #expect(dataset.layout == .nnUNet && dataset.cases.count == 40)
    let labels = try #require(dataset.labels)
    #expect(labels.names == ["L1", "L2", "L3", "L4", "L5"])
    let contents = try DatasetContents(of: dataset)
    let cache = PreparedCache(
      directory: folder.url, fingerprint: contents.fingerprint.digest, labels: labels,
      preprocessing: Preprocessing(size: .init(18, 64, 32)))
    let summary = try cache.prepare(dataset, contents, workers: 2)
    #expect(summary.cases.count == 40)
    #expect(summary.cases.allSatisfy { $0.present == [true, true, true, true, true] })
    let one = try cache.load("vb3_01")
    #expect(one.spacing == SIMD3(4, 3.5, 3.5))
    // L1 is above L5: rows count from head to foot.
    func meanRow(_ label: UInt8) -> Double {
      let rows = one.labels.values.enumerated().filter { $0.element == label }.map { $0.offset / 32 % 64 }
      return Double(rows.reduce(0, +)) / Double(rows.count)
    }
    #expect((1...4).allSatisfy { meanRow($0) < meanRow($0 + 1) })
  }
}

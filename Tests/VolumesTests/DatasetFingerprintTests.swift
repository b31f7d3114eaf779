import Crypto
import Foundation
import TestSupport
import Testing
import Volumes

@Suite struct DatasetFingerprintTests {
  @Test func isTheHashOfNamesAndContents() throws {
    let small = try SmallDataset(mrSpineSeg: [1, 2])
    let dataset = try Dataset.open(small.root)
    func hash(_ file: URL) throws -> String { SHA256.hash(data: try Data(contentsOf: file)).hex }
    let lines = try dataset.cases.map { "\($0.name)\t\(try hash($0.image))\t\(try hash($0.label))\n" }
    let wanted = SHA256.hash(data: Data(lines.sorted().joined().utf8)).hex
    for workers in [1, 3] {
      #expect(
        try DatasetFingerprint(of: dataset, workers: workers) == DatasetFingerprint(digest: wanted, cases: 2))
    }
  }

  @Test func namesEveryFileItCannotRead() throws {
    let small = try SmallDataset(mrSpineSeg: [1, 2, 3])
    let dataset = try Dataset.open(small.root)
    try small.remove("MR/Case1.nii.gz")
    try small.remove("Mask/mask_case3.nii.gz")
    let error = #expect(throws: DatasetErrors.self) { try DatasetFingerprint(of: dataset) }
    let files = error?.problems.map { problem in
      if case .unreadable(let file, _, _) = problem { URL(fileURLWithPath: file).lastPathComponent } else { "?" }
    }
    #expect(files == ["Case1.nii.gz", "mask_case3.nii.gz"])
  }

  @Test func bothFilesOfAPairCount() throws {
    let folder = try TemporaryFolder()
    for name in ["a.hdr", "a.img", "b.nii"] { try folder.write(name, Array(name.utf8)) }
    let dataset = Dataset(
      root: folder.url, layout: .manifest,
      cases: [DatasetCase(name: "a", image: folder.file("a.hdr"), label: folder.file("b.nii"))])
    let before = try DatasetFingerprint(of: dataset)
    try folder.write("a.img", [1])
    #expect(try DatasetFingerprint(of: dataset) != before)
  }

  @Test func hexHasTwoDigitsPerByte() {
    let empty = SHA256.hash(data: Data()).hex
    #expect(empty == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }
}

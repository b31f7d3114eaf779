import Foundation
import TestSupport
import Testing
import Volumes

@Suite struct VolumeListTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func make(_ names: String...) throws { for name in names { try folder.write(name, "x") } }

  @Test func aFolderIsTakenInNaturalOrder() throws {
    try make("scans/Case10.nii.gz", "scans/Case2.nii.gz", "scans/Case1.nii", "scans/notes.txt", "scans/T1/a.nii")
    let list = try VolumeList([folder.file("scans")])
    #expect(list.entries.map(\.name) == ["Case1", "Case2", "Case10"])
    #expect(list.entries[0].file.lastPathComponent == "Case1.nii")
    #expect(list.notices.isEmpty)
  }

  @Test func whatIsNotTakenIsSaid() throws {
    try make("scans/a.nii.gz", "scans/._a.nii.gz", "scans/.b.nii.gz", "scans/c.NII.GZ", "scans/d.nrrd")
    let lines = DatasetNotice.lines(try VolumeList([folder.file("scans")]).notices)
    #expect(lines.count == 3)
    #expect(lines.contains { $0.hasPrefix("left out, because a hidden file of macOS") && $0.contains("._a.nii.gz") })
    #expect(lines.contains { $0.contains("2 files") && $0.contains("c.NII.GZ") && $0.contains("d.nrrd") })
  }

  @Test func nnUNetsChannelIsNoPartOfACasesName() throws {
    try make("imagesTs/p_1_0000.nii.gz", "imagesTs/p_1_0001.nii.gz", "imagesTs/q_2024.nii.gz")
    let list = try VolumeList([folder.file("imagesTs")])
    #expect(list.entries.map(\.name) == ["p_1", "q_2024"])
    #expect(DatasetNotice.lines(list.notices).joined().contains("further channel"))
  }

  @Test func filesAreTakenAsTheyAreGiven() throws {
    let list = try VolumeList(["z.nii.gz", "my scan.nii", "Straße.nii.gz"].map { folder.file($0) })
    #expect(list.entries.map(\.name) == ["z", "my scan", "Straße"])
  }

  @Test func twoFilesOfOneCaseAreRefused() throws {
    try make("a/x.nii.gz", "b/x.nii")
    let error = #expect(throws: DatasetErrors.self) { try VolumeList([folder.file("a"), folder.file("b")]) }
    let files = ("a/x.nii.gz", "b/x.nii")
    #expect(
      error?.problems
        == [.twoFiles(name: "x", first: folder.file(files.0).path, second: folder.file(files.1).path)])
  }

  @Test func anEmptyFolderIsRefused() throws {
    try make("empty/readme.txt")
    #expect(throws: DatasetErrors([.noCases(folder: folder.file("empty").path, pattern: "CASE.nii.gz or CASE.nii")])) {
      try VolumeList([folder.file("empty")])
    }
  }
}

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
    #expect(list.notices == [.notLookedInto(folder: folder.file("scans").path, inside: "T1 (1 NIfTI file)")])
  }

  /// By the same path, and through a link.
  @Test func aFileThatIsGivenTwiceIsNamedOnce() throws {
    try make("a.nii.gz", "other/a.nii.gz")
    try FileManager.default.createDirectory(at: folder.file("links"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      at: folder.file("links/a.nii.gz"), withDestinationURL: folder.file("a.nii.gz"))
    func refusal(_ names: String...) -> String {
      let error = #expect(throws: DatasetErrors.self) { try VolumeList(names.map { folder.file($0) }) }
      return (error?.description ?? "").replacingOccurrences(of: folder.url.path + "/", with: "")
    }
    #expect(refusal("a.nii.gz", "a.nii.gz") == "a.nii.gz: is given twice; give it once")
    #expect(
      refusal("a.nii.gz", "links") == "links/a.nii.gz: is the file a.nii.gz, which is given too; give one of the two")
    #expect(refusal("a.nii.gz", "other/a.nii.gz") == "other/a.nii.gz: case a is already a.nii.gz; keep one of the two")
  }

  @Test func whatIsNotTakenIsSaid() throws {
    try make("scans/a.nii.gz", "scans/._a.nii.gz", "scans/.b.nii.gz", "scans/c.NII.GZ", "scans/d.nrrd")
    let lines = DatasetNotice.lines(try VolumeList([folder.file("scans")]).notices)
    #expect(lines.count == 4)
    #expect(lines.contains { $0.hasPrefix("left out, because a hidden file of macOS") && $0.contains("._a.nii.gz") })
    #expect(lines.contains { $0.contains("the ending is in capitals (rename it") && $0.contains("c.NII.GZ") })
    #expect(lines.contains { $0.contains("does not end in .nii") && $0.contains("d.nrrd") })
  }

  @Test func nnUNetsChannelIsNoPartOfACasesName() throws {
    try make("imagesTs/p_1_0000.nii.gz", "imagesTs/p_1_0001.nii.gz", "imagesTs/q_2024.nii.gz")
    let list = try VolumeList([folder.file("imagesTs")])
    #expect(list.entries.map(\.name) == ["p_1", "q_2024"])
    #expect(DatasetNotice.lines(list.notices).joined().contains("further channel"))
  }

  /// Networks of channel 0 are given a file of another; where no first channel lies beside it, a case is called so.
  @Test func aFurtherChannelThatIsGivenByNameIsDoubtful() throws {
    try make("Ts/c_0000.nii.gz", "Ts/c_0001.nii.gz", "Ts/p_0002.nii.gz", "Ts/q_2024.nii.gz")
    let given = ["c_0000", "c_0001", "p_0002", "q_2024"].map { folder.file("Ts/\($0).nii.gz") }
    let list = try VolumeList(given)
    #expect(list.entries.map(\.name) == ["c", "c_0001", "p_0002", "q_2024"])
    let words = "\(given[1].path): its name is a further channel's, and the networks see channel 0 alone, which is"
    #expect(list.doubts.count == 1 && list.doubts[0].hasPrefix(words), "\(list.doubts)")
  }

  /// Of networks that see one channel, and not the first: a plain file is the image.
  @Test func aSingleOtherChannelIsAPlainFileOrHasItsNumber() throws {
    try make("one/a_0001.nii.gz", "one/a_0000.nii.gz", "one/plain.nii", "one/scan_2024.nii.gz", "none/b_0000.nii.gz")
    let files = try VolumeList(
      ["one/plain.nii", "one/a_0001.nii.gz", "one/scan_2024.nii.gz"].map { folder.file($0) }, channels: [1])
    #expect(
      files.entries.map(\.name) == ["plain", "a", "scan_2024"] && files.entries.allSatisfy { $0.further.isEmpty })
    let list = try VolumeList([folder.file("one")], channels: [1])
    #expect(list.entries.map(\.name) == ["a", "plain", "scan_2024"])
    #expect(DatasetNotice.lines(list.notices).joined().contains("a_0000.nii.gz"))
    let file = folder.file("one/a_0000.nii.gz")
    let other = #expect(throws: DatasetErrors.self) { try VolumeList([file], channels: [1]) }
    #expect(
      other?.description.hasSuffix(
        "a_0000.nii.gz: its name is another channel's, and the networks see channel 1 alone; give CASE_0001.nii.gz, or the"
          + " image under a name without a channel's number") == true)
    let none = #expect(throws: DatasetErrors.self) { try VolumeList([folder.file("none")], channels: [1]) }
    #expect(
      none?.problems == [
        .noCases(folder: folder.file("none").path, pattern: "CASE_0001.nii.gz or CASE.nii.gz or CASE.nii")
      ])
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

  /// A dataset's folder in the place of its images: with one channel and with several.
  @Test func aDatasetIsToldItsFolders() throws {
    try make("set/imagesTr/x_0000.nii.gz", "set/labelsTr/x.nii.gz", "set/dataset.json")
    let (images, masks) = (folder.file("set/imagesTr").path, folder.file("set/labelsTr").path)
    let problem = DatasetProblem.datasetForVolumes(
      folder: folder.file("set").path, images: [images], masks: [masks])
    #expect(throws: DatasetErrors([problem])) { try VolumeList([folder.file("set")]) }
    #expect(throws: DatasetErrors([problem])) { try VolumeList([folder.file("set")], channels: [0, 1]) }
    #expect(problem.description.hasSuffix("give a folder of it: its images are in \(images), its masks in \(masks)"))
    #expect(try VolumeList([folder.file("set/imagesTr")]).entries.map(\.name) == ["x"])
  }

  @Test func anEmptyFolderIsRefused() throws {
    try make("empty/readme.txt")
    #expect(throws: DatasetErrors([.noCases(folder: folder.file("empty").path, pattern: "CASE.nii.gz or CASE.nii")])) {
      try VolumeList([folder.file("empty")])
    }
  }
}

import Foundation
import TestSupport
import Testing
import Volumes

/// What scanners and archives hand out, in every place where images are wanted: one message, with the way on.
@Suite struct DICOMFilesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The preamble, the sign, and the first element of every file: the length of group 2.
  static let content =
    [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + [2, 0, 0, 0, 0x55, 0x4C, 4, 0, 0xC8, 0, 0, 0]

  /// - Parameter names: a folder of .dcm, files without ending, an archive's export with its DICOMDIR.
  static let kinds = [
    ["a.dcm", "b.dcm"], ["1.2.840.113619.2", "I10"], ["DICOMDIR", "PAT0/STU0/SER0/IM0001", "PAT0/STU0/SER1/IM0002"],
    ["MR/IM0001", "README.TXT"], ["deep/er/still/x.IMA"],
  ]

  private func make(_ names: [String]) throws -> URL {
    for name in names {
      try folder.write("scan/\(name)", name.hasSuffix("TXT") ? Array("a note".utf8) : Self.content)
    }
    return folder.file("scan")
  }

  private func words(_ work: () throws -> Void) -> String {
    do { try work() } catch { return "\(error)".replacingOccurrences(of: folder.url.path, with: "") }
    return "nothing"
  }

  private func remedy(_ place: String) -> String {
    "scanners and archives write DICOM, and NIfTI is read here: convert it with `mkdir nifti && dcm2niix -z y -o nifti"
      + " \(place)`, and give what is in nifti then"
  }

  @Test(arguments: kinds) func aFolderOfThemIsNamed(names: [String]) throws {
    let root = try make(names)
    let first = names.contains("MR/IM0001") ? "MR/IM0001" : names[0]
    let expected = "/scan: holds DICOM (/scan/\(first)); \(remedy("/scan"))"
    #expect(words { _ = try Dataset.open(root) } == expected)
    #expect(words { _ = try Dataset.open(root, layout: .nnUNet) } == expected)
    #expect(words { _ = try VolumeList([root]) } == expected)
    #expect(words { _ = try VolumeList([root], channels: [0, 1]) } == expected)
    #expect(
      words { _ = try NIfTI.read(root) } == "/scan: is DICOM; \(remedy("FOLDER")), FOLDER being the one that it lies in"
    )
  }

  @Test(arguments: ["x.dcm", "IM0001", "DICOMDIR", "called.nii", "called.nii.gz"])
  func oneFileIsNamed(name: String) throws {
    let file = try folder.write(name, Self.content)
    #expect(words { _ = try Dataset.open(file) } == "/\(name): is DICOM; \(remedy(""))")
    #expect(
      words { _ = try NIfTI.read(file) }
        == "/\(name): is DICOM; \(remedy("FOLDER")), FOLDER being the one that it lies in")
  }

  /// In nnU-Net's folders, and where a table names them.
  @Test func aDatasetOfThemIsNamed() throws {
    try folder.write(
      "set/dataset.json", #"{"channel_names": {"0": "T2"}, "labels": {"background": 0, "A": 1}, "numTraining": 1}"#)
    try folder.write("set/imagesTr/a.dcm", Self.content)
    try folder.write("set/labelsTr/a.dcm", Self.content)
    #expect(
      words { _ = try Dataset.open(folder.file("set")) } == "/set: holds DICOM (/set/imagesTr/a.dcm); \(remedy("/set"))"
    )
    try folder.write("list.csv", "case,image,label\na,set/imagesTr/a.dcm,set/labelsTr/a.dcm\n")
    let errors = words {
      let dataset = try Dataset.open(folder.file("list.csv"))
      let cache = PreparedCache(
        directory: folder.file("cache"), fingerprint: "", labels: SmallDataset.map,
        preprocessing: SmallDataset.preprocessing)
      _ = try cache.inspect(dataset, DatasetContents(of: dataset), workers: 1)
    }
    #expect(
      errors.contains("2 files, /set/imagesTr/a.dcm, /set/labelsTr/a.dcm: is DICOM; scanners and archives"), "\(errors)"
    )
  }

  /// What was converted lies beside what it was made of; and an empty .dcm, or a text that speaks of DICM, is none.
  @Test func whatIsConvertedIsNotRefused() throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    try small.folder.write("imagesTr/a.dcm", Self.content)
    try small.folder.write("sourcedata/IM0001", Self.content)
    #expect(try Dataset.open(small.root).cases.count == 2)
    try small.remove("labelsTr/a.nii.gz")
    #expect(
      small.openingProblems() == [
        "imagesTr/a_0000.nii.gz: its mask labelsTr/a.nii.gz is missing; add it or remove the image"
      ])
    try folder.write("none/empty.dcm", "")
    try folder.write("none/notes", "DICM" + String(repeating: "DICM ", count: 40))
    #expect(words { _ = try Dataset.open(folder.file("none")) }.contains("no known layout"))
  }
}

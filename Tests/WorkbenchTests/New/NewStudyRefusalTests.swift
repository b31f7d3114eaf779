import Foundation
import TestSupport
import Testing
import Volumes

import Workbench

/// Mistakes are one clear error each, and nothing is written.
@Suite struct NewStudyRefusalTests {
  private let data: TinyDataset

  init() throws {
    data = try TinyDataset()
    try data.write(cases: 3)
  }

  /// What it complains about, paths shortened; nothing may be left behind.
  private func refusal(_ place: String = "data", _ output: String = "study.json") throws -> String {
    let before = try FileManager.default.subpathsOfDirectory(atPath: data.folder.url.path)
    var words = ""
    do { _ = try data.study(output, of: data.folder.file(place)) } catch { words = "\(error)" }
    #expect(try FileManager.default.subpathsOfDirectory(atPath: data.folder.url.path) == before)
    return words.replacingOccurrences(of: data.folder.url.path + "/", with: "")
  }

  @Test func anExistingFileIsNeverTouched() throws {
    try data.folder.write("study.json", "mine")
    #expect(try refusal() == "study.json exists already. Give another name, or remove it.")
    #expect(try String(contentsOf: data.folder.file("study.json"), encoding: .utf8) == "mine")
    try FileManager.default.createSymbolicLink(
      atPath: data.folder.file("link.json").path, withDestinationPath: "nowhere.json")
    #expect(
      try refusal("data", "link.json")
        == "link.json: link.json is a link to nowhere.json, which is not there; remove the link, or give another path.")
  }

  @Test func aMissingFolderForTheStudyIsNamed() throws {
    #expect(
      try refusal("data", "no/study.json") == "no/study.json: there is no folder no. Make it, or give another name.")
  }

  @Test func whatIsNoDatasetIsSaid() throws {
    #expect(try refusal("nowhere") == "nowhere: there is no such file or folder. Correct the path")
    try data.folder.write("list.json", #"{"training":[{"image":"a.nii.gz","label":"b.nii.gz"}]}"#)
    #expect(
      try refusal("list.json").hasPrefix("list.json: is a list of 1 case as MONAI reads it, and cases are listed in a"))
    try data.folder.write("notes.txt", "x")
    #expect(
      try refusal("notes.txt").hasPrefix("notes.txt: it is one file, and a dataset is a folder, or a CSV file of case,")
    )
    try data.folder.write("cases.xlsx", Array("PK\u{3}\u{4}  [Content_Types].xml  xl/workbook.xml".utf8))
    #expect(
      try refusal("cases.xlsx")
        == "cases.xlsx: it is an Excel workbook, and a dataset is a folder, or a CSV file of case,image,label; open it and save"
        + " it as CSV (UTF-8); another name alone does not make it one")
    try data.folder.write("list.xlsx", "case,image,label\n")
    #expect(try refusal("list.xlsx").hasSuffix("; save it as CSV (UTF-8), under a name that ends in .csv"))
    let dicom = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
    for name in ["export/DICOMDIR", "export/IMAGES/IM0001"] { try data.folder.write(name, dicom) }
    #expect(try refusal("export").hasPrefix("export: holds DICOM (export/DICOMDIR); scanners and archives write DICOM"))
    #expect(try refusal("export/DICOMDIR").hasPrefix("export/DICOMDIR: is DICOM; scanners and archives write DICOM"))
    try FileManager.default.createDirectory(at: data.folder.file("empty"), withIntermediateDirectories: true)
    #expect(try refusal("empty").hasPrefix("empty: no known layout; it is empty; give the folder that"))
    try data.folder.write("other.csv", "image,mask\na,b\n")
    #expect(
      try refusal("other.csv")
        == #"other.csv: line 1: needs one column named "case" and one column named "label"; its columns are "image", "mask";"#
        + #" rename "mask" to label and add "case""#)
  }

  /// Each of the two folders under the other's name, and the files with them: what is advised is typed to the letter.
  @Test(arguments: [70, 120, 240]) func exchangedFilesAreRefusedWithTheCommand(greys: Int) throws {
    let count = data.extent.reduce(1, *)
    for number in 1...3 {
      try data.put((0..<count).map { UInt8(($0 * 13 + number) % greys) }, "labelsTr/c\(number).nii.gz")
      try data.put(
        (0..<count).map { UInt8(($0 / 6 + number) % 60 < 30 ? 0 : 1 + $0 % 2) }, "imagesTr/c\(number)_0000.nii.gz")
    }
    let words = try refusal()
    #expect(
      words.hasPrefix(
        "3 problems in the dataset:\n3 files, data/labelsTr/c1.nii.gz, data/labelsTr/c2.nii.gz, data/labelsTr/c3.nii.gz: is an image,"
          + " and what stands as its image in data/imagesTr is a mask: the two are exchanged"), "\(words)")
    let command = try #require(words.components(separatedBy: "where that is so of all cases: ").last)
    let shell = Process()
    // The paths were shortened above.
    let whole = command.replacing("data/", with: data.folder.url.path + "/data/")
    (shell.executableURL, shell.arguments) = (URL(fileURLWithPath: "/bin/sh"), ["-c", whole])
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0)
    let left = try FileManager.default.contentsOfDirectory(atPath: data.folder.file("data/labelsTr").path)
    #expect(left.count == 3)
    let mask = try NIfTI.read(data.folder.file("data/labelsTr/c1.nii.gz"))
    #expect(Set(mask.grid.values) == [0, 1, 2])
    _ = try data.study("other.json", of: data.folder.file("data"))
  }

  /// Copies of the images in the masks' place: no structures are made of their grey values.
  @Test func greyMasksAreRefused() throws {
    let count = data.extent.reduce(1, *)
    for number in 1...3 {
      try data.put((0..<count).map { UInt8(($0 * 7 + number) % 200) }, "labelsTr/c\(number).nii.gz")
    }
    #expect(
      try refusal()
        == "data/labelsTr/c1.nii.gz: 197 numbers that nothing names: it looks like an image; put masks in its place, or name what the"
        + " numbers mean in dataset.json")
  }

  @Test func masksThatAreMissingAreNamed() throws {
    try FileManager.default.removeItem(at: data.folder.file("data/labelsTr/c2.nii.gz"))
    #expect(
      try refusal()
        == "data/imagesTr/c2_0000.nii.gz: its mask data/labelsTr/c2.nii.gz is missing; add it or remove the image")
    try FileManager.default.removeItem(at: data.folder.file("data/labelsTr"))
    #expect(try refusal().hasPrefix("data/labelsTr: this folder is missing; files named NAME.nii.gz are wanted in it"))
  }

  @Test func anImageAmongTheMasksIsNamed() throws {
    try data.write("c9", seed: 9, numbers: Array(40..<64))
    #expect(
      try refusal()
        == "data/labelsTr/c9.nii.gz: 24 numbers that no other mask holds and nothing names: it looks like an image; put the"
        + " mask in its place, or remove the case")
  }

  @Test func tooFewCasesAreRefused() throws {
    for part in ["imagesTr/c3_0000", "labelsTr/c3"] {
      try FileManager.default.removeItem(at: data.folder.file("data/\(part).nii.gz"))
    }
    #expect(
      try refusal()
        == "data: 2 cases of 2 patients; a study takes three at least, to train, to choose the checkpoint and to"
        + " test with. Add some")
  }

  /// All files that cannot be used are named at once.
  @Test func imagesThatCannotBeReadAreAllNamed() throws {
    try data.folder.write("data/imagesTr/c1_0000.nii.gz", [1, 2, 3])
    let count = data.extent.reduce(1, *)
    var labels = [UInt8](repeating: 0, count: count)
    try data.put(labels, "labelsTr/c2.nii.gz")
    labels[5] = 1
    var other = data
    other.extent = [6, 24, 19]
    try other.put([UInt8](repeating: 1, count: 6 * 24 * 19), "labelsTr/c3.nii.gz")
    let words = try refusal()
    #expect(words.hasPrefix("3 problems in the dataset:\ndata/imagesTr/c1_0000.nii.gz: "))
    #expect(words.contains("data/labelsTr/c2.nii.gz: no structure of the label map has a voxel in it"))
    #expect(
      words.contains("data/labelsTr/c3.nii.gz: has [6, 24, 19] voxels, its image data/imagesTr/c3_0000.nii.gz has"))
  }

  @Test func numbersThatAreNoLabelsAreRefused() throws {
    let count = data.extent.reduce(1, *)
    try data.put([Float](repeating: 1.5, count: count), "labelsTr/c1.nii.gz")
    #expect(
      try refusal()
        == "data/labelsTr/c1.nii.gz: holds the label 1.5, which is not a whole number; correct it, and resample masks by nearest neighbour"
    )
    try data.put([Float](repeating: -1, count: count), "labelsTr/c1.nii.gz")
    #expect(try refusal().hasPrefix("data/labelsTr/c1.nii.gz: holds the labels [-1], which"))
    try data.put([Float](repeating: .nan, count: count), "labelsTr/c1.nii.gz")
    #expect(try refusal().contains("\(count) voxels are not finite numbers"))
  }

  /// What only preparation would find is found before the study is written.
  @Test func imagesThatDatasetCheckRefusesAreRefused() throws {
    try data.put([Float](repeating: 7, count: data.extent.reduce(1, *)), "imagesTr/c1_0000.nii.gz")
    #expect(try refusal().hasPrefix("data/imagesTr/c1_0000.nii.gz: a constant image"))
    try data.write("c1", seed: 2)
    #expect(try refusal().contains("the same image as"))
  }

  @Test func moreStructuresThanThereIsRoomForAreRefused() throws {
    let count = data.extent.reduce(1, *)
    try data.put((0..<count).map { Float($0 % 300) }, "labelsTr/c1.nii.gz")
    #expect(try refusal().hasPrefix("data/labelsTr/c1.nii.gz: 297 numbers that no other mask holds and nothing names"))
    let names = (1..<300).map { #""part \#($0)": \#($0)"# }.joined(separator: ", ")
    try data.describe(#"{"background": 0, \#(names)}"#)
    #expect(try refusal().hasSuffix("labels: 299 structures; at most 255 fit the label type"))
  }

  @Test func aMissingChannelIsRefused() throws {
    try data.folder.write(
      "data/dataset.json", #"{"channel_names": {"0": "T1", "1": "T2"}, "labels": {"background": 0, "L1": 1, "L2": 2}}"#)
    for name in ["c1", "c3"] {
      try data.put((0..<data.extent.reduce(1, *)).map { Float($0 % 17) }, "imagesTr/\(name)_0001.nii.gz")
    }
    #expect(
      try refusal()
        == "data/imagesTr/c2_0001.nii.gz: channel 1 of this case is missing; add it, or take the case or the channel out"
        + " (dataset.channels, and channel_names in dataset.json)"
    )
  }

  /// Two of the three cases are of one patient.
  @Test func tooFewPatientsAreRefused() throws {
    let rows = (1...3).map { "c\($0),data/imagesTr/c\($0)_0000.nii.gz,data/labelsTr/c\($0).nii.gz,p\($0 / 3)\n" }
    try data.folder.write("two.csv", "case,image,label,patient\n" + rows.joined())
    #expect(try refusal("two.csv").hasPrefix("two.csv: 3 cases of 2 patients; a study takes three at least"))
  }

  @Test func tablesOfBIDSThatContradictEachOtherAreRefused() throws {
    let folder = data.folder
    for part in ["sub-1", "sub-2", "sub-3"] {
      try folder.write("bids/\(part)/anat/\(part)_T2w.nii.gz", [1])
      try folder.write("bids/derivatives/m/\(part)/\(part)_dseg.nii.gz", [1])
    }
    try folder.write("bids/derivatives/m/dseg.tsv", "index\tname\n1\tL1\n")
    try folder.write("bids/derivatives/m/sub-1/sub-1_dseg.tsv", "index\tname\n1\tL2\n")
    #expect(
      try refusal("bids") == #"bids/derivatives/m/sub-1/sub-1_dseg.tsv: line 2: calls 1 "L2", which is "L1" in "#
        + "bids/derivatives/m/dseg.tsv; correct one")
    try folder.write("bids/derivatives/m/sub-1/sub-1_dseg.tsv", "number\tname\n1\tL2\n")
    #expect(try refusal("bids").contains(#"line 1: needs the columns "index" and "name""#))
  }
}

import Foundation
import TestSupport
import Testing
import Volumes

/// What is no dataset, or one with holes: every lack is named with its place and the way out.
@Suite struct DatasetRefusalTests {
  @Test func reportsEveryMissingHalf() throws {
    let small = try SmallDataset(mrSpineSeg: [1, 2, 3, 10])
    try small.remove("Mask/mask_case10.nii.gz")
    try small.remove("Mask/mask_case2.nii.gz")
    try small.remove("MR/Case3.nii.gz")
    #expect(
      small.openingProblems() == [
        "Mask/mask_case3.nii.gz: its image MR/Case3.nii.gz is missing; add it or remove the mask",
        "MR/Case2.nii.gz: its mask Mask/mask_case2.nii.gz is missing; add it or remove the image",
        "MR/Case10.nii.gz: its mask Mask/mask_case10.nii.gz is missing; add it or remove the image",
      ])
  }

  /// One problem for each mask, not one for it and one for its image; and none is told to be removed.
  @Test func aMaskWithAChannelsNumberIsNamed() throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    let masks = small.folder.file("labelsTr")
    try FileManager.default.moveItem(
      at: masks.appending(path: "b.nii.gz"), to: masks.appending(path: "b_0000.nii.gz"))
    #expect(
      small.openingProblems() == [
        "labelsTr/b_0000.nii.gz: its name is an image's, with a channel's number, which a mask has not; rename it without _0000"
      ])
    // Beside the right one, it is a mask of an image that is not there.
    try FileManager.default.copyItem(
      at: masks.appending(path: "a.nii.gz"), to: masks.appending(path: "b.nii.gz"))
    #expect(
      small.openingProblems() == [
        "labelsTr/b_0000.nii.gz: its image imagesTr/b_0000_0000.nii.gz is missing; add it or remove the mask"
      ])
  }

  /// Whether the layout is named or recognised.
  @Test(arguments: [DatasetLayout.automatic, .nnUNet])
  func aMissingDatasetJSONIsToldAsThat(layout: DatasetLayout) throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    try small.remove("dataset.json")
    let words = small.openingProblems(layout)
    #expect(
      words.count == 1
        && words[0].contains(
          "imagesTr is here without dataset.json, which names the structures of the masks; write it, such as"),
      "\(words)")
  }

  @Test func reportsNamesThatClashOrCannotBe() throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    try small.write("imagesTr/a_0000.nii", "labelsTr/c d.nii.gz", seed: 1)
    #expect(
      small.openingProblems() == [
        "imagesTr/a_0000.nii.gz: case a is already imagesTr/a_0000.nii; keep one of the two",
        "labelsTr/c d.nii.gz: \"c d\" cannot name a case; use letters, digits, and . _ - +, beginning with a letter"
          + " or digit, in at most 200 bytes",
      ])
  }

  @Test func reportsAFolderThatIsNot() throws {
    let small = try SmallDataset(mrSpineSeg: [1])
    try small.remove("Mask")
    #expect(
      small.openingProblems() == [
        "Mask: this folder is missing; files named mask_caseN.nii.gz are wanted in it"
      ])
    // One of a name like its own may be it: the same in other capitals before a part of it.
    try FileManager.default.createDirectory(
      at: small.root.appendingPathComponent("Mas"), withIntermediateDirectories: true)
    #expect(small.openingProblems().first?.hasSuffix("Rename Mas, if that is it") == true)
    for name in ["mask"] {
      let like = small.root.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: like, withIntermediateDirectories: true)
      #expect(
        small.openingProblems().first?.hasSuffix(" are wanted in it. Rename \(name), if that is it") == true, "\(name)")
      try FileManager.default.removeItem(at: like)
    }
    try small.remove("Mas")
    try small.writeText("Mask", "a file")
    #expect(
      small.openingProblems() == [
        "Mask: cannot be read (Not a directory); Mask is a file, and a folder is needed there: give a folder in its place"
      ])
    let device = #expect(throws: DatasetErrors.self) { try Dataset.open(URL(fileURLWithPath: "/dev/null")) }
    #expect(
      device?.description == "/dev/null: cannot be read (/dev/null is a device, and a folder is needed there); give a"
        + " dataset's folder, or a CSV file of case,image,label")
    let missing = URL(fileURLWithPath: "/nowhere/at/all")
    let error = #expect(throws: DatasetErrors.self) { try Dataset.open(missing) }
    #expect(error?.description == "/nowhere/at/all: there is no such file or folder. Correct the path")
    let mistyped = small.root.appendingPathComponent("Msak")
    let near = #expect(throws: DatasetErrors.self) { try Dataset.open(mistyped) }
    #expect(
      near?.description == "\(mistyped.path): there is no such file or folder, did you mean Mask? Correct the path")
  }

  /// In a folder within the right one: what moves it is typed.
  @Test func aFileTooLowIsNamedWithItsWay() throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    for file in ["imagesTr/a_0000.nii.gz", "labelsTr/b.nii.gz"] {
      let place = small.folder.file(file)
      let lower = place.deletingLastPathComponent().appendingPathComponent("sub")
      try FileManager.default.createDirectory(at: lower, withIntermediateDirectories: true)
      try FileManager.default.moveItem(at: place, to: lower.appendingPathComponent(place.lastPathComponent))
    }
    #expect(
      small.openingProblems() == [
        "labelsTr/a.nii.gz: its image imagesTr/a_0000.nii.gz is missing; it lies in a folder too low, which is not looked into: mv"
          + " imagesTr/sub/a_0000.nii.gz imagesTr/a_0000.nii.gz",
        "imagesTr/b_0000.nii.gz: its mask labelsTr/b.nii.gz is missing; it lies in a folder too low, which is not looked into: mv"
          + " labelsTr/sub/b.nii.gz labelsTr/b.nii.gz",
      ])
  }

  /// A link in the masks' folder to the image.
  @Test func anImageAsItsOwnMaskIsRefused() throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    try small.remove("labelsTr/a.nii.gz")
    try FileManager.default.createSymbolicLink(
      at: small.folder.file("labelsTr/a.nii.gz"), withDestinationURL: small.folder.file("imagesTr/a_0000.nii.gz"))
    #expect(
      small.openingProblems() == [
        "labelsTr/a.nii.gz: leads to the image imagesTr/a_0000.nii.gz, whose mask it should be; put the mask there"
      ])
  }

  /// The list of version 1 of nnU-Net says which case is gone; where it calls all of them otherwise it says nothing.
  @Test func aCaseThatIsGoneIsNamedByTheListOfDatasetJSON() throws {
    let small = try SmallDataset(nnUNet: ["a", "b", "c"])
    func lines(_ names: [String]) throws -> [String] {
      let list = names.map { #"{"image":"./imagesTr/\#($0).nii.gz","label":"./labelsTr/\#($0).nii.gz"}"# }
      try small.writeText(
        "dataset.json",
        #"{"channel_names": {"0": "T2"}, "labels": {"background": 0, "B": 3, "A": 1}, "numTraining": 3, "training": ["#
          + list.joined(separator: ",") + "]}")
      return DatasetNotice.lines(try Dataset.open(small.root).notices)
    }
    #expect(try lines(["a", "b", "c"]).isEmpty)
    try small.remove("imagesTr/b_0000.nii.gz")
    try small.remove("labelsTr/b.nii.gz")
    #expect(
      try lines(["a", "b", "c"]) == [
        "\(small.root.path)/dataset.json: lists b, of which neither image nor mask is here; put them back, or take them out of its"
          + " list \"training\""
      ])
    #expect(try lines(["x1", "x2", "c"]).first?.contains("numTraining is 3, but 2 images with masks are here") == true)
  }

  /// Version 1 of nnU-Net had one channel without a number.
  @Test func imagesWithTheirMasksNameAreToBeRenamed() throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    for name in ["a", "b"] {
      let old = small.folder.file("imagesTr/\(name)_0000.nii.gz")
      try FileManager.default.moveItem(at: old, to: small.folder.file("imagesTr/\(name).nii.gz"))
    }
    #expect(
      small.openingProblems()
        == ["a", "b"].map {
          "imagesTr/\($0).nii.gz: not taken, because images are named NAME_0000.nii.gz here; rename it"
        })
  }

  @Test func pathsOfWindowsAreKnown() {
    let problem = DatasetProblem.unreadable(file: #"/d/D:\data\spine"#, reason: "No such file or directory")
    #expect(problem.description.hasSuffix(#"permissions (folders are separated by /, and \ is a part of a name)"#))
  }

  @Test func whatIsSaidTwiceIsSaidOnce() {
    let problem = DatasetProblem.unreadable(file: "d", reason: "No such file or directory")
    #expect(
      DatasetProblem.folded([problem, problem]) == [
        "d: cannot be read (No such file or directory); check the path and its permissions"
      ])
  }

  /// Root may read anything, so this is only true for others.
  @Test(.enabled(if: getuid() != 0, "root may read every folder"))
  func reportsAFolderThatMayNotBeRead() throws {
    let small = try SmallDataset(mrSpineSeg: [1])
    chmod(small.folder.file("Mask").path, 0)
    defer { chmod(small.folder.file("Mask").path, 0o755) }
    #expect(
      small.openingProblems() == [
        "Mask: cannot be read (Permission denied); give this user the right to do so (chmod, chown), then give the same command"
          + " again"
      ])
  }

  @Test func reportsAnUnknownLayout() throws {
    let folder = try TemporaryFolder()
    try folder.write("notes.txt", [1])
    let error = #expect(throws: DatasetErrors.self) { try Dataset.open(folder.url) }
    #expect(error?.problems == [.unknownLayout(folder: folder.url.path, hint: nil)])
    #expect(
      error?.description
        == "\(folder.url.path): no known layout; it needs MR/ and Mask/ (MRSpineSeg), dataset.json with imagesTr/ and"
        + " labelsTr/ (nnU-Net), sub-*/ and derivatives/ (BIDS), or one CSV file with the columns case, image, label")
  }

  @Test(arguments: ["nnUNetPlans.json", "nnUNetResEncUNetLPlans.json", "gt_segmentations"])
  func reportsWhatNNUNetHasPreprocessed(name: String) throws {
    let folder = try TemporaryFolder()
    for name in [name, "dataset.json"] { try folder.write(name, "{}") }
    for layout in [DatasetLayout.automatic, .nnUNet] {
      let error = #expect(throws: DatasetErrors.self) { try Dataset.open(folder.url, layout: layout) }
      #expect(error?.problems == [.preprocessed(folder: folder.url.path)])
    }
  }

  @Test func reportsAnEmptyDataset() throws {
    let small = try SmallDataset(nnUNet: [])
    for name in ["imagesTr", "labelsTr"] {
      try FileManager.default.createDirectory(at: small.folder.file(name), withIntermediateDirectories: true)
    }
    #expect(
      small.openingProblems() == [
        "ROOT: no image is named imagesTr/NAME_0000.nii.gz; name them so, or give the folder in which they are"
      ])
  }

  @Test(arguments: [
    ("[]", ":1:1: content: is not a JSON object"),
    (
      #"{"labels": {"background": 0, "A": 1, "B": 1}}"#,
      #":1:12: labels: the value 1 is given twice, to "A" and "B"; give each the number that the masks hold for it, or write one name for both"#
    ),
    (
      #"{"labels": {"background": 0}}"#,
      #":1:12: labels: names no structure beside background; name each number of the masks, such as {"background": 0, "L1": 1}"#
    ),
    (
      #"{"labels": {"A": 1}, "channel_names": {"0": "T1", "1": "T2"}}"#,
      ":1:39: channel_names: 2 channels (0 T1, 1 T2), and nobody says which are read. In the experiment write \"channels\":"
        + " [0, 1] below dataset for all, or [0] for the first alone"
    ),
    (
      #"{"labels": {"A": 1}, "file_ending": ".png"}"#,
      ":1:37: file_ending: .png is not NIfTI; convert the dataset to .nii.gz"
    ),
  ])
  func reportsBadMetadata(json: String, words: String) throws {
    let small = try SmallDataset(nnUNet: ["a"])
    try small.writeText("dataset.json", json)
    #expect(small.openingProblems() == ["dataset.json" + words])
  }

  @Test func reportsSplitsThatAreNone() throws {
    let small = try SmallDataset(nnUNet: ["a"])
    try small.writeText("splits_final.json", #"{"train": []}"#)
    #expect(
      small.openingProblems() == [
        #"splits_final.json:1:1: is not a list of folds in the form [{"train": ["case", ...], "val": ["case", ...]}, ...]"#
      ])
  }
}

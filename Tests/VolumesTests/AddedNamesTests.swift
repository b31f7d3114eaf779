import Foundation
import TestSupport
import Testing

import Volumes

/// Masks that are called as their images with a word more, and masks that are not there.
@Suite struct AddedNamesTests {
  private func problem(_ root: URL) throws -> String {
    let error = #expect(throws: DatasetErrors.self) { try Dataset.open(root) }
    return try #require(error).description
  }

  /// What is advised is typed to the letter, and the dataset opens.
  @Test(arguments: ["*_seg", "*-label", "*_mask", "*.seg", "seg_*", "Mask-*", "*_0000_seg"])
  func masksWithAWordMoreAreToldHowToBeRenamed(names: String) throws {
    let small = try SmallDataset(nnUNet: ["a_1", "b"])
    for name in ["a_1", "b"] {
      try FileManager.default.moveItem(
        at: small.folder.file("labelsTr/\(name).nii.gz"),
        to: small.folder.file("labelsTr/\(names.replacing("*", with: name)).nii.gz"))
    }
    let words = try problem(small.root)
    let addition = names.replacing("*", with: "")
    let first = small.folder.file("labelsTr/\(names.replacing("*", with: "a_1")).nii.gz").path
    #expect(words.hasPrefix("2 masks, \(first), "), "\(words)")
    #expect(
      words.contains(": named with \(addition), which their images' names have not; as a_1.nii.gz the first is found."))
    let command = try #require(words.components(separatedBy: "type: ").last)
    let shell = Process()
    (shell.executableURL, shell.arguments) = (URL(fileURLWithPath: "/bin/sh"), ["-c", command])
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0)
    #expect(try Dataset.open(small.root).names == ["a_1", "b"])
  }

  /// One mask for each structure, or two opinions: nothing is chosen from them.
  @Test func severalMasksOfOneImageAreNamedTogether() throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    for name in ["a", "b"] {
      for part in ["_L1", "_L2"] {
        try FileManager.default.copyItem(
          at: small.folder.file("labelsTr/\(name).nii.gz"), to: small.folder.file("labelsTr/\(name)\(part).nii.gz"))
      }
      try small.remove("labelsTr/\(name).nii.gz")
    }
    let folder = small.folder.file("labelsTr").path
    #expect(
      try problem(small.root)
        == "2 masks, \(folder)/a_L1.nii.gz, \(folder)/a_L2.nii.gz are of one image, as others are of 1 more; a mask is one file"
        + " with a number of its own for each structure: merge them into a.nii.gz, or keep the one that is meant under that name"
    )
  }

  /// Capitals and zeros: both spellings are shown.
  @Test func masksSpelledOtherwiseAreNamedWithTheirImages() throws {
    let small = try SmallDataset(nnUNet: ["case_001", "case_002"])
    for number in [1, 2] {
      try FileManager.default.moveItem(
        at: small.folder.file("labelsTr/case_00\(number).nii.gz"),
        to: small.folder.file("labelsTr/Case\(number).nii.gz"))
    }
    let folder = small.folder.file("labelsTr").path
    #expect(
      try problem(small.root)
        == "2 masks, \(folder)/Case1.nii.gz, \(folder)/Case2.nii.gz: spelled otherwise than their images, whose masks are"
        + " case_001.nii.gz, case_002.nii.gz here; rename them")
  }

  /// Zeros that end a number tell cases apart.
  @Test func tenAndAHundredAreTwoCases() throws {
    let small = try SmallDataset(nnUNet: ["c10", "c100"])
    for number in [10, 100] {
      try FileManager.default.moveItem(
        at: small.folder.file("labelsTr/c\(number).nii.gz"), to: small.folder.file("labelsTr/C\(number).nii.gz"))
    }
    let folder = small.folder.file("labelsTr").path
    #expect(
      try problem(small.root)
        == "2 masks, \(folder)/C10.nii.gz, \(folder)/C100.nii.gz: spelled otherwise than their images, whose masks are"
        + " c10.nii.gz, c100.nii.gz here; rename them")
  }

  @Test(arguments: ["a_0.nii.gz", "a_0001.nii.gz", "a.nii.gz"]) func anImageOfAnotherNumberIsNamed(name: String) throws
  {
    let small = try SmallDataset(nnUNet: ["a"])
    let file = small.folder.file("imagesTr/\(name)")
    try FileManager.default.moveItem(at: small.folder.file("imagesTr/a_0000.nii.gz"), to: file)
    #expect(
      try problem(small.root) == "\(file.path): not taken, because images are named NAME_0000.nii.gz here; rename it")
  }

  /// A folder for each case in the place of its file.
  @Test(arguments: [("labelsTr", "a.nii.gz"), ("imagesTr", "a_0000.nii.gz")])
  func foldersAreNotTakenForFiles(part: String, wanted: String) throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    let folder = small.folder.file(part).path
    for name in ["a", "b"] {
      let file = "\(part)/\(wanted.replacing(/^a/, with: name))"
      try small.folder.write("\(part)/\(name)/L1.nii.gz", "x")
      try small.remove(file)
    }
    #expect(
      try problem(small.root).hasPrefix(
        "2 folders, \(folder)/a, \(folder)/b: folders in it are not looked into; one file is wanted for each, \(folder)/\(wanted)"
      ))
  }

  @Test func aFolderWithoutMasksIsSaidOnce() throws {
    let small = try SmallDataset(nnUNet: ["a", "b", "c"])
    for name in ["a", "b", "c"] { try small.remove("labelsTr/\(name).nii.gz") }
    let folder = small.folder.file("labelsTr").path
    #expect(
      try problem(small.root).hasPrefix(
        "\(folder): holds no mask, and 3 images wait for one each; put them there, as a.nii.gz"))
    try small.folder.write("labelsTr/a.mha", "x")
    #expect(
      try problem(small.root).hasPrefix(
        "\(folder): holds no NIfTI file, but \(folder)/a.mha; convert the masks to .nii.gz"))
  }
}

import Foundation
import TestSupport
import Testing
import Volumes

/// Files that are there under a name that nobody looks for: another channel's, or one that masks have not here.
@Suite struct AbsentChannelTests {
  private static let two =
    #"{"channel_names": {"0": "T1", "1": "T2"}, "labels": {"background": 0, "B": 3, "A": 1}, "numTraining": 2}"#

  private func problems(_ small: SmallDataset, _ channels: ChannelChoice) -> [String] {
    let errors = #expect(throws: DatasetErrors.self) { try Dataset.open(small.root, channels: channels) }
    return (errors?.problems ?? []).map { $0.description.replacingOccurrences(of: small.root.path + "/", with: "") }
  }

  /// All files are named as they should be: those of one channel are missing.
  @Test func aChannelThatNoCaseHasIsOneError() throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    try small.writeText("dataset.json", Self.two)
    let words =
      "imagesTr: channel 1 (T2) of 2 cases is missing (a_0001.nii.gz, b_0001.nii.gz), and channel 0 (T1) alone is there; add"
      + #" these files, or write "channels": [0] below dataset of the experiment"#
    for choice in [ChannelChoice.these([.name("T2")]), .these([.number(1)]), .these([.number(1), .number(0)])] {
      #expect(problems(small, choice) == [words])
    }
    #expect(try Dataset.open(small.root, channels: .these([.number(0)])).names == ["a", "b"], "as is advised")
  }

  /// The first one of several, too; of one channel a file of another number is misnamed.
  @Test func theFirstChannelMayBeTheOneThatIsMissing() throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    for name in ["a", "b"] {
      try FileManager.default.moveItem(
        at: small.folder.file("imagesTr/\(name)_0000.nii.gz"), to: small.folder.file("imagesTr/\(name)_0001.nii.gz"))
    }
    #expect(
      problems(small, .unsaid)
        == ["a", "b"].map {
          "imagesTr/\($0)_0001.nii.gz: not taken, because images are named NAME_0000.nii.gz here; rename it"
        })
    try small.writeText("dataset.json", Self.two)
    let told = problems(small, .all)
    #expect(
      told.count == 1 && told[0].hasPrefix("imagesTr: channel 0 (T1) of 2 cases is missing (a_0000.nii.gz, ")
        && told[0].contains(#"channel 1 (T2) alone is there; add these files, or write "channels": [1] below"#),
      "\(told)")
  }

  @Test func anImageOfAnotherNumberIsNamedWhereOneIsMissing() throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    try FileManager.default.moveItem(
      at: small.folder.file("imagesTr/b_0000.nii.gz"), to: small.folder.file("imagesTr/b_0001.nii.gz"))
    #expect(
      problems(small, .unsaid) == [
        "labelsTr/b.nii.gz: its image imagesTr/b_0000.nii.gz is missing; imagesTr/b_0001.nii.gz is there, another channel's by its"
          + " number: rename it if it is that image, else add that or remove the mask"
      ])
  }

  /// The same where the channel's name stands in the place of its number.
  @Test func anImageUnderAChannelsNameIsNamedWhereOneIsMissing() throws {
    let small = try SmallDataset(nnUNet: ["a", "a_b"])
    let images = small.folder.file("imagesTr")
    try FileManager.default.moveItem(
      at: images.appending(path: "a_0000.nii.gz"), to: images.appending(path: "a_T2.nii.gz"))
    try FileManager.default.copyItem(
      at: images.appending(path: "a_T2.nii.gz"), to: images.appending(path: "a_b_T2.nii.gz"))
    #expect(
      problems(small, .unsaid) == [
        "labelsTr/a.nii.gz: its image imagesTr/a_0000.nii.gz is missing; imagesTr/a_T2.nii.gz is there: rename it if it is that"
          + " image, else add that or remove the mask"
      ])
    try small.writeText("dataset.json", Self.two)
    try FileManager.default.moveItem(
      at: images.appending(path: "a_T2.nii.gz"), to: images.appending(path: "a_0000.nii.gz"))
    let told = problems(small, .all)
    #expect(
      told.contains(
        "imagesTr/a_b_0001.nii.gz: channel 1 of this case is missing; imagesTr/a_b_T2.nii.gz is there: rename it if it is that"
          + " channel's; else add that, or take the case or the channel out (dataset.channels, and channel_names in dataset.json)"
      ),
      "\(told)")
  }

  /// In other letters or zeros, of another ending or number, without its channel, or with more before it: one problem.
  @Test(arguments: [
    "A_0001.nii.gz", "sub-a1_0001.nii.gz", "a01_0001.nii.gz", "T2_a1.nii.gz", "a1.nii.gz", "a1_0002.nii.gz",
    "a1_0001.mha",
  ]) func aFileOfNearlyTheNameIsNamedWhereAChannelIsMissing(other: String) throws {
    let name = other.hasPrefix("A") ? "a" : "a1"
    let small = try SmallDataset(nnUNet: [name, "c"])
    try small.writeText("dataset.json", Self.two)
    let images = small.folder.file("imagesTr")
    for (from, to) in [(name, other), ("c", "c_0001.nii.gz")] {
      try FileManager.default.copyItem(
        at: images.appending(path: "\(from)_0000.nii.gz"), to: images.appending(path: to))
    }
    let way = other.hasSuffix(".mha") ? "convert it (docs/interchange.md says how)" : "rename it"
    let start =
      "imagesTr/\(name)_0001.nii.gz: channel 1 of this case is missing; imagesTr/\(other) is there: \(way) if it is that"
    let told = problems(small, .all)
    #expect(told.count == 1 && told[0].hasPrefix(start), "\(told)")
  }

  @Test(arguments: ["sub-a_0000.nii.gz", "a_0000.mha"]) func anImageOfNearlyTheNameIsNamed(other: String) throws {
    let small = try SmallDataset(nnUNet: ["a", "c"])
    let images = small.folder.file("imagesTr")
    try FileManager.default.moveItem(
      at: images.appending(path: "a_0000.nii.gz"), to: images.appending(path: other))
    let told = problems(small, .unsaid)
    let start = "labelsTr/a.nii.gz: its image imagesTr/a_0000.nii.gz is missing; imagesTr/\(other) is there: "
    #expect(told.contains { $0.hasPrefix(start) }, "\(told)")
  }

  /// The longer name's file, which a folder lists first here.
  @Test func aFileOfALongerNameIsNotTheShorterOnes() throws {
    let small = try SmallDataset(nnUNet: ["a", "a_B"])
    let images = small.folder.file("imagesTr")
    try FileManager.default.moveItem(
      at: images.appending(path: "a_0000.nii.gz"), to: images.appending(path: "a_B_T2.nii.gz"))
    let missing = "labelsTr/a.nii.gz: its image imagesTr/a_0000.nii.gz is missing; "
    #expect(problems(small, .unsaid) == [missing + "add it or remove the mask"])
    try FileManager.default.copyItem(
      at: images.appending(path: "a_B_T2.nii.gz"), to: images.appending(path: "a_T2.nii.gz"))
    #expect(
      problems(small, .unsaid) == [
        missing + "imagesTr/a_T2.nii.gz is there: rename it if it is that image, else add that or remove the mask"
      ])
  }

  /// A name ends where no letter and no digit follows.
  @Test(arguments: ["ab_T2", "a1_T2"]) func aLongerWordIsAnotherName(stem: String) throws {
    let small = try SmallDataset(nnUNet: ["a", "c"])
    try FileManager.default.moveItem(
      at: small.folder.file("imagesTr/a_0000.nii.gz"), to: small.folder.file("imagesTr/\(stem).nii.gz"))
    #expect(
      problems(small, .unsaid) == [
        "labelsTr/a.nii.gz: its image imagesTr/a_0000.nii.gz is missing; add it or remove the mask"
      ])
  }

  @Test(arguments: ["Case2", "mask-case2", "Mask_Case02"])
  func aMaskUnderAnImagesNameIsNamed(stem: String) throws {
    let small = try SmallDataset(mrSpineSeg: [1, 2])
    try FileManager.default.moveItem(
      at: small.folder.file("Mask/mask_case2.nii.gz"), to: small.folder.file("Mask/\(stem).nii.gz"))
    let told = small.openingProblems()
    let isTaken = stem.lowercased().hasPrefix("mask_case")
    #expect(
      told == [
        isTaken
          ? "Mask/\(stem).nii.gz: spelled otherwise than its image, whose masks are mask_case2.nii.gz here; rename them"
          : "Mask/\(stem).nii.gz: not taken, because masks are named otherwise here; rename it to mask_case2.nii.gz"
      ], "\(told)")
  }
}

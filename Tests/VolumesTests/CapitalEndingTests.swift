import Foundation
import TestSupport
import Testing
import Volumes

/// `CASE_0000.NII.GZ`, as Windows leaves names: what is there is not called missing, and what renames it is said.
@Suite struct CapitalEndingTests {
  private func rename(_ small: SmallDataset, _ name: String, _ ending: String = ".NII.GZ") throws {
    let file = small.folder.file(name)
    let other = file.deletingLastPathComponent().appendingPathComponent(
      file.lastPathComponent.replacingOccurrences(of: ".nii.gz", with: ending))
    try FileManager.default.moveItem(at: file, to: other)
  }

  private func one(_ name: String, _ small: String) -> String {
    "\(name): its ending is in capitals, and is read in small letters; rename it: mv \(name) \(small)"
  }

  @Test func anImageOrAMaskIsThere() throws {
    let small = try SmallDataset(nnUNet: ["a", "b", "c"])
    try rename(small, "imagesTr/a_0000.nii.gz")
    #expect(small.openingProblems() == [one("imagesTr/a_0000.NII.GZ", "imagesTr/a_0000.nii.gz")])
    let other = try SmallDataset(nnUNet: ["a", "b", "c"])
    try rename(other, "labelsTr/b.nii.gz", ".Nii.gz")
    #expect(other.openingProblems() == [one("labelsTr/b.Nii.gz", "labelsTr/b.nii.gz")])
  }

  /// The advice, typed into a shell, makes a dataset of it.
  @Test func allAreRenamedAtOnce() throws {
    for folders in [["imagesTr"], ["labelsTr"], ["imagesTr", "labelsTr"]] {
      let small = try SmallDataset(nnUNet: ["a", "b", "c"])
      for folder in folders {
        for name in try FileManager.default.contentsOfDirectory(atPath: small.folder.file(folder).path) {
          try rename(small, "\(folder)/\(name)")
        }
      }
      var rounds = 0
      while rounds < 3, let words = small.refusal {
        rounds += 1
        #expect(words.contains("their endings are in capitals"))
        let command = try #require(
          words.components(separatedBy: "type: ").last?.components(separatedBy: ", and those").first)
        let shell = try Process.run(URL(fileURLWithPath: "/bin/sh"), arguments: ["-c", command])
        shell.waitUntilExit()
      }
      #expect(try Dataset.open(small.root).names == ["a", "b", "c"] && rounds == folders.count)
    }
  }

  @Test func otherLayoutsAndChannels() throws {
    let challenge = try SmallDataset(mrSpineSeg: [1, 2])
    try rename(challenge, "MR/Case1.nii.gz")
    #expect(challenge.openingProblems() == [one("MR/Case1.NII.GZ", "MR/Case1.nii.gz")])
    let small = try SmallDataset(nnUNet: ["a", "b"])
    try small.writeText(
      "dataset.json",
      #"{"channel_names": {"0": "T1", "1": "T2"}, "labels": {"background": 0, "B": 3, "A": 1}, "numTraining": 2,"#
        + #" "file_ending": ".nii.gz"}"#)
    for name in ["a", "b"] { try small.writeImage("imagesTr/\(name)_0001.nii.gz", SmallDataset.imageValues(seed: 9)) }
    try rename(small, "imagesTr/b_0001.nii.gz")
    let error = #expect(throws: DatasetErrors.self) { try Dataset.open(small.root, channels: .all) }
    let words = error?.description.replacingOccurrences(of: small.root.path + "/", with: "")
    #expect(words == one("imagesTr/b_0001.NII.GZ", "imagesTr/b_0001.nii.gz"))
  }

  @Test func imagesThatAreGiven() throws {
    let small = try SmallDataset(nnUNet: ["a"])
    try rename(small, "labelsTr/a.nii.gz", ".NII.gz")
    let folder = small.folder.file("labelsTr")
    for given in [folder, folder.appendingPathComponent("a.NII.gz")] {
      for channels in [[0], [0, 1]] {
        let error = #expect(throws: DatasetErrors.self) { try VolumeList([given], channels: channels) }
        let words = error?.description.replacingOccurrences(of: small.root.path + "/", with: "")
        #expect(words == one("labelsTr/a.NII.gz", "labelsTr/a.nii.gz"))
      }
    }
    let read = #expect(throws: NIfTIError.self) { try NIfTI.description(of: folder.appendingPathComponent("a.NII.gz")) }
    #expect(read?.description.contains("its ending is in capitals") == true)
  }
}

extension SmallDataset {
  /// The only problem of opening it; nil: none.
  fileprivate var refusal: String? {
    do {
      _ = try Dataset.open(root)
      return nil
    } catch { return error.problems.count == 1 ? "\(error)" : "\(error.problems.count) problems" }
  }
}

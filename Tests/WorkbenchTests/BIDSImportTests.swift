import Foundation
import TestSupport
import Testing
import Volumes

import Workbench

@Suite struct BIDSImportTests {
  /// Their numbers would be missed in the line for the experiment without a word.
  @Test func masksThatCannotBeReadAreNamed() throws {
    let folder = try TemporaryFolder()
    for path in ["sub-1/anat/sub-1_T2w.nii.gz", "derivatives/x/sub-1/sub-1_dseg.nii.gz"] { try folder.write(path, [1]) }
    let manifest = folder.url.appending(path: "study.csv").path
    let lines = try NewDataset.list(BIDSFolder(root: folder.url), scheme: .verse, in: manifest)
      .split(separator: "\n").map(String.init)
    let mask = folder.url.path + "/derivatives/x/sub-1/sub-1_dseg.nii.gz"
    #expect(lines.contains { $0.hasPrefix("warning: its numbers are not among these: \(mask): ") }, "\(lines)")
    #expect(lines.contains("found: 1 image (T2w), 1 mask (dseg)") && lines.contains("taken: 1 case of 1 subject"))
    #expect(FileManager.default.fileExists(atPath: manifest))
  }

  @Test func aManifestNeedsItsFolder() throws {
    let folder = try TemporaryFolder()
    for path in ["sub-1/anat/sub-1_T2w.nii.gz", "derivatives/x/sub-1/sub-1_dseg.nii.gz"] { try folder.write(path, [1]) }
    let (manifest, none) = (folder.file("none/study.csv").path, folder.file("none").path)
    #expect(throws: UsageError.noFolder(file: manifest, folder: none)) {
      try NewDataset.list(BIDSFolder(root: folder.url), in: manifest)
    }
  }
}

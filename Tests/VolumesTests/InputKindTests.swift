import Foundation
import TestSupport
import Testing
import Volumes

/// Pipes, devices, sockets and folders where files should be: refused at once, nowhere waited for.
@Suite struct InputKindTests {
  static let kinds = ["pipe", "device", "socket", "folder"]
  /// Rights have nothing to do with it.
  static let remedy = "); give a file in its place"

  func put(_ kind: String, at file: URL) throws {
    try? FileManager.default.removeItem(at: file)
    switch kind {
    case "pipe": #expect(mkfifo(file.path, 0o600) == 0)
    case "socket": #expect(mknod(file.path, S_IFSOCK | 0o600, 0) == 0)
    case "device": try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: "/dev/zero")
    default: try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
    }
  }

  @Test(arguments: kinds) func asDescriptionOfADataset(kind: String) throws {
    for name in ["dataset.json", "splits_final.json"] {
      let small = try SmallDataset(nnUNet: ["a"])
      try put(kind, at: small.folder.file(name))
      let words = small.openingProblems().first ?? ""
      #expect(words.hasPrefix("\(name): cannot be read (") && words.hasSuffix(Self.remedy), "\(words)")
    }
    let small = try SmallDataset(mrSpineSeg: [])
    try put(kind, at: small.folder.file("set.csv"))
    let error = #expect(throws: DatasetErrors.self) {
      try Dataset.open(small.folder.file("set.csv"), layout: .manifest)
    }
    #expect(
      error?.problems.count == 1 && error?.description.hasSuffix(Self.remedy) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: kinds) func asImageOrMask(kind: String) throws {
    for name in ["MR/Case1.nii.gz", "Mask/mask_case1.nii.gz"] {
      let small = try SmallDataset(mrSpineSeg: [1])
      try put(kind, at: small.folder.file(name))
      let problems = small.preparingProblems()
      #expect(problems.count == 1 && problems.allSatisfy { !$0.contains("permissions") }, "\(problems)")
      let error = #expect(throws: NIfTIError.self) { try NIfTI.read(small.folder.file(name)) }
      #expect(error?.description.hasSuffix(Self.remedy) == true, "\(error?.description ?? "")")
      #expect(throws: DatasetErrors.self) {
        try PredictionInput(small.folder.file(name), preprocessing: SmallDataset.preprocessing)
      }
    }
  }
}

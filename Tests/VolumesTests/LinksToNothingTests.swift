import Foundation
import Testing
import Volumes

/// Files of a dataset that are links to what was not fetched.
@Suite struct LinksToNothingTests {
  private func link(_ small: SmallDataset, _ name: String, to target: String) throws {
    let file = small.folder.file(name)
    try? FileManager.default.removeItem(at: file)
    try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: target)
  }

  private static let fetching =
    "fetch it (git annex get, datalad get), mount its disk, or put the file itself in the link's place"

  /// An image, a mask, a folder and a whole dataset that are links to what was not fetched.
  @Test func linksToNothingAreNamedWithTheirTargets() throws {
    let small = try SmallDataset(mrSpineSeg: [1, 2])
    let root = small.folder.url.standardizedFileURL.path
    try link(small, "Mask/mask_case1.nii.gz", to: "/gone/mask.nii.gz")
    #expect(
      small.preparingProblems() == [
        "Mask/mask_case1.nii.gz: it is a link to /gone/mask.nii.gz, which is not there; \(Self.fetching)"
      ])
    // By way of another link, beside it.
    try link(small, "Mask/mask_case1.nii.gz", to: "../other")
    try link(small, "other", to: "annex/x")
    #expect(small.preparingProblems().first?.contains(": it is a link to annex/x, which is not there; ") == true)
    try link(small, "MR", to: "/gone/MR")
    #expect(small.openingProblems() == ["MR: it is a link to /gone/MR, which is not there; \(Self.fetching)"])
    try link(small, "set", to: "/gone/set")
    // Other folds would be drawn in the place of a list that was not fetched.
    for name in ["splits_final.json", "dataset.json"] {
      let other = try SmallDataset(nnUNet: ["a"])
      try link(other, name, to: "annex/x")
      #expect(other.openingProblems() == ["\(name): it is a link to annex/x, which is not there; \(Self.fetching)"])
      try link(other, name, to: name)
      let remedy = "put the file itself in the link's place"
      #expect(other.openingProblems() == ["\(name): it is a link that leads in a circle; \(remedy)"])
    }
    for (path, start) in [("set", "it"), ("set/below", "\(root)/set")] {
      let error = #expect(throws: DatasetErrors.self) { try Dataset.open(small.folder.file(path)) }
      #expect(
        error?.description == "\(root)/\(path): \(start) is a link to /gone/set, which is not there; \(Self.fetching)")
    }
  }

  @Test func manyLinksToNothingShareALine() throws {
    let small = try SmallDataset(mrSpineSeg: Array(1...7))
    for number in 1...7 { try link(small, "Mask/mask_case\(number).nii.gz", to: "/gone/\(number)") }
    let error = #expect(throws: DatasetErrors.self) { try DatasetContents(of: Dataset.open(small.root)) }
    let lines = (error?.description ?? "").replacing(small.root.path + "/", with: "").split(separator: "\n").dropFirst()
    #expect(
      Array(lines) == [
        "7 files, Mask/mask_case1.nii.gz, Mask/mask_case2.nii.gz, Mask/mask_case3.nii.gz, Mask/mask_case4.nii.gz,"
          + " Mask/mask_case5.nii.gz and 2 more: links to what is not there, such as /gone/1; \(Self.fetching)"
      ])
  }
}

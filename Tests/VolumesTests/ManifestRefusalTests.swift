import Foundation
import Testing
import Volumes

/// Tables of cases that hold mistakes: each line is named with its place and the way out.
@Suite struct ManifestRefusalTests {
  @Test func reportsEveryBadLineOfAManifest() throws {
    let small = try SmallDataset(mrSpineSeg: [])
    try small.write("a.nii.gz", "b.nii.gz", seed: 1)
    try small.writeText(
      "cases.csv",
      """
      case,image,label
      one,a.nii.gz,b.nii.gz
      two,a.nii.gz
      ../three,a.nii.gz,b.nii.gz
      four,c.nii.gz,b.nii.gz
      one,a.nii.gz,b.nii.gz
      """)
    #expect(
      small.openingProblems() == [
        "cases.csv: line 3: 2 fields where 3 are named (case, image, label); write one for each column, perhaps empty, and in"
          + " double quotes one that holds the sign between them",
        #"cases.csv: line 4: column case: "../three" cannot name a case; use letters, digits, and . _ - +, beginning with a"#
          + " letter or digit",
        "cases.csv: line 5: column image: c.nii.gz does not exist; correct the path, which begins in the table's folder unless"
          + " with /, or take the line out",
        "cases.csv: line 6: column case: one is given twice, first in line 2; take one of the two lines out, or correct its name",
      ])
    try small.writeText("cases.csv", "name,image\n")
    #expect(
      small.openingProblems() == [
        #"cases.csv: line 1: needs one column named "case" and one column named "label"; its columns are "name", "image";"#
          + #" rename "name" to case and add "label""#
      ])
    try small.writeText("cases.csv", "one,a.nii.gz,b.nii.gz\n,a.nii.gz,b.nii.gz\n")
    #expect(
      small.openingProblems().map { $0.hasSuffix("it seems to be a case: write a line case,image,label above it") } == [
        true
      ])
    try FileManager.default.createDirectory(
      at: small.root.appendingPathComponent("d"), withIntermediateDirectories: true)
    try small.writeText("cases.csv", "case,image,label\nx,d,b.nii.gz\n")
    #expect(
      small.openingProblems() == [
        "cases.csv: line 2: column image: d is a folder; write the path of the file in it that is meant"
      ])
    try small.writeText("cases.csv", "case,image,label\n,a.nii.gz,b.nii.gz\nx,c.nii.gz,d.nii.gz\n")
    #expect(
      small.openingProblems().map {
        $0.hasPrefix("cases.csv: line 2: column case: is empty; write a name")
          || $0.hasPrefix(
            "cases.csv: line 3: columns image and label: c.nii.gz and d.nii.gz do not exist; correct the paths, ")
      }
        == [true, true])
  }

  /// Many lines with one mistake are one problem.
  @Test func aTableOfFilesInAnotherFolderIsToldOnce() throws {
    let small = try SmallDataset(nnUNet: ["a"])
    try small.remove("dataset.json")
    func problems(_ count: Int) throws -> [String] {
      let rows = (1...count).map { "c\($0),gone/c\($0).nii,gone/m\($0).nii\n" }
      try small.writeText("cases.csv", "case,image,label\n\(rows.joined())")
      return small.openingProblems()
    }
    #expect(
      try problems(40) == [
        "cases.csv: 40 lines name files that do not exist, line 2 the first: 80 files, gone/c1.nii, gone/m1.nii, gone/c2.nii,"
          + " gone/m2.nii, gone/c3.nii and 75 more; correct the paths, which begin in the table's folder unless with /, or take the"
          + " lines out"
      ])
    #expect(try problems(3).count == 3)
  }
}

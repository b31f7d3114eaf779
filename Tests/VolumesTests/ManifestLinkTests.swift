import Foundation
import TestSupport
import Testing
import Volumes

/// Tables of cases with links to what was not fetched: in their lines, and in the table's own place.
@Suite struct ManifestLinkTests {
  @Test func aLinkToNothingIsNamedWithItsTarget() throws {
    let folder = try TemporaryFolder()
    try folder.write("i.nii", [1])
    try FileManager.default.createSymbolicLink(atPath: folder.file("m.nii").path, withDestinationPath: "/gone/m.nii")
    let file = try folder.write("set.csv", "case,image,label\na,i.nii,m.nii\n")
    let error = #expect(throws: DatasetErrors.self) { try Dataset.open(file) }
    #expect(
      error?.description.hasSuffix(
        "line 2: column label: \(folder.file("m.nii").path): it is a link to /gone/m.nii, which is not there; fetch it (git annex"
          + " get, datalad get), mount its disk, or put the file itself in the link's place, or take the line out")
        == true,
      "\(error?.description ?? "")")
  }

  /// Whole datasets are not fetched; to correct the paths would not help.
  @Test func linksToNothingOfManyLinesHaveTheirOwnRemedy() throws {
    let folder = try TemporaryFolder()
    func description(_ target: (String) -> String) throws -> String {
      for name in (1...4).flatMap({ ["i\($0).nii", "m\($0).nii"] }) {
        try? FileManager.default.removeItem(at: folder.file(name))
        try FileManager.default.createSymbolicLink(atPath: folder.file(name).path, withDestinationPath: target(name))
      }
      let rows = (1...4).map { "c\($0),i\($0).nii,m\($0).nii\n" }.joined()
      let file = try folder.write("set.csv", "case,image,label\n" + rows)
      let error = #expect(throws: DatasetErrors.self) { try Dataset.open(file) }
      return error?.description ?? ""
    }
    let gone = try description { "/gone/\($0)" }
    #expect(gone.contains(": 4 lines name files that do not exist, line 2 the first: 8 files, "), "\(gone)")
    #expect(gone.contains("/i1.nii: it is a link to /gone/i1.nii, which is not there, "), "\(gone)")
    #expect(
      gone.contains(" and 3 more; fetch it (git annex get, ") && gone.hasSuffix(", or take the lines out"), "\(gone)")
    let circles = try description { $0 }
    #expect(circles.hasSuffix("; put the file itself in the link's place, or take the lines out"), "\(circles)")
  }

  @Test func aLinkToNothingBesideAFileThatIsMissingIsToldWithIt() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(atPath: folder.file("m.nii").path, withDestinationPath: "/gone/m.nii")
    let file = try folder.write("set.csv", "case,image,label\na,i.nii,m.nii\n")
    let error = #expect(throws: DatasetErrors.self) { try Dataset.open(file) }
    let words = (error?.description ?? "").replacing(folder.url.path + "/", with: "")
    #expect(
      words
        == "set.csv: line 2: columns image and label: i.nii does not exist, and m.nii: it is a link to /gone/m.nii, which is not"
        + " there; correct the paths, which begin in the table's folder unless with /, or take the line out")
  }

  /// The table itself, as an annexed dataset has it before it is fetched.
  @Test func aTableThatIsALinkToNothingIsNamedWithItsTarget() throws {
    let folder = try TemporaryFolder()
    let table = folder.file("set.csv")
    try FileManager.default.createSymbolicLink(atPath: table.path, withDestinationPath: "/gone/set.csv")
    let error = #expect(throws: DatasetErrors.self) { try Dataset.open(folder.url) }
    #expect(
      error?.description
        == "\(table.path): it is a link to /gone/set.csv, which is not there; fetch it (git annex get, datalad get), mount its disk, or"
        + " put the file itself in the link's place")
  }
}

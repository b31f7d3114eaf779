import Foundation
import TestSupport
import Testing
import Volumes

/// Patients, sites and other properties of cases, from a table or from the cases' names.
@Suite struct CaseGroupsTests {
  let small: SmallDataset

  init() throws { small = try SmallDataset(nnUNet: ["p1_a", "p1_b", "p2_a"]) }

  func taking(_ groups: CaseGroups) throws -> Dataset {
    var dataset = try Dataset.open(small.root)
    try dataset.take(groups)
    return dataset
  }

  func table(_ text: String) throws -> CaseGroups {
    try small.writeText("groups.csv", text)
    return .table(small.folder.file("groups.csv"))
  }

  func refusal(_ groups: CaseGroups) -> String {
    do {
      _ = try taking(groups)
      return "accepted"
    } catch { return "\(error)".replacingOccurrences(of: small.root.path + "/", with: "") }
  }

  @Test(arguments: [",", ";", "\t"]) func aTableSaysWhoseTheCasesAre(delimiter: String) throws {
    let text = "case,patient,Site\np2_a,bob,\np1_a, ann ,north\np1_b,ann,south\n"
    let dataset = try taking(table(text.replacingOccurrences(of: ",", with: delimiter)))
    #expect(dataset.patients == ["p1_a": "ann", "p1_b": "ann", "p2_a": "bob"])
    #expect(dataset.cases.map(\.attributes) == [["site": "north"], ["site": "south"], [:]])
    #expect(dataset.columns == ["patient", "site"])
  }

  /// As of a column that is empty in part; in whichever table it stands, unless the other fills it.
  @Test func aColumnOfPatientsWithoutAnyIsNamed() throws {
    func notices(_ manifest: String, _ groups: CaseGroups? = nil) throws -> [String] {
      let rows = ["p1_a", "p1_b"].map { "\($0),imagesTr/\($0)_0000.nii.gz,labelsTr/\($0).nii.gz" }
      let ends = manifest == "patient" ? ["", " "] : manifest == "" ? nil : ["ann", ""]
      let lines = rows.enumerated().map { index, row in
        row + (ends.map { "," + $0[index] } ?? "") + "\n"
      }
      try small.writeText("m.csv", "case,image,label\(ends == nil ? "" : ",patient")\n" + lines.joined())
      var dataset = try Dataset.open(small.folder.file("m.csv"))
      if let groups { try dataset.take(groups) }
      return dataset.nameNotices
    }
    let words =
      "nothing stands in the column patient, so each case counts as a patient of its own; fill it in, or folds may part a patient's"
      + " images; where no patient has several, take the column out"
    #expect(try notices("patient") == ["\(small.folder.file("m.csv").path): \(words)"])
    #expect(try notices("").isEmpty && notices("one").isEmpty)
    #expect(try notices("patient", table("case,patient\np1_a,ann\np1_b,bob\n")).isEmpty)
    #expect(
      try notices("", table("case,patient,site\np1_a,,x\np1_b,,y\n")) == [
        "\(small.folder.file("groups.csv").path): \(words)"
      ])
    // What is written here has no such column.
    let cases = try Dataset.open(small.folder.file("m.csv")).cases
    try Manifest.write(cases, to: small.folder.file("w.csv"))
    #expect(try Dataset.open(small.folder.file("w.csv")).notices.isEmpty)
    #expect(try String(contentsOf: small.folder.file("w.csv"), encoding: .utf8).hasPrefix("case,image,label\n"))
  }

  @Test func aTableThatIsNotThereIsNamedWithItsNeighbour() throws {
    _ = try table("case,patient\n")
    #expect(
      refusal(.table(small.folder.file("group.csv")))
        == "group.csv: there is no such file, did you mean groups.csv? Correct the path")
    #expect(refusal(.table(small.folder.file("no/such.csv"))) == "no/such.csv: there is no such file. Correct the path")
  }

  @Test func aPatternSaysWhoseTheCasesAre() throws {
    #expect(try taking(.pattern("(p[0-9]+)_.*")).patients == ["p1_a": "p1", "p1_b": "p1", "p2_a": "p2"])
    let named = try taking(.pattern("(p[0-9]+)_(?<Site>[a-z])"))
    #expect(named.patients["p2_a"] == "p2" && named.cases.map { $0.value(of: "site") } == ["a", "b", "a"])
  }

  @Test(arguments: [
    ("case,patient\np1_a,a\np1_b,b\n", "groups.csv: has no line for p2_a; add them"),
    (
      "case,patient\np1_a,a\np1_b,b\np2_a,c\np9,d\nq,e\n",
      "groups.csv: the dataset has no case p9 (line 5), q (line 6); take it out, or correct its name"
    ),
    (
      "case,patient\np1_a_0000,a\nP1_b,b\nlabelsTr/p2_a.nii.gz,c\n",
      "groups.csv: the dataset has no case p1_a_0000 (line 2, did you mean p1_a?), P1_b (line 3, did you mean p1_b?),"
        + " labelsTr/p2_a.nii.gz (line 4, did you mean p2_a?); correct its name; if it is another case, take it out, and add"
    ),
    (
      "name,patient\np1_a,a\n",
      #"groups.csv: line 1: needs one column named "case" and another, such as patient or site; its columns are "name","#
        + #" "patient""#
    ),
    ("case\np1_a\n", "groups.csv: line 1: needs one column"),
    ("", "groups.csv: is empty, and no table; write the line case,patient,site, and then one"),
    ("case,site,site\np1_a,a,b\n", #"groups.csv: line 1: the column "site" is given twice"#),
    ("case,site\np1_a,a,b\n", "groups.csv: line 2: 3 fields where 2 are named"),
    ("case,site\np1_a,a\np1_a,b\n", "groups.csv: line 3: column case: p1_a is given twice, first in line 2; take"),
  ])
  func anUnsoundTableIsRefused(text: String, words: String) throws {
    let said = try refusal(table(text))
    #expect(said.hasPrefix(words), "\(said)")
  }

  @Test func allMistakesOfATableAreTold() throws {
    let words = try refusal(table("case,site\np1_a,a,b\np1_b,a\np1_b,a\nx,b\n"))
    #expect(words.hasPrefix("3 problems in the dataset:\n"), "\(words)")
  }

  @Test(arguments: [
    ("(p1)_.*", "does not match p2_a; a case's whole name must match"),
    ("p[0-9]_.*", "has no group in parentheses; the first one is the patient, (?<site>...) another column"),
    ("(p", "is no regular expression"),
  ])
  func anUnsoundPatternIsRefused(pattern: String, words: String) {
    #expect(refusal(.pattern(pattern)).hasPrefix("dataset.groups: pattern \"\(pattern)\": \(words)"))
  }

  @Test func aTableIsNotReadWhereItIsNot() {
    let words = refusal(.table(small.folder.file("none.csv")))
    #expect(words == "none.csv: there is no such file. Correct the path")
  }

  @Test func aManifestAndATableMustAgree() throws {
    let rows = ["p1_a", "p1_b", "p2_a"].map { "\($0),imagesTr/\($0)_0000.nii.gz,labelsTr/\($0).nii.gz,ann,north\n" }
    try small.writeText("m.csv", "case,image,label,patient,site\n" + rows.joined())
    var dataset = try Dataset.open(small.folder.file("m.csv"))
    #expect(dataset.columns == ["patient", "site"] && dataset.cases[0].value(of: "site") == "north")
    let error = #expect(throws: DatasetErrors.self) { try dataset.take(.pattern("(?<site>.).*")) }
    #expect(error?.problems.count == 3)
    #expect(
      error?.problems.first?.description
        == "dataset.groups: case p1_a is of site p there and of north in its manifest; correct one")
  }
}

import Foundation
import TestSupport
import Testing
import Volumes

/// Patients that only the cases' names tell.
@Suite struct PatientNamesTests {
  func dataset(_ names: [String]) -> Dataset {
    let file = URL(fileURLWithPath: "/none")
    return Dataset(root: file, layout: .nnUNet, cases: names.map { DatasetCase(name: $0, image: file, label: file) })
  }

  static let told: [(names: [String], pattern: String, patients: Set<String>)] = [
    (["pat01_t1", "pat01_t2", "pat02_t1", "pat02_t2", "pat03_t1"], "([^_]+)[_].*", ["pat01", "pat02", "pat03"]),
    (
      ["sub-1_ses-1_T2w", "sub-1_ses-2_T2w", "sub-2_ses-1_T2w", "sub-2_ses-2_T2w", "sub-3_ses-1_T2w"], "([^_]+)[_].*",
      ["sub-1", "sub-2", "sub-3"]
    ),
    (["P1a", "P1b", "P2a", "P2b", "P3a", "P3b"], "(.*[0-9])[A-Za-z].*", ["P1", "P2", "P3"]),
    (
      ["ax_P7-pre", "ax_P7-post", "ax_P8-pre", "ax_P8-post", "ax_P9-pre", "ax_P9-post"], "([^-]+)[-].*",
      ["ax_P7", "ax_P8", "ax_P9"]
    ),
    // Images that somebody changed and kept beside the others.
    (
      ["vb3_01", "vb3_01_flip", "vb3_02", "vb3_02_flip", "vb3_03", "vb3_03_flip"], "(.+?)(?:_flip)?",
      ["vb3_01", "vb3_02", "vb3_03"]
    ),
    (["p1", "p1_b", "p2", "p2_b", "p3", "p3_b"], "([^_]+)(?:[_].*)?", ["p1", "p2", "p3"]),
    (
      ["p1_20210304", "p1_20210611", "p2_20190101", "p2_20200102", "p3_20200203"], "([^_]+)[_].*", ["p1", "p2", "p3"]
    ),
  ]

  @Test(arguments: told) func areToldWithAPatternThatTellsThem(
    names: [String], pattern: String, patients: Set<String>
  ) throws {
    var dataset = dataset(names)
    let words = dataset.nameNotices
    #expect(
      words == [
        "\(names[0]) and \(names[1]) look like images of one patient (\(names.count) images of \(patients.count) patients, by"
          + " their names), and folds may part them; set dataset.groups to {\"pattern\": \"\(pattern)\"}, or name the patients in a"
          + " table (dataset.groups, or a manifest's column patient)"
      ])
    try dataset.take(.pattern(pattern))
    #expect(Set(dataset.cases.compactMap(\.patient)) == patients)
    #expect(dataset.nameNotices.isEmpty)
  }

  @Test(arguments: [
    (1...20).map { "vb3_\($0 < 10 ? "0" : "")\($0)" }, (1...20).map { "Case\($0)" }, (1...9).map { "sub-0\($0)" },
    // Series and sites, each with many images.
    (1...3).flatMap { site in (1...9).map { "vb\(site)_0\($0)" } },
    ["siteA_01", "siteA_02", "siteB_01", "siteB_02", "siteC_01", "siteC_02"],
    // One image of each patient.
    ["pat01_t1", "pat02_t1", "pat03_t1", "pat04_t1"], ["pat01_t1", "pat02_t2", "pat03_t1", "pat04_t2"], ["a", "b"],
    ["x"],
    [],
  ])
  func areNotMadeUp(names: [String]) { #expect(dataset(names).nameNotices.isEmpty) }

  @Test func aPatternOfNoEffect() throws {
    var dataset = dataset(["vb3_01", "vb3_02", "vb3_03"])
    try dataset.take(.pattern("(vb3_.*)"))
    #expect(
      dataset.nameNotices == [
        "dataset.groups: pattern \"(vb3_.*)\": each of the 3 cases is a patient of its own, as without it; end the first"
          + " parentheses before what tells one patient's images apart, or leave dataset.groups out"
      ])
    var several = self.dataset(["p1_a", "p1_b", "p2_a", "p2_b", "p3_a"])
    try several.take(.pattern("(.*)"))
    #expect(several.nameNotices.first?.hasSuffix("one patient's images apart: \"([^_]+)[_].*\"") == true)
  }

  @Test func aPatternOfOnePatientEachIsMeant() throws {
    var dataset = dataset(["p1_a", "p2_a", "p3_a"])
    try dataset.take(.pattern("([^_]+)_.*"))
    #expect(dataset.nameNotices.isEmpty)
  }
}

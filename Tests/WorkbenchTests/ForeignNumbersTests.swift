import Experiments
import Foundation
import Store
import Synchronization
import TestSupport
import Testing
import Volumes
import Workbench

/// A label map whose numbers no mask holds: the map is wrong, and the masks are not blamed for it.
@Suite struct ForeignNumbersTests {
  let sweep: SmallSweep

  init() throws {
    sweep = try SmallSweep()
    try sweep.specification().dataset.phantom?.write(
      to: sweep.folder.appendingPathComponent("phantom"), workers: 2)
  }

  private func words(_ labels: String, _ path: String = "phantom") throws -> [String] {
    let place = path.hasPrefix("/") ? path : sweep.path(path)
    let overrides = [#"dataset={"path":"\#(place)","labels":\#(labels)}"#]
    let specification = try sweep.specification(overrides)
    let report = try DatasetReport(specification)
    let opening = ExperimentOpening(
      specification: specification, workspace: sweep.workspace, workers: 2, report: { _ in })
    let errors = #expect(throws: DatasetErrors.self) { try opening.open() }
    #expect(errors?.problems.map(\.description) == report.problems, "a sweep says the same")
    return report.problems
  }

  /// What the layout calls them is known.
  @Test func theNumbersOfTheMasksAreToldWithTheirNames() throws {
    let told = try words(#"{"A":50,"B":[60,61]}"#)
    let start =
      "dataset.labels: none of its numbers (50, 60, 61) is in any of 8 masks, which hold 1 (S in MRSpineSeg), 2 (L5 in"
      + " MRSpineSeg), "
    #expect(told.count == 1 && told[0].contains(start), "\(told)")
    #expect(told.first?.contains(#": write "labels": {"S": 1, "L5": 2, "#) == true, "\(told)")
    #expect(told.first?.hasSuffix(#"} or "labels": "auto" below dataset"#) == true, "\(told)")
  }

  /// Of a table's masks nobody knows the names, and every number is one that the map lacks.
  @Test func ofATableTheMapsOwnNamesAreTheExample() throws {
    let rows = (1...8).map { "Case\($0),phantom/MR/Case\($0).nii.gz,phantom/Mask/mask_case\($0).nii.gz\n" }
    try Data("case,image,label\n\(rows.joined())".utf8).write(to: sweep.folder.appendingPathComponent("set.csv"))
    let told = try words(#"{"A":50,"B":60}"#, "set.csv")
    #expect(told.count == 1 && told[0].contains("which hold 1, 2, 3, 4, 5 and "), "\(told)")
    let way = "give each structure the number that the masks hold for it, such as "
    // Those that are left over would be refused next.
    let example = #""labels": {"A": 1, "B": 2, "background": [0, 3, 4, 5, "#
    #expect(told.first?.contains(way + example) == true && told[0].hasSuffix("]} below dataset"), "\(told)")
    // One number that a mask holds, and the others are the strangers.
    let some = try words(#"{"A":1,"B":60}"#, "set.csv")
    #expect(some.count == 8 && some.allSatisfy { $0.contains("which the label map does not know") }, "\(some)")
  }

  /// The map of dataset.json itself, with its place.
  @Test func aDatasetsOwnMapIsNamedWithItsPlace() throws {
    let data = try TinyDataset()
    try data.write(cases: 3, names: #"{"background": 0, "L1": 5, "L2": 6}"#)
    let report = try DatasetReport(checking: data.root.path, layout: .automatic, labels: nil)
    let file = data.root.appendingPathComponent("dataset.json").path
    #expect(
      report.problems == [
        "\(file):1:42: labels: none of its numbers (5, 6) is in any of 3 masks, which hold 1, 2: give each structure the number"
          + #" that the masks hold for it, such as "L1": 1, "L2": 2"#
      ])
  }

  /// What the dataset names is not all that its masks hold.
  @Test func numbersWithoutANameAreLeftOutInTheExample() throws {
    let data = try TinyDataset()
    try data.write(cases: 8, names: #"{"background": 0, "L1": 1}"#)
    let told = try words(#"{"A":50}"#, data.root.path)
    #expect(
      told.first?.hasSuffix(#": write "labels": {"L1": 1, "background": [0, 2]} below dataset"#) == true, "\(told)")
    try data.write(cases: 3, names: #"{"background": 0, "L1": 5}"#)
    let report = try DatasetReport(checking: data.root.path, layout: .automatic, labels: nil)
    #expect(report.problems.first?.hasSuffix(#", such as "L1": 1, "structure 2": 2"#) == true, "\(report.problems)")
  }

  /// A mask that holds none but those would have no structure.
  @Test func numbersThatAMaskHasAloneAreNamedInTheExample() throws {
    let data = try TinyDataset()
    try data.write(cases: 4, names: #"{"background": 0, "L1": 1}"#)
    for number in 5...8 { try data.write("c\(number)", seed: number, numbers: [2]) }
    let told = try words(#"{"A":50}"#, data.root.path)
    #expect(told.first?.hasSuffix(#": write "labels": {"L1": 1, "structure 2": 2} below dataset"#) == true, "\(told)")
  }

  /// A table has lines, and no entries of JSON.
  @Test func theExampleForATableIsNoJSON() throws {
    let temporary = try TemporaryFolder()
    let layouts = PhantomLayouts(sweep.folder.appending(path: "phantom"), in: temporary)
    let root = try layouts.bids("set", table: "index\tname\n50\tL5\n")
    let report = try DatasetReport(checking: root.path, layout: .automatic, labels: nil)
    #expect(
      report.problems.first?.contains(", such as index 1 with name L5, index 2 with name structure 2, ") == true,
      "\(report.problems)")
  }

  /// What the dataset's own names leave out, as MRSpineSeg's do T9, they know too.
  @Test func numbersThatItsOwnNamesLeaveOutAreKnownToThem() throws {
    let data = try TinyDataset()
    let files = FileManager.default
    for folder in ["MR", "Mask"] {
      try files.createDirectory(at: data.root.appending(path: folder), withIntermediateDirectories: true)
    }
    for number in 1...8 {
      try data.write("c\(number)", seed: number, numbers: [1, 10])
      for (from, to) in [
        ("imagesTr/c\(number)_0000", "MR/Case\(number)"), ("labelsTr/c\(number)", "Mask/mask_case\(number)"),
      ] {
        try files.moveItem(
          at: data.root.appending(path: from + ".nii.gz"), to: data.root.appending(path: to + ".nii.gz"))
      }
    }
    for folder in ["imagesTr", "labelsTr"] { try files.removeItem(at: data.root.appending(path: folder)) }
    let told = try words(#"{"A":50}"#, data.root.path)
    let way = #": write "labels": {"S": 1, "background": [0, 10]} or "labels": "auto" below dataset"#
    #expect(told.count == 1 && told[0].hasSuffix(way), "\(told)")
  }

  /// The masks of a test set may hold what those of the experiment's own cases do not.
  @Test func whatATestSetMayHoldIsNotMissed() throws {
    let data = try TinyDataset()
    try data.write(cases: 8)
    let dataset = #"dataset={"path":"\#(data.root.path)","labels":{"L1":1,"L2":2,"background":[0,70]}}"#
    let looks: [(more: [String], told: [Int])] = [([], [70]), (["test.path=\"\(sweep.path("phantom"))\""], [])]
    for (more, told) in looks {
      let specification = try sweep.specification([dataset] + more)
      #expect(try DatasetReport(specification).census.apart.map(\.number) == told)
      let found = Mutex<[Int]?>(nil)
      let opening = ExperimentOpening(specification: specification, workspace: sweep.workspace, workers: 2) { step in
        guard case .census(let census) = step else { return }
        found.withLock { $0 = census.apart.map(\.number) }
      }
      try opening.checkCases(of: opening.open())
      #expect(found.withLock { $0 } == told)
    }
  }

  /// Empty masks say nothing of the map.
  @Test func emptyMasksKeepTheirOwnWords() throws {
    let data = try TinyDataset()
    try data.write(cases: 3, numbers: [0])
    try data.describe(TinyDataset.names)
    let report = try DatasetReport(checking: data.root.path, layout: .automatic, labels: nil)
    #expect(
      report.problems.count == 3
        && report.problems.allSatisfy { $0.contains("no structure of the label map has a voxel in it") },
      "\(report.problems)")
  }
}

import Foundation
import TestSupport
import Testing
import Volumes
import Workbench

@Suite struct DatasetTests {
  private let temporary: TemporaryFolder
  let console = RecordedConsole()

  init() throws { temporary = try TemporaryFolder() }

  private func path(_ name: String) -> String { temporary.file(name).path }

  private func phantom(cases: Int = 2, in name: String = "set") throws -> String {
    var phantom = Phantom()
    (phantom.cases, phantom.height, phantom.width) = (cases, 96, 96)
    return try NewDataset.write(phantom, to: path(name), console: console)
  }

  @Test func aPhantomIsMadeOnceAndSound() throws {
    #expect(try phantom() == "2 cases in \(path("set")); check them with `safnet dataset check \(path("set"))`")
    #expect(console.errors == "writing the phantom: 2 of 2\n")
    #expect(throws: UsageError.outputExists(file: path("set"))) { try phantom() }
    let report = try DatasetReport(checking: path("set"), layout: .automatic, labels: nil)
    #expect(report.cases == 2 && report.problems.isEmpty && report.census.structures.count == 17)
    #expect(report.text.hasPrefix("2 cases, layout mrspineseg\n") && report.text.contains("\nno problems"))
    #expect(
      report.census.notices.contains(
        "2 cases make no folds: one to train with, one to choose the checkpoint and one to test are the least, so that no experiment"
          + " can be trained and tested here; add cases"))
  }

  /// How many folds a few cases make; of six nothing is said.
  @Test(arguments: [4, 6]) func fewCasesAreToldTheirFolds(cases: Int) throws {
    _ = try phantom(cases: cases)
    let notices = try DatasetReport(checking: path("set"), layout: .automatic, labels: nil).census.notices
    let few = notices.filter { $0.contains(" are few: ") }
    #expect(few.isEmpty == (cases == 6))
    if cases == 4 {
      #expect(
        few == [
          "4 cases are few: a fold tests one of them and chooses the checkpoint by another, and scores of so few say little; what 4"
            + #" cases always make is "folds": {"count": 4, "validation": 1, "validationFrom": "training"}, with training.batch at most 2. Add cases"#
        ])
    }
  }

  @Test func aPhantomWithoutCasesIsRefused() {
    let error = #expect(throws: NewDataset.UnsoundPhantom.self) { try phantom(cases: 0) }
    #expect(error?.description.hasPrefix("--cases: ") == true)
  }

  /// Two names for one picture: each case is sound by itself.
  @Test func equalImagesAreAProblem() throws {
    _ = try phantom()
    for (from, to) in [("MR/Case1", "MR/Case2"), ("Mask/mask_case1", "Mask/mask_case2")] {
      try FileManager.default.removeItem(atPath: path("set/\(to).nii.gz"))
      try FileManager.default.copyItem(atPath: path("set/\(from).nii.gz"), toPath: path("set/\(to).nii.gz"))
    }
    let report = try DatasetReport(checking: path("set"), layout: .automatic, labels: .mrspineseg)
    #expect(report.problems.count == 1 && report.problems[0].contains("MR/Case2.nii.gz: the same image as "))
    #expect(report.text.contains("\n1 problem:\n"))
  }

  @Test func labelsThatTheDatasetDoesNotNameAreMissed() throws {
    _ = try phantom()
    #expect(throws: UsageError.noLabels(dataset: path("set"))) {
      try DatasetReport(checking: path("set"), layout: .automatic, labels: .datasetFile)
    }
  }

  @Test func imagesAndMasksAreListedInAManifest() throws {
    _ = try phantom()
    for number in 1...2 {
      try FileManager.default.moveItem(
        atPath: path("set/Mask/mask_case\(number).nii.gz"), toPath: path("set/Mask/Case\(number)-seg.nii.gz"))
    }
    let images = try #require(CasePattern(path("set/MR/*.nii.gz")))
    let masks = try #require(CasePattern(path("set/Mask/*-seg.nii.gz")))
    let words = try NewDataset.list(images: images, masks: masks, patientEnds: "se", in: path("study.csv"))
    #expect(words.hasPrefix("2 cases in \(path("study.csv"));"))
    #expect(
      try String(contentsOfFile: path("study.csv"), encoding: .utf8)
        .contains("Case1,set/MR/Case1.nii.gz,set/Mask/Case1-seg.nii.gz,Ca\n"))
    #expect(try DatasetReport(checking: path("study.csv"), layout: .automatic, labels: nil).problems.isEmpty)
    #expect(throws: UsageError.outputExists(file: path("study.csv"))) {
      try NewDataset.list(images: images, masks: masks, in: path("study.csv"))
    }
    #expect(throws: UsageError.noFolder(file: path("none/study.csv"), folder: path("none"))) {
      try NewDataset.list(images: images, masks: masks, in: path("none/study.csv"))
    }
  }
}

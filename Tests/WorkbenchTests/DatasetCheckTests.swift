import CPU
import Crypto
import Experiments
import Foundation
import Store
import TestSupport
import Testing
import Training
import Volumes
import Workbench

/// `safnet dataset check` of an experiment, and what a sweep says and refuses before it prepares.
@Suite struct DatasetCheckTests {
  let sweep: SmallSweep
  let console = RecordedConsole()

  init() throws { sweep = try SmallSweep() }

  func specification(_ overrides: String...) throws -> Specification {
    try Specification.load(sweep.folder.appendingPathComponent("small.json"), overrides: overrides)
  }

  func makePhantom() throws {
    try specification().dataset.phantom?.write(to: sweep.folder.appendingPathComponent("phantom"), workers: 2)
  }

  @Test func anExperimentIsCheckedWithItsOwnPreprocessing() throws {
    try makePhantom()
    let whole = try DatasetReport(specification("preprocessing.size=[18,96,96]", "preprocessing.crop=none"))
    #expect(whole.census.structures.allSatisfy { $0.leastKept ?? 1 == 1 }, "\(whole.text)")
    #expect(whole.text.contains("as small prepares it: size 18x96x96, the whole width"))
    let cut = try DatasetReport(specification("preprocessing.size=[4,96,96]", "preprocessing.crop=none"))
    #expect(cut.census.structures.contains { $0.leastKept ?? 1 < 0.9 })
    #expect(cut.text.contains("by slices beyond size (set preprocessing.size to ["))
    #expect(cut.problems.isEmpty && cut.text.hasSuffix("\nno problems beside the warnings above"))
  }

  @Test func foldsThatCannotBeAreSaidByTheCheck() throws {
    try makePhantom()
    #expect(throws: SpecificationErrors.self) { try DatasetReport(specification("folds.validation=4")) }
  }

  @Test func equalProblemsShareALine() throws {
    try makePhantom()
    let rows = (1...8).map { "Case\($0),phantom/MR/Case\($0).nii.gz,phantom/Mask/mask_case\($0).nii.gz\n" }
    try Data("case,image,label\n\(rows.joined())".utf8).write(to: sweep.folder.appendingPathComponent("set.csv"))
    let text = #"{"name":"x","dataset":{"path":"set.csv","labels":{"S":1,"L5":2}},"folds":{"count":2,"validation":1},"#
    let file = sweep.folder.appendingPathComponent("x.json")
    try Data("\(text)\"variants\":[{\"name\":\"a\"}],\"training\":{\"batch\":2}}".utf8).write(to: file)
    let report = try DatasetReport(Specification.load(file))
    #expect(report.problems.count == 8)
    let lines = report.text.split(separator: "\n").filter { $0.contains("which the label map does not know") }
    #expect(
      lines.count == 1 && lines[0].contains("8 masks hold the labels [3, 4,") && lines[0].contains("in 8 files, "),
      "\(lines)")
  }

  /// A table whose columns stand under each other's names: no structures are made of the images' grey values.
  @Test func aTableOfExchangedColumnsIsRefusedWithoutItsGreyValues() throws {
    try makePhantom()
    func report(_ head: String) throws -> DatasetReport {
      let rows = (1...8).map { "Case\($0),phantom/MR/Case\($0).nii.gz,phantom/Mask/mask_case\($0).nii.gz\n" }
      let file = sweep.folder.appendingPathComponent("swap.csv")
      try Data("\(head)\n\(rows.joined())".utf8).write(to: file)
      return try DatasetReport(checking: file.path, layout: .automatic, labels: nil)
    }
    let swapped = try report("case,label,image")
    #expect(swapped.problems.count == 8 && swapped.census.structures.isEmpty, "\(swapped.text)")
    let words = "the two are exchanged; where a table lists them, exchange the names of its columns image and label"
    #expect(swapped.text.contains(words) && !swapped.text.contains("label 17"), "\(swapped.text)")
    let right = try report("case,image,label")
    #expect(right.problems.isEmpty && right.text.contains("  label 17: in "))
  }

  @Test func aSweepSaysWhatWasFoundTakenAndKept() throws {
    var settings = SweepSession.Settings()
    (settings.selection.only, settings.selection.folds) = (["Base"], [1])
    _ = try sweep.session(console, executor: .here(ending: .refused), settings: settings).run(stop: StopFlag())
    #expect(console.errors.contains("\nfound: 8 images, 8 masks\ntaken: 8 cases, 17 structures\nkept:  "))
    #expect(console.errors.contains("\nfolds: drawn here, 2 by seed 2023\n"), "\(console.errors)")
    #expect(try DatasetReport(specification()).text.contains("\nfolds: drawn here, 2 by seed 2023\n"))
  }

  @Test func aSizeThatNoCaseFitsInIsRefused() throws {
    try makePhantom()
    let counted = #expect(throws: SpecificationErrors.self) {
      try DatasetReport(specification("preprocessing.size=[2048,2048,2048]"))
    }
    #expect(counted?.description.contains("17,179,869,184 voxels are computed at once") == true)
    let error = #expect(throws: PreparationMemory.Shortage.self) {
      try PreparationMemory(size: .init(2048, 2048, 2048)).workers(1, free: 1 << 35)
    }
    #expect(
      error?.description.hasPrefix("preprocessing.size 2048x2048x2048: to prepare one case takes 144 GiB") == true)
    #expect(try PreparationMemory(size: .init(10, 10, 10)).workers(8, free: 3 * 18_000) == 3)
  }

  /// What cannot fit is said before the phantom is written and a case is prepared.
  @Test func memoryIsCheckedBeforeAnythingIsPrepared() throws {
    #expect(throws: PreflightFailure.self) {
      try sweep.session(console, memory: 1 << 20).run(stop: StopFlag())
    }
    #expect(console.errors.contains("SAFNet does not fit") && !console.errors.contains("preparing"))
    #expect(!FileManager.default.fileExists(atPath: sweep.path("phantom")))
  }

  @Test func aFoldThatTrainsNothingIsTheFilesMistake() throws {
    try makePhantom()
    let all = (1...8).map { "\"Case\($0)\"" }.joined(separator: ",")
    try Data("[{\"train\":[],\"val\":[\(all)]}]".utf8)
      .write(to: sweep.folder.appendingPathComponent("phantom/splits_final.json"))
    let error = #expect(throws: SpecificationErrors.self) { try sweep.session(console).run(stop: StopFlag()) }
    #expect(
      error.map { "\($0)".contains("splits_final.json has no training case; move cases from its val to its train") }
        == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test func foldsAreCheckedBeforeAnythingIsPrepared() throws {
    try makePhantom()
    let all = (1...8).map { "\"Case\($0)\"" }
    let split = "{\"train\":[\(all.dropFirst().joined(separator: ","))],\"val\":[\(all[0])]}"
    try Data("[\(split)]".utf8).write(to: sweep.folder.appendingPathComponent("phantom/splits_final.json"))
    let error = #expect(throws: SpecificationErrors.self) { try sweep.session(console).run(stop: StopFlag()) }
    #expect(error.map { "\($0)".contains("splits_final.json holds out leaves none to test") } == true)
    #expect(!console.errors.contains("preparing"))
  }

  /// Of a pilot, or of another study: everything else that could be said of it leads nowhere.
  @Test(arguments: [(["Case1", "Case2", "Case3", "Case4"], "4 of the 8 cases"), (["x", "y"], "none of the 8 cases")])
  func splitsOfAnotherDatasetAreToldAsSuch(names: [String], words: String) throws {
    try makePhantom()
    let folds = names.map { name in
      let others = names.filter { $0 != name }.map { "\"\($0)\"" }
      return "{\"train\":[\(others.joined(separator: ","))],\"val\":[\"\(name)\"]}"
    }
    try Data("[\(folds.joined(separator: ","))]".utf8)
      .write(to: sweep.folder.appendingPathComponent("phantom/splits_final.json"))
    let error = #expect(throws: SpecificationErrors.self) { try sweep.session(console).run(stop: StopFlag()) }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains("splits_final.json names \(words) of this dataset"), "\(text)")
    #expect(text.contains("set folds.source to \"balanced\"") && !text.contains("in neither"), "\(text)")
    // As the advice says.
    let drawn = try Specification.load(
      sweep.folder.appendingPathComponent("small.json"), overrides: ["folds.source=balanced"])
    #expect(try drawn.foldSizes(of: Dataset.open(sweep.folder.appendingPathComponent("phantom"))).count > 1)
  }

  /// An unsigned summary of an earlier program is good for showing; before training the cases are asked.
  @Test func anEarlierSummaryIsCheckedBeforeTraining() throws {
    let opening = try ExperimentOpening(
      specification: specification(), workspace: sweep.workspace, workers: 2, report: { _ in })
    let cache = try opening.open().cache
    let summary = try #require(cache.readSummary())
    func writeEarlier(_ change: ([Bool]) -> [Bool]) throws {
      let cases = summary.cases.map { one in
        let present = change(one.present).map(\.description).joined(separator: ",")
        return #"{"imageDigest":"\#(one.imageDigest)","name":"\#(one.name)","present":[\#(present)],"spacing":[1,1,1]}"#
      }
      let line = "{\"cases\":[\(cases.joined(separator: ","))]}"
      let seal = SHA256.hash(data: Data(line.utf8)).map { String(format: "%02x", $0) }.joined()
      try Data("\(line)\n\(seal)\n".utf8).write(to: cache.folder.appendingPathComponent("summary.json"))
    }
    try writeEarlier { $0 }
    #expect(cache.readSummary() == nil)
    let known = try opening.open()
    #expect(throws: Never.self) { try opening.checkCases(of: known) }
    #expect(cache.readSummary() == summary)

    try writeEarlier { $0.map { !$0 } }
    let wrong = try opening.open()
    #expect(throws: CasesDiffer.self) { try opening.checkCases(of: wrong) }
    #expect(throws: Never.self) { try opening.checkCases(of: opening.open()) }
  }
}

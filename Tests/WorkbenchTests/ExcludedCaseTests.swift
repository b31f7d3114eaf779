import Compute
import Experiments
import Foundation
import Reporting
import Store
import TestSupport
import Testing
import Training
import Volumes
import Workbench

/// Cases that are taken out after, or before, anything was trained; and reports at other tolerances.
@Suite struct ExcludedCaseTests {
  func change(_ sweep: SmallSweep, _ old: String, _ new: String) throws {
    let file = sweep.folder.appendingPathComponent("small.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text.contains(old))
    try Data(text.replacingOccurrences(of: old, with: new).utf8).write(to: file)
  }

  func exclude(_ name: String, in sweep: SmallSweep) throws {
    try change(
      sweep, #""path": "phantom","#,
      with(#""path": "phantom", "exclude": [{ "case": "NAME", "reason": "blurred" }],"#, name))
  }

  private func with(_ text: String, _ name: String) -> String { text.replacingOccurrences(of: "NAME", with: name) }

  func report(_ sweep: SmallSweep) throws -> Report {
    try ReportSession(
      specification: sweep.specification(), workspace: sweep.workspace, program: SmallSweep.program,
      console: RecordedConsole()
    ).report
  }

  @Test func theRunsThatTestedACaseAreKeptAndItsScoresLeftOut() throws {
    let sweep = try SmallSweep.trained()
    let before = try report(sweep).input
    let tested = try #require(before.variants[0].run(fold: 1)?.evaluations?.map(\.name))
    try exclude(tested[0], in: sweep)
    let after = try report(sweep).input
    for variant in after.variants {
      #expect(variant.run(fold: 1)?.state == "finished" && variant.run(fold: 2)?.state == "queued")
      #expect(variant.run(fold: 1)?.evaluations?.map(\.name) == Array(tested.dropFirst()))
      #expect(variant.run(fold: 1)?.ceiling?.count == tested.count - 1)
    }
    #expect(after.remarks == ["Taken out, in no training, validation or score: 1 case, \(tested[0]) (blurred)."])
  }

  /// What could not be prepared is taken out before anything is trained.
  @Test func aDamagedCaseCanBeTakenOut() throws {
    let sweep = try SmallSweep()
    try sweep.specification().dataset.phantom?.write(to: sweep.folder.appendingPathComponent("phantom"), workers: 2)
    try Data("no image".utf8).write(to: sweep.folder.appendingPathComponent("phantom/MR/Case3.nii.gz"))
    func open() throws -> OpenedExperiment {
      try ExperimentOpening(
        specification: sweep.specification(), workspace: sweep.workspace, workers: 2, report: { _ in }
      ).open()
    }
    #expect(throws: DatasetErrors.self) { try open() }
    try exclude("Case3", in: sweep)
    let folds = try open().plan.folds
    #expect(folds.flatMap { $0.train + $0.validation + $0.test }.contains("Case3") == false)
    #expect(try open().plan.folds == folds, "as its cases were prepared")
    let report = try DatasetReport(sweep.specification())
    #expect(report.problems.isEmpty && report.text.contains("\nexcluded: Case3 (blurred)\n") && report.cases == 7)
  }

  @Test func otherTolerancesAreScoredFromTheStoredPredictions() throws {
    let sweep = try SmallSweep.trained()
    func shares(_ tolerances: String) throws -> (tolerances: [Double]?, dice: [[[Double?]]], remarks: [String]) {
      try change(sweep, #""folds":"#, #""report": { "tolerances": \#(tolerances) }, "folds":"#)
      defer { try? change(sweep, #""report": { "tolerances": \#(tolerances) }, "folds":"#, #""folds":"#) }
      let input = try report(sweep).input
      let all = input.variants.flatMap(\.finished).flatMap { $0.evaluations ?? [] }.compactMap(\.elements)
      #expect(Set(all.map(\.tolerances)).count == 1)
      return (all.first?.tolerances, all.map(\.normalizedDice), input.remarks)
    }
    let usual = try shares("[1, 2]")
    let other = try shares("[2, 3.5, 1]")
    try #require(other.tolerances == [2, 3.5, 1] && other.remarks.isEmpty)
    #expect(other.dice.map { [$0[2], $0[0]] } == usual.dice, "scored again, the same as when they were tested")
    #expect(try shares("[2]").dice == usual.dice.map { [$0[1]] }, "of what is stored one is taken")
    let runs = try sweep.workspace.runDirectories()
    for name in try FileManager.default.contentsOfDirectory(atPath: runs[0].predictionsFolder.path)
    where name.hasSuffix(".nii.gz") {
      try FileManager.default.removeItem(at: runs[0].predictionsFolder.appending(path: name))
    }
    let lost = try shares("[5]")
    #expect(lost.tolerances == [1, 2] && lost.dice == usual.dice && lost.remarks.count == 1)
    #expect(lost.remarks.first?.hasPrefix("NSD is not shown at report.tolerances (5 mm) but at 1, 2 mm") == true)
  }

  /// The truth in the place of a map would score 100 %.
  @Test func noToleranceIsScoredFromAReplacedLabelMap() throws {
    let sweep = try SmallSweep.trained()
    let run = try sweep.workspace.runDirectories()[0]
    let names = try FileManager.default.contentsOfDirectory(atPath: run.predictionsFolder.path)
    let name = try #require(names.sorted().first { $0.hasSuffix(".nii.gz") })
    let map = run.predictionsFolder.appending(path: name)
    try FileManager.default.removeItem(at: map)
    let mask = name.replacingOccurrences(of: "Case", with: "mask_case")
    try FileManager.default.copyItem(at: sweep.folder.appending(path: "phantom/Mask/\(mask)"), to: map)
    try change(sweep, #""folds":"#, #""report": { "tolerances": [5] }, "folds":"#)
    let input = try report(sweep).input
    let all = input.variants.flatMap(\.finished).flatMap { $0.evaluations ?? [] }.compactMap(\.elements)
    #expect(!all.isEmpty && all.allSatisfy { $0.tolerances == [1, 2] })
    let words = "/predictions/\(name) holds other voxels than the label map that was scored: it was edited or replaced"
    #expect(input.remarks.count == 1 && input.remarks[0].contains(words), "\(input.remarks)")
  }

  /// They show the maps on the network's grid.
  @Test func overlaysShowNoReplacedLabelMap() throws {
    let sweep = try SmallSweep.trained()
    let run = try sweep.workspace.runDirectories()[0]
    let folder = run.predictionsFolder.appending(path: "network-grid")
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().first)
    let map = folder.appending(path: name)
    let tested = name.replacingOccurrences(of: ".nii.gz", with: "")
    var settings = ReportSession.Settings()
    (settings.overlays, settings.force) = ([tested], true)
    func words() throws -> String {
      let console = RecordedConsole()
      try ReportSession(
        specification: sweep.specification(), workspace: sweep.workspace, output: sweep.path("report"),
        settings: settings, program: SmallSweep.program, console: console
      ).write([.figures], searchPath: "", console: console)
      return console.errors
    }
    #expect(try !words().contains("among the overlays"))
    let volume = try NIfTI.read(map)
    var labels = Grid3(volume.grid.extent, values: volume.grid.values.map { UInt8($0) })
    labels.values[0] = labels.values[0] == 1 ? 0 : 1
    try NIfTI.write(preparedGrid: labels, spacing: volume.geometry.spacing, to: map)
    let told = try words()
    #expect(
      told.contains("\(tested) is not shown among the overlays: \(map.path) holds other voxels than the label map"),
      "\(told)")
    try FileManager.default.removeItem(at: map)
    #expect(run.lostPrediction(of: [tested])?.file == "predictions/network-grid/\(name)", "`safnet run` makes it again")
  }
}

import Experiments
import Foundation
import Metrics
import Reporting
import Scheduling
import Store
import Testing
import Training
import Volumes

import Workbench

@Suite struct PredictionStepTests {
  let sweep: SmallSweep
  let console = RecordedConsole()

  init() throws { sweep = try SmallSweep.trained() }

  private func specification(_ overrides: String...) throws -> Specification {
    try Specification.load(sweep.folder.appendingPathComponent("small.json"), overrides: overrides)
  }

  /// What `safnet run` does; the names of the runs that it trained.
  @discardableResult private func run(
    _ specification: Specification, _ settings: SweepSession.Settings = .init()
  ) throws -> [String] {
    let submissions = Submissions()
    var settings = settings
    settings.executor = "here"
    let session = SweepSession(
      specification: specification, workspace: sweep.workspace, settings: settings, program: SmallSweep.program,
      machine: .init(cores: 2, freeMemory: 1 << 40), executors: ExecutorList([.here(submissions)]), console: console)
    _ = try session.run(stop: StopFlag())
    return submissions.names
  }

  private func report(_ specification: Specification) throws -> Report {
    try ReportSession(
      specification: specification, workspace: sweep.workspace, output: sweep.path("report"),
      program: SmallSweep.program, console: console
    ).report
  }

  private func folders() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: sweep.workspace.runsFolder.path)
      .filter { $0.hasPrefix("predicted-") }.sorted()
  }

  /// The scores of a row's test cases are those of `safnet predict` and `safnet evaluate`, bit for bit.
  private func expectSame(
    _ row: ReportInput.Variant, _ fold: Int, by runs: [String], _ session: (inout PredictionSession) -> Void
  ) throws {
    let output = sweep.path("labels-\(fold)")
    var prediction = PredictionSession(
      runs: .named(runs), inputs: [sweep.path("phantom/MR")], output: output)
    prediction.threads = 1
    session(&prediction)
    _ = try prediction.run(in: sweep.workspace, program: SmallSweep.program, console: console)
    let scores = try #require(row.run(fold: fold)?.evaluations)
    #expect(!scores.isEmpty)
    for score in scores {
      var evaluated = try ImageEvaluation(
        prediction: "\(output)/\(score.name).nii.gz",
        truth: sweep.path("phantom/Mask/mask_\(score.name.lowercased()).nii.gz"), names: .run(runs[0]),
        in: sweep.workspace
      ).scores
      evaluated.name = score.name
      #expect(evaluated == score)
    }
  }

  @Test func finishedRunsAreScoredInOtherWaysWithoutTraining() throws {
    let plain = try report(specification())
    let specification = try specification(
      #"prediction=[{"mirror":true},{"checkpoint":"last","mirror":true,"levels":"consecutive","components":"largest"}]"#
    )
    #expect(try run(specification).isEmpty, "nothing is trained")
    #expect(console.errors.contains("scored SAFNet + mirror, fold 1 in "))
    let report = try report(specification)
    let both = "last epoch + mirror + consecutive levels + largest components"
    #expect(
      report.input.variants.map(\.name) == [
        "SAFNet", "SAFNet + mirror", "SAFNet + \(both)", "Base", "Base + mirror", "Base + \(both)",
      ])
    let rows = report.input.variants
    #expect(rows[0] == plain.input.variants[0] && rows[3] == plain.input.variants[1])
    for fold in 1...2 {
      let run = try #require(rows[3].run(fold: fold)).directory
      try expectSame(rows[4], fold, by: [run]) { $0.mirror = true }
      try FileManager.default.removeItem(atPath: sweep.path("labels-\(fold)"))
      try expectSame(rows[5], fold, by: [run]) {
        ($0.checkpoint, $0.mirror, $0.levels, $0.components) = (.last, true, .consecutive, ["largest"])
      }
      let stored = sweep.workspace.runDirectory(named: try #require(rows[4].run(fold: fold)).directory)
      let other = sweep.workspace.runDirectory(named: try #require(rows[5].run(fold: fold)).directory)
      #expect(try PredictedRecord(reading: stored.predictedFile).members.map(\.checkpoint) == ["best"])
      #expect(try PredictedRecord(reading: other.predictedFile).members.map(\.checkpoint) == ["last"])
      for name in try #require(rows[4].run(fold: fold)?.evaluations).map(\.name) {
        #expect(
          FileManager.default.fileExists(
            atPath: stored.predictionsFolder.appendingPathComponent("\(name).nii.gz").path))
      }
    }
    // Labels of the plain rows stay; the new rows say whose networks they are.
    let ablation = try #require(report.table(.ablation))
    #expect(ablation.notes.contains { $0.hasPrefix("Base + mirror: the networks of Base, not trained anew; the mean") })
    #expect(report.status == nil, "all runs have finished")
  }

  @Test func anEnsembleOfSeedsIsTheMeanOfAFoldsNetworks() throws {
    let specification = try specification("seeds=[2023,7]", #"prediction.ensemble="seeds""#)
    var settings = SweepSession.Settings()
    settings.selection.only = ["Base"]
    #expect(try run(specification, settings).count == 2, "the seed that is new")
    let rows = try report(specification).input.variants
    let row = try #require(rows.first { $0.name == "Base + ensemble of 2 seeds" })
    #expect(row.seeds.count == 1 && row.finished.count == 2)
    for fold in 1...2 {
      let members = try sweep.workspace.runDirectories().filter {
        let plan = try $0.plan()
        return plan.fold.number == fold && $0.name.hasPrefix("safnet-base-")
      }.map(\.name).sorted()
      #expect(members.count == 2)
      try expectSame(row, fold, by: members) { _ in }
    }
    let other = try #require(rows.first { $0.name == "SAFNet + ensemble of 2 seeds" })
    #expect(other.runs.allSatisfy { $0.state == "queued" && $0.evaluations == nil })
  }

  @Test func onlyWhatIsMissingIsMadeAgain() throws {
    let specification = try specification("prediction.mirror=true")
    try run(specification)
    let all = try folders()
    #expect(all.count == 4)
    let kept = sweep.workspace.runDirectory(named: all[0]).predictedFile
    let before = try Data(contentsOf: kept)
    let evaluation = sweep.workspace.runDirectory(named: all[1]).evaluationFile
    try Data("damaged".utf8).write(to: evaluation)
    try FileManager.default.removeItem(at: sweep.workspace.runDirectory(named: all[2]).url)
    let gaps = try report(specification).input.variants.flatMap(\.runs).filter { $0.state != "finished" }
    #expect(gaps.map(\.state) == ["not scored yet", "not scored yet"])
    let again = RecordedConsole()
    let step = PredictionStep(
      specification: specification, workspace: sweep.workspace, program: SmallSweep.program, threads: 1, console: again)
    let known = try KnownExperiment(specification, in: sweep.workspace, workers: 1)
    #expect(Set(try step.missing(of: known.runs).map(\.directoryName)) == Set(all[1...2]))
    try run(specification)
    #expect(try folders() == all && Data(contentsOf: kept) == before)
    #expect(try step.missing(of: known.runs).isEmpty)
  }

  @Test func scoresOfOtherWeightsDoNotCount() throws {
    let specification = try specification("prediction.mirror=true")
    try run(specification)
    let run = try sweep.workspace.runDirectories()[0]
    let journal = try Data(contentsOf: run.journal)
    // A run that was trained anew has another journal.
    try (journal + Data("\n".utf8)).write(to: run.journal)
    let states = try report(specification).input.variants.flatMap(\.runs).map(\.state)
    #expect(states.count(where: { $0 == "not scored with the weights of today" }) == 1)
  }

  /// A run is whole without the network that it did not test; a row of that network is not.
  @Test func aLostNetworkThatARowNeedsIsSaidWithTheWayOut() throws {
    let lost = try sweep.workspace.runDirectories()[0]
    try FileManager.default.removeItem(at: lost.lastCheckpoint)
    let failure = #expect(throws: PredictionStep.Failure.self) {
      try run(try specification("prediction.checkpoint=last"))
    }
    #expect(failure?.failed == 1)
    let advice =
      "type `safnet runs remove \(lost.name) --yes --workspace \(sweep.workspace.root.path)`, then this command"
    #expect(
      console.errors.contains("Take checkpoint out of the experiment's prediction") && console.errors.contains(advice),
      "\(console.errors)")
    try FileManager.default.removeItem(at: lost.url)
    #expect(try run(try specification("prediction.checkpoint=last")) == [lost.name])
  }

  /// Two rows of one variant test different networks, and say so.
  @Test func aRowOfTheOtherNetworkSaysWhichItIs() throws {
    let specification = try specification("prediction.checkpoint=last")
    try run(specification)
    let report = try report(specification)
    #expect(
      report.input.provenance.checkpoint
        == "best on the validation cases, where a row's name does not say another")
    #expect(
      try #require(report.table(.ablation)).notes.contains {
        $0 == "Base + last epoch: the networks of Base, not trained anew; the network of the last epoch."
      })
  }

  /// Where variants test different networks, a column has which: that of the row, not that of its variant.
  @Test func theColumnOfTestedNetworksIsTheRowsOwn() throws {
    let variants = #"variants=[{"name":"A"},{"name":"B","training":{"evaluate":"last"}}]"#
    let rows = try report(specification(variants, "prediction.checkpoint=last")).input.variants
    let tested = rows.map { row in row.fields.first { $0.label.hasSuffix("evaluate") }?.value }
    #expect(rows.map(\.name) == ["A", "A + last epoch", "B", "B + last epoch"])
    #expect(tested == ["best", "last", "last", "last"])
  }

  @Test func aReportMayLoseAWayThatNobodyAsksForAnyMore() throws {
    let specification = try specification("prediction.mirror=true")
    try run(specification)
    func write(_ specification: Specification) throws {
      try ReportSession(
        specification: specification, workspace: sweep.workspace, output: sweep.path("report"),
        program: SmallSweep.program, console: console
      ).write([.json, .csv], searchPath: "", console: console)
    }
    try write(specification)
    try write(try self.specification())
    try write(specification)
    // Asked for, and gone: that would be a loss.
    try FileManager.default.removeItem(at: sweep.workspace.runDirectory(named: try folders()[0]).url)
    #expect(throws: ReportRefusal.self) { try write(specification) }
  }

  @Test func otherCommandsDoNotTakeThemForRuns() throws {
    try run(try specification("prediction.mirror=true"))
    #expect(try sweep.workspace.runDirectories().count == 4)
    var settings = SweepSession.Settings()
    settings.dryRun = true
    try run(try specification("prediction.mirror=true"), settings)
    #expect(!console.output.contains { $0.contains("would be scored") })
    try run(try specification(#"prediction={"components":"largest"}"#), settings)
    #expect(console.output.contains("4 predictions would be scored"))
  }
}

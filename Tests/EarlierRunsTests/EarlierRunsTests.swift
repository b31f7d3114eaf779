import CPU
import Experiments
import Foundation
import Reporting
import Store
import TestSupport
import Testing
import Volumes
import Workbench

/// Runs of earlier programs are found, read and reported: a finished run is never trained again because a field was
/// added to the specification since.
@Suite struct EarlierRunsTests {
  /// A copy of the fixtures, since reading status writes an index.
  struct Copy {
    private let temporary: TemporaryFolder
    let workspace: Workspace

    init() throws {
      temporary = try TemporaryFolder()
      let folder = temporary.file("Workspace")
      let fixtures = Bundle.module.resourceURL!.appendingPathComponent("Fixtures")
      try FileManager.default.copyItem(at: fixtures, to: folder)
      workspace = Workspace(folder)
    }

    /// The experiment planned afresh, for the dataset that the runs were trained on.
    func plan(_ experiment: String) throws -> ExperimentPlan {
      let root = workspace.root
      let data = try Data(contentsOf: root.appendingPathComponent("present.json"))
      let present = try JSONDecoder().decode([String: [Bool]].self, from: data)
      let cases = present.keys.sorted().map { DatasetCase(name: $0, image: root, label: root) }
      let digest = "863c84ecad30f5d160925405620720a746cce431d5126a0f762e94b9576cb482"
      return try ExperimentPlan(
        specification: Specification.load(root.appendingPathComponent(experiment)),
        dataset: Dataset(root: root, layout: .mrSpineSeg, cases: cases),
        fingerprint: DatasetFingerprint(digest: digest, cases: cases.count), present: present)
    }
  }

  @Test(arguments: [("plain.json", 3), ("augmented.json", 2)])
  func plannedAfreshTheyHaveTheSameIdentities(experiment: String, runs: Int) throws {
    let copy = try Copy()
    let planned = try copy.plan(experiment).runs.filter { $0.fold == 1 }
    #expect(planned.count == runs)
    for run in planned {
      let stored = try copy.workspace.runDirectory(named: run.directoryName).readPlan()
      #expect(stored.identity == run.identity && stored.planJSON == run.plan.canonicalJSON)
      let read = try Plan(json: stored.planJSON, file: "plan.json")
      #expect(read == run.plan && read.identity == run.identity)
    }
  }

  @Test func statusFindsThem() throws {
    let copy = try Copy()
    let statuses = try StatusBoard(workspace: copy.workspace, runs: copy.plan("plain.json").runs).read()
    #expect(statuses.filter { $0.fold == 1 }.map(\.state) == [.finished, .finished, .finished])
    #expect(statuses.filter { $0.fold == 2 }.map(\.state) == [.queued, .queued, .queued])
    let all = try StatusBoard(workspace: copy.workspace, runs: nil).read()
    #expect(all.count == 5 && all.allSatisfy { $0.state == .finished && $0.testDice != nil })
  }

  @Test func runsShowDescribesThem() throws {
    let copy = try Copy()
    for run in try copy.workspace.runDirectories() {
      let description = try RunDescription(of: run)
      #expect(description.state == .finished && description.epochs.count == 1)
      #expect(description.text.contains("by safnet 0.1.0, an unrecorded numerics version, commit 0c88b371899a"))
    }
  }

  @Test(arguments: ["plain.json", "augmented.json"]) func reportsReadTheirScores(experiment: String) throws {
    let copy = try Copy()
    let input = try ReportInput(
      plan: copy.plan(experiment), workspace: copy.workspace, engine: CPUEngine(), software: "later")
    for variant in input.variants {
      #expect(variant.runs.map(\.state) == ["finished", "queued"])
      let run = try #require(variant.run(fold: 1))
      #expect(run.evaluations?.map(\.name) == ["Case1"] && run.epochs.count == 1 && run.numerics == [nil])
      let directory = copy.workspace.runDirectory(named: run.directory)
      let dice = try Journal.read(directory.journal).compactMap { timed -> Double? in
        if case .evaluated(let record) = timed.event { record.meanDice } else { nil }
      }
      #expect(dice == [run.evaluations?.first?.meanDice])
    }
    let report = Report(input)
    #expect(
      report.status
        == "\(input.variants.count) of \(2 * input.variants.count) runs have finished; means over fewer folds say so.")
    #expect(!String(decoding: ReportRecord(report).json, as: UTF8.self).contains("numerics"))
  }
}

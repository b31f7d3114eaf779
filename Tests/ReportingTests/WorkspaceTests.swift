import CPU
import Compute
import Experiments
import Foundation
import Networks
import Metrics
import Reporting
import Store
import TestSupport
import Testing
import Volumes

/// The way from run directories to a report.
@Suite struct WorkspaceTests {
  private let temporary: TemporaryFolder
  private let workspace: Workspace
  private let plan: ExperimentPlan

  private static let specification = """
    { "name": "try", "title": "A try", "dataset": { "path": "set", "labels": { "L1": 1, "L1/L2": 2, "L2": 3 } },
      "preprocessing": { "size": [4, 16, 16] }, "folds": { "count": 2, "validation": 1 },
      "training": { "batch": 2 },
      "model": { "width": 16, "stem": [8, 16] },
      "variants": [ { "name": "SAFNet" },
        { "name": "Base", "model": { "aspp": false, "multiscale": false, "attention": false } } ],
      "report": { "baseline": "Base" } }
    """

  init() throws {
    temporary = try TemporaryFolder()
    let folder = temporary.url
    let file = try temporary.write("try.json", Self.specification)
    let names = (1...8).map { "Case\($0)" }
    let dataset = Dataset(
      root: folder, layout: .mrSpineSeg, cases: names.map { DatasetCase(name: $0, image: folder, label: folder) })
    plan = try ExperimentPlan(
      specification: Specification.load(file), dataset: dataset,
      fingerprint: DatasetFingerprint(digest: "ab", cases: 8),
      present: Dictionary(uniqueKeysWithValues: names.map { ($0, [true, true, true]) }))
    workspace = Workspace(folder.appending(path: "Workspace"))
    try workspace.prepare()
  }

  private func create(_ run: PlannedRun) throws -> (RunDirectory, JournalWriter) {
    let directory = workspace.runDirectory(named: run.directoryName)
    let environment = EnvironmentRecord(
      host: "h", cpu: "Processor 9000", cores: 2, memory: 1 << 34, system: "Linux", programVersion: "1.2.3",
      instructionSet: "avx2", threads: 2, startTime: Date(timeIntervalSince1970: 0), commandLine: [])
    try directory.create(planJSON: run.plan.canonicalJSON, identity: run.identity, environment: environment)
    let journal = try JournalWriter(url: directory.journal)
    try journal.append(
      .epoch(
        EpochRecord(
          epoch: 1, trainingLoss: 0.5, learningRate: 1e-3, validationDice: [0.4, nil, 0.6], meanDice: 0.5, monitor: 0.5,
          seconds: 3)))
    return (directory, journal)
  }

  private func finish(_ run: PlannedRun, gain: Double, identity: String? = nil, structures: [String]? = nil) throws {
    let (directory, journal) = try create(run)
    let scores = run.plan.fold.test.enumerated().map { index, name in
      Fixture.evaluation(name, dice: [0.5 + gain, nil, 0.6 + gain + 0.01 * Double(index)])
    }
    try EvaluationFile.write(
      StoredEvaluation(
        planIdentity: identity ?? run.identity, structures: structures ?? ["L1", "L1/L2", "L2"], cases: scores),
      to: directory.evaluationFile)
    try journal.append(.finished(FinishRecord(epochs: 1, seconds: 4, peakMemory: 1 << 30)))
  }

  private func input() throws -> ReportInput {
    try ReportInput(plan: plan, workspace: workspace, engine: CPUEngine(), software: "1.2.3")
  }

  @Test func anEmptyWorkspaceHasOnlyQueuedRuns() throws {
    let input = try input()
    #expect(input.variants.flatMap(\.runs).map(\.state) == Array(repeating: "queued", count: 4))
    #expect(input.structures == ["L1", "L1/L2", "L2"])
    #expect(input.groups == [.init(name: "vertebrae", structures: [0, 2]), .init(name: "discs", structures: [1])])
    #expect(input.baseline == "Base" && input.proposed == "SAFNet" && input.folds == [1, 2])
    #expect(input.provenance.dataset == "ab" && input.provenance.specification.count == 64)
    #expect(Report(input).status?.hasPrefix("No fold has finished yet") == true)
  }

  @Test func finishedRunsAreReadAndOthersAreNot() throws {
    for run in plan.runs(of: "SAFNet") { try finish(run, gain: 0.2) }
    try finish(plan.runs(of: "Base")[0], gain: 0)
    let (_, journal) = try create(plan.runs(of: "Base")[1])
    try journal.append(.interrupted(InterruptionRecord(reason: "SIGTERM", epoch: 1, stepInEpoch: 0)))
    let input = try input()
    let runs = input.variants.flatMap(\.runs)
    #expect(runs.map(\.state) == ["finished", "finished", "finished", "interrupted"])
    #expect(
      runs.map { $0.evaluations?.map(\.name) }
        == plan.runs.map { $0.identity == runs[3].identity ? nil : $0.plan.fold.test })
    #expect(
      runs[3].epochs == [
        .init(number: 1, trainingLoss: 0.5, learningRate: 1e-3, validationDice: 0.5, monitor: 0.5, seconds: 3)
      ])
    #expect(
      runs[0].machine
        == .init(processor: "Processor 9000", threads: 2, system: "Linux", software: "1.2.3", instructionSet: "avx2"))
    #expect(runs[0].peakMemory == 1 << 30)
    let cost = try #require(input.variants[0].cost)
    #expect(cost.parameters > input.variants[1].cost!.parameters && cost.trainingBytes > 0)
    #expect(input.variants[1].components.map(\.isPresent) == [false, false, false, false])
    let report = Report(input)
    #expect(report.table(.folds)?.cell(row: "Base", column: "Mean")?.number?.coverage == "1/2 folds")
    expectClose(report.table(.folds)?.cell(row: "Base", column: "Fold 1")?.number?.value, 55.5, bound: 0.01)
  }

  @Test func theIndexPlaysNoPart() throws {
    for run in plan.runs { try finish(run, gain: 0.1) }
    let before = ReportFiles(Report(try input()))
    _ = try WorkspaceIndex(workspace).refresh()
    try FileManager.default.removeItem(at: workspace.indexFile)
    #expect(ReportFiles(Report(try input())) == before)
  }

  /// The run is damaged, which `safnet run` mends; the table says so and has no number of it.
  @Test func scoresOfAnotherRunAreNotShown() throws {
    try finish(plan.runs[0], gain: 0, identity: plan.runs[1].identity)
    let run = try #require(try input().variants[0].run(fold: 1))
    #expect(run.state == "damaged" && run.evaluations == nil)
  }

  @Test func scoresOfOtherStructuresAreRefused() throws {
    try finish(plan.runs[0], gain: 0, structures: ["L1", "L2", "L3"])
    let error = #expect(throws: ReportSourceError.self) { try input() }
    #expect(error?.description.contains("has scores for L1, L2, L3, not for L1, L1/L2, L2: it is") == true)
  }

  @Test func aChangedByteInTheScoresIsFound() throws {
    try finish(plan.runs[0], gain: 0)
    let file = workspace.runDirectory(named: plan.runs[0].directoryName).evaluationFile
    var data = try Data(contentsOf: file)
    data[data.count / 2] ^= 1
    try data.write(to: file)
    #expect(throws: StoreError.self) { try input() }
  }

  @Test func withoutImagesThereAreNoOverlays() throws {
    for run in plan.runs { try finish(run, gain: 0.1) }
    let cache = PreparedCache(
      directory: workspace.cacheFolder, fingerprint: "ab", labels: plan.labels,
      preprocessing: plan.specification.preprocessing)
    let found = Overlay.stored(for: try input(), cache: cache, workspace: workspace)
    let chosen = Overlay.choice(try input()).count
    #expect(found.overlays.isEmpty && found.missing.count == chosen)
    #expect(found.missing.allSatisfy { $0.contains("is not shown among the overlays") })
  }
}

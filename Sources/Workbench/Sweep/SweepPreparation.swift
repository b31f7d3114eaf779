import Experiments
import Foundation
import Measurement
import Networks
import Scheduling
import Store
import System
import Text
import Training
import Volumes

/// Before the sweep: the experiment is opened, the machine checked, and the run directories are made.
extension SweepSession {
  /// What is to be done, once everything that can be checked was checked.
  struct PreparedSweep {
    let chosen: [PlannedRun]
    let review: RunReview
    let runs: [SweepRun]
    let allotment: Allotment
    let forecast: SweepForecast?
    /// Ways of predicting that are to be scored once the runs have finished.
    let predictions: [PlannedPrediction]
    let step: PredictionStep
    let cache: PreparedCache
  }

  private func predictionStep(_ opened: OpenedExperiment) throws -> PredictionStep {
    var step = PredictionStep(
      specification: specification, workspace: workspace, program: program, threads: settings.threads ?? machine.cores,
      console: console)
    step.test = try OpenedTest(
      of: specification, beside: opened, in: workspace, workers: machine.cores, keeps: !settings.dryRun,
      report: PreparationLines(console).show)
    return step
  }

  func prepare(_ executor: ExecutorEntry) throws -> PreparedSweep {
    let selection = try settings.selection.checked(with: specification)
    try lookAround()
    try lookForAnotherWorkspace()
    try tellOfLostRecord()
    tellOfNamesakes()
    for line in specification.unlikelyValues { console.error("warning: \(line)") }
    if settings.dryRun { try workspace.checkPreparation() } else { try workspace.prepare() }
    var opening = ExperimentOpening(
      specification: specification, workspace: workspace, workers: machine.cores, report: PreparationLines(console).show
    )
    if executor.usesThisMachine {
      opening.beforePreparing = {
        try check(classes: $0, only: selection.variants)
        try refuseShortages(classes: $0, folds: $1, images: $2, of: selection.variants)
      }
    }
    opening.keeps = !settings.dryRun
    let opened = try opening.open()
    let chosen = try selection.runs(of: opened.plan)
    try StartLeak.refuse(
      chosen, among: opened.plan.runs, in: workspace,
      found: settings.dryRun ? specification.startSources(in: workspace) : [:])
    if let words = selection.words(chosen: chosen, of: opened.plan) { console.error(words) }
    let misnamed = try MisnamedRuns(in: workspace, asked: Set(chosen.map(\.directoryName)))
    for sentence in misnamed.sentences { console.error("warning: \(sentence)") }
    if let words = RenamedVariants(chosen, of: specification, in: workspace).words { console.error("notice: \(words)") }
    let review = try RunReview(
      chosen, in: workspace, mixesNumerics: settings.mixesNumerics,
      environment: settings.dryRun ? nil : { environment(threads: settings.threads ?? machine.cores) })
    tell(review)
    if !review.unfinished.isEmpty { try tellOfEarlierRuns(chosen, opened) }
    // Caches of earlier programs do not say which images they hold, which a test set must not.
    if specification.test != nil, !settings.dryRun, opened.cache.readSummary() == nil {
      try opening.checkCases(of: opened)
    }
    let step = try predictionStep(opened)
    let predictions = try step.missing(of: opened.plan.runs, among: chosen)
    // A sweep that is complete must answer at once; any other first checks every case it will read.
    if review.unfinished.isEmpty, predictions.isEmpty {
      remind(of: opening.knownWarnings(of: opened))
    } else {
      try opening.checkCases(of: opened)
    }
    var costs = RunCosts(program.engine, images: opened.images)
    let taking = chosen.filter { run in !review.refused.contains { $0.run == run } }
    let runs = taking.map { sweepRun($0, costs.cost(of: $0.plan)) }
    let fitting = try preflight(review.unfinished, opened.plan, executor, &costs)
    let (allotment, forecast) = share(review.unfinished, fitting, executor, &costs)
    if !settings.dryRun {
      try opened.writeSplits(to: workspace.root.appendingPathComponent("splits/\(specification.name)"))
      try workspace.write(try record(of: opened.plan.runs))
      try createDirectories(review.unfinished, threads: allotment.threads(unfinished: review.unfinished.count))
    }
    return PreparedSweep(
      chosen: chosen, review: review, runs: runs, allotment: allotment, forecast: forecast,
      predictions: predictions, step: step, cache: opened.cache)
  }

  /// What was trained, is being trained or was left for what the experiment said before.
  private func tellOfEarlierRuns(_ chosen: [PlannedRun], _ opened: OpenedExperiment) throws {
    let (stored, all) = (try StoredRuns(workspace), opened.plan.runs)
    let texts =
      [PlanChanges.Kind.finished, .left].map { kind in
        PlanChanges(planned: chosen, among: all, of: specification, in: stored, kind, current: opened.summary).text
      } + [
        EarlierSweep(planned: chosen, among: all, of: specification, in: workspace, stored, current: opened.summary)
          .text
      ]
    for text in texts.compactMap(\.self) { console.error("notice: \(text)") }
  }

  /// What the experiment asks for; a variant that could not be planned this time keeps what it asked for before.
  private func record(of runs: [PlannedRun]) throws -> ExperimentRecord {
    var record = ExperimentRecord(specification.name, runs)
    record.file = specification.file.map(workspace.recorded)
    guard let before = workspace.experimentRecords().first(where: { $0.name == record.name }) else { return record }
    record.variants += before.variants.filter { leftOut.contains($0.name) }
    let known = try Set(workspace.runNames())
    record.remember(before, where: known.contains)
    return record
  }

  func sweepRun(_ run: PlannedRun, _ cost: RunCost?) -> SweepRun {
    let directory = workspace.runDirectory(named: run.directoryName)
    return SweepRun(
      name: run.directoryName, label: run.label.oneLine, variant: run.variant, directory: directory.url,
      log: directory.logFile, work: cost?.work ?? 0, memory: cost?.memory ?? 0)
  }

  private func preflight(
    _ runs: [PlannedRun], _ plan: ExperimentPlan, _ executor: ExecutorEntry, _ costs: inout RunCosts
  ) throws -> Allotment {
    if executor.usesThisMachine { try check(classes: plan.labels.classes, only: Set(runs.map(\.variant))) }
    let all = runs.map { costs.cost(of: $0.plan) }
    let memory = all.map(\.memory).max() ?? 1
    let allotment = executor.allotment(
      .init(
        runs: max(runs.count, 1), memoryPerRun: memory, machine: machine,
        jobs: devices.isEmpty ? settings.jobs : devices.count,
        threads: settings.threads))
    let shortages =
      executor.usesThisMachine
      ? specification.memoryShortages(
        classes: plan.labels.classes, folds: plan.folds.map { FoldSizes($0) }, free: machine.freeMemory,
        engine: program.engine, images: costs.images) : []
    let preflight = Preflight(
      diskNeeded: Preflight.disk(
        of: zip(all, runs).map { cost, run in
          (cost.disk(earlierCheckpoints: settings.keepCheckpoints), workspace.runDirectory(named: run.directoryName))
        }),
      diskFree: Machine.freeDisk(at: workspace.root),
      memoryPerRun: memory, shortages: shortages.filter { short in runs.contains { $0.variant == short.variant } },
      machine: executor.usesThisMachine ? machine : nil, allotment: allotment)
    let findings = preflight.findings()
    for finding in findings { console.error("\(finding.isFatal && !settings.force ? "error" : "warning"): \(finding)") }
    if !settings.force, findings.contains(where: \.isFatal) { throw PreflightFailure() }
    return allotment
  }

  /// With every device that will be handed out.
  private func check(classes: Int, only variants: Set<String>) throws(EngineRefusal) {
    for engine in devices.isEmpty ? [program.engine] : devices {
      try specification.check(with: engine, classes: classes, only: variants)
    }
  }

  /// What would not fit is said before minutes are spent on preparing cases.
  private func refuseShortages(
    classes: Int, folds: [FoldSizes], images: ImageGrids?, of variants: Set<String>
  ) throws {
    if settings.force { return }
    let shortages = specification.memoryShortages(
      classes: classes, folds: folds, free: machine.freeMemory, engine: program.engine, images: images
    ).filter { variants.contains($0.variant) }
    for shortage in shortages { console.error("error: \(shortage)") }
    if !shortages.isEmpty { throw PreflightFailure() }
  }

  private func createDirectories(_ runs: [PlannedRun], threads: Int) throws {
    if runs.isEmpty { return }
    let environment = environment(threads: threads)
    for run in runs {
      try workspace.runDirectory(named: run.directoryName).create(
        planJSON: run.plan.canonicalJSON, identity: run.identity, environment: environment)
    }
  }

  private func environment(threads: Int) -> EnvironmentRecord {
    .current(
      programVersion: program.version, numericsVersion: .current, source: source.state(of: program, console),
      engine: program.engine.name, instructionSet: program.engine.hardware, threads: threads,
      commandLine: program.commandLine)
  }
}

extension ExperimentRecord {
  /// Of everything that an experiment asks for, whatever was chosen of it.
  fileprivate init(_ name: String, _ runs: [PlannedRun]) {
    var (order, names) = ([String](), [String: [String]]())
    for run in runs {
      if names[run.variant] == nil { order.append(run.variant) }
      names[run.variant, default: []].append(run.directoryName)
    }
    self.init(name: name, variants: order.map { Variant(name: $0, runs: names[$0] ?? []) })
  }
}

/// Asks Git once, when the first plan is written, and says when it does not answer.
final class SourceLook {
  private var found: (state: SourceState?, isLate: Bool)?

  func state(of program: RunningProgram, _ console: any Console) -> SourceState? {
    if let found { return found.state }
    let look = SourceState.look(at: program.executable)
    if look.isLate {
      console.error("notice: git did not answer in time; the runs do not record their program's commit")
    }
    found = look
    return look.state
  }
}

/// The findings were written already.
package struct PreflightFailure: Error, CustomStringConvertible {
  package var description: String { "this machine is too small for the sweep; --force starts it all the same" }
}

import Experiments
import Foundation
import Metrics
import Store
import System

extension ReportInput.Run {
  /// Scores count only once the run has finished: what an interrupted one left behind may be half of them.
  init(_ planned: PlannedRun, in workspace: Workspace, structures: [String]) throws {
    do {
      try self.init(reading: planned, in: workspace, structures: structures)
    } catch let error as SystemError where error.isOfOneFile {
      // A link to itself, a folder, a file of somebody else: it costs its own run's cells, which is counted as damaged.
      self.init(
        fold: planned.fold, seed: planned.seed, identity: planned.identity, directory: planned.directoryName,
        state: RunState.damaged.rawValue, plan: String(decoding: planned.plan.canonicalJSON, as: UTF8.self))
    }
  }

  private init(reading planned: PlannedRun, in workspace: Workspace, structures: [String]) throws {
    let name = planned.directoryName
    let directory = workspace.runDirectory(named: name)
    let isBegun = directory.exists
    let found = isBegun ? try directory.planIfIntact() : nil
    // A stored plan of the same identity is the same text.
    let text = found.flatMap { $0.identity == planned.identity ? $0.planJSON : nil } ?? planned.plan.canonicalJSON
    self.init(
      fold: planned.fold, seed: planned.seed, identity: planned.identity, directory: name, state: "queued",
      plan: String(decoding: text, as: UTF8.self))
    guard isBegun else { return }
    // One run whose plan is lost or damaged costs its own cells: `safnet run` writes the plan anew.
    guard let stored = found else {
      state = RunState.damaged.rawValue
      return
    }
    guard stored.identity == planned.identity else {
      throw ReportSourceError.otherRun(
        file: directory.planFile.path, expected: planned.identity, found: stored.identity)
    }
    let history = try directory.history()
    let state = try directory.state(after: history)
    self.state = state.rawValue
    machine = ReportInput.Machine(stored.environment)
    numerics = history.numerics
    lastTime = history.lastEvent?.time
    epochs = history.epochs.map(ReportInput.Epoch.init)
    peakMemory = history.finish?.peakMemory
    standing = ReportInput.Standing(history, state, directory)
    guard state == .finished else { return }
    let scores = try Self.scores(directory, planned.identity, structures)
    (evaluations, networkGrid, ceiling) = (scores.scores, scores.cases, scores.imageGrid?.ceiling)
  }

  private static func scores(
    _ run: RunDirectory, _ identity: String, _ structures: [String]
  ) throws -> StoredEvaluation {
    let stored = try EvaluationFile.read(run.evaluationFile)
    guard stored.planIdentity == identity else {
      throw ReportSourceError.otherRun(file: run.evaluationFile.path, expected: identity, found: stored.planIdentity)
    }
    guard stored.structures == structures else {
      throw ReportSourceError.otherStructures(
        file: run.evaluationFile.path, expected: structures, found: stored.structures)
    }
    return stored
  }
}

extension ReportInput.Standing {
  fileprivate init(_ history: RunHistory, _ state: RunState, _ directory: RunDirectory) {
    self.init()
    (best, testDice) = (history.best?.monitor, history.evaluation?.meanDice)
    (seconds, failure) = (history.seconds, state == .failed ? history.failure?.message : nil)
    // Notes that cannot be read are `runs list`'s to complain about: no number rests on them.
    notes = (try? directory.readNotes()) ?? RunNotes()
  }
}

extension ReportInput.Epoch {
  fileprivate init(_ record: EpochRecord) {
    self.init(
      number: record.epoch, trainingLoss: record.trainingLoss, learningRate: record.learningRate,
      validationDice: record.meanDice, monitor: record.monitor, seconds: record.seconds)
  }
}

extension ReportInput.Machine {
  init(_ environment: EnvironmentRecord) {
    self.init(
      processor: environment.cpu, threads: environment.threads, system: environment.system,
      software: environment.programVersion, instructionSet: environment.instructionSet)
  }
}

extension ReportInput {
  /// Puts every score on one grid: the images' own where every finished run has it, else the network's.
  mutating func settleGrid() {
    let finished = variants.flatMap(\.finished)
    let without = finished.filter { $0.ceiling == nil }
    guard !finished.isEmpty, without.isEmpty else {
      let isMixed = without.count < finished.count
      grid = .network(scoredOnlyThere: isMixed ? without.map(\.directory) : nil)
      for variant in variants.indices {
        for run in variants[variant].runs.indices {
          variants[variant].runs[run].evaluations = variants[variant].runs[run].networkGrid
          variants[variant].runs[run].networkGrid = nil
        }
      }
      return
    }
    grid = .image
  }
}

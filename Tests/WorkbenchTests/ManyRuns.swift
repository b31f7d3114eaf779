import CPU
import Experiments
import Foundation
import Metrics
import Store
import TestSupport
import Volumes
import Workbench

/// A workspace with real run directories, of which nothing was trained: their scores are made up.
struct ManyRuns {
  let specification: Specification
  let workspace: Workspace

  /// 5 widths x `rates` learning rates, on five folds, with so many seeds.
  static func json(rates: Int, seeds: Int, epochs: Int) -> String {
    let values = (1...rates).map { "\(Double($0) / 1e4)" }.joined(separator: ", ")
    let numbers = (0..<seeds).map { "\(2023 + $0)" }.joined(separator: ", ")
    return """
      {
        "name": "many",
        "dataset": { "path": "phantom", "phantom": { "cases": 40, "seed": 5, "height": 64, "width": 64 } },
        "preprocessing": { "size": [6, 32, 16] },
        "augmentation": false,
        "folds": { "count": 5, "validation": 1 },
        "model": { "kind": "safnet", "stem": [8, 16] },
        "training": { "epochs": \(epochs), "batch": 2 },
        "seeds": [\(numbers)],
        "grid": { "model.width": [16, 32, 48, 64, 80], "training.learningRate": [\(values)] },
        "variants": [ { "name": "SAFNet" } ]
      }
      """
  }

  /// Makes everything in a folder; what is there already is left.
  init(in folder: URL, rates: Int, seeds: Int, epochs: Int = 25) throws {
    let file = folder.appendingPathComponent("many.json")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(Self.json(rates: rates, seeds: seeds, epochs: epochs).utf8).write(to: file)
    specification = try Specification.load(file)
    workspace = Workspace(folder.appendingPathComponent("Workspace", isDirectory: true))
    try workspace.prepare()
    let opening = ExperimentOpening(specification: specification, workspace: workspace, workers: 2) { _ in }
    for run in try opening.open().plan.runs { try write(run) }
  }

  private func write(_ run: PlannedRun) throws {
    let directory = workspace.runDirectory(named: run.directoryName)
    if directory.exists { return }
    try directory.create(
      planJSON: run.plan.canonicalJSON, identity: run.identity,
      environment: .current(programVersion: "1", instructionSet: "scalar", threads: 1, commandLine: []))
    let journal = try JournalWriter(url: directory.journal)
    try journal.append(
      .started(
        WorkerRecord(host: "h", pid: 1, threads: 1, instructionSet: "scalar", programVersion: "1", attempt: 1)))
    let structures = run.plan.structures.names
    let dice = structures.indices.map { Optional(0.5 + 0.01 * Double($0) + 0.001 * Double(run.seed % 100)) }
    for epoch in 1...run.plan.training.epochs {
      try journal.append(
        .epoch(
          EpochRecord(
            epoch: epoch, trainingLoss: 1 / Double(epoch), learningRate: 1e-3, validationDice: dice, meanDice: 0.5,
            monitor: 0.5, seconds: 1)))
    }
    let empty = Checkpoint(
      planIdentity: run.identity, programVersion: "1", epoch: run.plan.training.epochs, step: run.plan.training.epochs,
      journalPosition: 0,
      history: [0.5], sections: [:])
    try CheckpointFile.write(empty, to: directory.bestCheckpoint)
    try CheckpointFile.write(empty, to: directory.lastCheckpoint)
    let cases = run.plan.fold.test.enumerated().map { score($1, $0, structures.count, Double(run.seed % 7)) }
    let ceiling = cases.map { $0.dice.map { _ in Optional(0.9) } }
    try EvaluationFile.write(
      StoredEvaluation(
        planIdentity: run.identity, structures: structures, cases: cases,
        imageGrid: .init(cases: cases, ceiling: ceiling)),
      to: directory.evaluationFile)
    try journal.append(.finished(FinishRecord(epochs: run.plan.training.epochs, seconds: 30, peakMemory: 1 << 30)))
  }

  private func score(_ name: String, _ index: Int, _ structures: Int, _ shift: Double) -> CaseEvaluation {
    let dice = (0..<structures).map { Optional(0.6 + 0.02 * Double((index + $0) % 9) + 0.01 * shift) }
    let voxels = Array(repeating: 100, count: structures)
    return CaseEvaluation(
      name: name, dice: dice, surfaceDistance: dice.map { $0.map { 2 - $0 } },
      hausdorff95: dice.map { $0.map { 4 - $0 } },
      truthVoxels: voxels, predictedVoxels: voxels, commonVoxels: voxels,
      confusion: Array(repeating: 0, count: (structures + 1) * (structures + 1)))
  }
}

import Experiments
import Foundation
import Interchange
import Metrics
import Store
import System
import Training
import Volumes

/// What runs predicted of their test cases: label maps on the images' own grids, and their scores.
struct TestPredictions {
  /// One run's.
  struct Part {
    let run: RunDirectory
    let plan: Plan
    let source: NetworkSource
    let scores: [CaseEvaluation]

    /// A case's label map, as the run keeps it.
    func file(_ name: String) -> URL { run.predictionsFolder.appendingPathComponent("\(name).nii.gz") }
  }

  let parts: [Part]

  /// - Throws: runs that were not tested, or not on the images' own grids; structures that differ; a case that two of the
  ///   runs have tested.
  init(_ runs: ExportedRuns, _ program: RunningProgram) throws {
    parts = try runs.directories.map { try Part($0, program) }
    var owner: [String: String] = [:]
    for part in parts {
      guard part.plan.structures == parts[0].plan.structures else {
        throw TrainedNetworks.Mismatch.structures(first: parts[0].run.name, second: part.run.name)
      }
      for one in part.scores {
        if let other = owner.updateValue(part.run.name, forKey: one.name) {
          throw ExportRefusal.testedTwice(name: one.name, first: other, second: part.run.name)
        }
      }
    }
  }

  var structures: LabelMap { parts[0].plan.structures }
  var plans: [Plan] { parts.map(\.plan) }

  /// All cases in order of the runs, each with its run.
  var cases: [(part: Part, name: String)] { parts.flatMap { part in part.scores.map { (part, $0.name) } } }
}

extension TestPredictions.Part {
  fileprivate init(_ run: RunDirectory, _ program: RunningProgram) throws {
    let stored = try run.requirePlan()
    plan = try Plan(
      json: stored.planJSON, file: run.planFile.path, networks: program.networks, losses: program.losses)
    self.run = run
    guard access(run.evaluationFile.path, F_OK) == 0 else { throw ExportRefusal.notTested(run: run.name) }
    let evaluation = try EvaluationFile.read(run.evaluationFile)
    guard let imageGrid = evaluation.imageGrid else { throw ExportRefusal.onNetworkGrid(run: run.name) }
    scores = imageGrid.cases
    let record = try run.history().evaluation
    source = NetworkSource(
      run: run.name, fold: plan.fold.number, checkpoint: "best", epoch: record?.epoch ?? 0, plan: stored.identity,
      weights: try CheckpointFile.read(run.bestCheckpoint).weightsDigest)
  }

  /// The label map's bytes, after a look whether it is the one whose scores go with it.
  ///
  /// - Throws: `ExportRefusal.lostLabelMap` where it is none any more, `replacedLabelMap` where it is another.
  func labelMap(_ name: String) throws -> Data {
    let volume = try volume(name)
    guard let classes = plan.structures.classes(of: volume),
      scores.contains(where: { $0.name == name && $0.canBe(of: classes, spacing: volume.geometry.spacing) })
    else { throw ExportRefusal.replacedLabelMap(.init(file(name), of: run, mender: "`\(command)`")) }
    return try RegularFile.read(file(name), limit: 1 << 31)
  }

  private func volume(_ name: String) throws -> Volume {
    do { return try NIfTI.read(file(name)) } catch {
      if error.isLack(of: file(name)) { throw error }
      throw ExportRefusal.lostLabelMap(
        file: file(name).path, isThere: access(file(name).path, F_OK) == 0, command: command)
    }
  }

  /// What makes its label maps anew.
  private var command: String {
    Workspace(run.url.deletingLastPathComponent().deletingLastPathComponent()).runCommand(for: run.name)
  }
}

extension NIfTIError {
  /// Whether the file is there, or elsewhere, and it is rights, memory or a disk that keep it from being read: it may be sound.
  package func isLack(of file: URL) -> Bool {
    switch self {
    case .deadLink: true
    case .cannotOpen, .noMemory, .refusedBySystem: access(file.path, F_OK) == 0
    default: false
    }
  }
}

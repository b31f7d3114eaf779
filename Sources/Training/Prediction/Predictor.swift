import Compute
import Experiments
import Foundation
import Models
import Networks
import Store
import Volumes

/// A trained run as a tool: a NIfTI image in, a label map in the image's own geometry out.
package struct Predictor {
  /// Which of the run's networks.
  package enum Choice: String, CaseIterable, Sendable { case best, last }

  package let runName: String
  /// The finished epochs of the network.
  package let epoch: Int
  private let plan: Plan
  private let session: any NetworkSession

  package init(
    run: RunDirectory, choice: Choice, engine: any Engine, threads: Int, networks: NetworkRegistry = .standard,
    losses: LossRegistry = .standard
  ) throws {
    runName = run.name
    plan = try run.plan(networks: networks, losses: losses)
    let file = choice == .best ? run.bestCheckpoint : run.lastCheckpoint
    guard FileManager.default.fileExists(atPath: file.path) else { throw RunError.noEvaluableCheckpoint(run: run.name) }
    let checkpoint = try CheckpointFile.read(file)
    epoch = checkpoint.epoch
    session = try engine.checkedSession(SessionRequest(plan, trainingBatches: [], threads: threads))
    try session.importState(SessionState(checkpoint))
  }

  package func predict(_ image: URL, to output: URL) throws {
    let input = try PredictionInput(image, preprocessing: plan.preprocessing)
    try input.write(try session.predict(input.image), map: plan.structures, to: output)
  }
}

extension RunDirectory {
  /// The plan it was made for.
  package func plan(networks: NetworkRegistry = .standard, losses: LossRegistry = .standard) throws -> Plan {
    try Plan(json: readPlan().planJSON, file: planFile.path, networks: networks, losses: losses)
  }
}

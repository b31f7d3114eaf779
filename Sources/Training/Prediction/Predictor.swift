import Compute
import Experiments
import Foundation
import Models
import Networks
import Store
import System
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
    run: RunDirectory, choice: Choice, engine: any Engine, threads: Int, networks: NetworkRegistry = .standard
  ) throws {
    runName = run.name
    plan = try run.plan(networks: networks)
    let file = choice == .best ? run.bestCheckpoint : run.lastCheckpoint
    let checkpoint: Checkpoint
    do { checkpoint = try CheckpointFile.read(file) } catch { throw try Self.reason(error, file, of: run, choice) }
    epoch = checkpoint.epoch
    session = try engine.checkedSession(SessionRequest(plan, trainingBatches: [], threads: threads))
    try session.importState(SessionState(checkpoint))
  }

  /// What leads out of it when a network cannot be read: `safnet run` mends the one that was tested, and no other.
  private static func reason(_ error: any Error, _ file: URL, of run: RunDirectory, _ choice: Choice) throws
    -> any Error
  {
    let isMissing = (error as? SystemError)?.code == ENOENT
    guard isMissing || (error as? StoreError)?.isDamage == true else { return error }
    if try run.state() == .finished,
      let flaw = try run.flaws(.full).first(where: { $0.file == file.lastPathComponent }), !flaw.isNeeded
    {
      return RunError.networkLost(
        file: file.path, cause: "it \(flaw.cause)", other: choice == .best ? "last" : "best", run: run.name)
    }
    return isMissing ? RunError.noEvaluableCheckpoint(run: run.name) : error
  }

  package func predict(_ image: URL, to output: URL) throws {
    let input = try PredictionInput(image, preprocessing: plan.preprocessing)
    try input.write(try session.predict(input.image), map: plan.structures, to: output)
  }
}

extension RunDirectory {
  /// The plan it was made for.
  package func plan(networks: NetworkRegistry = .standard) throws -> Plan {
    try Plan(json: readPlan().planJSON, file: planFile.path, networks: networks)
  }
}

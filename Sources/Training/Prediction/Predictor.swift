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
    run: RunDirectory, choice: Choice, engine: any Engine, threads: Int, networks: NetworkRegistry = .standard,
    losses: LossRegistry = .standard
  ) throws {
    runName = run.name
    let stored = try run.readPlan()
    plan = try Plan(json: stored.planJSON, file: run.planFile.path, networks: networks, losses: losses)
    let file = choice == .best ? run.bestCheckpoint : run.lastCheckpoint
    let checkpoint: Checkpoint
    do { checkpoint = try CheckpointFile.read(file) } catch { throw try Self.reason(error, file, of: run, choice) }
    guard checkpoint.planIdentity == stored.identity else {
      let difference = "plan: was \(checkpoint.planIdentity.prefix(12)), is \(stored.identity.prefix(12))"
      throw RunError.foreignCheckpoint(file: file.path, differences: [difference])
    }
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

  /// Writes the label map of an image.
  ///
  /// - Parameter cache: where the workspace keeps prepared cases; what is known there of the training cases tells
  ///   whether the image is of their kind.
  /// - Returns: in what the image differs from every image that the network was trained on; empty where that is not
  ///   known.
  package func predict(_ image: URL, to output: URL, trainedFrom cache: URL? = nil) throws -> [String] {
    let input = try PredictionInput(image, preprocessing: plan.preprocessing)
    try input.write(try session.predict(input.image), map: plan.structures, to: output)
    guard let cache else { return [] }
    let prepared = PreparedCache(
      directory: cache, fingerprint: plan.dataset.digest, labels: plan.structures, preprocessing: plan.preprocessing)
    guard let summary = prepared.readSummary() else { return [] }
    let training = Set(plan.fold.train)
    return input.strangeness(among: summary.cases.filter { training.contains($0.name) })
  }
}

extension RunDirectory {
  /// The plan it was made for.
  package func plan(networks: NetworkRegistry = .standard, losses: LossRegistry = .standard) throws -> Plan {
    try Plan(json: readPlan().planJSON, file: planFile.path, networks: networks, losses: losses)
  }
}

import Experiments
import Foundation
import Networks
import Store

extension RunDirectory {
  /// What a run begins with whose plan says so.
  ///
  /// - Throws: `RunError.startLost` where the weights are not there or are other ones.
  func startingWeights(_ digest: String) throws -> Checkpoint {
    let file = workspace.startFile(digest)
    let found: Checkpoint
    do { found = try CheckpointFile.read(file) } catch {
      throw RunError.startLost(file: file.path, cause: "\(error)", run: name)
    }
    guard found.weightsDigest == digest else {
      throw RunError.startLost(file: file.path, cause: "it holds other weights", run: name)
    }
    return found
  }
}

extension NetworkSession {
  /// Takes over weights and statistics, which are then their own averages; moments and steps stay at zero.
  func begin(with weights: Checkpoint) throws {
    let found = SessionState(weights)
    var state = try exportState()
    (state.parameters, state.statistics) = (found.parameters, found.statistics)
    if !state.averagedParameters.isEmpty {
      (state.averagedParameters, state.averagedStatistics) = (found.parameters, found.statistics)
    }
    try importState(state)
  }
}

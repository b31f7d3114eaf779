import Experiments
import Networks

/// What ends a run for good: doing the same again would end the same way.
package enum RunError: Error, Equatable {
  /// A loss or gradient that is not a number; the parameters are those of the step before.
  case diverged(run: String, epoch: Int, step: Int, learningRate: Double, cause: String)
  /// A checkpoint that another plan or program wrote.
  case foreignCheckpoint(file: String, differences: [String])
  case bestCheckpointLost(file: String, cause: String, run: String)
  case noEvaluableCheckpoint(run: String)
}

extension RunError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .diverged(let run, let epoch, let step, let rate, let cause):
      "\(run) diverged in epoch \(epoch), step \(step), at learning rate \(rate): \(cause). "
        + "Lower training.learningRate or check the images."
    case .foreignCheckpoint(let file, let differences):
      "\(file) does not belong to this run (\(differences.joined(separator: "; "))). "
        + "Move it away to train from the beginning, or use the workspace and program it comes from."
    case .bestCheckpointLost(let file, let cause, let run):
      "\(file), which is to be tested, cannot be read: \(cause) "
        + "Type `safnet runs remove \(run)` and run again; the same plan gives the same result."
    case .noEvaluableCheckpoint(let run):
      "\(run) has no trained network yet. Type `safnet run` with its experiment first."
    }
  }
}

/// Whether trying again would end in the same error: true of what is wrong with a plan, a network or a checkpoint, not
/// of a full disk.
package func isFinal(_ error: any Error) -> Bool {
  error is RunError || error is SpecificationErrors || error is SessionStateError || error is EngineRefusal
}

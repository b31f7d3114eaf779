import Experiments
import Networks
import Store

/// What ends a run for good: doing the same again would end the same way.
package enum RunError: Error, Equatable {
  /// A loss or gradient that is not a number; the parameters are those of the step before.
  case diverged(run: String, epoch: Int, step: Int, learningRate: Double, cause: String)
  /// A checkpoint that another plan wrote.
  case foreignCheckpoint(file: String, differences: [String])
  /// Unfinished work of a program that trains to other bits.
  case otherNumerics(run: String, begun: NumericsVersion?, now: NumericsVersion)
  case bestCheckpointLost(file: String, cause: String, run: String)
  case noEvaluableCheckpoint(run: String)
  /// The weights that it begins with.
  case startLost(file: String, cause: String, run: String)
  /// Of a finished run, the network that was not tested: nothing rests on it, and `safnet run` does not train for it.
  case networkLost(file: String, cause: String, other: String, run: String)
}

extension RunError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .diverged(let run, let epoch, let step, let rate, let cause):
      "\(run) diverged in epoch \(epoch), step \(step), at learning rate \(rate): \(cause). "
        + "Lower training.learningRate or check the images."
    case .foreignCheckpoint(let file, let differences):
      "\(file) does not belong to this run (\(differences.joined(separator: "; "))). "
        + "Give `safnet run` with its experiment, which sets it aside and makes the run's own again."
    case .otherNumerics(let run, let begun, let now):
      "\(run) was begun under \(NumericsVersion.words(begun)); this program trains under \(now), to other bits. "
        + "Type `safnet runs remove \(run) --yes` to train it from the beginning, or give --mix-numerics to `safnet run` "
        + "to go on all the same; reports will say that both had a part in it."
    case .bestCheckpointLost(let file, let cause, let run):
      "\(file), which is to be tested, cannot be read: \(cause) "
        + "Give `safnet run` again: it trains what is lost of \(run) anew, to the same bits."
    case .networkLost(let file, let cause, let other, let run):
      "\(file) cannot be read: \(cause). The tested network is there: give --checkpoint \(other). To train this one again, "
        + "type `safnet runs remove \(run) --yes`, then `safnet run` with its experiment."
    case .startLost(let file, let cause, let run):
      "\(file), with which \(run) begins, cannot be read: \(cause). Give `safnet run` again: it makes the file anew from the"
        + " run that training.start names."
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

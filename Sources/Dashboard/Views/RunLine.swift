import Experiments
import Foundation
import Scheduling
import Store
import Text
import Workbench

/// One run as the sweep shows it: what `safnet status` knows, and where its worker is.
package struct RunLine: Encodable, Equatable, Sendable {
  package let run: String
  package let variant: String?
  package let fold: Int?
  package let seed: String?
  package let state: RunState
  package let epochs: Int
  package let plannedEpochs: Int?
  package let best: Double?
  package let testDice: Double?
  package let seconds: Double
  package let secondsLeft: Double?
  package let failure: String?
  package let logTail: [String]?
  package let notice: String?
  package let cluster: String?
  /// "epoch 4/50  step 12/35", of a run that is being trained.
  package let stage: String?
  package let experiments: [String]?
  /// In which its plan differs from those of the other shown runs, by their paths; JSON.
  package let fields: RunFields?
  /// What people wrote about it.
  package let note: String?
  package let tags: [String]?

  init(_ status: RunStatus, in workspace: Workspace) {
    (run, variant, fold) = (status.run, status.variant, status.fold)
    // A seed has 64 bits, and a number of JavaScript 53.
    seed = status.seed.map { "\($0)" }
    (state, epochs, plannedEpochs) = (status.state, status.epochs, status.plannedEpochs)
    (best, testDice, seconds) = (status.best, status.testDice, status.seconds)
    (secondsLeft, failure, notice, cluster) = (status.secondsLeft, status.failure, status.notice, status.cluster)
    (experiments, fields, note, tags) = (status.experiments, status.fields, status.note, status.tags)
    logTail = status.logTail?.map { $0.visible(keeping: ["\t"]) }
    stage =
      status.state == .running
      ? Heartbeat.read(in: workspace.runDirectory(named: status.run).url).map(ProgressText.stage) : nil
  }
}

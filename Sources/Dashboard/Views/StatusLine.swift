import Foundation
import Reporting
import Scheduling
import Store
import Text
import Workbench

extension RunLine {
  /// As the run is now.
  init(_ status: RunStatus, in workspace: Workspace) {
    self.init(run: status.run, state: status.state)
    (variant, fold, seed) = (status.variant, status.fold, status.seed.map { "\($0)" })
    (epochs, plannedEpochs) = (status.epochs, status.plannedEpochs)
    (best, testDice, seconds) = (status.best, status.testDice, status.seconds)
    (secondsLeft, failure, notice, cluster) = (status.secondsLeft, status.failure, status.notice, status.cluster)
    (experiments, fields, note, tags) = (status.experiments, status.fields, status.note, status.tags)
    logTail = status.logTail?.map { $0.visible(keeping: ["\t"]) }
    guard status.state == .running else { return }
    stage = Heartbeat.read(in: workspace.runDirectory(named: status.run).url).map(ProgressText.stage)
  }
}

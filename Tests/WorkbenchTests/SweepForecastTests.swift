import CPU
import Experiments
import Measurement
import Testing
import Workbench

@Suite struct SweepForecastTests {
  /// A step that was timed on a busy machine promises too much time.
  @Test func thatTheMachineWasBusyIsSaid() throws {
    let sweep = try SmallSweep.trained()
    let opened = try ExperimentOpening(
      specification: sweep.specification(), workspace: sweep.workspace, workers: 1, report: { _ in }
    ).open()
    func words(_ load: MachineLoad) -> String? {
      var costs = RunCosts(CPUEngine())
      let forecast = SweepForecast(
        opened.plan.runs, costs: &costs, engine: CPUEngine(), threads: 1, memory: 1 << 40, load: load)
      return forecast?.words(runs: 4, work: 1e9, workers: 2)
    }
    let busy = try #require(words(MachineLoad(average: 12.5, processors: 2)))
    let ending = "; the machine was busy (load 12.5 on 2 processors), and the time is uncertain)"
    #expect(busy.hasSuffix(ending), "\(busy)")
    let idle = try #require(words(MachineLoad(average: 0, processors: 2)))
    #expect(idle.hasSuffix("what is saved of begun runs not counted, nor augmenting, scoring and saving)"), "\(idle)")
  }
}

import Experiments
import Measurement
import Networks
import Scheduling

/// How a sweep's runs share this machine, and how long they will take.
extension SweepSession {
  /// Times a step of the first network, and where the sweep is long, whether fewer runs with more threads get more done.
  ///
  /// Nothing is computed on a device here: a plugin that crashes is to cost a run, not the sweep.
  ///
  /// - Parameter fitting: as many at once as cores and memory hold, or as was asked for.
  /// - Returns: no forecast where the workers are not on this machine, or nothing will be trained.
  func share(
    _ runs: [PlannedRun], _ fitting: Allotment, _ executor: ExecutorEntry, _ costs: inout RunCosts
  ) -> (Allotment, SweepForecast?) {
    guard !settings.dryRun, devices.isEmpty, executor.name == ExecutorEntry.local.name else { return (fitting, nil) }
    let threads = fitting.threads(unfinished: runs.count)
    guard
      var forecast = SweepForecast(
        runs, costs: &costs, engine: program.engine, threads: threads, memory: machine.freeMemory)
    else { return (fitting, nil) }
    let work = runs.reduce(0) { $0 + costs.cost(of: $1.plan).work }
    var allotment = fitting
    if let throughput = throughput(runs, fitting, seconds: forecast.secondsLeft(work: work, workers: fitting.jobs)) {
      allotment = fitting.with(jobs: throughput.best.sharing.jobs)
      forecast = forecast.beside(throughput.best)
      console.error(throughput.words(of: forecast.variant) + "; --jobs and --threads choose otherwise")
    }
    let words = forecast.words(runs: runs.count, work: work, workers: min(allotment.jobs, runs.count))
    if let words { console.error(words) }
    return (allotment, forecast)
  }

  /// Nil where the ways were chosen, or there is but one, or measuring them pays nothing or is refused: a courtesy.
  private func throughput(_ runs: [PlannedRun], _ fitting: Allotment, seconds: Double?) -> Throughput? {
    guard settings.jobs == nil, settings.threads == nil, fitting.jobs > 1,
      let seconds, seconds > settings.sharingPaysAfter, let plan = runs.first?.plan
    else { return nil }
    return try? Throughput(
      Sharing.ways(cores: fitting.cores, most: fitting.jobs), of: plan.model, extent: plan.inputExtent,
      classes: plan.structures.classes, training: plan.training, engine: program.engine,
      memory: machine.freeMemory)
  }
}

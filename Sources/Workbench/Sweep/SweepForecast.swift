import Experiments
import Measurement
import Networks
import Scheduling
import Text

/// How long a sweep will take, before any of it has run: one network is trained for a moment, and the times of all follow
/// from their multiply-adds.
package struct SweepForecast {
  /// Multiply-adds per second of one worker.
  let rate: Double
  /// Of the network that was timed.
  let variant: String
  private let secondsPerCase: Double
  /// Of the machine before anything was timed; nil where the system does not tell.
  private let load: MachineLoad?

  /// Times a step of the first run; nil where there is nothing to train, or the engine refuses: a forecast is a courtesy.
  package init?(
    _ runs: [PlannedRun], costs: inout RunCosts, engine: any Engine, threads: Int, memory: Int,
    load: MachineLoad? = .current
  ) {
    guard let first = runs.first else { return nil }
    self.load = load
    let (plan, fold) = (first.plan, FoldSizes(first.plan.fold))
    guard
      let speed = try? StepMeasurement(
        plan.model, extent: plan.inputExtent, classes: plan.structures.classes, training: plan.training,
        engine: engine, threads: threads, memory: memory)
    else { return nil }
    let work = plan.training.work(fold)
    let seconds =
      Double(work.trained) * speed.trainingSecondsPerCase
      + Double(work.predicted) * (costs.images?.meanWindows(of: plan.inputExtent) ?? 1) * speed.predictionSeconds
    guard seconds > 0 else { return nil }
    (rate, variant) = (costs.cost(of: plan).work / seconds, first.variant)
    secondsPerCase = speed.trainingSecondsPerCase
  }

  private init(rate: Double, _ other: SweepForecast) {
    (self.rate, variant, secondsPerCase, load) = (rate, other.variant, other.secondsPerCase, other.load)
  }

  /// As fast as each of several workers was when all of them were at work.
  func beside(_ way: Throughput.Way) -> SweepForecast {
    SweepForecast(rate: rate * secondsPerCase * way.casesPerSecond / Double(way.sharing.jobs), self)
  }

  func secondsLeft(work: Double, workers: Int) -> Double? {
    SweepPace(expected: rate).secondsLeft(work: work, workers: workers, longest: nil)
  }

  /// "4 runs to train, about 2 h 10 min, 2 at once (from a measured step of SAFNet; ...)".
  package func words(runs: Int, work: Double, workers: Int) -> String? {
    secondsLeft(work: work, workers: workers).map { seconds in
      // Starting, saving and scoring are not in it, and are most of so short a run.
      let time = seconds < 60 ? "less than a minute of steps" : "about \(Quantity.duration(seconds))"
      let busy = load?.busyWords.map { "; \($0), and the time is uncertain" } ?? ""
      return "\(runs) \(runs == 1 ? "run" : "runs") to train, \(time), \(workers) at once (from a measured"
        + " step of \(variant); the others by their multiply-adds; what is saved of begun runs not counted, nor augmenting,"
        + " scoring and saving\(busy))"
    }
  }
}

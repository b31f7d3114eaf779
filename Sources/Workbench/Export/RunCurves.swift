import Experiments
import Foundation
import Store

/// What a run's journal tells of its training, as programs that draw curves want it: numbers by name, step and time.
struct RunCurves {
  struct Point: Equatable {
    let name: String
    let value: Double
    /// The epoch, from 1.
    let step: Int
    /// Seconds since 1970.
    let time: Double
  }

  let run: RunDirectory
  let plan: Plan
  let identity: String
  let history: RunHistory
  /// In order of time; numbers that are not finite are left out, and counted.
  let points: [Point]
  let leftOut: Int

  init(_ run: RunDirectory, _ program: RunningProgram) throws {
    let stored = try run.requirePlan()
    let journal = try run.ownJournal()
    self.run = run
    identity = stored.identity
    plan = try Plan(
      json: stored.planJSON, file: run.planFile.path, networks: program.networks, losses: program.losses)
    history = RunHistory(journal)
    let names = plan.structures.names
    let all = journal.events.flatMap { Self.points(of: $0, names) }
    points = all.filter(\.value.isFinite)
    leftOut = all.count - points.count
  }

  /// When it began and ended, in seconds since 1970.
  var start: Double { history.firstTime?.timeIntervalSince1970 ?? 0 }
  var end: Double { history.lastEvent?.time.timeIntervalSince1970 ?? start }

  private static func points(of timed: TimedEvent, _ structures: [String]) -> [Point] {
    let time = timed.time.timeIntervalSince1970
    func list(_ step: Int, _ named: [(String, Double?)]) -> [Point] {
      named.compactMap { name, value in value.map { Point(name: name, value: $0, step: step, time: time) } }
    }
    func dice(_ prefix: String, _ values: [Double?]) -> [(String, Double?)] {
      zip(structures, values).map { ("\(prefix)/\($0)", $1) }
    }
    switch timed.event {
    case .epoch(let epoch):
      return list(
        epoch.epoch,
        [
          ("training/loss", epoch.trainingLoss), ("training/learning_rate", epoch.learningRate),
          ("training/seconds", epoch.seconds), ("validation/monitor", epoch.monitor),
          ("validation/mean_dice", epoch.meanDice),
        ] + dice("validation_dice", epoch.validationDice))
    case .evaluated(let test):
      return list(test.epoch, [("test/mean_dice", test.meanDice)] + dice("test_dice", test.structureDice))
    case .started, .resumed, .checkpoint, .interrupted, .failed, .finished: return []
    }
  }
}

import Store
import Training
import Volumes

/// Made-up cases that ask a worker to stop when it reads one of them.
struct StoppingCases: CaseSource {
  private let cases = MadeUpCases()
  let stop: StopFlag
  let last: String
  var seen: @Sendable (String) -> Void = { _ in }

  func load(_ name: String) throws -> PreparedCase {
    seen(name)
    if name == last { stop.request("test") }
    return try cases.load(name)
  }

  func truth(_ name: String) throws -> TruthVolume { try cases.truth(name) }
}

extension Fixture {
  /// Stopped when the first epoch's only validation case is read: that epoch is finished, and nothing after it.
  func runFirstEpoch(_ run: RunDirectory) throws {
    let stop = StopFlag()
    let last = try run.plan().fold.validation[0]
    _ = try training(run, cases: StoppingCases(stop: stop, last: last)).run(stop: stop)
  }
}

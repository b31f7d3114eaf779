import Experiments
import Foundation
import Store
import Testing
import Training

/// A run that asks for more epochs goes on where a finished run of the same plan ended.
@Suite struct EarlierEpochsTests {
  /// As `safnet run` names runs: what follows the last hyphen has twelve characters.
  private static func name(_ plan: Plan) -> String { "safnet-f1-\(plan.identity.prefix(12))" }

  private static func plan(_ epochs: Int, change: (inout Plan) -> Void = { _ in }) -> Plan {
    Fixture.plan(epochs: epochs) { plan in
      plan.training.optimiser.average = 0.8
      change(&plan)
    }
  }

  private static func resumed(_ run: RunDirectory) throws -> [Int] {
    try Journal.read(run.journal).compactMap { if case .resumed(let record) = $0.event { record.epoch } else { nil } }
  }

  @Test func theResultIsThatOfATrainingFromTheBeginning() throws {
    let fixture = try Fixture()
    let wanted = try RunResult(of: fixture.undisturbed(Self.plan(5)))
    for epochs in [2, 3] { _ = try fixture.undisturbed(Self.plan(epochs), name: Self.name(Self.plan(epochs))) }
    let run = try fixture.undisturbed(Self.plan(5), name: Self.name(Self.plan(5)))
    #expect(try Self.resumed(run) == [3], "the longest of two is taken")
    #expect(try RunResult(of: run).differences(from: wanted) == [])
    #expect(
      try run.notices() == ["its first 3 epochs are those of \(Self.name(Self.plan(3))), whose plan has fewer"])
    let history = try run.history()
    #expect(history.finishedEpochs == 5 && history.lostEpochs == 0 && history.numerics.count == 1)
    #expect(try run.state() == .finished && run.isWhole())
  }

  @Test func stoppedOnceMoreItGoesOnFromThere() throws {
    let fixture = try Fixture()
    let wanted = try RunResult(of: fixture.undisturbed(Self.plan(3)))
    _ = try fixture.undisturbed(Self.plan(2), name: Self.name(Self.plan(2)))
    let run = try fixture.directory(Self.name(Self.plan(3)), plan: Self.plan(3))
    #expect(try !fixture.runPart(run, stopAfter: 1, phase: .training, threads: 1))
    #expect(try fixture.training(run).run(stop: StopFlag()) == .finished)
    #expect(try Self.resumed(run) == [2, 2])
    #expect(try RunResult(of: run).differences(from: wanted) == [])
  }

  /// Whoever was killed after the journal or after the best network was written begins again, or from that network.
  @Test(arguments: [false, true]) func killedWhileTakingThem(_ hasBest: Bool) throws {
    let fixture = try Fixture()
    let wanted = try RunResult(of: fixture.undisturbed(Self.plan(4)))
    _ = try fixture.undisturbed(Self.plan(2), name: Self.name(Self.plan(2)))
    let run = try fixture.directory(Self.name(Self.plan(4)), plan: Self.plan(4))
    #expect(try !fixture.runPart(run, stopAfter: 1, phase: .preparing, threads: 1))
    for file in [run.lastCheckpoint] + (hasBest ? [] : [run.bestCheckpoint]) {
      try FileManager.default.removeItem(at: file)
    }
    #expect(try fixture.training(run).run(stop: StopFlag()) == .finished)
    #expect(try RunResult(of: run).differences(from: wanted) == [])
  }

  /// Another rate, a schedule that depends on the number of epochs, and a run that is not finished.
  @Test func nothingElseIsTaken() throws {
    let fixture = try Fixture()
    let other = Self.plan(2) { $0.training.learningRate = 0.01 }
    let poly = Self.plan(2) { ($0.training.schedule.kind, $0.training.schedule.patience) = (.poly, 10) }
    for plan in [other, poly] { _ = try fixture.undisturbed(plan, name: Self.name(plan)) }
    let begun = try fixture.directory(Self.name(Self.plan(3)), plan: Self.plan(3))
    _ = try fixture.runPart(begun, stopAfter: 4, phase: .training, threads: 1)
    let longer = Self.plan(4) { ($0.training.schedule.kind, $0.training.schedule.patience) = (.poly, 10) }
    for plan in [Self.plan(4), longer] {
      let run = try fixture.undisturbed(plan, name: Self.name(plan))
      #expect(try Self.resumed(run) == [])
    }
  }
}

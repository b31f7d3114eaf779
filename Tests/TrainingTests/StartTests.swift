import Compute
import Experiments
import Foundation
import Networks
import Store
import Testing
import Training

/// A run that begins with the weights of another.
@Suite struct StartTests {
  /// A workspace with a trained network whose weights are kept; and the weights' SHA-256.
  private static func workspace(_ change: (inout Plan) -> Void = { _ in }) throws -> (Fixture, Checkpoint) {
    let fixture = try Fixture()
    let run = try fixture.undisturbed(Fixture.plan(epochs: 2, change: change), name: "runs/source")
    let source = try CheckpointFile.read(run.bestCheckpoint)
    try run.workspace.keepStart(source)
    return (fixture, source)
  }

  private static func plan(_ digest: String, epochs: Int = 2, rate: Double = 1e-3) -> Plan {
    Fixture.plan(epochs: epochs) { plan in
      plan.training = plan.training.starting(with: digest)
      (plan.training.learningRate, plan.training.optimiser.average, plan.training.evaluate) = (rate, 0.5, .last)
    }
  }

  /// At a rate of almost nothing the weights stay what they were.
  @Test func theNetworkBeginsWithTheWeights() throws {
    let (fixture, source) = try Self.workspace()
    let run = try fixture.undisturbed(Self.plan(source.weightsDigest, epochs: 1, rate: 1e-30), name: "runs/tuned")
    let state = SessionState(try CheckpointFile.read(run.lastCheckpoint))
    let weights = SessionState(source).parameters
    #expect(state.parameters.map(\.name) == weights.map(\.name))
    #expect(zip(state.parameters, weights).allSatisfy { $0.values == $1.values })
    #expect(zip(state.averagedParameters, weights).allSatisfy { $0.values == $1.values })
    #expect(state.step == 3, "steps and moments begin anew")
    let begun = try Journal.read(run.journal).compactMap {
      if case .started(let worker) = $0.event { worker.notices } else { nil }
    }
    #expect(
      begun.flatMap(\.self) == [
        "it begins with the weights of \(source.planIdentity.prefix(12)), epoch \(source.epoch)"
      ])
  }

  @Test func stoppedAfterEveryStepItEndsInTheSameBits() throws {
    let (fixture, source) = try Self.workspace()
    let plan = Self.plan(source.weightsDigest)
    let wanted = try RunResult(of: fixture.undisturbed(plan, name: "runs/whole"))
    let run = try fixture.directory("runs/stopped", plan: plan)
    var parts = 0
    while try !fixture.runPart(run, stopAfter: 1, phase: .training, threads: 1) {
      parts += 1
      try #require(parts < 30)
    }
    #expect(try RunResult(of: run).differences(from: wanted) == [])
    let fresh = try fixture.undisturbed(
      Fixture.plan(epochs: 2) { ($0.training.optimiser.average, $0.training.evaluate) = (0.5, .last) },
      name: "runs/fresh")
    #expect(try RunResult(of: fresh).differences(from: wanted).contains("last parameters"))
  }

  @Test func lostOrOtherWeightsAreAnErrorThatSaysWhatToDo() throws {
    let (fixture, source) = try Self.workspace()
    let run = try fixture.directory("runs/tuned", plan: Self.plan(source.weightsDigest))
    let file = run.workspace.startFile(source.weightsDigest)
    var other = source.weightsAlone
    other.sections["parameters"]?[0].values[0] += 1
    try CheckpointFile.write(other, to: file)
    #expect(throws: RunError.startLost(file: file.path, cause: "it holds other weights", run: "tuned")) {
      try fixture.training(run).run(stop: StopFlag())
    }
    // Whole again by the next `safnet run`.
    try run.workspace.keepStart(source)
    #expect(try fixture.training(run).run(stop: StopFlag()) == .finished)
  }

  /// Only what a prediction rests on is kept, and only weights count in its name.
  @Test func whatIsKeptIsTheWeightsAlone() throws {
    let (fixture, source) = try Self.workspace()
    let workspace = Workspace(fixture.folder)
    let kept = try workspace.keptStarts()
    #expect(kept.map(\.file) == [workspace.startFile(source.weightsDigest)] && kept[0].plan == source.planIdentity)
    let found = try CheckpointFile.read(kept[0].file)
    #expect(found.sections.keys.sorted() == ["parameters", "statistics"])
    #expect(found.weightsDigest == source.weightsDigest && found.epoch == source.epoch && found.step == 0)
  }
}

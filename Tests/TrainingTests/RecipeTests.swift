import CPU
import Experiments
import Metrics
import Networks
import Store
import Synchronization
import Testing
import Training

/// What fields of `training` do to a whole run.
@Suite struct RecipeTests {
  @Test func trainingEndsTooManyEpochsAfterTheBest() {
    var training = TrainingPlan()
    (training.epochs, training.earlyStopping) = (6, 2)
    let scores = [0.2, 0.5, 0.5, 0.4, 0.9]
    #expect(
      (0...5).map { training.isOver(after: Array(scores.prefix($0))) } == [false, false, false, false, true, false])
    #expect(training.isOver(after: [0, 1, 0, 2, 0, 3]))
    training.earlyStopping = 0
    #expect(!training.isOver(after: scores))
  }

  @Test func aRunEndsEarlyAndIsFinished() throws {
    let fixture = try Fixture()
    let plan = Fixture.plan(epochs: 40) { ($0.training.learningRate, $0.training.earlyStopping) = (1e-9, 2) }
    let run = try fixture.directory("early", plan: plan)
    let fraction = Mutex(0.0)
    let outcome = try fixture.training(run).run(stop: StopFlag()) { one in fraction.withLock { $0 = one.fraction } }
    #expect(outcome == .finished)
    #expect(abs(fraction.withLock { $0 } - 1) < 1e-9)
    let monitors = try RunResult(of: run).epochs.map(\.monitor)
    let end = (1...40).first { plan.training.isOver(after: Array(monitors.prefix($0))) }
    #expect(monitors.count == end && monitors.count < 40)
    #expect(try run.state() == .finished && run.history().finishedEpochs == monitors.count)
  }

  @Test func ratesOfEveryEpochAreInTheJournal() throws {
    let fixture = try Fixture()
    let plan = Fixture.plan(epochs: 4) { plan in
      (plan.training.schedule.kind, plan.training.schedule.warmUp) = (.cosine, 1)
      plan.training.schedule.patience = 10
    }
    let epochs = try RunResult(of: fixture.undisturbed(plan)).epochs
    let wanted = [0.5, 1, 0.75, 0.25].map { Double(Float(1e-3 * $0)) }
    #expect(zip(epochs.map(\.learningRate), wanted).allSatisfy { abs($0 - $1) <= 1e-3 * 0x1p-23 })
    #expect(epochs.count == 4)
  }

  /// The journal's score is that of the averages, which are not the weights that training goes on with.
  @Test func averagesAreValidatedAndTested() throws {
    let fixture = try Fixture()
    let plan = Fixture.plan(epochs: 8) {
      ($0.training.optimiser.average, $0.training.evaluate, $0.training.schedule.factor) = (0.9, .last, 1)
      $0.training.learningRate = 0.01
    }
    let run = try fixture.undisturbed(plan)
    let state = SessionState(try CheckpointFile.read(run.lastCheckpoint))
    #expect(state.parameters != state.averagedParameters && !state.averagedParameters.isEmpty)
    let (averaged, own) = (try Self.score(plan, state.forPrediction), try Self.score(plan, state))
    #expect(averaged != own, "this test needs networks that can be told apart")
    #expect(try RunResult(of: run).epochs.last?.validationDice == averaged)
    let plain = try fixture.undisturbed(
      plan.with { $0.training.optimiser.average = 0 }, name: "plain")
    let other = SessionState(try CheckpointFile.read(plain.lastCheckpoint))
    #expect(other.parameters == state.parameters, "averages change nothing in training")
    #expect(other.averagedParameters.isEmpty)
  }

  /// Of the parameters and statistics of a state, whatever averages it holds.
  private static func score(_ plan: Plan, _ state: SessionState) throws -> [Double?] {
    let session = try CPUEngine().session(
      SessionRequest(
        model: plan.model, extent: plan.preprocessing.size, classes: plan.structures.classes, trainingBatches: [],
        optimiser: plan.training.optimiser, threads: 1))
    try session.importState(state)
    let one = try MadeUpCases().load(plan.fold.validation[0])
    let overlap = Overlap(
      prediction: try session.predict(one.channels), truth: one.labels, classes: plan.structures.classes)
    return ValidationScore([overlap]).dice
  }
}

extension Plan {
  fileprivate func with(_ change: (inout Plan) -> Void) -> Plan {
    var plan = self
    change(&plan)
    return plan
  }
}

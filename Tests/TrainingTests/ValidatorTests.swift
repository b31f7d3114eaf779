import Compute
import Metrics
import Store
import Testing
import Training

@Suite struct ValidatorTests {
  func overlap(_ prediction: [UInt8], _ truth: [UInt8]) -> Overlap {
    let extent = Extent3(1, 1, prediction.count)
    return Overlap(
      prediction: Grid3(extent, values: prediction), truth: Grid3(extent, values: truth), classes: 3)
  }

  @Test func scoresAreMeansOverWhatCounts() {
    // Case 1: structure 1 has Dice 2·1/(2+1) = 2/3, structure 2 is in neither. Case 2: 1 and 0 (predicted, absent).
    let score = ValidationScore([overlap([1, 1, 0, 0], [1, 0, 0, 0]), overlap([1, 2, 0, 0], [1, 0, 0, 0])])
    let twoThirds = 2.0 / 3
    let upper: Double? = (twoThirds + 1) / 2
    let mean: Double? = (twoThirds + 0.5) / 2
    #expect(score.dice == [upper, 0])
    #expect(score.meanDice == mean)
    #expect(score.voxelAccuracy == 6.0 / 8)
    #expect(score.monitored(as: .meanDice) == score.meanDice)
    #expect(score.monitored(as: .voxelAccuracy) == 0.75)
  }

  @Test func nothingCountableScoresZero() {
    let score = ValidationScore([overlap([0, 0], [0, 0])])
    #expect(score.dice == [nil, nil] && score.meanDice == nil)
    #expect(score.monitored(as: .meanDice) == 0)
    #expect(score.monitored(as: .voxelAccuracy) == 1)
  }

  @Test func positionsRememberTheBestEpochAndForgetPartialSums() {
    var position = TrainingPosition()
    position.stepInEpoch = 3
    (position.partial.loss, position.partial.cases, position.partial.seconds) = (6, 4, 2)
    #expect(position.partial.meanLoss == 1.5)
    let improvements = [0.25, 0.5, 0.5, 0.75].map { position.finishEpoch(monitor: $0) }
    #expect(improvements == [true, true, false, true])
    #expect(position.best == Checkpoint.Best(epoch: 4, monitor: 0.75))
    #expect(position.history == [0.25, 0.5, 0.5, 0.75])
    #expect(position.seconds == 2 && position.partial == .init() && position.stepInEpoch == 0)
  }

  @Test func positionsSurviveACheckpoint() {
    var position = TrainingPosition()
    _ = position.finishEpoch(monitor: 0.1)
    position.stepInEpoch = 2
    (position.partial.loss, position.partial.cases, position.partial.seconds) = (0.1, 6, 1.25)
    position.seconds = 17.5
    let checkpoint = Checkpoint(
      planIdentity: "", programVersion: "", epoch: position.epoch, stepInEpoch: 2, step: 5, journalPosition: 0,
      history: position.history, best: position.best, partial: position.sums, sections: [:])
    #expect(TrainingPosition(checkpoint) == position)
  }
}

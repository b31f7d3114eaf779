import CPU
import Compute
import Experiments
import Measurement
import Models
import Testing
import Volumes

@Suite struct RunCostTests {
  func plan(epochs: Int = 2, fold: Int = 1, change: (inout SAFNet) -> Void = { _ in }) -> Plan {
    var model = SAFNet()
    (model.width, model.stem) = (16, [8, 16])
    change(&model)
    var training = TrainingPlan()
    (training.epochs, training.batch) = (epochs, 2)
    return Plan(
      model: ModelConfiguration(model), structures: LabelMap(structures: [.init(name: "L1", value: 1)]),
      dataset: DatasetFingerprint(digest: "x", cases: 6),
      preprocessing: Preprocessing(size: Extent3(6, 32, 16)), augmentation: nil,
      fold: Fold(number: fold, train: ["a", "b", "c"], validation: ["d"], test: ["e", "f"]), training: training)
  }

  @Test func aLargerNetworkTakesMoreOfEverything() {
    var costs = RunCosts(CPUEngine())
    let (safnet, base) = (
      costs.cost(of: plan()), costs.cost(of: plan { ($0.aspp, $0.attention, $0.multiscale) = (false, false, false) })
    )
    #expect(safnet.work > base.work && safnet.memory > base.memory)
    #expect(safnet.disk(earlierCheckpoints: 1) > base.disk(earlierCheckpoints: 1))
  }

  @Test func everyKeptCheckpointTakesTheSameDisk() {
    var costs = RunCosts(CPUEngine())
    let disk = (0...2).map(costs.cost(of: plan()).disk)
    #expect(disk[2] - disk[1] == disk[1] - disk[0] && disk[0] > 3 * (disk[1] - disk[0]))
    #expect(costs.cost(of: plan(fold: 2)).disk(earlierCheckpoints: 1) == disk[1])
  }

  /// Ten times the epochs, the same test.
  @Test func workGrowsWithTheEpochsAndMemoryDoesNot() {
    var costs = RunCosts(CPUEngine())
    let (short, long) = (costs.cost(of: plan()), costs.cost(of: plan(epochs: 20)))
    #expect((8...10).contains(long.work / short.work))
    #expect(long.memory == short.memory)
  }
}

import Compute
import Experiments
import Synchronization
import Testing
import Training
import Volumes

@Suite struct BatchTests {
  let plan = Fixture.plan()

  @Test func ordersArePermutationsThatDifferByEpochAndSeed() {
    let orders = (0..<3).map { EpochOrder(training: plan.training, cases: 7, epoch: $0) }
    for order in orders {
      #expect(order.batches.map(\.count) == [3, 3, 1])
      #expect(order.batches.flatMap { $0 }.sorted() == Array(0..<7))
    }
    #expect(orders[0] != orders[1] && orders[1] != orders[2])
    #expect(EpochOrder(training: plan.training, cases: 7, epoch: 1) == orders[1])
    var other = plan.training
    other.seed += 1
    #expect(EpochOrder(training: other, cases: 7, epoch: 1) != orders[1])
  }

  @Test func aPartialBatchCanBeDropped() {
    var training = plan.training
    training.lastBatch = .drop
    #expect(EpochOrder(training: training, cases: 7, epoch: 0).batches.map(\.count) == [3, 3])
  }

  @Test func preparingAheadGivesTheSameBatches() throws {
    let maker = BatchMaker(plan: plan, source: MadeUpCases())
    let ahead = BatchFeeder(maker: maker, stepsPerEpoch: 3, preparesAhead: true)
    for index in 0..<6 {
      let place = StepIndex(epoch: index / 3, step: index % 3)
      #expect(try ahead.batch(at: place) == maker.batch(at: place))
    }
    // Out of order, as after a resume.
    let jump = StepIndex(epoch: 5, step: 2)
    #expect(try ahead.batch(at: jump) == maker.batch(at: jump))
  }

  @Test func augmentationDiffersByEpochAndCaseOnly() throws {
    let maker = BatchMaker(plan: plan, source: MadeUpCases())
    let plain = BatchMaker(plan: Fixture.plan { $0.augmentation = nil }, source: MadeUpCases())
    let place = StepIndex(epoch: 0, step: 0)
    #expect(try maker.batch(at: place) == maker.batch(at: place))
    #expect(try maker.batch(at: place) != plain.batch(at: place))
    let one = try plain.batch(at: place)
    let first = try MadeUpCases().load(
      plan.fold.train[EpochOrder(training: plan.training, cases: 7, epoch: 0).batches[0][0]])
    #expect(Array(one.images.prefix(first.image.values.count)) == first.image.values)
    #expect(Array(one.labels.prefix(first.labels.values.count)) == first.labels.values)
  }

  @Test func everyEpochAugmentsACaseAnew() throws {
    let maker = BatchMaker(plan: plan, source: MadeUpCases())
    /// The images of an epoch by case.
    func images(_ epoch: Int) throws -> [Int: [Float]] {
      let voxels = Fixture.extent.count
      var images: [Int: [Float]] = [:]
      for (step, members) in EpochOrder(training: plan.training, cases: 7, epoch: epoch).batches.enumerated() {
        let batch = try maker.batch(at: StepIndex(epoch: epoch, step: step))
        for (place, member) in members.enumerated() {
          images[member] = Array(batch.images[place * voxels..<(place + 1) * voxels])
        }
      }
      return images
    }
    let (first, second) = (try images(0), try images(1))
    let changed = (0..<7).count { first[$0] != second[$0] }
    // A case stays as it is in both epochs with probability 1/64.
    #expect(changed >= 5)
  }

  final class CountingCases: CaseSource {
    let loads = Mutex(0)
    func load(_ name: String) throws -> PreparedCase {
      loads.withLock { $0 += 1 }
      return try MadeUpCases().load(name)
    }
    func truth(_ name: String) throws -> TruthVolume { try MadeUpCases().truth(name) }
  }

  @Test(arguments: [(1 << 20, 3), (5 * 4 * 32 * 16, 5), (0, 6)])
  func theShelfKeepsWhatFits(limit: Int, loads: Int) throws {
    let counting = CountingCases()
    let shelf = CaseShelf(counting, limit: limit)
    for name in ["Case1", "Case2", "Case3", "Case1", "Case2", "Case3"] {
      #expect(try shelf.load(name) == MadeUpCases().load(name))
    }
    #expect(counting.loads.withLock { $0 } == loads)
  }

  struct Unreadable: Error {}
  struct BrokenCases: CaseSource {
    func load(_ name: String) throws -> PreparedCase { throw Unreadable() }
    func truth(_ name: String) throws -> TruthVolume { throw Unreadable() }
  }

  @Test(arguments: [true, false]) func aCaseThatCannotBeLoadedIsAnError(ahead: Bool) {
    let feeder = BatchFeeder(
      maker: BatchMaker(plan: plan, source: BrokenCases()), stepsPerEpoch: 3, preparesAhead: ahead)
    #expect(throws: Unreadable.self) { try feeder.batch(at: StepIndex(epoch: 0, step: 0)) }
  }
}

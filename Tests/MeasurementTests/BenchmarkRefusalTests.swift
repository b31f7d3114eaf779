import CPU
import Compute
import Experiments
import Measurement
import Models
import Networks
import Testing
import Text
import Volumes

/// What trapped, or began to measure and never ended.
struct BenchmarkRefusalTests {
  private func refusal(
    _ kind: String, _ extent: Extent3, batch: Int = 1, freeMemory: Int = .max
  ) throws -> BenchmarkRefusal? {
    var benchmark = Benchmark(model: try BenchmarkModel.named(kind))
    (benchmark.extent, benchmark.batch) = (extent, batch)
    do { try benchmark.check(on: CPUEngine(), freeMemory: freeMemory) } catch { return error }
    return nil
  }

  /// Each that the check lets pass can be measured.
  @Test(arguments: NetworkRegistry.standard.kinds, [Extent3(1, 1, 1), Extent3(4, 5, 3), Extent3(1, 16, 16)])
  func aSizeIsRefusedOrMeasured(kind: String, extent: Extent3) throws {
    let refusal = try refusal(kind, extent)
    guard refusal == nil else {
      guard case .size = refusal else { return #expect(Bool(false), "\(String(describing: refusal))") }
      return
    }
    var benchmark = Benchmark(model: try BenchmarkModel.named(kind))
    (benchmark.extent, benchmark.classes, benchmark.repetitions) = (extent, 2, 1)
    #expect(try benchmark.run(on: CPUEngine()).step.median > 0)
  }

  /// The words are those of an experiment of that size.
  @Test func sizesAreJudgedAsThoseOfExperiments() throws {
    let model = try BenchmarkModel.named("unet3d")
    for (extent, batch) in [(Extent3(1, 1, 1), 1), (Extent3(4, 5, 3), 2)] {
      let expected = try #require(model.conflict(at: extent))
      #expect(try refusal("unet3d", extent, batch: batch) == .size(expected))
      let error = #expect(throws: SpecificationErrors.self) {
        try experiment(
          #""preprocessing":{"size":[\#(extent.depth),\#(extent.height),\#(extent.width)]},"model":{"kind":"unet3d"}"#)
      }
      #expect(error.map { "\($0)".contains(expected.words) } == true)
    }
    let least = model.leastSize
    let one = BenchmarkRefusal.size(
      .singleValue(layer: model.conflict(at: least, batches: [1])?.layer ?? "none", size: least, batch: 1))
    #expect(try refusal("unet3d", least) == one && refusal("unet3d", least, batch: 2) == nil)
    #expect(one.description.hasPrefix("--size: at 1x"))
  }

  @Test func aBatchBeyondTheMemoryIsNamedWithTheLargestThatFits() throws {
    let extent = Extent3(3, 32, 32)
    func needed(_ batch: Int) throws -> Int {
      guard case .memory(_, let needed, _, _) = try refusal("safnet", extent, batch: batch, freeMemory: 1) else {
        return 0
      }
      return needed
    }
    let (seven, eight) = (try needed(7), try needed(8))
    #expect(seven < eight)
    #expect(try refusal("safnet", extent, batch: 8, freeMemory: eight) == nil)
    let refused = try #require(try refusal("safnet", extent, batch: 4096, freeMemory: eight - 1))
    #expect(
      refused
        == .memory(
          batch: 4096, needed: try needed(4096), free: eight - 1, fitting: .init(batch: 7, needed: seven)))
    #expect(refused.description.hasSuffix(" are free; --batch 7 takes \(Quantity.bytes(seven))"))
    let none = try #require(try refusal("safnet", extent, freeMemory: 1))
    #expect(
      none.description.hasSuffix("1 B are free; not even batch 1 fits: give a smaller --size or a narrower network"))
  }

  /// What kernels plan is counted in 32 bits: far beyond them a plan ended the program, of experiments too.
  @Test func moreVoxelsThanAPlanCountsAreRefused() throws {
    let side = Preprocessing.sides.upperBound
    let most = Extent3(side, side, side)
    for kind in NetworkRegistry.standard.kinds {
      let batch = TrainingPlan.batchLimits.upperBound
      #expect(
        try refusal(kind, most, batch: batch) == .size(.tooManyVoxels(most, batch: batch, most: 1 << 31)), "\(kind)")
      guard case .memory = try refusal(kind, Extent3(512, side, side), freeMemory: 1 << 30) else {
        return #expect(Bool(false), "\(kind)")
      }
    }
    let error = #expect(throws: SpecificationErrors.self) {
      try experiment(#""preprocessing":{"size":[2048,2048,2048]}"#)
    }
    #expect(
      error.map {
        "\($0)".contains(" voxels are computed at once (2048x2048x2048 and a batch of 8), and 2,147,483,648")
      } == true)
  }
}

extension Conflict {
  fileprivate var layer: String? {
    guard case .singleValue(let layer, _, _) = self else { return nil }
    return layer
  }
}

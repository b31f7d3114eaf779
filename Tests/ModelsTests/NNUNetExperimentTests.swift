import Compute
import Foundation
import Models
import TestSupport
import Testing

/// Spacing, patch, batch and stages against nnunetv2's own planner: `Golden/make_nnunet_experiments.py`.
struct NNUNetExperimentTests {
  /// One dataset, and its `3d_fullres` in nnU-Net's order of axes.
  struct Golden: Decodable, CustomTestStringConvertible {
    struct Plan: Decodable {
      let spacing: [Double]
      let median: [Double]
      let patch: [Int]
      let batch: Int
      let estimate: Int
      let strides: [[Int]]
      let kernels: [[Int]]
      let features: [Int]
    }

    let name: String
    let sizes: [[Int]]
    let spacings: [[Double]]
    let labels: Int
    let memory: Double
    /// Of nnU-Net's axes, which one of the dataset's they are.
    let transpose: [Int]
    let plan: Plan?

    var testDescription: String { name }
    var fingerprint: NNUNetFingerprint { NNUNetFingerprint(extents: sizes, spacings: spacings) }
    var planned: NNUNetExperiment? { NNUNetExperiment(fingerprint, classes: labels, memory: memory) }

    /// In nnU-Net's order.
    func turned<T>(_ values: [T]) -> [T] { transpose.map { values[$0] } }
    func turned(_ extent: Extent3) -> [Int] { turned([extent.depth, extent.height, extent.width]) }
  }

  static let all = Result {
    let file = try #require(
      Bundle.module.url(forResource: "nnunet-experiments", withExtension: "json", subdirectory: "Golden"))
    return try JSONDecoder().decode([Golden].self, from: Data(contentsOf: file))
  }

  @Test func thereAreManyDatasets() throws {
    #expect(try Self.all.get().count >= 40 && Self.all.get().count { $0.plan == nil } == 1)
  }

  /// To the last bit, as ratios of spacings decide what is halved.
  @Test func spacingsAndMediansAreNNUNets() throws {
    for golden in try Self.all.get() {
      let target = golden.fingerprint.targetSpacing
      guard let plan = golden.plan else { continue }
      #expect(golden.turned(target) == plan.spacing, "\(golden.name)")
      #expect(golden.turned(golden.fingerprint.medianSides(at: target)) == plan.median, "\(golden.name)")
    }
  }

  @Test func patchesBatchesAndStagesAreNNUNets() throws {
    for golden in try Self.all.get() {
      guard let plan = golden.plan else {
        #expect(golden.planned == nil, "\(golden.name)")
        continue
      }
      let planned = try #require(golden.planned, "\(golden.name)")
      #expect(
        golden.turned(planned.patch) == plan.patch && planned.batch == plan.batch, "\(golden.name): \(planned.patch)")
      #expect(planned.featureValues == plan.estimate, "\(golden.name)")
      #expect(planned.stages.map { golden.turned($0.stride) } == plan.strides, "\(golden.name)")
      #expect(planned.stages.map { golden.turned($0.kernel) } == plan.kernels, "\(golden.name)")
      #expect(planned.stages.map(\.features) == plan.features, "\(golden.name)")
    }
  }

  /// What the network makes of the planned patch and spacing is what was planned; all but where half a voxel of a median
  /// kept nnU-Net from halving an axis whose patch is then padded to what could be halved.
  @Test func theNetworkHasThePlannedStages() throws {
    for golden in try Self.all.get() {
      guard let planned = golden.planned, !golden.name.hasPrefix("half a voxel") else { continue }
      var network = NNUNet()
      network.spacing = planned.spacing
      #expect(network.plan(at: planned.patch).stages == planned.stages, "\(golden.name)")
      #expect(network.suitable(planned.patch) == planned.patch, "\(golden.name)")
    }
  }

  @Test func memoryForNoPatchPlansNothing() throws {
    let fingerprint = NNUNetFingerprint(extents: [[20, 64, 64]], spacings: [[3, 1, 1]])
    #expect(NNUNetExperiment(fingerprint, classes: 2, memory: 1e-6) == nil)
    #expect(NNUNetExperiment(fingerprint, classes: 2, memory: 0.1) != nil)
  }
}

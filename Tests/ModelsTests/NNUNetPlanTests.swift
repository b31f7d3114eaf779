import Compute
import Models
import TestSupport
import Testing

/// nnU-Net's planning rules against nnunetv2's own planner: `Golden/make_nnunet.py`.
struct NNUNetPlanTests {
  static func extent(_ sides: ArraySlice<Float>) -> Extent3 {
    let sides = sides.map { Int($0) }
    return Extent3(sides[0], sides[1], sides[2])
  }

  @Test(arguments: 0..<12) func stridesAndKernelsAreNNUNets(_ number: Int) throws {
    let golden = try GoldenFile("nnunet-plans", in: .module)
    func values(_ name: String) throws -> [Float] { try golden["\(name)\(number)"].values }
    let spacing = try values("spacing").map { (Double($0) * 1000).rounded() / 1000 }
    let padded = Self.extent(try values("padded")[...])
    let size = Self.extent(try values("size")[...])
    #expect(NNUNetPlan(spacing: spacing, size: size, features: 32, mostFeatures: 320).padded == padded)
    // At the size that nnU-Net trains at the stages are its own.
    let plan = NNUNetPlan(spacing: spacing, size: padded, features: 32, mostFeatures: 320)
    let (strides, kernels) = (try values("strides"), try values("kernels"))
    func stages(_ values: [Float]) -> [Extent3] {
      stride(from: 0, to: values.count, by: 3).map { Self.extent(values[$0..<$0 + 3]) }
    }
    #expect(plan.stages.map(\.stride) == stages(strides) && plan.stages.map(\.kernel) == stages(kernels))
    #expect(plan.padded == padded)
  }

  @Test func channelsDoubleUpToTheCap() {
    let plan = NNUNetPlan(spacing: [1, 1, 1], size: Extent3(128, 128, 128), features: 32, mostFeatures: 320)
    #expect(plan.stages.map(\.features) == [32, 64, 128, 256, 320, 320])
  }

  /// Where nnU-Net would pad, an odd axis stays as it is, and the padded size is told.
  @Test func anOddAxisIsNotHalved() {
    let plan = NNUNetPlan(spacing: [4, 1, 1], size: Extent3(18, 44, 32), features: 8, mostFeatures: 320)
    #expect(plan.stages.map(\.stride) == [1, Extent3(1, 2, 2), Extent3(1, 2, 2), Extent3(2, 1, 2)])
    #expect(plan.padded == Extent3(18, 48, 32))
  }

  @Test func reasonsAreInWords() {
    var network = NNUNet()
    (network.spacing, network.features) = ([3.3, 0.6, 0.6], 32)
    #expect(
      network.reasons(at: Extent3(20, 224, 112)) == [
        "by nnU-Net's rules, at 3.3 x 0.6 x 0.6 mm:",
        "stage 1: 20x224x112, 32 channels, kernels 1x3x3",
        "stage 2: 20x112x56, 64 channels, kernels 1x3x3",
        "stage 3: 20x56x28, 128 channels, kernels 3x3x3",
        "stage 4: 10x28x14, 256 channels, kernels 3x3x3",
        "stage 5: 5x14x7, 320 channels, kernels 3x3x3",
        "stage 6: 5x7x7, 320 channels, kernels 3x3x3",
        "depth: halved 2 times, because half of 5 voxels would be fewer than 4",
        "height: halved 5 times, because half of 7 voxels would be fewer than 4",
        "width: halved 4 times, because half of 7 voxels would be fewer than 4",
      ])
  }

  @Test func anImageTooSmallToHalveHasOneStage() {
    #expect(NNUNetPlan(spacing: [1, 1, 1], size: 7, features: 8, mostFeatures: 320).stages.count == 1)
  }
}

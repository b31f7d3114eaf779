import CPU
import Compute
import Experiments
import Foundation
import Models
import TestSupport
import Testing
import Volumes

import Workbench

/// `safnet new --recipe nnunet`. Patches and batches are those of nnunetv2 2.8.1 for the same images, planned by
/// `Tests/ModelsTests/Golden/make_nnunet_experiments.py`'s `planned` in the order W, H, D, in which it reads these files.
@Suite struct NewPatchStudyTests {
  private var data: TinyDataset

  init() throws { data = try TinyDataset() }

  private mutating func write(_ extent: [Int], _ spacing: [Double], cases: Int = 3) throws {
    (data.extent, data.spacing, data.columns) = (extent, spacing, 0..<extent[2])
    try data.write(cases: cases)
  }

  /// nnunetv2: 9 x 36 x 40 (D, W, H) is padded to 10 x 40 x 40, in four stages; two of each step.
  @Test mutating func theStudyHasNNUNetsPlanAndCanBePlanned() throws {
    try write([9, 40, 36], [3.6, 0.9, 0.9], cases: 6)
    let report = try data.study(recipe: .nnUNet(patch: nil))
    let study = try data.specification()
    #expect(study.preprocessing.spacing?.map { ($0 * 1e6).rounded() / 1e6 } == [3.6, 0.9, 0.9])
    #expect(study.preprocessing.crop == .none && study.training.batch == 2)
    #expect(study.variants.map(\.name) == ["Base", "SAFNet", "nnU-Net"])
    #expect(study.variants.allSatisfy { $0.training.patch == Extent3(10, 40, 40) })
    let network = try #require(study.variants[2].model.network as? NNUNet)
    #expect(network.spacing == study.preprocessing.spacing)
    #expect(network.plan(at: Extent3(10, 40, 40)).stages.count == 4)
    var planning = Planning()
    planning.measures = false
    let estimate = try planning.estimate(study, engine: CPUEngine(), on: TinyDataset.machine)
    #expect(estimate.shortages.isEmpty && estimate.runs == 3 * 3 * 3)
    #expect(try DatasetReport(study).problems.isEmpty && report.check.problems.isEmpty)
    #expect(report.because("preprocessing.spacing") == "median")
    #expect(
      report.text.contains(
        "\nnnU-Net's plan of 6 cases (median 9 x 40 x 36 voxels, 3.6 x 0.9 x 0.9 mm), as its 3d_fullres for 8 GB: spacing"
          + " 3.6 x 0.9 x 0.9 mm, patch 10x40x40, batch 2, 4 stages.\nNot done of it: cropping to what is not 0, 2d,"),
      "\(report.text)")
    #expect(report.text.contains("\nA run takes ") && report.text.contains("64.0 GiB are free."))
  }

  /// For 0.05 GB nnunetv2 takes 6 x 48 x 40 along D, W and H: of two sides as long it shortens the later in the file's order.
  @Test mutating func lessMemoryIsASmallerPatchInTheFilesOrder() throws {
    try write([8, 64, 64], [4, 1, 1])
    _ = try data.study(memory: (1 << 30) / 20, recipe: .nnUNet(patch: nil))
    #expect(try data.specification().training.patch == Extent3(6, 40, 48))
    let report = try data.study("whole.json", recipe: .nnUNet(patch: nil))
    #expect(try data.specification("whole.json").training.patch == Extent3(8, 64, 64))
    #expect(!report.text.contains("made for a GPU"), "a quarter of the memory has the same patch")
  }

  /// nnunetv2: 3.5 mm once and 5 mm four times make 4.1 mm, and 16 x 64 x 64.
  @Test mutating func theTenthPercentileIsSaid() throws {
    try write([12, 60, 60], [5, 1, 1], cases: 5)
    data.spacing[0] = 3.5
    try data.write("c1", seed: 1)
    let report = try data.study(recipe: .nnUNet(patch: nil))
    let study = try data.specification()
    #expect(study.preprocessing.spacing == [4.1, 1, 1] && study.training.patch == Extent3(16, 64, 64))
    #expect(
      report.because("preprocessing.spacing") == "median; along D the 10th percentile, so that slices are kept")
  }

  /// Of three cases one trains, which nnU-Net would take twice in a step.
  @Test mutating func aBatchIsNoMoreThanAFoldTrainsWith() throws {
    try write([8, 64, 64], [4, 1, 1])
    let report = try data.study(recipe: .nnUNet(patch: nil))
    #expect(try data.specification().training.batch == 1)
    #expect(report.because("training.batch") == "all that a fold trains with; nnU-Net's is 2")
    #expect(report.text.contains("patch 8x64x64, batch 2, 5 stages; taken is the patch 8x64x64, batch 1."))
  }

  /// nnunetv2 pads a median of 7.5 x 16 x 26.5 to 8 x 16 x 28, halved no more than 7.5 voxels can be; the network halves 8.
  @Test mutating func aMedianOfHalfAVoxelIsPlannedAsTheNetworkHalves() throws {
    (data.extent, data.spacing, data.columns) = ([7, 16, 26], [1, 3, 4.4], 0..<26)
    try data.write(cases: 4)
    (data.extent, data.columns) = ([8, 16, 27], 0..<27)
    for name in ["c3", "c4"] { try data.write(name, seed: name == "c3" ? 3 : 4) }
    let report = try data.study(recipe: .nnUNet(patch: nil))
    let study = try data.specification()
    let patch = try #require(study.training.patch)
    #expect(patch.width < 28 && study.variants[2].model.suitable(patch) == patch)
    #expect(
      report.because("training.patch").hasPrefix("nnU-Net's 8x16x28 for 8 GB, as its network's halvings divide it;"))
    #expect(try DatasetReport(study).problems.isEmpty)
  }

  @Test mutating func aPatchOfOnesOwnIsTakenWithTheLeastBatch() throws {
    try write([8, 64, 64], [4, 1, 1], cases: 6)
    let report = try data.study(recipe: .nnUNet(patch: Extent3(8, 32, 16)))
    let study = try data.specification()
    #expect(study.training.patch == Extent3(8, 32, 16) && study.training.batch == 2)
    #expect(report.because("training.patch").hasPrefix("--patch; nnU-Net's is 8x64x64;"))
    #expect(report.text.contains("5 stages; taken is the patch 8x32x16, batch 2."))
  }

  private func refusal(_ patch: Extent3?, memory: Int? = nil) -> StudyRefusal? {
    do { _ = try data.study(memory: memory, recipe: .nnUNet(patch: patch)) } catch { return error as? StudyRefusal }
    return nil
  }

  @Test mutating func patchesThatCannotBeAreRefusedAndNothingIsWritten() throws {
    try write([8, 64, 64], [4, 1, 1])
    #expect(refusal(Extent3(8, 36, 33)) == .patchDoesNotDivide(Extent3(8, 36, 33), suitable: Extent3(8, 40, 40)))
    #expect(
      refusal(Extent3(8, 36, 33))?.description
        == "--patch 8x36x33 cannot be halved as often as nnU-Net's rules say; give 8,40,40")
    #expect(refusal(Extent3(8, 96, 64)) == .patchTooLarge(Extent3(8, 96, 64), longest: Extent3(8, 64, 64)))
    #expect(refusal(Extent3(8, 8, 64)) == .patchTooSmall(Extent3(8, 8, 64), least: Extent3(1, 16, 16)))
    #expect(refusal(nil, memory: 1 << 10)?.description.hasPrefix("nnU-Net plans no patch in three dimensions") == true)
    #expect(!data.folder.exists("study.json"))
  }
}

import Foundation
import Models
import Testing

import Experiments

/// The comparison with the four baselines, at its three sizes.
@Suite struct ComparisonExperimentsTests {
  func load(_ name: String) throws -> Specification { try CommittedExperimentsTests().load(name) }

  @Test(arguments: ["comparison.json", "comparison-demo.json", "comparison-lumbar-vb3.json"])
  func isThePapersTable1(name: String) throws {
    let specification = try load(name)
    #expect(
      specification.variants.map(\.name) == ["3D UNet", "CFNet", "3D ResUNet", "3D DeepLabV3", "SAFNet"])
    #expect(specification.variants.map(\.model.kind) == ["unet3d", "cfnet", "resunet3d", "deeplabv3", "safnet"])
    #expect(
      specification.variants.map(\.training.loss)
        == [.crossEntropy, .crossEntropy, .crossEntropy, .crossEntropy, .pixelwise])
    // The demo learns in minutes at three times the paper's rate.
    let rate = name == "comparison-demo.json" ? 3e-3 : 1e-3
    #expect(specification.variants.allSatisfy { $0.training.learningRate == rate })
    #expect(specification.variants.allSatisfy { $0.model.slug == $0.model.kind })
  }

  @Test func thePapersSizeIsTheSources() throws {
    let specification = try load("comparison.json")
    #expect(specification.variants.allSatisfy { $0.model == NetworkRegistry.standard.model($0.model.kind) })
    #expect(specification.training.batch == 8 && specification.conflicts(cases: 172).isEmpty)
  }

  /// So that the demo's SAFNet is trained once for both tables. The real set's comparison has half the ablation's resolution,
  /// or its big baselines would take hours.
  @Test(arguments: [("comparison-demo.json", "demo.json"), ("comparison-lumbar-vb3.json", "lumbar-vb3.json")])
  func safnetIsTheAblationsOwn(comparison: String, ablation: String) throws {
    let (ours, other) = (try load(comparison), try load(ablation))
    let (safnet, twin) = (ours.variants.last!, other.variants.last!)
    #expect(safnet.model.resolved == twin.model.resolved && safnet.training == twin.training)
    #expect(ours.folds == other.folds && (ours.preprocessing == other.preprocessing) == (ablation == "demo.json"))
    #expect(ours.augmentation == other.augmentation && ours.datasetRoot == other.datasetRoot)
  }

  @Test func sizesThatDoNotHalveOftenEnoughAreRefused() throws {
    let least = try load("comparison-demo.json").variants.map(\.model.leastSize)
    #expect(least.map(\.height) == [8, 16, 8, 16, 16] && least.map(\.width) == [8, 16, 8, 16, 16])
  }
}

import Foundation
import Models
import Testing

import Experiments

/// The files that users start from.
@Suite struct CommittedExperimentsTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Experiments").standardizedFileURL

  static let names = try! FileManager.default.contentsOfDirectory(atPath: folder.path)
    .filter { $0.hasSuffix(".json") && $0 != "safnet.schema.json" }.sorted()

  func load(_ name: String, set: [String] = []) throws -> Specification {
    try Specification.load(Self.folder.appendingPathComponent(name), overrides: set)
  }

  @Test(arguments: names) func isSoundAndNamedLikeItsFile(name: String) throws {
    let specification = try load(name)
    #expect(specification.name + ".json" == name)
    #expect(specification.title != specification.name)
    #expect(FileManager.default.fileExists(atPath: Self.folder.appendingPathComponent("safnet.schema.json").path))
  }

  @Test func theSchemaIsTheOneThatTheProgramPrints() throws {
    let file = Self.folder.appendingPathComponent("safnet.schema.json")
    let committed = try String(contentsOf: file, encoding: .utf8)
    #expect(committed == Specification.schema, "safnet schema > Experiments/safnet.schema.json")
  }

  /// What base.json spells out is what an experiment that says nothing gets.
  @Test func baseSpellsOutTheDefaults() throws {
    let (base, defaults) = (try load("base.json"), Specification())
    #expect(base.preprocessing == defaults.preprocessing && base.augmentation == defaults.augmentation)
    #expect(base.folds == defaults.folds && base.training == defaults.training && base.model == defaults.model)
    #expect(base.conflicts(cases: 172).isEmpty)
  }

  @Test(arguments: ["ablation.json", "demo.json", "lumbar-vb3.json"]) func ablationsAreTable2(name: String) throws {
    let specification = try load(name)
    #expect(
      specification.variants.map(\.name) == [
        "Base", "Base + ASPP", "Base + Multiscale fusion", "Base + Self-attention mechanism", "SAFNet",
      ])
    let ticks = specification.variants.map { $0.model.components.map(\.isOn) }
    #expect(
      ticks == [
        [false, false, false, false], [true, false, false, false], [false, true, false, false],
        [false, false, true, false], [true, true, true, true],
      ])
    #expect(specification.baseline == "Base")
  }

  @Test func lumbarTakesItsDatasetFromTheCommandLine() throws {
    let specification = try load("lumbar-vb3.json", set: ["dataset.path=/data/lumbar-vb3"])
    #expect(specification.datasetRoot.path == "/data/lumbar-vb3" && specification.augmentation == nil)
    #expect(specification.conflicts(cases: 40).isEmpty)
  }
}

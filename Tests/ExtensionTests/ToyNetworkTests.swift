import CPU
import Experiments
import Foundation
import Networks
import Store
import Testing
import Training

/// A network that is added in one file and one registration goes all the way, without another line anywhere.
@Suite struct ToyNetworkTests {
  private static func product() -> WholeProduct {
    var product = WholeProduct(
      model: #""kind": "toy", "width": 3"#,
      variants: """
        { "name": "Toy" }, { "name": "No skip", "model": { "skips": false } },
        { "name": "SAFNet", "model": { "kind": "safnet", "width": 16, "stem": [8, 16] } }
        """)
    product.networks = .withToy
    return product
  }

  @Test func isReadAndCheckedLikeAnyOther() throws {
    let product = Self.product()
    let specification = try product.specification()
    #expect(specification.variants.map(\.model.slug) == ["toy", "toy-base", "safnet"])
    #expect(specification.variants[0].model.components.map(\.isOn) == [true])
    let error = #expect(throws: SpecificationErrors.self) {
      try product.specification(set: ["model.widht=3", "model.width=1"])
    }
    #expect(error?.description.contains("model.widht: unknown key, did you mean width?") == true)
    #expect(error?.description.contains("found 1, allowed: 2 to 4096") == true)
    #expect(throws: SpecificationErrors.self, "the program's own list has no such network") {
      try Specification.load(product.folder.appending(path: "toy.json"))
    }
  }

  @Test func itsPlansHaveIdentitiesAndReadBack() throws {
    let runs = try Self.product().opened().plan.runs
    #expect(Set(runs.map(\.identity)).count == 6)
    #expect(runs[0].directoryName.hasPrefix("toy-f1-"))
    #expect(runs[0].plan.model.json == ["kind": "toy", "width": 3, "skips": true])
    let read = try Plan(json: runs[0].plan.canonicalJSON, file: "plan.json", networks: .withToy)
    #expect(read == runs[0].plan && read.identity == runs[0].identity)
    #expect(throws: SpecificationErrors.self) { try Plan(json: runs[0].plan.canonicalJSON, file: "plan.json") }
  }

  @Test func itsRunsAreEstimatedTrainedAndReported() throws {
    let product = Self.product()
    let cost = try #require(try product.estimate().variants.first).cost
    #expect(cost.layers.contains { $0.name == "block.conv" })
    #expect(try product.sweep().finished.count == 6)
    let report = try product.report()
    #expect(report.status == nil)
    #expect(report.table(.ablation)?.cell(row: "Toy", column: "Skip") != nil)
    #expect(report.table(.folds)?.cell(row: "No skip", column: "Mean").map { $0.content != .missing } == true)
    let run = try #require(product.workspace.runDirectories().first { $0.name.hasPrefix("toy-f1-") })
    _ = try TrainedNetworks([run], choice: .best, engine: CPUEngine(), threads: 1, networks: .withToy)
  }
}

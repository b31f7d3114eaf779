import Foundation
import Testing
import Volumes

import Experiments

/// The runs of the committed experiments as they were before there were seeds and grids: whoever has trained them finds
/// them again, by the same identities and under the same names.
@Suite struct GoldenIdentityTests {
  private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden/identities.txt")

  /// Of 172 made-up cases, every structure in each.
  private func plan(_ name: String, set: [String] = []) throws -> ExperimentPlan {
    let file = CommittedExperimentsTests.folder.appendingPathComponent(name)
    let specification = try Specification.load(file, overrides: set)
    let root = URL(fileURLWithPath: "/data/set")
    let names = (1...172).map { "Case\($0)" }
    let lumbar = LabelMap(structures: (1...5).map { .init(name: "L\($0)", value: $0) })
    // In the layout that the experiment is for: a dataset.json's names, or MRSpineSeg's.
    let isNNUNet = specification.dataset.layout == .nnUNet
    let dataset = Dataset(
      root: root, layout: isNNUNet ? .nnUNet : .mrSpineSeg,
      cases: names.map { DatasetCase(name: $0, image: root, label: root) }, labels: isNNUNet ? lumbar : nil)
    let structures = try specification.labels(of: dataset).names.count
    let present = Dictionary(uniqueKeysWithValues: names.map { ($0, Array(repeating: true, count: structures)) })
    return try ExperimentPlan(
      specification: specification, dataset: dataset, fingerprint: DatasetFingerprint(digest: "ff", cases: 172),
      present: present)
  }

  private func lines(_ name: String, _ runs: [PlannedRun]) -> [String] {
    runs.map { "\(name)\t\($0.variant)\t\($0.fold)\t\($0.directoryName)\t\($0.identity)" }
  }

  private func recorded(_ name: String) throws -> [String] {
    try String(contentsOf: Self.golden, encoding: .utf8).split(separator: "\n").map(String.init)
      .filter { $0.hasPrefix(name + "\t") }
  }

  @Test(arguments: CommittedExperimentsTests.names) func recordedRunsAreStillPlanned(name: String) throws {
    let (then, now) = (try recorded(name), try plan(name))
    let lines = lines(name, now.runs)
    if now.specification.seeds == nil { #expect(lines == then) }
    #expect(Set(then).isSubset(of: lines), "finished runs of \(name) would be trained anew")
  }

  /// Added seeds leave finished runs finished, and come after them.
  @Test(arguments: ["demo.json", "comparison.json"]) func addedSeedsReuseTheRunsOfTheFirst(name: String) throws {
    let then = try recorded(name)
    let runs = try plan(name, set: ["seeds=[2023,7]"]).runs
    #expect(lines(name, Array(runs.prefix(then.count))) == then)
    #expect(runs.count == 2 * then.count && runs[then.count...].allSatisfy { $0.seed == 7 })
    // In any order of the list, the same runs.
    let turned = try plan(name, set: ["seeds=[7,2023]"]).runs
    #expect(Set(turned.map(\.identity)) == Set(runs.map(\.identity)) && turned.first?.seed == 7)
  }
}

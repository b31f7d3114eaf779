import Experiments
import Foundation
import Testing
import Volumes
import Workbench

/// What is advised about a structure that a fold does not train with: what changes folds of that kind.
@Suite struct UntaughtStructureTests {
  private let data: TinyDataset

  /// Eight cases, of which the first alone has L2; the first four are of one site, the others of another.
  init() throws {
    data = try TinyDataset()
    for number in 1...8 { try data.write("c\(number)", seed: number, numbers: number == 1 ? [1, 2] : [1]) }
    try data.describe(TinyDataset.names)
    let rows = (1...8).map { "c\($0),\($0 < 5 ? "north" : "south")\n" }
    try data.folder.write("groups.csv", "case,site\n\(rows.joined())")
    try data.folder.write(
      "x.json",
      """
      {"name": "x", "dataset": {"path": "data", "groups": {"file": "groups.csv"}},
      "preprocessing": {"size": [6, 32, 16]}, "folds": {"count": 2, "validation": 1},
      "model": {"kind": "safnet", "width": 16, "stem": [8, 16]},
      "training": {"epochs": 1, "batch": 2}, "variants": [{"name": "SAFNet"}]}
      """)
  }

  private func specification(_ options: [String]) throws -> Specification {
    try Specification.load(data.folder.file("x.json"), overrides: options)
  }

  /// By fold, what is said behind the structure's name.
  private func remedies(_ options: String...) throws -> [String] {
    let start = ": no training case has L2, which no network of it can learn; "
    return try DatasetReport(specification(options)).census.notices.filter { $0.contains(start) }
      .map { $0.replacing(start, with: ": ") }
  }

  @Test func drawnFoldsAreDrawnOtherwise() throws {
    let words = try remedies()
    #expect(words.count == 1)
    #expect(
      words.first?.hasSuffix(": set another folds.seed or fewer folds.count, or leave the structure out of the labels")
        == true, "\(words)")
  }

  @Test func foldsOfAFileAreChangedThere() throws {
    let (first, last) = (#""c1","c2","c3","c4""#, #""c5","c6","c7","c8""#)
    try data.folder.write(
      "data/splits_final.json",
      "[{\"train\":[\(first)],\"val\":[\(last)]},{\"train\":[\(last)],\"val\":[\(first)]}]")
    #expect(
      try remedies() == [
        "fold 2: move a case that has it from val to train in splits_final.json, or leave the structure out of the labels"
      ])
    #expect(try remedies("folds.source=balanced").first?.contains("folds.count") == true)
  }

  /// The seed draws who of the other values chooses the checkpoint, and nothing else.
  @Test func foldsOfAColumnTakeAnotherOne() throws {
    let held =
      "fold 1: all that have it are of one site, which is held out: name another column in folds.by, or leave the structure"
      + " out of the labels"
    let seed = try (1...60).first { seed in
      let drawn = try specification(["folds.by=site", "folds.seed=\(seed)"])
      return try drawn.folds(of: drawn.openDataset(), present: [:])[1].validation == ["c1"]
    }
    let chooses = try #require(seed)
    #expect(
      try remedies("folds.by=site", "folds.seed=\(chooses)") == [
        held, "fold 2: set another folds.seed, or leave the structure out of the labels",
      ])
  }
}

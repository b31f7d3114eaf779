import Experiments
import Foundation
import TestSupport
import Testing
import Volumes
import Workbench

@Suite struct RunSelectionTests {
  /// Three variants on two folds; the first two with three seeds.
  private func plan() throws -> ExperimentPlan {
    let temporary = try TemporaryFolder()
    let text = """
      {"name":"x","dataset":{"path":"data"},"folds":{"count":2,"validation":1},"seeds":[2023,2024,2025],
      "training":{"batch":1},
      "variants":[{"name":"Base","model":{"aspp":false}},{"name":"Base *","model":{"attention":false}},
      {"name":"SAFNet","seeds":[7]}]}
      """
    try temporary.write("x.json", text)
    let root = temporary.url
    let names = (1...8).map { "Case\($0)" }
    let dataset = Dataset(
      root: root, layout: .mrSpineSeg, cases: names.map { DatasetCase(name: $0, image: root, label: root) })
    let specification = try Specification.load(temporary.file("x.json"))
    let structures = try specification.labels(of: dataset).names.count
    return try ExperimentPlan(
      specification: specification, dataset: dataset, fingerprint: DatasetFingerprint(digest: "ff", cases: 8),
      present: Dictionary(uniqueKeysWithValues: names.map { ($0, Array(repeating: true, count: structures)) }))
  }

  private func chosen(_ change: (inout RunSelection) -> Void) throws -> (runs: [PlannedRun], words: String?) {
    var selection = RunSelection()
    change(&selection)
    let plan = try plan()
    let checked = try selection.checked(with: plan.specification)
    let runs = try checked.runs(of: plan)
    return (runs, checked.words(chosen: runs, of: plan))
  }

  @Test func everythingIsChosenWithoutAWord() throws {
    let (runs, words) = try chosen { _ in }
    #expect(runs.count == 14 && words == nil)
    #expect(
      runs.prefix(7).map(\.label) == [
        "Base, fold 1, seed 2023", "Base, fold 2, seed 2023", "Base *, fold 1, seed 2023", "Base *, fold 2, seed 2023",
        "SAFNet, fold 1", "SAFNet, fold 2", "Base, fold 1, seed 2024",
      ])
  }

  @Test func whatIsChosenIsCountedAndSaid() throws {
    let (runs, words) = try chosen {
      ($0.only, $0.folds, $0.seeds) = (["Base*"], [2], [2025, 2023])
    }
    #expect(
      runs.map(\.label) == [
        "Base, fold 2, seed 2023", "Base *, fold 2, seed 2023", "Base, fold 2, seed 2025", "Base *, fold 2, seed 2025",
      ])
    #expect(
      words
        == "4 of 14 runs are asked for: 2 of 3 variants (Base, Base *); folds 2 of 2; seeds 2025, 2023 of 4.")
  }

  /// A name that holds a star means itself when it is written out.
  @Test func aWrittenNameIsNoPattern() throws {
    #expect(Set(try chosen { $0.only = ["Base *"] }.runs.map(\.variant)) == ["Base *"])
    #expect(Set(try chosen { $0.only = ["SAF*", "Base"] }.runs.map(\.variant)) == ["SAFNet", "Base"])
  }

  @Test func severalNamesMayStandInOne() throws {
    #expect(Set(try chosen { $0.only = ["SAFNet, Base"] }.runs.map(\.variant)) == ["SAFNet", "Base"])
    #expect(Set(try chosen { $0.only = ["Base *,SAF*"] }.runs.map(\.variant)) == ["SAFNet", "Base *"])
  }

  /// Those of a grid share a beginning, and have commas.
  @Test func namesWithCommasStandInQuotes() {
    let known = ["UNet, width 8", "UNet, width 16", "Base"]
    #expect(
      UsageError.unknownVariant(option: "--only", name: "UNet", nearest: nil, known: known).description
        == "--only 'UNet' is no variant of this experiment, did you mean \"UNet*\", which takes the 2 that begin so?; it has"
        + " \"UNet, width 8\", \"UNet, width 16\", Base.")
    let one = UsageError.unknownVariant(option: "--variant", name: "UNet", nearest: "UNet, width 8", known: known)
    #expect(one.description.contains("did you mean \"UNet, width 8\"?;"))
    #expect(ImageUsageError.noVariant(known: known).description.contains("the variants \"UNet, width 8\", "))
  }

  @Test func whatIsNotThereIsSaid() throws {
    func message(_ change: (inout RunSelection) -> Void) -> String {
      do {
        return "\(try chosen(change).runs.count) runs"
      } catch { return "\(error)" }
    }
    #expect(
      message { $0.only = ["SAFnet"] }
        == "--only 'SAFnet' is no variant of this experiment, did you mean SAFNet?; it has Base, Base *, SAFNet.")
    #expect(message { $0.only = ["UNet*", "Base"] }.hasPrefix("--only 'UNet*' is no variant of this experiment"))
    #expect(
      message { $0.only = ["SAFNet,Bse"] }.hasPrefix(
        "--only 'Bse' is no variant of this experiment, did you mean Base?"))
    #expect(message { $0.only = [","] }.hasPrefix("--only ',' is no variant of this experiment; it has"))
    #expect(
      message { $0.folds = Array(1...9) }
        == "--folds: there is no fold 3; this experiment has folds 1 to 2, nnU-Net's 0 to 1. Give --folds 1-2, or some of them."
    )
    #expect(
      message { $0.seeds = [1] }
        == "--seeds 1: no variant of this experiment has this seed; there are 2023, 7, 2024, 2025. --seeds takes the"
        + " seeds themselves: one more is written into the experiment, or given by --set 'seeds=[2023,7,2024,2025,1]'.")
    #expect(message { $0.seeds = [3] }.hasSuffix(" For 3 seeds give --set 'seeds=[2023,2024,2025]' and no --seeds."))
    #expect(
      message { ($0.only, $0.seeds) = (["SAFNet"], [2024]) }
        == "--seeds 2024: none of the variants asked for has such a seed (SAFNet).")
  }
}

import Foundation
import Models
import Testing
import Volumes

import Experiments

@Suite struct ExperimentPlanTests {
  static let names = (1...20).map { "Case\($0)" }
  static let fingerprint = DatasetFingerprint(digest: "ff", cases: 20)
  static let present = Dictionary(uniqueKeysWithValues: names.map { ($0, [true, true]) })

  func dataset(labels: LabelMap? = nil, splits: [Split]? = nil) -> Dataset {
    let root = URL(fileURLWithPath: "/data/set")
    let cases = Self.names.map { DatasetCase(name: $0, image: root, label: root) }
    return Dataset(root: root, layout: .mrSpineSeg, cases: cases, labels: labels, givenSplits: splits)
  }

  func plan(_ text: String, _ dataset: Dataset) throws -> ExperimentPlan {
    try ExperimentPlan(
      specification: ExperimentFolder(["x.json": text]).load(), dataset: dataset, fingerprint: Self.fingerprint,
      present: Self.present)
  }

  static let two = #"[{"name":"Base","model":{"aspp":false,"attention":false,"multiscale":false}},{"name":"SAFNet"}]"#

  @Test func everyVariantMeetsEveryFold() throws {
    let plan = try plan(experiment(#""folds":{"validation":1}"#, variants: Self.two), dataset())
    #expect(plan.runs.map(\.variant) == Array(repeating: "Base", count: 5) + Array(repeating: "SAFNet", count: 5))
    #expect(plan.runs.map(\.fold) == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5])
    #expect(Set(plan.runs.map(\.identity)).count == 10 && plan.distinctRuns.count == 10)
    #expect(plan.runs(of: "SAFNet").map(\.plan.fold) == plan.folds)
    #expect(Set(plan.folds.flatMap { $0.validation + $0.test }) == Set(Self.names))
    for run in plan.runs { #expect(run.identity == run.plan.identity && run.plan.structures == .mrSpineSeg) }
  }

  @Test func directoriesAreNamedForPeopleAndUnique() throws {
    let variants = """
      [{"name":"a","model":{"aspp":false,"attention":false,"multiscale":false}},
       {"name":"b","model":{"attention":false}},{"name":"c"},{"name":"d","training":{"seed":1}}]
      """
    let plan = try plan(experiment(#""folds":{"validation":1}"#, variants: variants), dataset())
    let first = ["a", "b", "c", "d"].map { plan.runs(of: $0)[2] }
    #expect(
      first.map(\.directoryName) == [
        "safnet-base-f3-\(first[0].identity.prefix(12))", "safnet-aspp-multiscale-f3-\(first[1].identity.prefix(12))",
        "safnet-f3-\(first[2].identity.prefix(12))", "safnet-f3-\(first[3].identity.prefix(12))",
      ])
    #expect(Set(plan.runs.map(\.directoryName)).count == 20)
  }

  @Test func theSamePlanUnderOtherNamesIsTheSameRun() throws {
    let fields = #""folds":{"validation":1}"#
    let one = try plan(experiment(fields, variants: Self.two), dataset())
    let other = try plan(
      experiment(fields + #","title":"other","report":{"tables":["folds"]}"#, variants: #"[{"name":"full"}]"#),
      dataset())
    #expect(one.runs(of: "SAFNet").map(\.identity) == other.runs.map(\.identity))
  }

  @Test func variantsThatShareAPlanAreTrainedOnce() throws {
    var specification = try ExperimentFolder(["x.json": experiment(#""folds":{"validation":1}"#)]).load()
    specification.variants.append(specification.variants[0])
    specification.variants[1].name = "Twin"
    let plan = try ExperimentPlan(
      specification: specification, dataset: dataset(), fingerprint: Self.fingerprint, present: Self.present)
    #expect(plan.runs.count == 10 && plan.distinctRuns.count == 5)
    #expect(plan.distinctRuns.map(\.variant) == Array(repeating: "SAFNet", count: 5))
  }

  @Test func givenSplitsAreHonoured() throws {
    let splits = [0, 10].map { start in
      Split(
        train: Self.names.filter { !Self.names[start..<start + 10].contains($0) },
        val: Array(Self.names[start..<start + 10]))
    }
    let given = dataset(splits: splits)
    let automatic = try plan(experiment(), given)
    #expect(automatic.folds.map { Set($0.validation + $0.test) } == splits.map { Set($0.val) })
    #expect(automatic.folds.allSatisfy { $0.validation.count == 4 })
    let balanced = try plan(experiment(#""folds":{"source":"balanced","validation":1}"#), given)
    #expect(balanced.folds.count == 5)
  }

  @Test func whatTheDatasetLacksIsSaid() throws {
    func message(_ text: String, _ dataset: Dataset) -> String {
      do {
        _ = try plan(text, dataset)
        return "accepted"
      } catch { return "\(error)" }
    }
    #expect(
      message(experiment(#""folds":{"source":"file"}"#), dataset())
        == "x.json:4:19: folds.source: /data/set holds no splits_final.json; take balanced")
    #expect(
      message(experiment(dataset: #"{"path":"d","labels":"dataset.json"}"#), dataset())
        == "x.json:2:32: dataset.labels: /data/set holds no dataset.json to take labels from; name them here")
    #expect(
      message(experiment(), dataset())
        == "x.json:1:1: folds.validation: 4 validation cases (the default) of 4 held out leave none to test; "
        + "set folds.validation to 3 or less, lower folds.count to 4 or less, or take validation cases from those that"
        + " train (folds.validationFrom: \"training\")")
    let lumbar = LabelMap(structures: [.init(name: "L1", value: 1)])
    #expect(
      message(
        experiment(#""folds":{"validation":1}"#, dataset: #"{"path":"d","labels":"dataset.json"}"#),
        dataset(labels: lumbar)) == "accepted")
  }

  @Test func batchesFollowTheRuleForTheLastOne() {
    var training = TrainingPlan()
    #expect(training.batches(of: 138) == Array(repeating: 8, count: 17) + [2])
    #expect(training.batches(of: 16) == [8, 8])
    #expect(training.batches(of: 3) == [3])
    training.lastBatch = .drop
    #expect(training.batches(of: 138) == Array(repeating: 8, count: 17))
  }
}

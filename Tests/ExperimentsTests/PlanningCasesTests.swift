import Foundation
import Testing
import Volumes

import Experiments

@Suite struct PlanningCasesTests {
  func folder(_ dataset: String, _ fields: String = #""folds":{"validation":1}"#) throws -> ExperimentFolder {
    let list = #"[{"train":["a","b"],"val":["c","d"]},{"train":["c","d"],"val":["a","b"]}]"#
    var files = [
      "x.json": experiment(fields + #","training":{"batch":2}"#, dataset: dataset),
      "set/dataset.json":
        #"{"channel_names":{"0":"T2"},"labels":{"background":0,"L1":1,"L2":2},"numTraining":4,"file_ending":".nii.gz"}"#,
      "set/splits_final.json": list,
    ]
    for name in ["a", "b", "c", "d"] {
      files["set/imagesTr/\(name)_0000.nii.gz"] = ""
      files["set/labelsTr/\(name).nii.gz"] = ""
    }
    return try ExperimentFolder(files)
  }

  @Test func foldsOfTheChallengesCases() throws {
    let specification = try ExperimentFolder(["x.json": experiment()]).load()
    let folds = try specification.foldSizes(cases: 172)
    #expect(folds.map(\.train) == [137, 137, 138, 138, 138])
    #expect(folds.map(\.validation) == [4, 4, 4, 4, 4])
    #expect(folds.map(\.test) == [31, 31, 30, 30, 30])
    #expect(throws: SpecificationErrors.self) { try specification.foldSizes(cases: 20) }
  }

  @Test func anAssumedNumberNeedsNoDataset() throws {
    let cases = try PlanningCases(folder(#"{"path":"nowhere"}"#).load(), assumed: 172)
    #expect(cases.classes == 18 && cases.folds.count == 5)
    #expect(cases.folds.allSatisfy { $0.train + $0.validation + $0.test == 172 })
  }

  @Test func aPhantomThatIsNotWrittenYetIsCounted() throws {
    let cases = try PlanningCases(folder(#"{"path":"nowhere","phantom":{"cases":20}}"#).load())
    #expect(cases.folds == Array(repeating: FoldSizes(train: 16, validation: 1, test: 3), count: 5))
  }

  @Test func aDatasetBringsItsLabelsAndSplits() throws {
    let folder = try folder(#"{"path":"set","labels":"dataset.json"}"#)
    let given = try PlanningCases(folder.load())
    #expect(given.classes == 3)
    #expect(given.folds == Array(repeating: FoldSizes(train: 2, validation: 1, test: 1), count: 2))
    let drawn = try PlanningCases(folder.load(set: ["folds.source=balanced", "folds.count=2"]))
    #expect(drawn.folds == given.folds)
    let assumed = try PlanningCases(folder.load(), assumed: 10)
    #expect(assumed.classes == 3 && assumed.folds.count == 5)
  }

  @Test func splitsThatLeaveNoTestCaseAreRefused() throws {
    let folder = try folder(#"{"path":"set","labels":"dataset.json"}"#, #""folds":{"validation":2}"#)
    #expect {
      try PlanningCases(folder.load())
    } throws: { error in
      "\(error)" == "x.json:4:23: folds.validation: 2 validation cases of the 2 that fold 1 (nnU-Net's fold 0) of "
        + folder.url.appendingPathComponent("set/splits_final.json").path
        + " holds out leave none to test; lower folds.validation to 1"
    }
  }

  @Test func aMissingDatasetIsSaid() throws {
    let folder = try folder(#"{"path":"nowhere"}"#)
    #expect(throws: DatasetErrors.self) { try PlanningCases(folder.load()) }
  }

  /// Once the dataset has named its structures; what was said without it is not said again.
  @Test func groupsOfAnothersNameAreNamed() throws {
    let fields = #""folds":{"validation":1},"report":{"groups":{"L2":["L1"],"all":["L1"],"both":["L1","L2"]}}"#
    let own = try folder(#"{"path":"set"}"#, fields)
    let notices = try PlanningCases(own.load()).notices.filter { $0.contains("report.groups") }
    #expect(
      notices == [
        #"x.json:4:51: report.groups.L2: a structure is called "L2", so that tables have two rows of that name; give the group another"#
          + " name"
      ])
    let known = try folder(#"{"path":"set","labels":{"L1":1,"L2":2}}"#, fields)
    let named = try known.load()
    #expect(named.unlikelyValues.count { $0.contains("report.groups") } == 2)
    #expect(try !PlanningCases(named).notices.contains { $0.contains("report.groups") })
  }
}

import Foundation
import Store
import TestSupport
import Testing
import Training
import Volumes
import Workbench

/// Scores of cases that the networks learnt from.
@Suite struct LearntCasesTests {
  let sweep: SmallSweep
  let run: RunDirectory

  init() throws {
    sweep = try SmallSweep.trained()
    run = try sweep.workspace.runDirectories()[0]
  }

  private func predict(_ runs: [String], to output: String) throws {
    var session = PredictionSession(
      runs: .named(runs), inputs: [sweep.path("phantom/MR")], output: sweep.path(output))
    session.threads = 1
    _ = try session.run(in: sweep.workspace, program: SmallSweep.program, console: RecordedConsole())
  }

  private func warnings(
    _ predictions: String, _ truths: String = "phantom/Mask", _ names: ImageEvaluation.Names? = nil
  ) throws -> [String] {
    try learntWarnings(
      sweep.path(predictions), sweep.path(truths), names ?? .run(run.name), in: sweep.workspace)
  }

  private func list(_ cases: [String]) -> String {
    cases.sorted(by: naturallyPrecedes).joined(separator: ", ")
  }

  @Test func casesThatWereTrainedOnAreNamed() throws {
    try predict([run.name], to: "o")
    let fold = try run.plan().fold
    try #require(fold.train.count == 4 && fold.validation.count == 1)
    #expect(
      try warnings("o") == [
        "warning: 4 of 8 cases (\(list(fold.train))) were trained on by \(run.name): their scores say nothing of new images",
        "warning: 1 of 8 cases (\(list(fold.validation))) chose the checkpoint of \(run.name): its score may be better than those of new"
          + " images",
      ])
    // The record beside the label maps says it without the run's name.
    #expect(try warnings("o", "phantom/Mask", .numbers).count == 2)
    // Of label maps without a record the masks do.
    try FileManager.default.removeItem(atPath: sweep.path("o/predictions.json"))
    #expect(try warnings("o").count == 2 && warnings("o", "phantom/Mask", .numbers).isEmpty)
    // What the run tested is said nothing of.
    let test = sweep.folder.appending(path: "test")
    try FileManager.default.createDirectory(at: test, withIntermediateDirectories: true)
    for name in fold.test {
      try FileManager.default.copyItem(
        atPath: sweep.path("o/\(name).nii.gz"), toPath: test.appending(path: "\(name).nii.gz").path)
    }
    #expect(try warnings("test").isEmpty)
  }

  @Test func ofSeveralNetworksSomeAreMeant() throws {
    let folds = try sweep.workspace.runDirectories().filter { $0.name.hasPrefix("safnet-base") }
    try #require(folds.count == 2)
    try predict(folds.map(\.name), to: "both")
    let told = try warnings("both", "phantom/Mask", .numbers)
    #expect(told.count == 1 && told[0].contains("8 of 8 cases (Case1, Case2"), "\(told)")
    #expect(
      told.first?.contains("were trained on by 1 of the 2 networks that made the label maps: ") == true, "\(told)")
  }

  /// Images of another dataset may have the names of these.
  @Test func otherImagesOfTheNamesAreNotMeant() throws {
    try FileManager.default.createDirectory(atPath: sweep.path("new"), withIntermediateDirectories: true)
    let fold = try run.plan().fold
    let (learnt, tested) = (fold.train[0], fold.test[0])
    // The test case's image and mask under the name of one that was learnt from.
    try FileManager.default.createDirectory(atPath: sweep.path("images"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: sweep.path("phantom/MR/\(tested).nii.gz"), toPath: sweep.path("images/\(learnt).nii.gz"))
    try FileManager.default.copyItem(
      atPath: sweep.path("phantom/Mask/mask_\(tested.lowercased()).nii.gz"), toPath: sweep.path("new/\(learnt).nii.gz"))
    var session = PredictionSession(runs: .named([run.name]), inputs: [sweep.path("images")], output: sweep.path("o"))
    session.threads = 1
    _ = try session.run(in: sweep.workspace, program: SmallSweep.program, console: RecordedConsole())
    #expect(try warnings("o", "new").isEmpty)
    // Nothing says of which images these are.
    try FileManager.default.removeItem(atPath: sweep.path("o/predictions.json"))
    try FileManager.default.removeItem(at: sweep.workspace.cacheFolder)
    #expect(
      try warnings("o", "new") == [
        "warning: \(learnt) has the name of a case that was trained on by \(run.name): if it is the same image, its score says nothing"
          + " of new images"
      ])
  }

  @Test func aSinglePairIsToldToo() throws {
    try predict([run.name], to: "o")
    let learnt = try run.plan().fold.train[0]
    let evaluation = try ImageEvaluation(
      prediction: sweep.path("o/\(learnt).nii.gz"),
      truth: sweep.path("phantom/Mask/mask_\(learnt.lowercased()).nii.gz"),
      names: .run(run.name), in: sweep.workspace)
    #expect(
      evaluation.notices.contains("\(learnt) was trained on by \(run.name): its score says nothing of new images"),
      "\(evaluation.notices)")
  }
}

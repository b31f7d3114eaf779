import Foundation
import Store
import TestSupport
import Testing
import Training
import Volumes
import Workbench

/// What is said of cases that networks learnt from: by whom, and how surely.
@Suite struct LearntWordsTests {
  let sweep: SmallSweep
  /// Two folds of one variant: what one trains on, the other tests or chooses by.
  let folds: [RunDirectory]

  init() throws {
    sweep = try SmallSweep.trained()
    folds = try sweep.workspace.runDirectories().filter { $0.name.hasPrefix("safnet-base") }
    try #require(folds.count == 2)
  }

  private func predict(_ runs: [String], _ images: String) throws {
    var session = PredictionSession(runs: .named(runs), inputs: [sweep.path(images)], output: sweep.path("o"))
    session.threads = 1
    _ = try session.run(in: sweep.workspace, program: SmallSweep.program, console: RecordedConsole())
  }

  private func warnings(_ truths: String, _ names: ImageEvaluation.Names) throws -> [String] {
    let console = RecordedConsole()
    _ = try FolderEvaluation(
      predictions: sweep.path("o"), truths: sweep.path(truths),
      labels: ImageEvaluation.labels(names, in: sweep.workspace),
      learnt: LearntCases(names, predictions: sweep.path("o"), in: sweep.workspace), console: console)
    return console.errors.split(separator: "\n").map(String.init).filter { line in
      ["trained on by", "chose the checkpoint"].contains(where: line.contains)
    }
  }

  private func list(_ cases: [String]) -> String {
    cases.sorted(by: naturallyPrecedes).joined(separator: ", ")
  }

  /// Each of the maps in a folder, by another network.
  @Test func eachMapHasANetworkOfItsOwn() throws {
    var names: [String] = []
    for run in folds {
      let name = try run.plan().fold.train[0]
      try predict([run.name], "phantom/MR/\(name).nii.gz")
      names.append(name)
    }
    let words =
      "warning: 2 of 2 cases (\(list(names))) were trained on by the network that made the label map: their scores say"
      + " nothing of new images"
    #expect(try warnings("phantom/Mask", .numbers) == [words])
  }

  /// Of a fold there are two, of the other there is one.
  @Test func casesThatDifferentlyManyLearntFromAreOfSome() throws {
    let runs = try sweep.workspace.runDirectories().map(\.name)
    let other = try #require(runs.first { !$0.hasPrefix("safnet-base") })
    try predict(folds.map(\.name) + [other], "phantom/MR")
    let told = try warnings("phantom/Mask", .numbers)
    let words =
      " were trained on by some of the 3 networks that made the label maps: their scores say nothing of new images"
    #expect(told.count == 1 && told[0].hasSuffix(words), "\(told)")
  }

  /// Nothing is prepared any more, and nothing says of which images the label maps are.
  @Test func namesAloneAreSaidToBeNoProof() throws {
    let (run, files) = (folds[0], FileManager.default)
    let fold = try run.plan().fold
    let (learnt, chose) = (Array(fold.train.prefix(2)), fold.validation[0])
    for folder in ["o", "new"] {
      try files.createDirectory(atPath: sweep.path(folder), withIntermediateDirectories: true)
      for name in learnt + [chose] {
        try files.copyItem(
          atPath: sweep.path("phantom/Mask/mask_\(name.lowercased()).nii.gz"),
          toPath: sweep.path("\(folder)/\(name).nii.gz"))
      }
    }
    try files.removeItem(at: sweep.workspace.cacheFolder)
    let ofTraining =
      "warning: 2 of 3 cases (\(list(learnt))) have the names of cases that were trained on by \(run.name): if they"
      + " are the same images, their scores say nothing of new images"
    let ofChoice =
      "warning: 1 of 3 cases (\(chose)) has the name of a case that chose the checkpoint of \(run.name): if it is the"
      + " same image, its score may be better than those of new images"
    #expect(try warnings("new", .run(run.name)) == [ofTraining, ofChoice])
  }
}

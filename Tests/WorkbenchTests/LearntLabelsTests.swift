import Compute
import Experiments
import Foundation
import Store
import TestSupport
import Testing
import Training
import Volumes
import Workbench

/// Some of a dataset's structures, merged or alone: what is left out is known to the plan, and said.
@Suite struct LearntLabelsTests {
  let sweep: SmallSweep
  let console = RecordedConsole()

  init() throws { sweep = try SmallSweep() }

  func opened(_ labels: String) throws -> OpenedExperiment {
    let specification = try Specification.load(
      sweep.folder.appendingPathComponent("small.json"), overrides: ["dataset.labels=\(labels)"])
    return try ExperimentOpening(
      specification: specification, workspace: sweep.workspace, workers: 2, report: { _ in }
    ).open()
  }

  /// The phantom's masks hold more than the five vertebrae.
  @Test func whatMasksHoldAndNobodyLearnsIsInThePlan() throws {
    let labels = try opened(#"{"V":[2,3,4,5,6]}"#).plan.labels
    #expect(labels.structures == [.init(name: "V", value: 2, others: [3, 4, 5, 6])])
    #expect(labels.background == [0, 1] + Array(7...19))
    #expect(try opened(#"{"V":[2,3,4,5,6]}"#).plan.labels == labels, "as its cases were prepared")
  }

  /// They have no loss and no score, wherever they lie: the runs finish, and the report shows them.
  @Test func voxelsThatNobodyHasAnnotatedAreTrainedAround() throws {
    let overrides = [#"dataset.labels={"L5":2,"L4":3,"ignore":4}"#]
    let cache = try opened(#"{"L5":2,"L4":3,"ignore":4}"#).cache
    #expect(try cache.load("Case1").labels.values.contains(ignoredLabel))
    let outcome = try sweep.session(console, overrides: overrides).run(stop: StopFlag())
    #expect(outcome.finished.count == 4, "\(console.errors)")
    let session = try ReportSession(
      specification: sweep.specification(overrides), workspace: sweep.workspace, output: sweep.path("report"),
      program: SmallSweep.program, console: console)
    try session.write([.figures, .json], searchPath: "", console: console)
    #expect(session.differences().isEmpty)
  }

  /// A plan from before there was leaving out names all that its masks hold, and stays as it was.
  @Test func aMapThatIsCompleteForItsMasksKeepsItsIdentity() throws {
    let map = LabelMap.mrSpineSeg
    let pairs = (map.structures.map { ($0.name, $0.value) } + [("T9", 10)]).map { "\"\($0.0)\":\($0.1)" }
    let labels = try opened("{\(pairs.joined(separator: ","))}").plan.labels
    #expect(labels.background == [0])
  }

  @Test func theCensusSaysWhatIsNotLearnt() throws {
    _ = try opened(#"{"V":[2,3,4,5,6]}"#)
    let specification = try Specification.load(
      sweep.folder.appendingPathComponent("small.json"), overrides: [#"dataset.labels={"V":[2,3,4,5,6]}"#])
    let report = try DatasetReport(specification)
    #expect(report.problems.isEmpty && report.text.contains("\nnot learnt: S (1), "), "\(report.text)")
    #expect(report.text.contains(" of 8 masks: background\n"))
    let unnamed = report.census.apart.map { "\($0.number)" }.joined(separator: ", ")
    #expect(
      report.text.contains(
        "\n  dataset.labels does not name \(unnamed): name them there to learn, or write \"background\": [\(unnamed)]"
          + " there where that is meant\n"), "\(report.text)")
    let meant = try DatasetReport(
      Specification.load(
        sweep.folder.appendingPathComponent("small.json"),
        overrides: [#"dataset.labels={"V":[2,3,4,5,6],"background":[\#(unnamed)]}"#]))
    #expect(meant.text.contains("\nnot learnt: S (1), ") && !meant.text.contains("does not name"), "\(meant.text)")
  }

  /// `safnet evaluate --experiment` scores what the experiment learns; the rest of a mask is background, as in training.
  @Test func whatIsLeftOutIsBackgroundForEvaluationToo() throws {
    _ = try opened("\"mrspineseg\"")
    let map = #"dataset.labels={"V":[2,3,4,5,6]}"#
    let specification = try Specification.load(
      sweep.folder.appendingPathComponent("small.json"), overrides: [map])
    let mask = sweep.path("phantom/Mask/mask_case1.nii.gz")
    let same = try ImageEvaluation(
      prediction: mask, truth: mask, names: .experiment(specification), in: sweep.workspace)
    #expect(same.structures == ["V"] && same.scores.dice == [1])
    // With the images archived only the experiment's own names are known, and other numbers are refused.
    try FileManager.default.moveItem(atPath: sweep.path("phantom"), toPath: sweep.path("archived"))
    let archived = sweep.path("archived/Mask/mask_case1.nii.gz")
    #expect(throws: LabelMapComparison.Problem.self) {
      try ImageEvaluation(
        prediction: archived, truth: archived, names: .experiment(specification), in: sweep.workspace)
    }
  }

  /// Trained, tested and found again; the stored predictions hold the first number.
  @Test func aMergedStructureIsTrainedAndScored() throws {
    let file = sweep.folder.appendingPathComponent("small.json")
    let text = try String(contentsOf: file, encoding: .utf8)
      .replacingOccurrences(of: #""path": "phantom","#, with: #""path": "phantom", "labels": {"V": [3,2,4,5,6]},"#)
    try Data(text.utf8).write(to: file)
    var settings = SweepSession.Settings()
    (settings.selection.only, settings.selection.folds) = (["Base"], [1])
    _ = try sweep.session(console, settings: settings).run(stop: StopFlag())
    #expect(console.errors.contains("\nnot learnt: "))
    #expect(console.errors.components(separatedBy: "dataset.labels does not name ").count == 2, "once")
    let run = try #require(try sweep.workspace.runDirectories().first)
    #expect(try run.state() == .finished && EvaluationFile.read(run.evaluationFile).structures == ["V"])
    let known = try KnownExperiment(sweep.specification(), in: sweep.workspace, workers: 2)
    #expect(known.runs.contains { $0.directoryName == run.name } && known.notices.isEmpty)
    let folder = run.predictionsFolder
    let stored = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".nii.gz") }
    for name in stored {
      #expect(Set(try NIfTI.read(folder.appending(path: name)).grid.values).isSubset(of: [0, 3]))
    }
    try FileManager.default.removeItem(at: sweep.folder.appendingPathComponent("phantom"))
    let archived = try KnownExperiment(sweep.specification(), in: sweep.workspace, workers: 2)
    #expect(archived.runs.contains { $0.directoryName == run.name })
  }

  /// Two experiments that differ in their labels alone, one of which leaves them to the dataset: whose runs are whose is
  /// told by the dataset, though nothing is prepared any more; without it the same are shown every time, and it is said.
  @Test func runsOfOtherLabelsAreNotTakenForItsOwn() throws {
    let other = [#"dataset.labels={"V":[2,3,4,5,6]}"#]
    try becomeNnUNet()
    let (own, others) = (try trained([]), try trained(other))
    #expect(own != others)
    try FileManager.default.removeItem(at: sweep.workspace.cacheFolder)
    for _ in 0..<8 {
      #expect(try runs([]).names == [own])
      #expect(try runs(other).names == [others])
    }
    try FileManager.default.moveItem(atPath: sweep.path("set"), toPath: sweep.path("moved"))
    for _ in 0..<8 {
      // Of two, that which was asked for last.
      let shown = try runs([])
      #expect(shown.names == [others])
      #expect(shown.notices.contains { $0.contains("finished runs with other labels, too (n1, n2, n3, ") })
      #expect(try runs(other).names == [others])
    }
  }

  /// The name of the one run that is trained.
  private func trained(_ overrides: [String]) throws -> String? {
    var settings = SweepSession.Settings()
    (settings.selection.only, settings.selection.folds) = (["Base"], [1])
    _ = try sweep.session(console, settings: settings, overrides: overrides).run(stop: StopFlag())
    return try runs(overrides).names.first
  }

  private func runs(_ overrides: [String]) throws -> (names: [String], notices: [String]) {
    let known = try KnownExperiment(sweep.specification(overrides), in: sweep.workspace, workers: 2)
    let names = known.runs.map(\.directoryName).filter { sweep.workspace.runDirectory(named: $0).exists }
    return (names, known.notices)
  }

  /// The phantom in nnU-Net's layout, with its label names in dataset.json.
  private func becomeNnUNet() throws {
    _ = try opened("\"mrspineseg\"")
    let set = sweep.folder.appending(path: "set")
    for (folder, from, ending) in [("imagesTr", "MR", "_0000"), ("labelsTr", "Mask", "")] {
      try FileManager.default.createDirectory(at: set.appending(path: folder), withIntermediateDirectories: true)
      for name in try FileManager.default.contentsOfDirectory(atPath: sweep.path("phantom/\(from)")) {
        let number = name.filter(\.isNumber)
        try FileManager.default.moveItem(
          atPath: sweep.path("phantom/\(from)/\(name)"),
          toPath: set.appending(path: "\(folder)/c\(number)\(ending).nii.gz").path)
      }
    }
    let labels = ["\"background\": 0"] + (1...19).map { "\"n\($0)\": \($0)" }
    let json =
      "{\"channel_names\": {\"0\": \"T2\"}, \"labels\": {\(labels.joined(separator: ", "))}, \"numTraining\": 8,"
      + " \"file_ending\": \".nii.gz\"}"
    try Data(json.utf8).write(to: set.appending(path: "dataset.json"))
    let text = try String(contentsOf: sweep.folder.appending(path: "small.json"), encoding: .utf8)
      .replacing(/, "phantom": \{[^}]*\}/, with: "")
      .replacing("\"path\": \"phantom\"", with: "\"path\": \"set\", \"labels\": \"dataset.json\"")
    try Data(text.utf8).write(to: sweep.folder.appending(path: "small.json"))
  }
}

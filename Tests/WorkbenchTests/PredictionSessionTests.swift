import Experiments
import Foundation
import Store
import Testing
import Training
import Volumes
import Workbench

/// What `safnet predict` makes of images, what it refuses, and of what it warns.
@Suite struct PredictionSessionTests: PredictingSuite {
  let sweep: SmallSweep
  let runs: [RunDirectory]

  init() throws { (sweep, runs) = try SmallSweep.trainedWithRuns() }

  /// What a run stored of its test cases is what `predict` makes of them, and `evaluate` says what the report says.
  @Test func predictingAndEvaluatingTestCasesGivesTheReportsNumbers() throws {
    for run in runs {
      let outcome = try self.run(session([run.name], to: run.name))
      #expect(outcome.count(.predicted) == 8 && outcome.isComplete)
      let stored = try #require(try RunResult(of: run).evaluation.imageGrid)
      for scores in stored.cases {
        let output = sweep.path("\(run.name)/\(scores.name).nii.gz")
        let own = try NIfTI.read(run.predictionsFolder.appendingPathComponent("\(scores.name).nii.gz"))
        let found = try NIfTI.read(URL(fileURLWithPath: output))
        #expect(found.grid == own.grid && found.geometry.axes == own.geometry.axes)
        let truth = sweep.path("phantom/Mask/mask_\(scores.name.lowercased()).nii.gz")
        var evaluated = try ImageEvaluation(
          prediction: output, truth: truth, names: .run(run.name), in: sweep.workspace
        ).scores
        evaluated.name = scores.name
        #expect(evaluated == scores)
      }
    }
  }

  /// What makes an image strange is known from the prepared cases alone.
  @Test func thatNothingCanBeComparedIsSaid() throws {
    let (known, unknown) = (RecordedConsole(), RecordedConsole())
    let words =
      "whether an image is unlike them, or one of them, was not checked. `safnet run` with the experiment prepares"
    try run(session(to: "before"), known)
    #expect(!known.errors.contains(words))
    try FileManager.default.removeItem(at: sweep.workspace.cacheFolder)
    try run(session(to: "after"), unknown)
    #expect(unknown.errors.contains("warning: the images that the network learnt from are not known any more"))
    #expect(unknown.errors.contains(words))
    // As the advice says.
    _ = try sweep.session(RecordedConsole()).run(stop: StopFlag())
    let again = RecordedConsole()
    try run(session(to: "again"), again)
    #expect(!again.errors.contains(words))
  }

  /// Before anything is segmented, so that the way out is the same command with another folder.
  @Test func theMasksOfADatasetAreNoImages() throws {
    let error = #expect(throws: ImageUsageError.self) { try run(session(nil, [sweep.path("phantom/Mask")])) }
    #expect(
      error
        == .inputIsMasks(
          folder: sweep.path("phantom/Mask"), images: sweep.path("phantom/MR"), output: sweep.path("labels")))
    #expect(!FileManager.default.fileExists(atPath: sweep.path("labels")))
    try run(session(nil, [sweep.path("phantom/MR")]))
  }

  @Test func aRunsOwnLabelMapsAreNoImages() throws {
    let folder = runs[0].predictionsFolder.path
    #expect(throws: ImageUsageError.inputIsRunsPredictions(folder: folder, run: runs[0].name)) {
      try run(session(nil, [folder]))
    }
  }

  @Test func whatIsNotFinishedIsSaid() throws {
    let (finished, left) = (RecordedConsole(), RecordedConsole())
    try run(session(), finished)
    #expect(!finished.errors.contains("is not finished"))
    let lines = try Data(contentsOf: runs[0].journal).split(separator: UInt8(ascii: "\n"))
    try Data(lines.dropLast().flatMap { $0 + [UInt8(ascii: "\n")] }).write(to: runs[0].journal)
    try run(session(to: "left"), left)
    #expect(
      left.errors.contains("warning: \(runs[0].name) is not finished (its process is gone, after 1 epoch): its label"),
      "\(left.errors)")
  }

  @Test func networksOfSeveralKindsAreSaid() throws {
    let (one, several) = (RecordedConsole(), RecordedConsole())
    let (base, safnet) = (
      runs.filter { $0.name.hasPrefix("safnet-base") }, runs.filter { !$0.name.hasPrefix("safnet-base") }
    )
    try run(session(base.map(\.name), to: "one"), one)
    #expect(!one.errors.contains("of different networks"))
    try run(session([base[0].name, safnet[0].name], to: "several"), several)
    #expect(
      several.errors.contains(
        "warning: the 2 runs are of different networks (Base, SAFNet): the mean of all of them decides."),
      "\(several.errors)")
  }

  /// The runs' own plans still say by which file they were begun.
  @Test func aVariantIsKnownWithoutItsRecord() throws {
    let name = "Base"
    try FileManager.default.removeItem(at: sweep.workspace.root.appending(path: "experiments"))
    let file = sweep.path("small.json")
    for run in runs {
      try run.pretend(commandLine: ["safnet", "run", file])
    }
    let error = #expect(throws: UsageError.self) { try run(session([name])) }
    #expect(
      error?.description.contains("All its finished runs together are `--experiment \(file) --variant Base`") == true,
      "\(error?.description ?? "")")
  }

  @Test func networksOfEarlierMasksAreSaid() throws {
    let (mask, other) = (sweep.path("phantom/Mask/mask_case2.nii.gz"), sweep.path("phantom/Mask/mask_case3.nii.gz"))
    try FileManager.default.removeItem(atPath: mask)
    try FileManager.default.copyItem(atPath: other, toPath: mask)
    var session = session()
    session.runs = .variant(try sweep.specification(), name: "Base")
    let console = RecordedConsole()
    try run(session, console)
    #expect(console.errors.contains("warning: the dataset "), "\(console.errors)")
    #expect(console.errors.contains("has changed since (the mask of Case2)"), "\(console.errors)")
  }

  @Test(arguments: ["Workspace", "Workspace/runs/labels", "Workspace/cache"])
  func theWorkspaceIsNoPlaceForLabelMaps(output: String) throws {
    #expect(
      throws: ImageUsageError.outputInWorkspace(
        output: sweep.path(output), workspace: sweep.workspace.root.path)
    ) { try run(session(to: output)) }
    #expect(!FileManager.default.fileExists(atPath: sweep.path("Workspace/runs/labels")))
  }

  @Test func casesComeInNaturalOrderWithTimeLeft() throws {
    let console = RecordedConsole()
    let outcome = try run(session(), console)
    #expect(outcome.cases.map(\.name) == (1...8).map { "Case\($0)" })
    #expect(console.errors.contains("1 of 8: Case1 in ") && console.errors.contains(" left\n"))
    #expect(console.errors.contains("8 of 8: Case8 in "))
    #expect(outcome.summary(of: "labels") == "labels: 8 predicted, by epoch 1 of \(runs[0].name)")
    // Of what was learnt from, a good label map is no wonder.
    let learnt = try runs[0].plan().fold.train
    #expect(outcome.cases.filter { !$0.warnings.isEmpty }.map(\.name).sorted() == learnt.sorted())
    #expect(outcome.cases.flatMap(\.warnings).allSatisfy { $0.contains("which the network learnt from") })
  }

  @Test func aBadImageIsNamedAndTheOthersGoOn() throws {
    try Data("no image".utf8).write(to: sweep.folder.appendingPathComponent("phantom/MR/Case0.nii.gz"))
    let outcome = try run(session())
    #expect(outcome.count(.failed) == 1 && outcome.count(.predicted) == 8 && !outcome.isComplete)
    #expect(outcome.cases[0].problem?.contains("Case0.nii.gz: named .gz but its content is not gzip") == true)
    #expect(!FileManager.default.fileExists(atPath: sweep.path("labels/Case0.nii.gz")))
  }

  @Test func extrasAreMadeLaterAndAHandMadeCorrectionStays() throws {
    let image = [sweep.path("phantom/MR/Case1.nii.gz")]
    try run(session(nil, image))
    let corrected = Data("corrected by hand".utf8)
    try corrected.write(to: sweep.folder.appendingPathComponent("labels/Case1.nii.gz"))
    var more = session(nil, image)
    more.extras = [.probabilities, .uncertainty, .overlay]
    let console = RecordedConsole()
    #expect(try run(more, console).count(.predicted) == 1)
    #expect(console.errors.contains("one network does not disagree with itself"))
    for name in ["probabilities/Case1.nii.gz", "entropy/Case1.nii.gz", "overlays/Case1.svg"] {
      #expect(FileManager.default.fileExists(atPath: sweep.path("labels/\(name)")))
    }
    #expect(!FileManager.default.fileExists(atPath: sweep.path("labels/disagreement")))
    #expect(try bytes("labels/Case1.nii.gz") == corrected)
    #expect(try run(more).count(.there) == 1)
    #expect(String(decoding: try bytes("labels/overlays/Case1.svg"), as: UTF8.self).contains("Prediction"))
  }

  @Test func oneImageGoesToAFileOfAnyName() throws {
    let image = [sweep.path("phantom/MR/Case1.nii.gz")]
    var one = session(nil, image, to: "my labels.nii.gz")
    one.extras = .uncertainty
    let outcome = try run(one)
    #expect(outcome.cases[0].extras == [sweep.path("my labels_entropy.nii.gz")])
    #expect(throws: ImageUsageError.outputExists(file: sweep.path("my labels.nii.gz"))) { try run(one) }
    try run(session(nil, image))
    #expect(try bytes("my labels.nii.gz") == bytes("labels/Case1.nii.gz"))
    #expect(throws: ImageUsageError.oneFileForMany(output: sweep.path("all.nii.gz"), images: 8)) {
      try run(session(to: "all.nii.gz"))
    }
    // Making the folder would lead to nothing.
    #expect(throws: ImageUsageError.oneFileForMany(output: sweep.path("none/all.nii.gz"), images: 8)) {
      try run(session(to: "none/all.nii.gz"))
    }
    for name in ["png", "mha", "nii.gzz", "CSV", "tar", "tgz", "7z", "docx", "xlsx"].map({ "labels.\($0)" }) {
      #expect(throws: ImageUsageError.outputIsNoLabelMap(name: sweep.path(name))) {
        try run(session(nil, image, to: name))
      }
      #expect(!FileManager.default.fileExists(atPath: sweep.path(name)))
    }
    try run(session(nil, image, to: "study.v2"))
    #expect(FileManager.default.fileExists(atPath: sweep.path("study.v2/Case1.nii.gz")))
    #expect(throws: ImageUsageError.outputIsInputFolder(folder: sweep.path("phantom/MR"))) {
      try run(session(nil, image, to: "phantom/MR"))
    }
    var forced = session(nil, image, to: "phantom/Mask")
    forced.force = true
    #expect(throws: ImageUsageError.outputIsMasks(folder: sweep.path("phantom/Mask"))) { try run(forced) }
    #expect(throws: ImageUsageError.outputIsInput(file: image[0])) {
      try run(session(nil, image, to: "phantom/MR/Case1.nii.gz"))
    }
  }
}

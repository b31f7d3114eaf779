import Experiments
import Foundation
import Store
import Testing
import Training
import Volumes
import Workbench

@Suite struct PredictionSessionTests {
  let sweep: SmallSweep
  let runs: [RunDirectory]

  init() throws {
    sweep = try SmallSweep.trained()
    runs = try sweep.workspace.runDirectories()
  }

  private var images: String { sweep.path("phantom/MR") }

  func session(_ names: [String]? = nil, _ inputs: [String]? = nil, to output: String = "labels") -> PredictionSession {
    var session = PredictionSession(
      runs: .named(names ?? [runs[0].name]), inputs: inputs ?? [images], output: sweep.path(output))
    session.threads = 1
    return session
  }

  @discardableResult
  func run(_ session: PredictionSession, _ console: RecordedConsole = RecordedConsole()) throws -> PredictionOutcome {
    try session.run(in: sweep.workspace, program: SmallSweep.program, console: console)
  }

  private func bytes(_ name: String) throws -> Data { try Data(contentsOf: sweep.folder.appendingPathComponent(name)) }

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

  @Test func whatIsDoneIsSkippedAndTheRestIsMade() throws {
    try run(session())
    let first = try bytes("labels/Case3.nii.gz")
    try FileManager.default.removeItem(atPath: sweep.path("labels/Case3.nii.gz"))
    let again = try run(session())
    #expect(again.count(.there) == 7 && again.cases.first { $0.state == .predicted }?.name == "Case3")
    #expect(try bytes("labels/Case3.nii.gz") == first)
    #expect(again.summary(of: "labels") == "labels: 1 predicted, by epoch 1 of \(runs[0].name); 7 there already")
    // Another name of the same run, and its copy elsewhere, are the same networks.
    let copy = sweep.folder.appendingPathComponent("copied")
    try FileManager.default.copyItem(at: runs[0].url, to: copy)
    #expect(try run(session([copy.path])).count(.there) == 8)
  }

  @Test func whatWasMadeOtherwiseIsLeftUnlessForced() throws {
    try run(session())
    let before = try bytes("labels/Case1.nii.gz")
    let refused = try run(session([runs[1].name]))
    #expect(refused.count(.refused) == 8 && !refused.isComplete)
    #expect(try bytes("labels/Case1.nii.gz") == before)
    let words = try #require(refused.cases[0].problem)
    #expect(words.contains("was made by other networks, epoch 1 of \(runs[0].name) (predictions.json); give --force"))
    // By whom what stands there was made, is said there and nowhere else.
    #expect(refused.summary(of: "labels") == "labels: 8 left as it was")
    var mirrored = session()
    mirrored.mirror = true
    #expect(try run(mirrored).cases[0].problem?.contains("was made with other options (predictions.json)") == true)
    var forced = session([runs[1].name])
    forced.force = true
    #expect(try run(forced).count(.predicted) == 8)
    #expect(try run(session([runs[1].name])).count(.there) == 8)
  }

  @Test func anotherImageOfTheSameNameIsSeen() throws {
    try run(session())
    let (one, two) = (sweep.path("phantom/MR/Case1.nii.gz"), sweep.path("phantom/MR/Case2.nii.gz"))
    try FileManager.default.removeItem(atPath: one)
    try FileManager.default.copyItem(atPath: two, toPath: one)
    let outcome = try run(session())
    #expect(outcome.count(.refused) == 1 && outcome.cases[0].state == .refused)
    #expect(outcome.cases[0].problem?.contains("of another image") == true)
  }

  @Test func somebodyElsesLabelMapIsLeft() throws {
    try FileManager.default.createDirectory(atPath: sweep.path("labels"), withIntermediateDirectories: true)
    let mine = sweep.folder.appendingPathComponent("labels/Case2.nii.gz")
    try Data("mine".utf8).write(to: mine)
    let outcome = try run(session())
    #expect(outcome.count(.predicted) == 7 && outcome.cases[1].state == .refused)
    #expect(
      outcome.cases[1].problem
        == "\(mine.path) is not in predictions.json: `safnet predict` did not write it, and does not replace it; give another"
        + " folder, or move it away")
    var forced = session([runs[1].name])
    forced.force = true
    let replaced = try run(forced)
    #expect(replaced.count(.predicted) == 7 && replaced.cases[1].state == .refused)
    #expect(try Data(contentsOf: mine) == Data("mine".utf8))
  }

  /// Of any name: by their cases' names, by their content, and where they lie.
  @Test func masksAreNeverReplaced() throws {
    let files = FileManager.default
    try files.createDirectory(atPath: sweep.path("drawn"), withIntermediateDirectories: true)
    for number in 1...5 {
      try files.copyItem(
        atPath: sweep.path("phantom/Mask/mask_case\(number).nii.gz"), toPath: sweep.path("drawn/Case\(number).nii.gz"))
    }
    var forced = session(to: "drawn")
    forced.force = true
    let error = #expect(throws: ImageUsageError.outputIsMasks(folder: sweep.path("drawn"))) { try run(forced) }
    #expect(error?.description.contains("--force") == false)
    #expect(try files.contentsOfDirectory(atPath: sweep.path("drawn")).count == 5)
    // A mask of the very dataset, under another name; and one that was drawn anew in its place.
    forced = session(nil, [sweep.path("phantom/MR/Case1.nii.gz")], to: "drawn/Case1.nii.gz")
    forced.force = true
    #expect(throws: ImageUsageError.outputIsMask(file: sweep.path("drawn/Case1.nii.gz"))) { try run(forced) }
    let mask = "phantom/Mask/mask_case1.nii.gz"
    try Data("anew".utf8).write(to: sweep.folder.appendingPathComponent(mask))
    forced.output = sweep.path(mask)
    #expect(throws: ImageUsageError.outputIsMask(file: sweep.path(mask))) { try run(forced) }
    #expect(try bytes(mask) == Data("anew".utf8))
    // What this command wrote is replaced as before.
    forced.output = sweep.path("own.nii.gz")
    try run(forced)
    #expect(try run(forced).count(.predicted) == 1)
  }

  /// Outside of any dataset too: what nothing calls this command's own may have been drawn.
  @Test func aMaskOfNobodyKnownIsNeverReplaced() throws {
    let image = [sweep.path("phantom/MR/Case1.nii.gz")]
    let drawn = try NIfTI.read(URL(fileURLWithPath: sweep.path("phantom/Mask/mask_case1.nii.gz")))
    let values = drawn.geometry.axes.file(from: drawn.grid, shape: drawn.geometry.shape).map { $0 > 0 ? Int16(1) : 0 }
    let mine = URL(fileURLWithPath: sweep.path("mine.nii.gz"))
    try NIfTI.write(values, geometry: drawn.geometry, to: mine)
    let before = try bytes("mine.nii.gz")
    var forced = session(nil, image, to: "mine.nii.gz")
    forced.force = true
    let error = #expect(throws: ImageUsageError.outputIsForeign(file: sweep.path("mine.nii.gz"))) { try run(forced) }
    #expect(error?.description.contains("Give another name, or remove it yourself.") == true)
    #expect(try bytes("mine.nii.gz") == before)
    // What would lie beside it is no less somebody's.
    try FileManager.default.moveItem(at: mine, to: URL(fileURLWithPath: sweep.path("new_entropy.nii.gz")))
    forced = session(nil, image, to: "new.nii.gz")
    (forced.force, forced.extras) = (true, .uncertainty)
    #expect(throws: ImageUsageError.outputIsForeign(file: sweep.path("new_entropy.nii.gz"))) { try run(forced) }
    #expect(try bytes("new_entropy.nii.gz") == before)
  }

  /// By its header, though the image's name has no room there, or by the record beside it.
  @Test func ownLabelMapsAreKnownAsSuch() throws {
    let long = sweep.path("phantom/" + String(repeating: "long", count: 20) + ".nii.gz")
    try FileManager.default.copyItem(atPath: sweep.path("phantom/MR/Case1.nii.gz"), toPath: long)
    var forced = session(nil, [long], to: "own.nii.gz")
    forced.force = true
    try run(forced)
    #expect(try run(forced).count(.predicted) == 1)
    let image = [sweep.path("phantom/MR/Case1.nii.gz")]
    try run(session(nil, image))
    try Data("corrected by hand".utf8).write(to: sweep.folder.appendingPathComponent("labels/Case1.nii.gz"))
    forced = session(nil, image, to: "labels/Case1.nii.gz")
    forced.force = true
    let changed = ImageUsageError.outputIsChanged(file: sweep.path("labels/Case1.nii.gz"))
    #expect(throws: changed) { try run(forced) }
    #expect(try bytes("labels/Case1.nii.gz") == Data("corrected by hand".utf8))
    try FileManager.default.removeItem(atPath: sweep.path("labels/Case1.nii.gz"))
    #expect(try run(forced).count(.predicted) == 1)
    // In a folder whose record is gone the headers tell.
    try run(session())
    try FileManager.default.removeItem(atPath: sweep.path("labels/predictions.json"))
    let refused = try run(session())
    #expect(refused.count(.refused) == 8)
    #expect(
      refused.cases[0].problem?.contains("was made by `safnet predict`, as its header says, and is not in") == true)
    forced = session()
    forced.force = true
    #expect(try run(forced).count(.predicted) == 8)
  }

  /// What is recorded is the map as it was written; the record alone does not make every later file of its name this command's.
  @Test func aCorrectedMapStaysWhateverIsForced() throws {
    try run(session())
    let (two, corrected) = (sweep.folder.appendingPathComponent("labels/Case2.nii.gz"), Data("corrected by hand".utf8))
    try corrected.write(to: two)
    var forced = session([runs[1].name])
    forced.force = true
    let outcome = try run(forced)
    #expect(outcome.count(.predicted) == 7 && outcome.cases[1].state == .refused)
    #expect(
      outcome.cases[1].problem
        == "\(two.path) was changed since `safnet predict` wrote it, perhaps corrected by hand, and is not replaced; give another"
        + " folder, or remove it to have it made again")
    #expect(try Data(contentsOf: two) == corrected)
    #expect(try run(session()).cases[1].state == .there)
    // As the advice says.
    try FileManager.default.removeItem(at: two)
    #expect(try run(forced).cases.map(\.state).filter { $0 == .predicted }.count == 1)
    // What an older program recorded does not tell; nor does a map whose making was ended before it was marked, until it is.
    let record = sweep.folder.appendingPathComponent("labels/predictions.json")
    let marked = try Data(contentsOf: record)
    var text = try #require(String(data: marked, encoding: .utf8))
    text.replace(/,?\s*"labels"\s*:\s*"[0-9a-f]{64}"/, with: "")
    try Data(text.utf8).write(to: record)
    #expect(try run(session([runs[1].name])).count(.there) == 8)
    #expect(try Data(contentsOf: record) == marked)
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
    #expect(throws: UsageError.outputExists(file: sweep.path("my labels.nii.gz"))) { try run(one) }
    try run(session(nil, image))
    #expect(try bytes("my labels.nii.gz") == bytes("labels/Case1.nii.gz"))
    #expect(throws: ImageUsageError.oneFileForMany(output: sweep.path("all.nii.gz"), images: 8)) {
      try run(session(to: "all.nii.gz"))
    }
    // Making the folder would lead to nothing.
    #expect(throws: ImageUsageError.oneFileForMany(output: sweep.path("none/all.nii.gz"), images: 8)) {
      try run(session(to: "none/all.nii.gz"))
    }
    for name in ["labels.png", "labels.mha", "labels.nii.gzz", "labels.CSV"] {
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

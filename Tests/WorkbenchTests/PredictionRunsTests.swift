import Experiments
import Foundation
import Store
import Testing
import Training
import Workbench

@Suite struct PredictionRunsTests {
  let sweep: SmallSweep

  init() throws { sweep = try SmallSweep.trained() }

  private func chosen(_ names: String...) throws -> [String] {
    try PredictionRuns(.named(names), in: sweep.workspace).directories.map(\.name)
  }

  @Test func allFinishedFoldsOfAVariantAreTaken() throws {
    let all = try PredictionRuns(.variant(sweep.specification(), name: "Base"), in: sweep.workspace)
    let folds = try all.directories.map { try $0.plan().fold.number }
    #expect(folds == [1, 2] && all.directories.allSatisfy { $0.name.hasPrefix("safnet-base-") })
    #expect(all.coverage == "Base: 2 of 2 folds finished")
    let removed = all.directories[0]
    try FileManager.default.removeItem(at: removed.url)
    let rest = try PredictionRuns(.variant(sweep.specification(), name: "Base"), in: sweep.workspace)
    #expect(rest.directories == [all.directories[1]])
    #expect(rest.coverage == "Base: 1 of 2 folds finished; not taken: fold 1 (queued)")
    try FileManager.default.removeItem(at: all.directories[1].url)
    let error = #expect(throws: ImageUsageError.self) {
      try PredictionRuns(.variant(sweep.specification(), name: "Base"), in: sweep.workspace)
    }
    let words = error?.description ?? ""
    #expect(
      words.hasPrefix("none of the 2 runs of Base has finished yet (fold 1, 2: queued); `safnet run ")
        && words.hasSuffix("/Workspace` trains what is missing."), "\(words)")
  }

  /// Whoever forgets the --set of the training is not sent to train anew without a word of what there is.
  @Test func finishedRunsOfEarlierContentAreNamed() throws {
    let file = sweep.folder.appendingPathComponent("small.json")
    let edited = try Specification.load(file, overrides: ["training.epochs=3", "seeds=[2023,7]"])
    let error = #expect(throws: ImageUsageError.self) {
      try PredictionRuns(.variant(edited, name: "Base"), in: sweep.workspace)
    }
    let words = try #require(error?.description)
    #expect(words.hasPrefix("none of the 4 runs of Base has finished as the experiment says now (fold 1, seed 7, "))
    #expect(words.contains(": queued). Give the --set with which they were trained, or train them: `safnet run "))
    #expect(words.contains("2 finished runs are of an earlier plan (was and is):\n") && words.contains("was 1, is 3"))
    // Of another size no case was ever prepared, so that no plan of these runs is known.
    let sized = try Specification.load(file, overrides: ["preprocessing.size=[6,32,32]"])
    let other = #expect(throws: ImageUsageError.self) {
      try PredictionRuns(.variant(sized, name: "Base"), in: sweep.workspace)
    }
    #expect(other?.description.contains("(nothing was begun). Give the --set with which they were") == true)
  }

  /// The network of the run that lies there would be taken for that of the name.
  @Test func aFolderUnderAnotherRunsNameIsRefused() throws {
    let names = try sweep.workspace.runDirectories().map(\.name)
    let folders = names.map { sweep.workspace.runDirectory(named: $0).url }
    try FileManager.default.removeItem(at: folders[1])
    try FileManager.default.copyItem(at: folders[0], to: folders[1])
    func refusal(_ body: () throws -> Void) -> String {
      let error = #expect(throws: ImageUsageError.self) { try body() }
      return error?.description ?? ""
    }
    let copy = refusal { _ = try chosen(names[1]) }
    #expect(
      copy.hasPrefix("\(names[1]) in ") && copy.contains("holds the run \(names[0]), which is there too"), "\(copy)")
    #expect(try chosen(names[0]) == [names[0]])
    let rest = try PredictionRuns(.variant(sweep.specification(), name: "Base"), in: sweep.workspace)
    #expect(rest.coverage?.hasSuffix("not taken: fold 2 (damaged: its folder holds another run)") == true)
    try FileManager.default.removeItem(at: folders[0])
    let back = "name it back: mv -T \(folders[1].path) \(folders[0].path)"
    let renamed = refusal { _ = try chosen(folders[1].path) }
    #expect(renamed.hasSuffix(back), "\(renamed)")
    // Nor does `safnet run` go on before that is done.
    let variant = refusal {
      _ = try PredictionRuns(.variant(sweep.specification(), name: "Base"), in: sweep.workspace)
    }
    #expect(variant.contains("\(back); then `safnet run "), "\(variant)")
  }

  @Test func runsThatAreNotTakenAreNamedWithTheirSeed() throws {
    let file = sweep.folder.appendingPathComponent("small.json")
    let two = try Specification.load(file, overrides: ["seeds=[2023,7]"])
    let chosen = try PredictionRuns(.variant(two, name: "Base"), in: sweep.workspace)
    #expect(
      chosen.coverage
        == "Base: 2 of 4 runs finished; not taken: fold 1, seed 7 (queued), fold 2, seed 7 (queued)")
  }

  /// Without the --set under which it was planned, `safnet run` would train other runs.
  @Test func theCommandThatTrainsARunHasItsSettings() throws {
    let run = try sweep.workspace.runDirectories()[0]
    // As it was planned, and nothing more.
    for name in try FileManager.default.contentsOfDirectory(atPath: run.url.path)
    where name != run.planFile.lastPathComponent {
      try FileManager.default.removeItem(at: run.url.appending(path: name))
    }
    let file = sweep.path("small.json")
    try run.pretend(commandLine: ["safnet", "run", file, "--set", "training.epochs=1", "--jobs", "1", "--set=title=x"])
    func remedy() -> String? {
      let error = #expect(throws: ImageUsageError.self) { try chosen(run.name) }
      return error?.description
    }
    let words = "small.json --set training.epochs=1 --set title=x --workspace "
    #expect(remedy()?.contains(words) == true, "\(remedy() ?? "")")
    // Where another command was given since, nobody asks for it any more.
    var record = try #require(sweep.workspace.experimentRecords().first)
    (record.earlier, record.variants) = (record.variants, [])
    try sweep.workspace.write(record)
    #expect(remedy()?.contains(words) == true, "\(remedy() ?? "")")
  }

  /// Before anything is written.
  @Test func aRunAmongTheImagesIsNamed() throws {
    let names = try sweep.workspace.runDirectories().map(\.name)
    func refusal(_ word: String) -> String? {
      let session = PredictionSession(
        runs: .named([names[0]]), inputs: [word, sweep.path("phantom/MR")], output: sweep.path("o"))
      let error = #expect(throws: ImageUsageError.self) {
        try session.run(in: sweep.workspace, program: SmallSweep.program, console: RecordedConsole())
      }
      return error?.description
    }
    for word in [names[1], String(names[1].dropLast(3)), sweep.workspace.runDirectory(named: names[1]).url.path] {
      let words = refusal(word)
      #expect(words?.hasPrefix("\(word) is a run") == true, "\(words ?? "")")
      #expect(words?.contains("safnet predict --run \(names[0]) --run \(word) IMAGES --output FOLDER") == true)
    }
    #expect(
      refusal(sweep.path("phantom/MR/*.nii.gz"))?.hasSuffix("give the folder: \(sweep.path("phantom/MR")).") == true)
    #expect(!FileManager.default.fileExists(atPath: sweep.path("o")))
  }

  /// Of an image the run is told that comes first; a device is none.
  @Test func aDeviceInTheRunsPlaceIsTakenForNoImage() throws {
    let name = try sweep.workspace.runDirectories()[0].name
    let images = sweep.path("phantom/MR")
    #expect(throws: ImageUsageError.imageFirst(given: images, run: name)) {
      try PredictionInputs([images, name]).checkOrder(in: sweep.workspace)
    }
    #expect(throws: Never.self) { try PredictionInputs(["/dev/null", name]).checkOrder(in: sweep.workspace) }
  }

  @Test func anEmptyOutputIsRefused() throws {
    let session = PredictionSession(
      runs: .variant(try sweep.specification(), name: "Base"), inputs: [sweep.path("phantom/MR")], output: "")
    #expect(throws: ImageUsageError.noOutput) {
      try session.run(in: sweep.workspace, program: SmallSweep.program, console: RecordedConsole())
    }
  }

  /// Before any image is looked for.
  @Test(arguments: ["s3://b/x.nii.gz", "me@host:x.nii"]) func anAddressIsNoOutput(output: String) throws {
    let address = try #require(AddressForOutput(output))
    let session = PredictionSession(
      runs: .variant(try sweep.specification(), name: "Base"), inputs: [sweep.path("none.nii.gz")], output: output)
    #expect(throws: address) {
      try session.run(in: sweep.workspace, program: SmallSweep.program, console: RecordedConsole())
    }
  }

  @Test func aVariantMustBeNamed() throws {
    #expect(throws: ImageUsageError.noVariant(known: ["SAFNet", "Base"])) {
      try PredictionRuns(.variant(sweep.specification(), name: nil), in: sweep.workspace)
    }
    let unknown = UsageError.unknownVariant(
      option: "--variant", name: "Bse", nearest: "Base", known: ["SAFNet", "Base"])
    #expect(throws: unknown) {
      try PredictionRuns(.variant(sweep.specification(), name: "Bse"), in: sweep.workspace)
    }
    #expect(unknown.description.contains("did you mean Base?"))
  }

  @Test func runsAreNamedOneByOneOrWithCommas() throws {
    let names = try sweep.workspace.runDirectories().map(\.name)
    #expect(try chosen("\(names[0]), \(names[2])", names[1]) == [names[0], names[2], names[1]])
    #expect(try chosen(sweep.workspace.runDirectory(named: names[0]).url.path) == [names[0]])
    #expect(throws: ImageUsageError.runTwice(name: names[0])) { try chosen(names[0], names[0]) }
    #expect(throws: UsageError.self) { try chosen("\(names[0]),nobody") }
  }

  /// As `safnet status` prints it.
  @Test func aLabelWithCommasIsOneRun() throws {
    let names = try sweep.workspace.runDirectories().map(\.name)
    func name(_ beginning: String) throws -> String { try #require(names.first { $0.hasPrefix(beginning) }) }
    let (first, second) = (try name("safnet-base-f1-"), try name("safnet-f2-"))
    for label in [
      "Base, fold 1", "Base, fold 1, seed 2023", "Base fold 1", "Base, Fold 1", "base, FOLD 1, Seed 2023",
      "Base, folds 1", "Base, fold1", "Base,f1", "Fold 1, Base",
    ] {
      #expect(try chosen(label) == [first])
    }
    #expect(try chosen("SAFNet, fold 2,Base, fold 1") == [second, first])
    #expect(try chosen("Base, fold 1, \(second)") == [first, second])
    for label in [
      "Base, fold 9", "Base, Fold 9", "Base, fold 1,2", "Base, fold9", "Base, fold 1-2", "Base, f9", "Base, fold one",
      "Fold 9, Base",
    ] {
      let error = #expect(throws: UsageError.self) { try chosen(label) }
      #expect(error?.description.hasPrefix("there is no run '\(label)' in ") == true, "\(error?.description ?? "")")
    }
  }

  @Test func theDataIsNotNeeded() throws {
    try FileManager.default.moveItem(atPath: sweep.path("phantom"), toPath: sweep.path("archived"))
    var session = PredictionSession(
      runs: .variant(try sweep.specification(), name: "SAFNet"), inputs: [sweep.path("archived/MR/Case1.nii.gz")],
      output: sweep.path("labels"))
    session.threads = 1
    session.extras = .uncertainty
    let outcome = try session.run(in: sweep.workspace, program: SmallSweep.program, console: RecordedConsole())
    #expect(outcome.networks.count == 2 && outcome.isComplete)
    #expect(FileManager.default.fileExists(atPath: sweep.path("labels/disagreement/Case1.nii.gz")))
  }
}

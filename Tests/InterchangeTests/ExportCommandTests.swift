import Foundation
import TestSupport
import Testing

/// `safnet export` as its user meets it.
@Suite struct ExportCommandTests {
  private let program: TrainedSweep
  private let run: String

  init() throws {
    program = try TrainedSweep()
    run = try #require(try program.runs.first)
  }

  private func names(_ folder: String) throws -> [String] { try program.names(folder) }
  private func text(_ file: String) throws -> String { try program.text(file) }

  @Test func aRunBecomesAModelWithItsPipeline() throws {
    let result = try program("export", run, "--format", "onnx", "-o", "model")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output == "model: 3 files of \(run) as onnx\n")
    #expect(try names("model") == ["model.onnx", "pipeline.json", "predict.py"])
    #expect(try text("model/pipeline.json").contains("\"run\" : \"\(run)\""))
  }

  @Test func aVariantBecomesAModelForEachRun() throws {
    let result = try program(
      "export", "--experiment", "small.json", "--variant", "SAFNet", "--format", "onnx", "-o", "deep/model")
    #expect(result.status == 0, "\(result.errors)")
    #expect(try names("deep/model") == ["model-1.onnx", "model-2.onnx", "pipeline.json", "predict.py"])
  }

  @Test func aRunBecomesWeightsWithTheirNetwork() throws {
    let result = try program("export", run, "--format", "pytorch", "-o", "model")
    #expect(result.status == 0, "\(result.errors)")
    #expect(try names("model") == ["model.py", "pipeline.json", "weights.safetensors"])
    let both = ["export"] + (try program.runs) + ["--format", "pytorch", "-o", "both"]
    let refused = try program.start(both).wait()
    #expect(refused.status == 2 && refused.errors.contains("are different networks"), "\(refused.errors)")
  }

  /// What training alone compares with labels is in the checkpoint, and in no exported network: PyTorch loads it strictly.
  @Test func headsOfDeepSupervisionAreLeftOut() throws {
    let model = #"{"kind": "nnunet", "spacing": [4, 1, 1], "features": 4, "mostFeatures": 8}"#
    let experiment = SmallExperiment.json(epochs: 1)
      .replacingOccurrences(
        of: "\"name\": \"Base\", \"model\": {",
        with: "\"name\": \"Deep\", \"model\": \(model) }, {\"name\": \"Base\", \"model\": {"
      )
      .replacingOccurrences(of: "[6, 32, 16]", with: "[6, 64, 32]")
    try Data(experiment.utf8).write(to: program.folder.appending(path: "deep.json"))
    let trained = try program("run", "deep.json", "--only", "Deep", "--folds", "1", "--threads", "1")
    #expect(trained.status == 0, "\(trained.errors)")
    let deep = try #require(try program.runs.first { $0.hasPrefix("nnunet") })
    for format in ["onnx", "pytorch"] {
      let result = try program("export", deep, "--format", format, "-o", format)
      #expect(result.status == 0, "\(result.errors)")
    }
    let weights = try Data(contentsOf: program.folder.appending(path: "pytorch/weights.safetensors"))
    // Four stages: of the three in the decoder the finest has the last head.
    #expect(weights.range(of: Data("decoder.seg_layers.2.weight".utf8)) != nil)
    #expect(weights.range(of: Data("decoder.seg_layers.1".utf8)) == nil)
  }

  @Test func testCasesBecomeFoldsOfNNUNet() throws {
    let result = try program(
      "export", "--experiment", "small.json", "--variant", "SAFNet", "--format", "nnunet", "-o", "results")
    #expect(result.status == 0, "\(result.errors)")
    #expect(try names("results") == ["dataset.json", "fold_0", "fold_1", "safnet.json"])
    let maps = try ["fold_0", "fold_1"].flatMap { try names("results/\($0)/validation") }
    #expect(maps.count { $0.hasSuffix(".nii.gz") } == 6 && maps.count { $0 == "summary.json" } == 2)
    #expect(result.errors.contains("the label numbers are the dataset's and not 1, 2, 3"))
    let imported = try program(
      "import", "nnunet", "results", "--experiment", "small.json", "--name", "Exported")
    #expect(imported.status == 0, "\(imported.errors)")
  }

  /// The program's own file is nowhere to be fetched again.
  @Test(arguments: [true, false]) func aStoredLabelMapThatIsLostIsMadeAnew(isThere: Bool) throws {
    let stored = "Workspace/runs/\(run)/predictions"
    let map = program.folder.appending(
      path: "\(stored)/\(try #require(try names(stored).first { $0.hasSuffix(".gz") }))")
    let whole = try Data(contentsOf: map)
    try FileManager.default.removeItem(at: map)
    if isThere { try whole.prefix(whole.count / 2).write(to: map) }
    let refused = try program("export", run, "--format", "nnunet", "-o", "results")
    #expect(refused.status == 2, "\(refused.errors)")
    let words =
      isThere
      ? "is damaged. Once it is gone `safnet run` predicts it again: rm -f \(map.path) && safnet run small.json"
      : "is missing. `safnet run small.json` predicts it again"
    #expect(refused.errors.contains("which the run has predicted, \(words)"), "\(refused.errors)")
    // As the advice says.
    try? FileManager.default.removeItem(at: map)
    #expect(try program("run", "small.json").status == 0)
    #expect(try program("export", run, "--format", "nnunet", "-o", "results").status == 0)
    #expect(try Data(contentsOf: map) == whole)
  }

  /// Edited in its place, or another case's: what is exported has the scores that go with it.
  @Test func aReplacedLabelMapIsNotExported() throws {
    let stored = "Workspace/runs/\(run)/predictions"
    let name = try #require(try names(stored).first { $0.hasSuffix(".gz") })
    let map = program.folder.appending(path: "\(stored)/\(name)")
    let whole = try Data(contentsOf: map)
    let mask = name.replacingOccurrences(of: "Case", with: "mask_case")
    try FileManager.default.removeItem(at: map)
    try FileManager.default.copyItem(at: program.folder.appending(path: "phantom/Mask/\(mask)"), to: map)
    for format in ["nnunet", "bids"] {
      let refused = try program("export", run, "--format", format, "-o", "results")
      #expect(refused.status == 2, "\(refused.errors)")
      let words = "it was edited or replaced since. Move it to another place, and `safnet run small.json` predicts"
      #expect(refused.errors.contains("\(map.path) holds other voxels than"), "\(refused.errors)")
      #expect(refused.errors.contains(words), "\(refused.errors)")
    }
    // As the advice says.
    try FileManager.default.moveItem(at: map, to: program.folder.appending(path: name))
    #expect(try program("run", "small.json").status == 0)
    #expect(try program("export", run, "--format", "nnunet", "-o", "results").status == 0)
    #expect(try Data(contentsOf: map) == whole)
  }

  @Test func whatWasTrainedOnOtherMasksIsSaid() throws {
    let arguments = ["export", "--experiment", "small.json", "--variant", "SAFNet", "--format", "onnx", "-o"]
    #expect(!(try program.start(arguments + ["before"]).wait().errors.contains("has changed since")))
    let mask = program.folder.appending(path: "phantom/Mask/mask_case2.nii.gz")
    try FileManager.default.removeItem(at: mask)
    try FileManager.default.copyItem(
      at: program.folder.appending(path: "phantom/Mask/mask_case1.nii.gz"), to: mask)
    let result = try program.start(arguments + ["after"]).wait()
    #expect(result.status == 0 && result.errors.contains("note: the dataset "), "\(result.errors)")
    #expect(result.errors.contains("has changed since"), "\(result.errors)")
  }

  /// Whatever needs it leads to what makes it anew.
  @Test func aPlanThatIsLostIsMadeAnew() throws {
    let plan = program.folder.appending(path: "Workspace/runs/\(run)/plan.json")
    try FileManager.default.removeItem(at: plan)
    let image = "phantom/MR/Case1.nii.gz"
    for arguments in [["predict", run, image, "-o", "labels"], ["runs", "show", run]] {
      let result = try program.start(arguments).wait()
      #expect(
        result.status != 0 && result.errors.contains("plan.json is missing. Give `safnet run` with its experiment"),
        "\(arguments): \(result.errors)")
    }
    #expect(try program("run", "small.json").status == 0)
    #expect(try program("predict", run, image, "-o", "labels").status == 0)
  }

  @Test func testCasesBecomeADerivativeOfBIDS() throws {
    let result = try program(
      "export", "--experiment", "small.json", "--variant", "SAFNet", "--format", "bids", "-o", "derivative")
    #expect(result.status == 0, "\(result.errors)")
    let files = try program.files("derivative")
    #expect(files.keys.count { $0.hasSuffix("_dseg.nii.gz") } == 6)
    #expect(files["sub-Case2/anat/sub-Case2_dseg.nii.gz"] != nil && files["code/dcmqi/sub-Case2.json"] != nil)
    #expect(try text("derivative/participants.tsv").contains("sub-Case2\tCase2\n"))
  }

  @Test func casesThatTwoRunsTestedAreRefused() throws {
    let all = ["export"] + (try program.runs)
    for format in ["nnunet", "bids"] {
      let refused = try program.start(all + ["--format", format, "-o", "x"]).wait()
      #expect(refused.status == 2 && refused.errors.contains("have both tested"), "\(refused.errors)")
      #expect(!program.exists("x"))
    }
  }

  @Test func curvesBecomeEventFiles() throws {
    let all = ["export"] + (try program.runs)
    let result = try program.start(all + ["--format", "tensorboard", "-o", "logs"]).wait()
    #expect(result.status == 0, "\(result.errors)")
    #expect(try names("logs") == (program.runs + ["safnet.json"]).sorted())
    let events = try names("logs/\(run)")
    #expect(events.count == 1 && events[0].hasPrefix("events.out.tfevents.1"))
  }

  @Test func whatIsThereIsNeverReplaced() throws {
    #expect(try program("export", run, "--format", "onnx", "-o", "model").status == 0)
    let before = try program.files("model")
    let again = try program("export", run, "--format", "onnx", "-o", "model")
    #expect(again.status == 2 && again.errors.contains("model is there already, and an export replaces nothing"))
    #expect(try program.files("model") == before)
  }

  @Test func twoExportsAreTheSameBytes() throws {
    for folder in ["one", "two"] { try program("export", run, "--format", "onnx", "-o", folder) }
    #expect(try program.files("one") == program.files("two"))
  }

  @Test func aRunThatIsNotFinishedIsRefusedUnlessTold() throws {
    let journal = program.folder.appendingPathComponent("Workspace/runs/\(run)/journal.jsonl")
    let lines = try String(contentsOf: journal, encoding: .utf8).split(separator: "\n")
    try lines.dropLast().map { $0 + "\n" }.joined().write(to: journal, atomically: false, encoding: .utf8)
    let refused = try program("export", run, "--format", "onnx", "-o", "model")
    #expect(refused.status == 2 && refused.errors.contains("not finished: \(run)"), "\(refused.errors)")
    let told = try program("export", run, "--format", "onnx", "-o", "model", "--unfinished")
    #expect(told.status == 0 && told.errors.contains("note: not finished: \(run)"), "\(told.errors)")
    #expect(try text("model/pipeline.json").contains("not finished: \(run)"))
  }

  @Test func aVariantOfWhichARunIsMissingIsRefusedUnlessTold() throws {
    #expect(try program("runs", "remove", run, "--yes").status == 0)
    let variant = run.hasPrefix("safnet-base") ? "Base" : "SAFNet"
    let arguments = ["export", "--experiment", "small.json", "--variant", variant, "--format", "onnx", "-o", "model"]
    let refused = try program.start(arguments).wait()
    #expect(refused.status == 2 && refused.errors.contains("\(variant) is not complete: fold"), "\(refused.errors)")
    let told = try program.start(arguments + ["--unfinished"]).wait()
    #expect(told.status == 0 && told.errors.contains("note: left out, not finished: fold"), "\(told.errors)")
    #expect(try text("model/pipeline.json").contains("left out, not finished: fold"))
  }

  @Test(arguments: [
    (["export", "--format", "onnx", "-o", "x"], "export needs a run"),
    (["export", "a", "--experiment", "small.json", "--format", "onnx", "-o", "x"], "Give runs or --experiment"),
    (["export", "a", "--variant", "b", "--format", "onnx", "-o", "x"], "--variant is one of an --experiment"),
    (["export", "a", "--format", "keras", "-o", "x"], "'keras'"),
    (["export", "nobody", "--format", "onnx", "-o", "x"], "there is no run 'nobody'"),
    (["export", "a", "--format", "onnx"], "--format onnx needs a folder"),
    (["export", "a", "--format", "onnx", "--to", "http://x", "-o", "x"], "--to is for --format mlflow"),
    (["export", "a", "--format", "mlflow"], "--format mlflow needs the server"),
    (["export", "a", "--format", "mlflow", "--to", "http://x", "-o", "x"], "goes to a server; leave --output out"),
    (["export", "a", "--format", "mlflow", "--to", "localhost:5000"], "give the server's address"),
  ])
  func whatCannotBeMeantEndsWithTwo(arguments: [String], words: String) throws {
    let result = try program.start(arguments).wait()
    #expect(result.status == 2 && result.errors.contains(words), "\(result.errors)")
    #expect(!program.exists("x"))
  }

  /// Killed at random instants: the folder is there and whole, or not there, and the next export clears the rest away.
  @Test func aKilledExportLeavesTheWholeOrNothing() throws {
    let start = ContinuousClock.now
    #expect(try program("export", run, "--format", "onnx", "-o", "whole").status == 0)
    let microseconds = UInt32(min(5e6, start.duration(to: .now) / .microseconds(1)))
    let whole = try names("whole")
    for number in 0..<20 {
      let child = try program.start(["export", run, "--format", "onnx", "-o", "killed\(number)"])
      usleep(UInt32.random(in: 0...microseconds))
      kill(child.process.processIdentifier, SIGKILL)
      _ = try child.wait()
      if program.exists("killed\(number)") {
        #expect(try names("killed\(number)") == whole)
      } else {
        #expect(try program("export", run, "--format", "onnx", "-o", "killed\(number)").status == 0)
      }
    }
    #expect(try names(".").allSatisfy { !$0.hasPrefix(".killed") })
  }
}

import Foundation
import Testing

/// Mistakes that people make with a finished sweep: each ends in one message that says what, where and how to go on.
@Suite struct MistakeTests {
  private let program: Program
  private let run: String

  init() throws {
    program = try FinishedSweep.copy()
    run = try #require(try program.runNames().first { $0.hasPrefix("safnet-f1-") })
  }

  /// - Parameter arguments: with RUN in the place of the run's name.
  private func refused(_ arguments: [String]) throws -> Program.Result {
    try program.start(arguments.map { $0.replacing("RUN", with: run) }).wait()
  }

  private func expect(_ arguments: [String], _ words: [String], status: Int32 = 2) throws {
    let result = try refused(arguments)
    #expect(result.status == status, "\(result.errors)")
    #expect(result.errors.hasPrefix("error: ") || result.errors.hasPrefix("Error: "), "\(result.errors)")
    for one in words {
      #expect(result.errors.contains(one.replacing("RUN", with: run)), "\(one) is missing in \(result.errors)")
    }
  }

  @Test(arguments: [
    (["runs", "note", "SAFNet", "x"], "'SAFNet' is a variant of small, not a run. Name one of its runs: RUN,"),
    (["runs", "remove", "SAFNet", "--yes"], "'SAFNet' is a variant of small, not a run. Name one of its runs: RUN,"),
    (
      ["export", "small", "--format", "onnx", "-o", "m"],
      "'small' is an experiment, not a run; its variants are SAFNet, Base."
    ),
    (
      ["export", "small.json", "--format", "onnx", "-o", "m"],
      "small.json is a file, not a run. All finished runs of one"
    ),
  ]) func aVariantInThePlaceOfARun(arguments: [String], words: String) throws {
    try expect(arguments, [words])
  }

  /// Its finished runs are of one plan: they are meant.
  @Test(arguments: [
    (
      ["predict", "SAFNet", "phantom/MR/Case1.nii.gz", "-o", "a.nii.gz"],
      "'SAFNet' is a variant of small; its finished runs are RUN (fold 1), "
    ),
    (
      ["predict", "--run", "base", "phantom/MR/Case1.nii.gz", "-o", "x"],
      "'base' is a variant of small; its finished runs"
    ),
    (["export", "SAFNet", "--format", "tensorboard", "-o", "m"], "its finished runs are RUN (fold 1), "),
    (
      ["runs", "show", "SAFNet"],
      "notice: 'SAFNet' is a variant of small; the newest of its 2 finished runs is safnet-f"
    ),
    (["evaluate", "phantom/Mask", "phantom/Mask", "--run", "SAFNet"], "the newest of its 2 finished runs is safnet-f"),
  ]) func aVariantOfOnePlanIsTaken(arguments: [String], words: String) throws {
    let result = try refused(arguments)
    #expect(result.status == 0 && result.errors.contains(words.replacing("RUN", with: run)), "\(result.errors)")
  }

  /// What stands in the place of an experiment's file is named, with the command; and that is taken.
  @Test(arguments: [
    (
      ["status", "SAFNet"],
      "SAFNet is a variant of small in the workspace Workspace. Type: safnet status small.json --only SAFNet\n"
    ),
    (
      ["report", "RUN"],
      "RUN is a run of small (SAFNet, fold 1) in the workspace Workspace. Type: safnet report small.json\n"
    ),
    (["run", "RUN", "--dry-run"], "Type: safnet run small.json --dry-run --only SAFNet --folds 1\n"),
    (["status", "Workspace/runs/RUN"], "Type: safnet status small.json --only SAFNet --folds 1\n"),
    (["status", "Workspace/runs/RUN/plan.json"], "Type: safnet status small.json --only SAFNet --folds 1\n"),
    (["plan", "Workspace/runs", "--no-measure"], "which are of small. Type: safnet plan small.json --no-measure\n"),
    (["validate", "Base"], "Type: safnet validate small.json\n"),
    (["runs", "list", "--experiment", "Base"], "Type: safnet runs list --experiment small.json\n"),
    (
      ["evaluate", "phantom/Mask", "phantom/Mask", "--experiment", "Base"],
      "Type: safnet evaluate phantom/Mask phantom/Mask --experiment small.json\n"
    ),
  ]) func whatIsNoExperimentLeadsToItsFile(arguments: [String], words: String) throws {
    let result = try refused(arguments)
    #expect(result.status == 2 && result.errors.contains(words.replacing("RUN", with: run)), "\(result.errors)")
    #expect(!result.errors.contains("safnet new"), "\(result.errors)")
    let advised = try #require(result.errors.components(separatedBy: "Type: safnet ").last)
    let taken = try program.start(advised.split(whereSeparator: \.isWhitespace).map(String.init)).wait()
    #expect(taken.status == 0, "\(taken.errors)")
  }

  @Test func aReportsFolderLeadsToItsExperiment() throws {
    #expect(try refused(["report", "small.json"]).status == 0)
    for place in ["Reports/small", "Reports/small/report.json"] {
      try expect(["status", place], ["\(place) is the report of small. Type: safnet status small.json\n"])
    }
    try expect(
      ["status", "Reports"], ["it is a folder, and an experiment is a file; reports lie in this one: give the file"])
  }

  /// A name that stands in two experiments is of both.
  @Test func aVariantOfTwoExperiments() throws {
    let text = try String(contentsOf: program.folder.appending(path: "small.json"), encoding: .utf8)
    try Data(
      text.replacing("\"name\": \"small\"", with: "\"name\": \"more\"").replacing(
        "\"epochs\": 2", with: "\"epochs\": 1"
      ).utf8
    ).write(to: program.folder.appending(path: "more.json"))
    let trained = try refused(["run", "more.json", "--threads", "1", "--only", "SAFNet", "--folds", "1"])
    #expect(trained.status == 0, "\(trained.errors)")
    let own = try #require(try program.runNames().first { $0.hasPrefix("safnet-f1-") && $0 != run })
    try expect(
      ["runs", "show", "SAFNet"],
      [
        "'SAFNet' is a variant of more and small, and its finished runs are of 2 plans. Name what is meant of these:\n",
        "\n  \(run)  small  fold 1  training.epochs: 2\n", "  \(own)  more   fold 1  training.epochs: 1",
      ])
    try expect(
      ["predict", "SAFNet", "phantom/MR/Case1.nii.gz", "-o", "a.nii.gz"],
      [
        "what the file asks for now is `--experiment more.json --variant SAFNet` or `--experiment small.json --variant SAFNet`:\n",
        "  \(own)  more   fold 1  training.epochs: 1",
      ])
  }

  @Test(arguments: [
    (["run", "small.json", "--folds", "2-1"], "2-1 goes down; write 1-2"),
    (["status", "small.json", "--folds", "1,x"], "'x' is no number and no span of numbers; write them as 1-3,5"),
    (["run", "small.json", "--seeds", "1,,2"], "a number is missing; write them as 1-3,5"),
    (["run", "small.json", "--retries", "-1"], "--retries takes a number from 0 to 1000000"),
    (["run", "small.json", "--jobs", "-2"], "--jobs takes a number from 1 to 4096"),
    (["run", "small.json", "--folds", "-1"], "'-1' is no number and no span of numbers"),
    (["predict", "RUN", "phantom/MR", "-o", "x", "--threads", "-1"], "--threads takes a number from 1 to 1024"),
    (
      ["run", "small.json", "--only", "SAFNet,Bass"],
      "--only 'Bass' is no variant of this experiment, did you mean Base?"
    ),
    (["status", "small.json", "--only", "Bass"], "--only 'Bass' is no variant of this experiment, did you mean Base?"),
    (
      ["status", "small.json", "--seeds", "5"], "--seeds 5: no variant of this experiment has this seed; there is 2023."
    ),
    (["plan", "small.json", "--no-measure", "--folds", "3"], "--folds 3: this experiment has folds 1 to 2."),
  ]) func numbersAndNames(arguments: [String], words: String) throws { try expect(arguments, [words]) }

  /// Other programs read what lies among images.
  @Test func aWorkspaceInADataset() throws {
    let words =
      "lies among its images, for which other programs would take what is written there. Give a folder outside: --workspace "
    for place in ["phantom", "phantom/MR", "phantom/Mask/runs"] {
      try expect(["run", "small.json", "--workspace", place], [words])
    }
    let beside = try refused(["run", "small.json", "--dry-run", "--workspace", "phantom/Workspace"])
    #expect(
      beside.status == 0 && beside.errors.contains("/phantom, and goes wherever that is copied; to keep runs apart"))
    let runs = program.folder.appending(path: "phantom/MR/runs")
    try FileManager.default.createDirectory(at: runs, withIntermediateDirectories: true)
    let begun = try refused(["run", "small.json", "--dry-run", "--workspace", "phantom/MR"])
    #expect(begun.status == 0 && begun.errors.contains("lies among the images of the dataset"))
    try FileManager.default.removeItem(at: runs)
    let usual = try refused(["run", "small.json", "--dry-run", "--workspace", "Other"])
    #expect(usual.status == 0 && !usual.errors.contains("goes wherever that is copied"))
  }

  /// The commands that have an option are named where another is given it.
  @Test(arguments: [
    (
      ["report", "small.json", "--folds", "1"],
      "`safnet status EXPERIMENT` shows a part with --only, --folds and --seeds"
    ),
    (["dashboard", "small.json", "--folds", "1"], "`safnet plan`, `safnet run` and `safnet status` have --folds."),
    (["validate", "small.json", "--jobs", "2"], "`safnet run` has --jobs."),
    (["run", "small.json", "--epochs", "3"], "A field of the experiment is changed by --set training.epochs=3"),
    (["status", "small.json", "--checkpoint", "last"], "`safnet predict` and `safnet export` have --checkpoint."),
    (["status", "small.json", "-o", "x"], " have -o."),
  ]) func anOptionOfAnotherCommand(arguments: [String], words: String) throws {
    try expect(arguments, ["Unknown option '\(arguments[2])'", words])
  }

  /// As nnU-Net, MONAI and others call it; what is advised is what the program takes.
  @Test(arguments: [
    (["--num_epochs", "3"], "--set training.epochs=3"), (["--max-epochs=3"], "--set training.epochs=3"),
    (["--lr", "1e-4"], "--set training.learningRate=1e-4"), (["--batch-size", "2"], "--set training.batch=2"),
    (["--optimizer", "sgd"], "--set training.optimiser=sgd"), (["--model", "unet3d"], "--set model.kind=unet3d"),
    (["--image-size", "18x256x128"], "--set 'preprocessing.size=[18,256,128]'"),
    (["--patch-size", "64"], "--set 'training.patch=[D,H,W]'"), (["--kfold", "3"], "--set folds.count=3"),
    (["-d", "phantom"], "--set dataset.path=phantom"), (["--data-dir", "phantom"], "--set dataset.path=phantom"),
  ]) func aFieldAsOthersCallIt(option: [String], meant: String) throws {
    try expect(["run", "small.json"] + option, ["A field of the experiment is changed by \(meant)\n"])
  }

  @Test(arguments: [
    (["--output-dir", "X"], "Runs are kept in a workspace: --workspace X"), (["-o", "X"], "--workspace X"),
    (["--num-workers", "4"], "--jobs says how many runs are trained at once, --threads how many threads each has."),
    (["--fold", "0"], "--folds chooses among folds, which are counted from 1: --folds 1"),
    (["--config", "c"], "The experiment's file stands by itself: `safnet run FILE`"),
    (["-c"], "`safnet run` goes on by itself where it was stopped."),
    (["--resume"], "`safnet run` goes on by itself where it was stopped."),
    (["--overwrite"], "What is finished stays: `safnet runs remove "), (["--seed", "7"], "--set training.seed=7;"),
    (["--npz"], "`safnet report EXPERIMENT` shows"),
    (["-p", "nnUNetPlans"], "`safnet new DATASET -o study.json --recipe nnunet`"),
    (["--wandb"], "`safnet dashboard` shows runs while they are trained"),
    (["--device", "cuda:1"], "--engine pjrt --device 1; `safnet devices` lists them."),
    (["--device", "cpu"], "The processor computes where --engine pjrt and --device are left out."),
    (["--folds", "all"], "All folds are trained where --folds is left out."),
    (["3d_fullres", "0"], "that is how nnU-Net is called. Here an experiment's file says dataset, network and folds:"),
  ]) func anOptionAsOthersCallIt(option: [String], words: String) throws {
    try expect(["run", "small.json"] + option, [words])
  }

  @Test(arguments: [("epochs=3", "training.epochs=3"), ("folds.count=3", "folds.count=3")])
  func aFieldInAnArgumentsPlace(given: String, meant: String) throws {
    try expect(["run", "small.json", given], ["A field of the experiment is changed by --set \(meant)"])
  }

  @Test func anOptionThatNobodyHasIsLeftToTheParser() throws {
    let result = try refused(["run", "small.json", "--frobnicate"])
    #expect(result.errors.contains("Unknown option '--frobnicate'") && !result.errors.contains("has --frobnicate"))
  }

  @Test func exportSaysWhatItCanWrite() throws {
    try expect(["export", "RUN", "-o", "m"], ["onnx, pytorch, nnunet, bids, tensorboard, mlflow"])
    try expect(
      ["export", "RUN", "--format", "onnx", "-o", "m.onnx"],
      ["--output m.onnx reads like a file's name", "for a folder of just that name give m.onnx/"])
    #expect(try refused(["export", "RUN", "--format", "onnx", "-o", "m.onnx/"]).status == 0)
  }

  @Test func imagesAndTheirLabelMapsDoNotShareAFolder() throws {
    try FileManager.default.createDirectory(
      at: program.folder.appending(path: "scans"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: program.folder.appending(path: "phantom/MR/Case1.nii.gz"),
      to: program.folder.appending(path: "scans/Case1_0000.nii.gz"))
    try expect(
      ["predict", "RUN", "scans", "-o", "./scans/"], ["--output ./scans/ is the folder of the images", "Give another"])
    try expect(
      ["predict", "RUN", "scans/Case1_0000.nii.gz", "-o", "scans"], ["--output scans is the folder of the images"])
    #expect(try refused(["predict", "RUN", "scans", "-o", "labels"]).status == 0)
    try expect(["predict", "RUN", "labels", "-o", "more"], ["labels holds label maps that `safnet predict` wrote"])
    #expect(!FileManager.default.fileExists(atPath: program.folder.appending(path: "more").path))
  }

  @Test(arguments: [
    (
      ["predict", "phantom/MR/Case1.nii.gz", "RUN", "-o", "x"],
      "safnet predict RUN phantom/MR/Case1.nii.gz --output FOLDER"
    ),
    (["predict", "phantom/MR", "phantom/MR/Case1.nii.gz", "-o", "x"], "none of the other words is a run"),
    (["predict", "small.json", "phantom/MR", "-o", "x"], "--experiment small.json --variant NAME"),
  ]) func theRunComesFirst(arguments: [String], words: String) throws { try expect(arguments, [words]) }

  /// A file where a run, a folder where a file, a dataset where its images belong.
  @Test(arguments: [
    (
      ["predict", "Workspace/runs/RUN/best.h5", "phantom/MR/Case1.nii.gz", "-o", "x"],
      "Workspace/runs/RUN/best.h5 is a file of the run RUN, not a run: give RUN in its place, and --checkpoint best for the",
      2
    ),
    (
      ["export", "Workspace/runs/RUN/last.h5", "--format", "onnx", "-o", "m"],
      "give RUN in its place, and --checkpoint last for the", 2
    ),
    (
      ["runs", "show", "Workspace/runs/RUN/evaluation.h5"],
      "is a file of the run RUN, not a run: give RUN in its place.", 2
    ),
    (
      ["report", "Workspace"],
      "this one is a workspace: give the experiment's file, and this by --workspace Workspace;", 2
    ),
    (["status", "Workspace/runs/RUN"], "`safnet runs show RUN` shows the run that it is of", 2),
    (["predict", "RUN", "phantom", "-o", "x"], "it is a dataset; give a folder of it: its images are in", 1),
    (["dataset", "check", "phantom/MR/Case1.nii.gz"], "it is one file, and a dataset is a folder,", 1),
    (
      ["status", "--seeds", "5"],
      "--seeds 5: none of the 4 runs is of this part; `safnet status` without it shows all.", 2
    ),
  ]) func oneThingInThePlaceOfAnother(arguments: [String], words: String, status: Int32) throws {
    try expect(arguments, [words], status: status)
  }

  /// Slices where rows belong: said before anything is measured, as `run` says it.
  @Test func planWarnsOfAnotherOrderOfAxes() throws {
    let told = try refused(["plan", "small.json", "--no-measure", "--set", "preprocessing.size=[64,32,16]"])
    #expect(told.status == 0)
    #expect(
      told.errors.contains("warning: preprocessing.size[0] is slices, left to right: the images have"), "\(told.errors)"
    )
    #expect(!(try refused(["plan", "small.json", "--no-measure"])).errors.contains("size[0] is slices"))
  }

  @Test(arguments: [
    ("Workspace/runs/RUN/plan.json", "it is the plan of a run and no experiment; `safnet runs show RUN`"),
    ("Workspace/runs/RUN/journal.jsonl", "it is the journal of a run"),
    ("Workspace/runs/RUN/best.h5", "it is an HDF5 file"),
    ("Workspace/index.sqlite", "it is a workspace's index"),
    ("Workspace/experiments/small.json", "it is a workspace's own record of an experiment's runs"),
    ("phantom/MR/Case1.nii.gz", "it is a NIfTI image and no experiment; `safnet predict RUN IMAGE` segments it"),
    ("cases.csv", "it is a table (CSV) and no experiment"), ("splits_final.json", "it is a list of folds"),
  ]) func whatIsNoExperimentIsCalledByItsName(file: String, words: String) throws {
    try Data("case,image,label\na,b,c\n".utf8).write(to: program.folder.appending(path: "cases.csv"))
    try Data(#"[{"train": ["a"], "val": ["b"]}]"#.utf8).write(to: program.folder.appending(path: "splits_final.json"))
    let result = try refused(["validate", file])
    // Of a run's files its experiment is told too.
    let lines = result.errors.split(separator: "\n")
    #expect(result.status == 2 && lines.count == (file.hasPrefix("Workspace/runs") ? 2 : 1), "\(result.errors)")
    let expected = words == "it is a NIfTI image and no experiment; `safnet predict RUN IMAGE` segments it"
    #expect(result.errors.contains(expected ? words : words.replacing("RUN", with: run)), "\(result.errors)")
  }

  @Test func aReportIsNotWrittenAmongImagesOrRuns() throws {
    for (folder, words) in [
      ("phantom", "is the dataset's folder"), ("phantom/MR", "holds 8 images or label maps"),
      ("Workspace/runs", "holds the runs"),
    ] {
      let before = try program.contents()
      let result = try refused(["report", "small.json", "--output", folder])
      #expect(result.status == 1 && result.errors.contains(words) && result.errors.contains("--output"))
      #expect(try program.contents() == before)
    }
    try FileManager.default.createDirectory(
      at: program.folder.appending(path: "mine"), withIntermediateDirectories: true)
    try Data("x".utf8).write(to: program.folder.appending(path: "mine/thesis.tex"))
    let among = try refused(["report", "small.json", "-o", "mine", "--format", "latex"])
    #expect(among.status == 0 && among.errors.contains("/mine holds 1 other file (thesis.tex), which stay"))
    try expect(["report", "small.json", "--check", "--output", "nowhere"], ["there is no folder "], status: 1)
    try expect(
      ["report", "small.json", "-o", "table.html"],
      ["--output table.html reads like a file's name", "with --format the kinds"], status: 1)
    #expect(!FileManager.default.fileExists(atPath: program.folder.appending(path: "table.html").path))
    try expect(
      ["report", "small.json", "--overlay", "Case1,Case2"], ["no such test case", "Several stand with blanks between."])
  }

  @Test(arguments: [
    (["evaluate", "RUN", "phantom/Mask"], "RUN is a run, and `safnet evaluate` scores label maps. Make them with"),
    (["evaluate", "phantom/Mask", "nowhere"], "there is no file and no folder nowhere."),
    (
      ["evaluate", "phantom/Mask", "phantom/Mask", "--csv", "phantom"], "--csv phantom is a folder; give a file's name"
    ),
    (["evaluate", "phantom/Mask", "phantom/Mask", "--csv", "no/x.csv"], "no/x.csv: there is no folder "),
    (["new", "phantom", "-o", "study"], "the experiment study must end in .json: give study.json"),
    (
      ["new", "phantom", "-o", "phantom/"],
      "--output phantom/ is a folder, and an experiment is a file: give phantom/study.json"
    ),
  ]) func aFileForAFolderAndTheReverse(arguments: [String], words: String) throws { try expect(arguments, [words]) }

  @Test(arguments: [
    (["--tta"], "Label maps are by mirrored images too with --mirror."),
    (["--device", "cpu"], "The processor computes unless `--engine pjrt` says otherwise"),
    (["--set", "nonsense=1"], "--set changes an --experiment, and a run is what it was trained as"),
  ]) func whatPredictDoesNotTake(option: [String], words: String) throws {
    try expect(["predict", "RUN", "phantom/MR", "-o", "labels"] + option, [words])
  }

  @Test func runsOfAnUnknownExperiment() throws {
    try expect(
      ["runs", "list", "--experiment", "smal"],
      ["no experiment of this name was run in this workspace, did you mean small?", "It knows small."])
    #expect(try refused(["runs", "list", "--experiment", "small.json"]).output.contains("4 runs: 4 finished"))
  }

  @Test func aDryRunRefusesTheWorkspaceThatTheRunWould() throws {
    let dry = try refused(["run", "small.json", "--workspace", "small.json", "--dry-run"])
    let wet = try refused(["run", "small.json", "--workspace", "small.json"])
    #expect(dry.status == wet.status && dry.status != 0)
    #expect(dry.errors.split(separator: "\n").last == wet.errors.split(separator: "\n").last)
  }
}

import Testing

/// Options that a command does not have, or that are given what they do not take.
@Suite struct MistakenOptionTests: MistakeSuite {
  let program: Program
  let run: String

  init() throws { (program, run) = try FinishedSweep.copyWithRun() }

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
    (["run", "small.json", "--only", "-Base"], "--only names the variants that are taken, and others stay out"),
    (["status", "small.json", "--only", "Bass"], "--only 'Bass' is no variant of this experiment, did you mean Base?"),
    (
      ["status", "small.json", "--seeds", "5"], "--seeds 5: no variant of this experiment has this seed; there is 2023."
    ),
    (
      ["plan", "small.json", "--no-measure", "--folds", "3"],
      "--folds: there is no fold 3; this experiment has folds 1 to 2, nnU-Net's 0 to 1. Give --folds 1-2"
    ),
  ]) func numbersAndNames(arguments: [String], words: String) throws { try expect(arguments, [words]) }

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
    (["status", "small.json", "-o", "x"], "It writes no files: `> FILE` keeps what it prints.\n"),
    (["validate", "small.json", "--output-dir", "d"], "It writes no files: `> FILE` keeps what it prints.\n"),
    (["dashboard", "small.json", "--output-dir", "d"], "`safnet report EXPERIMENT --output d` writes tables"),
    (["dataset", "phantom", "--out-dir", "y"], "The folder that is made stands by itself: safnet dataset phantom y\n"),
    (["report", "small.json", "--dir", "d"], "Where it writes is said by --output: --output d\n"),
    (["report", "small.json", "--to", "d"], "Where it writes is said by --output: --output d\n"),
    (["report", "small.json", "--metric", "dice"], "Every measure is in a report: leave it out."),
    (
      ["report", "small.json", "--pdf"],
      "There is no PDF: --format latex writes the tables for one, and a browser prints"
    ),
    (["report", "small.json", "--hd95"], "Every measure is in a report: leave it out."),
    (["report", "small.json", "--docx"], "There is no text document: word processors open report.html, and"),
    (["report", "small.json", "--png"], "--format chooses what is written, and without it everything is"),
    (["report", "small.json", "--html"], "--format chooses what is written, and without it everything is"),
    (["report", "small.json", "--tables", "folds"], "and --print folds prints some of them alone.\n"),
    (
      ["run", "small.json", "--metrics", "hd95"],
      "training.monitor of an experiment, meanDice or voxelAccuracy, chooses"
    ),
    (["run", "small.json", "--force-retrain"], "takes a run away, and `safnet run` trains it again.\n"),
    (["run", "small.json", "--name", "My study"], "is changed by --set 'title=My study'\n"),
    (["report", "small.json", "--exclude", "Base"], "A report is of all that its experiment asks for;"),
    (
      ["validate", "small.json", "--exclude", "Base"], "\nBase is a variant: which of them are taken is said by --only"
    ),
    (["validate", "small.json", "--exclude", "c"], #"--set 'dataset.exclude=[{"case":"c","reason":"..."}]'"#),
    (["run", "small.json", "--exclude-case", "c"], #"--set 'dataset.exclude=[{"case":"c","reason":"..."}]'"#),
    (["run", "small.json", "--skip-fold", "1"], "--folds names the folds that are taken, and others stay out"),
    (["run", "small.json", "--model", "Base"], "\n--only Base chooses among variants.\n"),
    (["run", "small.json", "--method", "Base"], "\n--only Base chooses among variants.\n"),
    (["plan", "small.json", "--executor", "slurm"], "--site FILE is enough for `safnet plan`, which"),
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

  /// What asks for runs does not say that they are to go.
  @Test func theRunsOfAnExperimentAreRemovedByTheirNames() throws {
    try expect(
      ["runs", "remove", "--state", "finished", "--experiment", "small.json"],
      ["are listed by `safnet runs list --experiment small.json --state finished`; give the names alone\n"])
  }

  @Test(arguments: [("epochs=3", "training.epochs=3"), ("folds.count=3", "folds.count=3")])
  func aFieldInAnArgumentsPlace(given: String, meant: String) throws {
    try expect(["run", "small.json", given], ["A field of the experiment is changed by --set \(meant)"])
  }

  @Test(arguments: [
    (["evaluate", "phantom/Mask", "phantom/Mask", "--metric", "hd95"], "Every measure is printed: leave it out.\n"),
    (
      ["new", "phantom", "-o", "n.json", "--name", "My study"],
      "change title in it, or give `safnet run n.json --set 'title=My study'`.\n"
    ),
  ]) func whatNeedsNoOption(arguments: [String], words: String) throws { try expect(arguments, [words]) }

  @Test func anOptionThatNobodyHasIsLeftToTheParser() throws {
    let result = try refused(["run", "small.json", "--frobnicate"])
    #expect(result.errors.contains("Unknown option '--frobnicate'") && !result.errors.contains("has --frobnicate"))
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
    (["--epoch", "20"], "and none of another epoch: --checkpoint best or last chooses.\n"),
    (["--tta"], "Label maps are by mirrored images too with --mirror."),
    (["--device", "cpu"], "The processor computes unless `--engine pjrt` says otherwise"),
    (["--set", "nonsense=1"], "--set changes an --experiment, and a run is what it was trained as"),
  ]) func whatPredictDoesNotTake(option: [String], words: String) throws {
    try expect(["predict", "RUN", "phantom/MR", "-o", "labels"] + option, [words])
  }
}

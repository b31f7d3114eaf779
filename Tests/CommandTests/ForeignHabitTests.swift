import Foundation
import Testing

/// What people type who come from another program, or mean another command: one message leads on.
@Suite struct ForeignHabitTests {
  private let program: Program
  private let run: String

  init() throws {
    program = try FinishedSweep.copy()
    run = try #require(try program.runNames().first { $0.hasPrefix("safnet-f1-") })
  }

  private func expect(_ arguments: [String], _ words: String, status: Int32 = 2) throws {
    let result = try program.start(arguments.map { $0.replacing("RUN", with: run) }).wait()
    #expect(result.status == status && result.output.isEmpty, "\(result.output)\(result.errors)")
    #expect(result.errors.contains(words.replacing("RUN", with: run)), "\(result.errors)")
  }

  /// The h in a word behind one dash asks nobody for help.
  @Test(arguments: [
    (["--training.epochs=3"], "--set training.epochs=3\n"), (["--training.epochs", "3"], "--set training.epochs=3\n"),
    (["--trainer.max_epochs=4"], "--set training.epochs=4\n"),
    (["--variants.Base.training.batch=4"], "--set variants.Base.training.batch=4\n"),
    (["-pretrained_weights", "x"], "--set training.start=x\n"), (["-batch_size", "4"], "--set training.batch=4\n"),
    (["-h5", "x"], "What an experiment says is changed by --set key.path=value;"),
    (["--hparams", "x"], "What an experiment says is changed by --set key.path=value;"),
    (["-e", "5"], "--set training.epochs=5\n"), (["-b", "2"], "--set training.batch=2\n"),
    (["--no-augment"], "--set augmentation=false\n"), (["--amp"], "--set training.precision=bfloat16\n"),
    (["-tr", "nnUNetTrainer"], "Networks are called safnet, "), (["-tr", "unet"], "--set model.kind="),
    (["-d", "7"], "--set dataset.path=PATH/OF/Dataset007_NAME\n"),
    (["--precision", "16"], "training.precision=bfloat16\n"),
    (["--batch", "2"], "--set training.batch=2\n"),
    (["--ckpt_path", "last"], "goes on by itself where it was stopped"),
    (["--fast_dev_run"], "--dry-run says what would be done; "),
    (["--limit-train-batches", "2"], "--set training.epochs=1 "),
    (["--logger", "tensorboard"], "`safnet export` writes them for tensorboard"),
    (["--disable_tta"], "unless `prediction` of an experiment asks for it: leave it out.\n"),
    (["-m", "training.epochs=3,4"], "by a grid: --set 'grid.training.epochs=[3,4]'\n"),
    (["--dry-run", "+training.epochs=3"], "is changed by --set training.epochs=3\n"),
    (["++training.epochs=3", "model.width=8"], "is changed by --set training.epochs=3 --set model.width=8\n"),
    (["--deterministic"], "the same experiment gives the same bits"),
    (["--quiet"], "goes to standard error"),
  ]) func anOptionLeadsHere(option: [String], words: String) throws {
    try expect(["run", "small.json"] + option, words)
  }

  /// Options and values that other programs have.
  @Test(arguments: [
    (
      ["predict", "RUN", "-i", "phantom/MR", "-o", "o"], "stand by themselves behind the run: safnet predict"
    ),
    (
      ["predict", "RUN", "phantom/MR", "-o", "o", "--folds", "1"],
      "--experiment FILE --variant NAME takes all finished ones"
    ),
    (["predict", "RUN", "phantom/MR", "-o", "o", "--checkpoint", "final"], "is called last: --checkpoint last\n"),
    (
      ["predict", "RUN", "phantom/MR", "-o", "o", "--checkpoint", "checkpoint_best.pth"],
      "called best: --checkpoint best\n"
    ),
    (["export", "RUN", "--format", "pt", "-o", "o"], "are one format: --format pytorch\n"),
    (
      ["predict", "RUN", "phantom/MR", "-o", "o", "--save_probabilities"],
      "Probabilities are written with --probabilities."
    ),
    (["predict", "RUN", "phantom/MR", "-o", "o", "--probs"], "Probabilities are written with --probabilities."),
    (["predict", "-d", "1", "phantom/MR", "-o", "o"], "A run brings its dataset, plan and network: leave it out.\n"),
    (["predict", "RUN", "phantom/MR", "-o", "o", "-chk", "checkpoint_final.pth"], "called last: --checkpoint last\n"),
    (["predict", "RUN", "phantom/MR", "-o", "o", "--disable_tta"], "and not without it: leave it out.\n"),
    (["predict", "RUN", "phantom/MR", "-o", "o", "--postprocess"], "is kept with --components largest.\n"),
    (["predict", "RUN", "phantom/MR", "-o", "o", "--batch", "2"], "one after the other: leave it out."),
    (
      ["predict", "RUN", "RUN", "phantom/MR", "-o", "o"],
      "RUN is named twice; a network has one vote.\nType: safnet predict RUN phantom/MR -o o\n"
    ),
    (["plan", "-d", "1"], "`safnet new PATH/OF/Dataset001_NAME -o study.json` writes one for it.\n"),
    (["dataset", "check", "phantom", "--verify_dataset_integrity"], "It does just that, always: leave it out.\n"),
    (["dataset", "check", "phantom/MR", "phantom/Mask"], "their dataset: `safnet dataset check phantom`\n"),
    (["new", "phantom/MR", "phantom/Mask", "-o", "n.json"], "their dataset: `safnet new phantom -o n.json`\n"),
    (
      ["new", "phantom", "-o", "n.json", "--epochs", "5"],
      "change training.epochs in it, or give `safnet run n.json --set training.epochs=5`.\n"
    ),
    (["new", "phantom", "-o", "n.json", "--name", "x"], "or give `safnet run n.json --set name=x`.\n"),
    (["dashboard", "--logdir", "W"], "Runs are kept in a workspace: --workspace W\n"),
    (["report", "small.json", "--cases", "Case1"], "the cases that --overlay names: --overlay Case1\n"),
    (["evaluate", "phantom/Mask", "phantom/Mask", "--variant", "Base"], "Structures are those of a run, --run Base, "),
    (["--run", "small.json"], "a command stands without dashes: `safnet run small.json`\n"),
    (["--config", "small.json"], "`safnet run small.json` trains what an experiment asks for"),
    (["run", "fit", "--config", "small.json"], "stands by itself: `safnet run small.json`\n"),
    (["run", "small.json", "--workspace", "$SCRATCH/ws"], "$SCRATCH is a variable of the shell"),
    (["evaluate", "phantom/Mask", "phantom/Mask", "-o", "x"], "is written with --csv FILE"),
    (["predict", "RUN", "phantom/MR", "-o", "o", "--overwrite"], "What is there is replaced with --force."),
    (["report", "small.json", "--overwrite"], "What is there is replaced with --force."),
    (["new", "phantom", "-o", "s.json", "--overwrite"], "give another name, or remove it."),
    (
      ["export", "RUN", "--format", "onnx", "-o", "o", "--overwrite"], "An export replaces nothing: give another folder"
    ),
    (["evaluate", "phantom/Mask", "phantom/Mask", "--overwrite"], "Nothing is written but what --csv names"),
    (
      ["evaluate", "phantom/Mask", "phantom/Mask", "--csv", "x.csv", "--replace"],
      "a table of scores that stands there is"
    ),
    (
      ["import", "predictions", "m", "--experiment", "small.json", "--name", "x", "--overwrite"],
      "What was imported under this name is replaced with --replace."
    ),
    (
      ["import", "predictions", "m", "--experiment", "small.json", "--name", "x", "--force"],
      "What was imported under this name is replaced with --replace."
    ),
    (
      ["import", "nnunet", "m", "--experiment", "small.json", "--name", "x", "--overwrite"],
      "What was imported under this name is replaced with --replace."
    ),
    (["dataset", "phantom", "p", "--overwrite"], "A folder that is there is never replaced"),
    (
      ["dataset", "import", "x.csv", "--images", "a*.nii", "--masks", "b*.nii", "--force"],
      "A table that is there is never replaced"
    ),
    (["run", "small.json", "--overwrite"], " takes a run away, and `safnet run` trains it again."),
    (["plan", "small.json", "--variant", "Base"], "--only Base chooses among variants."),
    (["run", "small.json", "--only", "SAFNet", "fold", "1"], "by options of their own: --only SAFNet --folds 1\n"),
    (["status", "small.json", "--only", "SAFNet,", "fold", "1"], "by options of their own: --only SAFNet --folds 1\n"),
    (
      ["run", "small.json", "--only", "SAFNet", "folds", "1", "2"],
      "by options of their own: --only SAFNet --folds 1,2\n"
    ),
    (["plan", "small.json", "--only", "SAFNet", "1"], "by options of their own: --only SAFNet --folds 1\n"),
    (["run", "small.json", "--only", "SAFNet fold 1"], "by options of their own: --only SAFNet --folds 1; it has"),
    (["run", "small.json", "--only", "SAFNet, fold 1"], "by options of their own: --folds 1; it has SAFNet, Base."),
    (
      ["status", "small.json", "--only", "SAFNet, fold 1, seed 2023"],
      "by options of their own: --folds 1; it has SAFNet"
    ),
    (["status", "small.json", "--only", "SAFNet", "Base"], "with commas between: --only SAFNet,Base;"),
    (["run", "small.json", "--variant", "Base"], "--only Base chooses among variants."),
    (["run", "small.json", "--exclude", "Base"], "--only names the variants that are taken, and others stay out"),
    (["run", "small.json", "--except", "Base"], "cases are left out by dataset.exclude in the experiment.\n"),
    (["status", "small.json", "--skip", "Base"], "and others stay out: --only VARIANT; cases"),
    (["plan", "small.json", "--exclude", "Base"], "and others stay out: --only VARIANT; cases"),
    (["status", "small.json", "--variants", "Base"], "--only Base chooses among variants."),
    (["predict", "RUN", "phantom/MR/Case1.nii.gz", "-o", "phantom"], "is the folder of a dataset or of its images"),
    (["new", "phantom", "-o", "s.json", "--folds", "3"], "change \"count\" of \"folds\" there to 3."),
    (["runs", "remove", "--unclaimed", "small.json"], "safnet runs remove --unclaimed --experiment small.json\n"),
    (["report", "small.json", "--format", "html,xml"], "The value 'html,xml' is invalid for '--format"),
    (["dashboard", "--port", "80000"], "--port takes a number from 0 (a free one) to 65535"),
    (["dashboard", "--port", "abc"], "--port takes a number from 0 (a free one) to 65535"),
    (["benchmark", "small.json"], "small.json is an experiment, and one network is measured here"),
    (["benchmark", "small.json"], "`safnet plan small.json` estimates"),
    (["run", "small.json", "--notify", "./nope.sh"], "--notify: there is no command ./nope.sh that could be called"),
    (["run", "small.json", "--notify", "nopesuchthing x"], "--notify: there is no command nopesuchthing that"),
    (["predict", "RUN", "phantom/MR/*.nii.gz", "-o", "o"], "the shell did not replace the * in phantom/MR/*.nii.gz"),
    (["predict", "RUN", "phantom/MR/*.nii.gz", "-o", "o"], "give the folder: phantom/MR.\n"),
    (["evaluate", "phantom/Mask/*.nii.gz", "phantom/Mask"], "give the folder: phantom/Mask.\n"),
    (["runs", "remove", "safnet-*"], "'safnet-*' is a pattern, and runs are called by their names here: "),
    (["report", "small.json", "--format", "tex"], "are one format: --format latex\n"),
    (["report", "small.json", "--only", "Base"], "`safnet status EXPERIMENT` shows a part with --only"),
    (["report", "small.json", "--overlay", "phantom/MR/Case1.nii.gz"], "did you mean Case1?"),
    (["runs", "remove", "--all"], "--state finished"),
    (["runs", "remove", "RUN", "--all"], "or by --unclaimed (all that"),
    (["runs", "remove", "RUN", "--force"], "It is confirmed by --yes"),
    (["dashboard", "report.html"], "it is a web page and no experiment; a browser shows it"),
    (["run", "small.json", "--executor", "slurm", "--site", "job.sh"], "it is a script, and --site takes JSON"),
  ]) func whatOthersCallIsNamedAsItIsHere(arguments: [String], words: String) throws {
    for (name, text) in [
      ("report.html", "<!DOCTYPE html>\n<html></html>"), ("job.sh", "#!/bin/bash\n#SBATCH -p gpu\n"),
    ] {
      try Data(text.utf8).write(to: program.folder.appending(path: name))
    }
    try expect(arguments, words)
  }

  /// What is advised is taken.
  @Test(arguments: ["training.epochs=3", "augmentation=false", "training.precision=bfloat16", "training.batch=2"])
  func whatIsAdvisedIsTaken(setting: String) throws {
    #expect(try program("validate", "small.json", "--set", setting).status == 0)
  }

  @Test func severalFormatsAndTablesMayStandInOne() throws {
    let result = try program("report", "small.json", "--format", "csv,json", "--print", "folds,ablation", "-o", "r")
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.output.contains("Table 1") && result.output.contains("Table 2") && !result.output.contains("Table 5"))
    let names = try FileManager.default.contentsOfDirectory(atPath: program.folder.appending(path: "r").path)
    #expect(names.contains("folds.csv") && names.contains("report.json") && !names.contains { $0.hasSuffix(".tex") })
  }

  @Test func aTagThatWasNotThereIsToldWhenItIsTakenAway() throws {
    _ = try program("runs", "tag", run, "paper")
    let result = try program("runs", "tag", run, "papr", "--remove")
    #expect(result.status == 0 && result.output == "paper\n")
    #expect(result.errors == "notice: \(run) has no tag 'papr', did you mean paper? It has paper.\n")
    #expect(try program("runs", "tag", run, "paper", "--remove").errors.isEmpty)
  }

  /// As --overwrite is told.
  @Test func forceOnFinishedRunsIsToldHowOneIsTrainedAgain() throws {
    let result = try program("run", "small.json", "--force", "--threads", "1")
    #expect(result.status == 0 && result.errors.contains("notice: --force trains nothing anew"), "\(result.errors)")
    #expect(result.errors.contains("`safnet runs remove RUN` takes a run away"))
    #expect(try !program("run", "small.json", "--threads", "1").errors.contains("--force"))
  }

  @Test func helpIsGivenBehindOneDashToo() throws {
    let result = try program("run", "-help")
    #expect(result.status == 0 && result.output.contains("USAGE: safnet run"))
  }

  @Test(arguments: [
    (
      ["status", "--set", "nonsense"],
      "--set nonsense changes an experiment, and none is given: safnet status EXPERIMENT"
    ),
    (["dashboard", "--set", "training.epochs=3"], "safnet dashboard EXPERIMENT --set training.epochs=3"),
    (
      ["status", "--only", "X"], "--only 'X': no run of this workspace is of such a variant; they are of Base, SAFNet."
    ),
    (
      [
        "predict", "--experiment", "small.json", "--variant", "Base", "--set", #"prediction={"mirror":true}"#,
        "phantom/MR", "-o", "o",
      ],
      "changes nothing here: networks are chosen by what they were trained with"
    ),
    (
      ["export", "--experiment", "small.json", "--variant", "Base", "--set", "title=x", "--format", "onnx", "-o", "o"],
      "--set title=x changes nothing here"
    ),
  ]) func anOptionThatIsNotHeardIsRefused(arguments: [String], words: String) throws { try expect(arguments, words) }

  @Test func anOptionThatChangesNothingIsTold() throws {
    for (arguments, section) in [
      (["run", "small.json", "--dry-run", "--set", "title=x"], "title"),
      (["status", "small.json", "--set", "report.average=structure"], "report"),
    ] {
      let result = try program.start(arguments).wait()
      #expect(result.status == 0)
      #expect(
        result.errors.contains("changes nothing here: this command does not read \(section); `safnet report` does"),
        "\(result.errors)")
    }
    #expect(try !program("status", "small.json", "--set", "training.batch=2").errors.contains("changes nothing"))
  }

  @Test(arguments: [
    (
      ["predict", "w.pth", "phantom/MR/Case1.nii.gz", "-o", "o"], "w.pth is a checkpoint of PyTorch, and only networks"
    ),
    (["predict", "net.onnx", "phantom/MR/Case1.nii.gz", "-o", "o"], "net.onnx is an ONNX model"),
    (
      ["export", "w.safetensors", "--format", "onnx", "-o", "o"], "`safnet import predictions FOLDER --experiment FILE"
    ),
    (["import", "w.pth", "--experiment", "small.json"], "w.pth is a checkpoint of PyTorch"),
    (["safnet", "validate", "small.json"], "'safnet' stands there twice; type `safnet validate small.json`"),
    (["runs", "show", "last.ckpt"], "last.ckpt is a checkpoint of Lightning"),
    (["run", "small.json", "--dry-run", "--set", "training.start=w.pt"], "w.pt is a checkpoint of PyTorch"),
    (["run", "small.json", "--dry-run", "--set", "training.start=w.pt", "--workspace", "new"], "w.pt is a checkpoint"),
    (["new", "small.json", "-o", "s.json"], "small.json is an experiment, and `safnet new` writes one for a dataset."),
    (
      ["runs", "list", "--experiment", "small.json", "--workspace", "Nope"],
      "/Workspace has runs of small: give --workspace"
    ),
  ]) func oneThingInThePlaceOfAnother(arguments: [String], words: String) throws {
    for name in ["w.pth", "net.onnx"] { try Data("abc".utf8).write(to: program.folder.appending(path: name)) }
    try expect(arguments, words)
  }

  /// Advice by its cause: what stands in the way is named, and no space or right is asked for.
  @Test(arguments: [
    ["predict", "RUN", "phantom/MR/Case1.nii.gz", "-o", "small.json/o.nii.gz"],
    ["predict", "RUN", "phantom/MR/Case1.nii.gz", "-o", "small.json/o/"],
    ["report", "small.json", "-o", "small.json/o"], ["export", "RUN", "--format", "onnx", "-o", "small.json/o"],
    ["new", "phantom", "-o", "small.json/s.json"],
    ["evaluate", "phantom/Mask", "phantom/Mask", "--csv", "small.json/s.csv"],
  ]) func aFileInTheWayOfTheOutputIsNamed(arguments: [String]) throws {
    try expect(
      arguments, "/small.json is a file, and a folder is needed there: move it away, or give another path.", status: 1)
  }

  @Test(
    .enabled(if: getuid() == 0),
    arguments: [
      ["predict", "RUN", "phantom/MR/Case1.nii.gz", "-o", "/proc/x.nii.gz"],
      ["predict", "RUN", "phantom/MR/Case1.nii.gz", "-o", "/proc/x/"],
      ["report", "small.json", "-o", "/proc/x"], ["export", "RUN", "--format", "onnx", "-o", "/proc/x"],
    ]) func aFolderThatTakesNoFilesIsCalledSo(arguments: [String]) throws
  {
    try expect(arguments, "Its folder takes no new files, as those below /proc and /sys: give another path.", status: 1)
    // By the name that was given.
    let place = try #require(arguments.last { $0.hasPrefix("/proc/") })
    try expect(arguments, String(place.prefix("/proc/x".count)), status: 1)
  }
}

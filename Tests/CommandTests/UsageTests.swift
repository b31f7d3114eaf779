import Foundation
import Testing

@Suite struct UsageTests {
  @Test(arguments: [
    ["run"], ["status"], ["runs"], ["runs", "list"], ["runs", "show"], ["runs", "compare"], ["runs", "remove"],
    ["index"],
    ["dataset"], ["dataset", "phantom"], ["dataset", "check"], ["dataset", "import"],
    ["predict"], ["evaluate"], ["verify"], ["benchmark"],
    ["devices"], ["worker"], ["new"],
  ])
  func everyCommandExplainsItselfWithAnExample(command: [String]) throws {
    let program = try Program()
    let result = try program.start(command + ["--help"]).wait()
    #expect(result.status == 0)
    #expect(result.output.contains("xample") && result.output.contains("safnet \(command.joined(separator: " "))"))
    #expect(result.errors.isEmpty)
  }

  /// A text that is broken by hand, and again at the 80 columns of a pipe, has stumps of lines; so has a long example.
  @Test(arguments: [
    [], ["run"], ["plan"], ["validate"], ["status"], ["cancel"], ["runs"], ["runs", "list"], ["runs", "show"],
    ["runs", "compare"], ["runs", "note"], ["runs", "tag"], ["runs", "remove"], ["index"], ["report"], ["dashboard"],
    ["import"], ["import", "predictions"], ["import", "nnunet"], ["dataset"], ["dataset", "check"],
    ["dataset", "import"], ["dataset", "phantom"], ["predict"], ["evaluate"], ["export"], ["verify"], ["benchmark"],
    ["devices"], ["schema"], ["worker"], ["new"],
  ])
  func helpIsWrappedOnce(command: [String]) throws {
    let program = try Program()
    let text = try program.start(command + ["--help"]).wait().output
    // How a command is called stands on a line of its own, however long.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).prefix { !$0.hasPrefix("USAGE:") }
    #expect(!lines.isEmpty)
    for (line, next) in zip(lines, lines.dropFirst()) {
      #expect(line.count <= 80, "\(line)")
      guard let first = line.first, first != " ", let begin = next.first, begin != " " else { continue }
      // The next line's first word had no room.
      let word = next.prefix { $0 != " " }
      #expect(line.count + 1 + word.count > 78, "\(line)\n\(next)")
    }
  }

  @Test(arguments: [
    ["frobnicate"], ["run"], ["run", "small.json", "--jobs", "0"], ["run", "small.json", "--folds", "1,x"],
    ["benchmark", "vnet"], ["benchmark", "--size", "18,256"], ["benchmark", "--against", "jax"],
    ["benchmark", "--simulate", "1"], ["benchmark", "--simulate", "2", "--traffic"],
    ["benchmark", "--malloc", "small"], ["benchmark", "--malloc", "tuned"],
    ["run", "small.json", "--unknown"], ["run", "small.json", "--executor", "loacl"], ["runs", "compare", "one"],
    ["worker", "nowhere", "--threads", "0"], ["plan", "small.json", "--assume-cases", "0"],
    ["plan", "small.json", "--no-measure", "--assume-cases", "9223372036854775807"],
    ["run", "small.json", "--engine", "gpu"], ["plan", "small.json", "--engine", "gpu"],
    ["worker", "nowhere", "--engine", "gpu"],
    ["run", "small.json", "--keep-checkpoints", "100"], ["worker", "nowhere", "--keep-checkpoints", "100"],
  ])
  func usageErrorsEndWithTwo(arguments: [String]) throws {
    let program = try Program()
    let result = try program.start(arguments).wait()
    #expect(result.status == 2)
    #expect(result.output.isEmpty && result.errors.contains("rror"))
  }

  @Test(arguments: [
    (["rnu", "small.json"], "safnet has no command 'rnu', did you mean run?"),
    (["train", "small.json"], "safnet has no command 'train', did you mean run?"),
    (["runs", "lsit"], "safnet runs has no command 'lsit', did you mean list?"),
    (["runs", "rm", "x"], "safnet runs has no command 'rm', did you mean remove?"),
    (["dataset", "chekc", "data"], "safnet dataset has no command 'chekc', did you mean check?"),
    (["frobnicate"], "safnet has no command 'frobnicate'. It has new, validate, plan,"),
    (["init", "data"], "safnet has no command 'init', did you mean new?"),
    (["list"], "safnet has no command 'list', did you mean runs list?"),
    (["ls"], "safnet has no command 'ls', did you mean runs list?"),
    (["eval", "a", "b"], "safnet has no command 'eval', did you mean evaluate?"),
    (["Train", "small.json"], "safnet has no command 'Train', did you mean run?"),
    (["infer", "x"], "safnet has no command 'infer', did you mean predict?"),
    (["test", "x"], "safnet has no command 'test', did you mean evaluate?"),
    (["stop"], "safnet has no command 'stop', did you mean cancel?"),
    (["end", "small.json"], "safnet has no command 'end', did you mean cancel?"),
    (["pause", "small.json"], "safnet has no command 'pause', did you mean cancel?"),
    (["terminate"], "safnet has no command 'terminate', did you mean cancel?"),
    (["plot"], "safnet has no command 'plot', did you mean report?"),
    (["tensorboard"], "safnet has no command 'tensorboard', did you mean dashboard?"),
    (["gpus"], "safnet has no command 'gpus', did you mean devices?"),
    (["logs", "x"], "safnet has no command 'logs', did you mean runs show?"),
    (["plan_and_preprocess"], "safnet has no command 'plan_and_preprocess', did you mean dataset check?"),
    (["rm", "x"], "safnet has no command 'rm', did you mean runs remove?"),
    (["runs", "ls"], "safnet runs has no command 'ls', did you mean list?"),
    (["runs", "cat", "x"], "safnet runs has no command 'cat', did you mean show?"),
    (["runs", "stop", "x"], "safnet runs has no command 'stop', did you mean safnet cancel?"),
    (["runs", "status"], "safnet runs has no command 'status', did you mean safnet status?"),
    (["dataset", "info", "x"], "safnet dataset has no command 'info', did you mean check?"),
    (["dataset", "create", "x"], "safnet dataset has no command 'create', did you mean phantom?"),
    (["version"], "safnet has no command 'version', did you mean --version?"),
    (["run", "run", "small.json"], "'run' stands there twice; type `safnet run small.json`"),
    (["-v"], "The version is `safnet --version`."),
    (["help", "rum"], "safnet has no command 'rum', did you mean run?"),
    (["help", "runs", "lst"], "safnet runs has no command 'lst', did you mean list?"),
    (["runs", "help", "lst"], "safnet runs has no command 'lst', did you mean list?"),
    (
      ["small.json", "--only", "SAFNet"],
      "small.json stands where a command must. `safnet run small.json --only SAFNet` trains"
    ),
    (["none.json"], "`safnet run none.json` trains what an experiment asks for"),
    (["none.json"], "There is no such file yet."),
    (
      ["runs", "small.json"],
      "small.json stands where a command must. `safnet status small.json` shows the runs of an experiment, `safnet runs list` all"
    ),
    (["runs", "."], "`safnet runs list --workspace .` lists the runs of a workspace."),
    (
      ["import", ".", "--name", "x"],
      ". stands where a command must. `safnet import predictions . --name x` takes a folder of label maps, `safnet import nnunet ."
    ),
    (["dataset", "."], "`safnet dataset check .` looks at the dataset"),
    (["."], "`safnet dataset check .` looks at a dataset"),
    (["run", "small"], "cannot read small: no such file, did you mean small.json?"),
  ])
  func anUnknownCommandIsNamedWithTheNearest(arguments: [String], words: String) throws {
    let program = try Program()
    let result = try program.start(arguments).wait()
    #expect(
      result.status == 2 && result.errors.contains(words) && !result.errors.contains("worker"), "\(result.errors)")
  }

  /// A number that is none is told what it may be; an option is not taken for any other.
  @Test(arguments: [
    (["run", "small.json", "--jobs", "x"], "\n--jobs takes a number from 1 to 4096\n"),
    (["run", "small.json", "--retries=x"], "\n--retries takes a number from 0 to 1000000\n"),
    (["plan", "small.json", "--memory", "much"], "\n--memory takes a positive number of GiB\n"),
    (["run", "small.json", "--fast"], "Error: Unknown option '--fast'.\n"),
    (["run", "small.json", "--fore"], "Error: Unknown option '--fore'. Did you mean '--force'?\n"),
    (["report", "small.json", "--out", "x"], "\nDid you mean '--output'?\n"),
    (["status", "--verison"], "\nDid you mean '--version'?\n"),
    (["--verison"], "\nDid you mean '--version'?\n"),
    (["run", "small.json", "--gpu", "0"], "\n`--engine pjrt` trains on a graphics card (docs/gpu.md).\n"),
    (["predict", "R", "i.nii", "-o", "A", "--cuda"], "\n`--engine pjrt` trains on a graphics card (docs/gpu.md).\n"),
    (["plan", "small.json", "--gpus=1"], "\n`--engine pjrt` trains on a graphics card (docs/gpu.md).\n"),
    (["run", "small.json", "--engine", "gpu"], "no engine is named \"gpu\", did you mean pjrt?; there are cpu, pjrt"),
  ])
  func whatIsAllowedIsSaid(arguments: [String], words: String) throws {
    let program = try Program()
    let result = try program.start(arguments).wait()
    #expect(result.status == 2 && result.errors.contains(words), "\(result.errors)")
  }

  /// Before anything is measured: in a release a trap's own words are lost, and a number without bounds computes for ever.
  @Test(arguments: [
    (
      ["safnet", "--size", "1,1,1", "--traffic"],
      "--size: 1x1x1 (D x H x W: slices, rows, columns) is too small for the"
    ),
    (["deeplabv3", "--size", "1,1,1"], "is too small for the strides of deeplabv3; take at least 1x"),
    (["unet3d", "--size", "4,5,3"], "is too small for the strides of unet3d; take at least 1x"),
    (["unet3d", "--size", "1,1,1", "--simulate", "2"], "is too small for the strides of unet3d; take at least 1x"),
    (["--size", "0,0,0"], "--size takes three numbers from 1 to 2048 such as 18,256,128, not 0,0,0"),
    (["--size=-1,32,32"], "--size takes three numbers from 1 to 2048"),
    (["--size", "1000000,1000000,1000000"], "--size takes three numbers from 1 to 2048"),
    (
      ["--size", "2048,2048,2048"],
      "--size: 8,589,934,592 voxels are computed at once (2048x2048x2048 and a batch of 1)"
    ),
    (["--batch", "3000"], " are free; --batch "),
    (["--batch", "3000", "--simulate", "1024"], " are free; --batch "),
    (["--batch", "1000000000000000000"], "--batch takes a number from 1 to 4096, not 1000000000000000000"),
    (["--batch", "0"], "--batch takes a number from 1 to 4096, not 0"),
    (["--threads", "1025"], "--threads takes a number from 1 to 1024"),
    (["--threads", "0"], "--threads takes a number from 1 to 1024"),
    (["--repetitions", "1000000000000"], "--repetitions takes a number from 1 to 10000"),
    (["--classes", "257"], "--classes takes a number from 2 to 256, not 257"),
    (["--simulate", "2", "--threads", "4"], "--simulate stands without --threads, --against and --traffic"),
  ])
  func whatCannotBeMeasuredIsRefused(arguments: [String], words: String) throws {
    let program = try Program()
    let result = try program.start(["benchmark"] + arguments).wait()
    #expect(result.status == 2 && result.errors.contains(words) && result.output.isEmpty, "\(result.errors)")
  }

  static let noDatasets: [(arguments: [String], words: String, status: Int32)] = [
    (
      ["validate", "small.json", "--set", "dataset.path=list.json"],
      "/list.json: is a list of 1 case as MONAI reads it, and", 1
    ),
    (
      ["run", "small.json", "--set", "dataset.path=list.json"],
      "/list.json: is a list of 1 case as MONAI reads it, and", 1
    ),
    (["dataset", "check", "small.json", "--set", "dataset.path=list.json"], "study.csv`, and give study.csv", 1),
    (["new", "list.json", "-o", "new.json"], "study.csv`, and give study.csv", 1),
    (
      ["dataset", "import", "list.json"],
      "must end in .csv: it is the table that is written, and list.json is a list of 1 case as MONAI reads it; a table of them",
      2
    ),
    (
      ["dataset", "import", "small.json"],
      "and small.json is an experiment: `safnet dataset check small.json` looks at its dataset; a table for one is written by safnet",
      2
    ),
    (["dataset", "import", "other"], "it is the table that is written; give other.csv\n", 2),
    (
      ["dataset", "import", "--images", "a/*.nii", "--masks", "b/*.nii", "-o", "m5.csv"],
      "stands by itself, and first; what it lists is given by --images and --masks, or --bids: safnet dataset import m5.csv",
      2
    ),
    (
      ["dataset", "import", "m.csv", "--images", "./*/*.nii.gz"], "it has 2 stars, and one stands for the case's name",
      2
    ),
    (["dataset", "import", "m.csv", "--images", "."], "write * in the place of the case's name, './*.nii.gz'", 2),
    (["check", "."], "A dataset is looked through by `safnet dataset check .`; an experiment's file is checked by", 2),
    (["preprocess", "."], "A dataset is looked through by `safnet dataset check .`;", 2),
    (["validate", "."], "` writes one for a folder of images, and `safnet dataset check /", 2),
    (
      ["dataset", "import", "."],
      "behind the table's name: safnet dataset import study.csv --images './PATH/*.nii.gz'", 2
    ),
    (
      ["dataset", "import", "a.csv", "--bids", "small.json"],
      "--bids small.json is a file, and a BIDS folder holds sub-*/", 2
    ),
  ]

  /// A list of cases of another program, or an experiment, in the place of a dataset or of a table.
  @Test(arguments: noDatasets)
  func whatIsNoDatasetLeadsOut(arguments: [String], words: String, status: Int32) throws {
    let program = try Program()
    try Data(#"{"training":[{"image":"a.nii.gz","label":"b.nii.gz"}]}"#.utf8)
      .write(to: program.folder.appending(path: "list.json"))
    let result = try program.start(arguments).wait()
    #expect(result.status == status && result.errors.contains(words), "\(result.status) \(result.errors)")
  }

  /// A word that is left over is told with what it seems to belong to.
  @Test(arguments: [
    (["run", "small.json", "--set", "training.epochs", "3"], "with = between: --set training.epochs=3\n"),
    (["run", "--set", "training.epochs", "3", "small.json"], "with = between: --set training.epochs=3\n"),
    (["run", "small.json", "--set", "training.epochs", "=", "3"], "with = between: --set training.epochs=3\n"),
    (["run", "small.json", "--set", "training.epochs=", "3"], "without blanks around =: --set training.epochs=3\n"),
    (
      ["validate", "small.json", "--set=title=my", "study"],
      "\na value with blanks stands in quotes: --set 'title=my study'\n"
    ),
    (["run", "small.json", "--folds", "1", "2"], "with commas between and no blanks: --folds 1,2\n"),
    (
      ["run", "small.json", "--only", "SAFNet", "Base"],
      "\n--only takes its names with commas between: --only SAFNet,Base;"
    ),
    (["run", "small.json", "dry-run"], "\noptions begin with two dashes: --dry-run\n"),
    (
      ["run", "small.json", "other.json"],
      "\na command takes one experiment: give it once for each, `safnet run small.json`, then `safnet run other.json`; both"
    ),
    (["status", "a.json", "b.json"], "give it once for each, `safnet status a.json`, then `safnet status b.json`\n"),
    (
      ["dataset", "check", "a", "b"],
      "\n`safnet dataset check` takes <folder>, and 'b' is one more: give the command once for each"
    ),
    (["runs", "note", "r", "two", "words"], "\n`safnet runs note` takes <name> and <text>, and 'words' is one more: "),
    (
      ["report", "--explain", "Base", "x"],
      "the experiment's file comes first: safnet report EXPERIMENT --explain Base x\n"
    ),
    (
      ["report", "--explain", "Base", "x", "small.json"],
      "an option has taken small.json for a value of its own; the experiment's file comes first: safnet report small.json"
        + " --explain Base x\n"
    ),
    (
      ["report", "small.json", "--explain", "Base", "fold", "3"],
      "and was given Base fold 3; one with blanks stands in quotes"
    ),
  ])
  func aWordTooManyIsToldWithWhatWasMeant(arguments: [String], words: String) throws {
    let program = try Program()
    let result = try program.start(arguments).wait()
    #expect(result.status == 2 && result.errors.contains(words), "\(result.errors)")
  }

  /// What a shell makes of two stars.
  @Test func filesOfTwoFoldersAreGivenAsFolders() throws {
    let program = try Program()
    var files: [String] = []
    for folder in ["maps", "data/labelsTr"] {
      try FileManager.default.createDirectory(
        at: program.folder.appending(path: folder), withIntermediateDirectories: true)
      for name in ["a.nii.gz", "b.nii.gz"] {
        files.append("\(folder)/\(name)")
        try Data().write(to: program.folder.appending(path: "\(folder)/\(name)"))
      }
    }
    let result = try program.start(["evaluate"] + files).wait()
    #expect(
      result.status == 2 && result.errors.contains("give their two folders, `safnet evaluate maps data/labelsTr`"),
      "\(result.errors)")
    // Files in the working directory, by names of one letter.
    for name in ["x", "y"] { try Data().write(to: program.folder.appending(path: name)) }
    let here = try program.start(["evaluate", files[0], files[1], "x", "y"]).wait()
    #expect(here.status == 2 && here.errors.contains("`safnet evaluate maps .`"), "\(here.errors)")
    // One pair and a word too many, which may be a run.
    for words in [[files[0], files[2], "."], [files[0], files[2], "safnet-f1", "."], [files[0], files[1], files[2]]] {
      let stray = try program.start(["evaluate"] + words).wait()
      let told = "and '\(words[2])' is one more: a run, whose structures are meant, is given by --run RUN"
      #expect(stray.status == 2 && stray.errors.contains(told), "\(stray.errors)")
    }
  }

  @Test func anExperimentChoosesNoRunsToRemove() throws {
    let result = try Program()("runs", "remove", "--experiment", "small.json", "--yes")
    #expect(
      result.status == 2
        && result.errors.contains("are listed by `safnet runs list --experiment small.json`; give them"),
      "\(result.errors)")
  }

  /// What a command finds as it runs leads to its own help.
  @Test func theUsageIsThatOfTheCommand() throws {
    let program = try Program()
    for arguments in [
      ["dataset", "check", "small.json", "--layout", "nnunet"], ["dataset", "check", ".", "--set", "a=1"],
    ] {
      let result = try program.start(arguments).wait()
      #expect(result.status == 2 && !result.errors.contains("<subcommand>"), "\(result.errors)")
      #expect(result.errors.contains("See 'safnet dataset check --help'"), "\(result.errors)")
    }
    let finished = try FinishedSweep.copy()
    let runs = try FileManager.default.contentsOfDirectory(
      atPath: finished.folder.appendingPathComponent("Workspace/runs").path
    ).filter { !$0.hasPrefix(".") }
    let twice = try finished.start(["runs", "compare", runs[0], runs[0]]).wait()
    #expect(twice.status == 2 && !twice.errors.contains("<subcommand>"), "\(twice.errors)")
    #expect(twice.errors.contains("See 'safnet runs compare --help'"), "\(twice.errors)")
  }

  /// A workspace that is none ends every command that reads one with 2.
  @Test func aNamedWorkspaceMustBeOne() throws {
    let program = try Program()
    for command in [["status", "small.json"], ["status"], ["runs", "list"], ["index"]] {
      let result = try program.start(command + ["--workspace", "nowhere"]).wait()
      #expect(result.status == 2 && result.output.isEmpty, "\(command): \(result.errors)")
      #expect(result.errors.hasPrefix("error: there is no workspace in "), "\(command): \(result.errors)")
    }
    let before = try program.start(["status", "small.json"]).wait()
    #expect(before.status == 0 && before.output.contains("4 queued"), "\(before.errors)")
  }

  @Test(arguments: [
    (["predict", "R", "i.nii", "-o", "A", "--output", "B"], "--output takes one value and is given twice: A, B. "),
    (["plan", "small.json", "--threads=1", "--threads", "2"], "--threads takes one value and is given twice: 1, 2. "),
    (
      ["run", "small.json", "--engine", "cpu", "--engine", "pjrt"],
      "--engine takes one value and is given twice: cpu, pjrt. "
    ),
  ])
  func anOptionOfOneValueIsNotTakenTwice(arguments: [String], words: String) throws {
    let program = try Program()
    let result = try program.start(arguments).wait()
    #expect(result.status == 2 && result.errors.hasPrefix("error: " + words), "\(result.errors)")
    #expect(
      try program("validate", "small.json", "--set", "training.epochs=1", "--set", "training.batch=1").status == 0)
  }

  /// Given by a shell, since a text here could not hold such bytes.
  @Test(arguments: ["validate \"$(printf 'x\\377.json')\"", "status --workspace \"$(printf 'w\\377')\""])
  func argumentsThatAreNoTextAreRefused(arguments: String) throws {
    let program = try Program()
    let result = try program.start(
      ["-c", "'\(Program.executable.path)' \(arguments)"], executable: URL(fileURLWithPath: "/bin/sh")
    ).wait()
    #expect(
      result.status == 2 && result.errors.hasPrefix("error: the argument '") && result.errors.contains("is not UTF-8"),
      "\(result.errors)")
  }

  @Test(arguments: [["help", "run"], ["help", "runs", "list"], ["runs", "help", "list"], ["run", "--help"]])
  func helpIsStillGiven(arguments: [String]) throws {
    let program = try Program()
    let result = try program.start(arguments).wait()
    #expect(result.status == 0 && result.output.contains("USAGE: safnet run"), "\(result.errors)")
  }

  @Test func specificationErrorsEndWithTwoAndAreAllShown() throws {
    let program = try Program()
    let result = try program("run", "small.json", "--set", "training.epochs=0", "--set", "training.batsh=2")
    #expect(result.status == 2)
    #expect(result.errors.contains("training.epochs") && result.errors.contains("batsh"))
    #expect(!FileManager.default.fileExists(atPath: program.folder.appendingPathComponent("Workspace").path))
  }

  @Test func unknownVariantsAndFoldsAreNamed() throws {
    let program = try Program()
    let variant = try program("run", "small.json", "--only", "SAF")
    let nearest = ", did you mean SAFNet?"
    #expect(variant.status == 2)
    #expect(
      variant.errors.hasSuffix(
        "error: --only 'SAF' is no variant of this experiment\(nearest); it has SAFNet, Base.\n"))
    let fold = try program("run", "small.json", "--folds", "1,3")
    #expect(fold.status == 2)
    #expect(fold.errors.hasSuffix("error: --folds 3: this experiment has folds 1 to 2.\n"))
  }

  @Test func aMissingDatasetIsOneClearError() throws {
    let program = try Program()
    let result = try program("run", "small.json", "--set", "dataset={\"path\": \"nowhere\"}")
    #expect(result.status != 0)
    #expect(result.errors.contains("nowhere") && !result.errors.contains("Fatal"))
  }

  @Test func dryRunsTouchNoRun() throws {
    let program = try Program()
    let result = try program("run", "small.json", "--dry-run")
    #expect(result.status == 0)
    #expect(result.output.components(separatedBy: "would train").count == 5)
    let left = try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
    #expect(left.filter { !$0.hasPrefix("printed-") } == ["small.json"], "no phantom, no cache")
    let trained = try FinishedSweep.copy()
    let before = try trained.contents()
    #expect(try trained("run", "small.json", "--dry-run", "--set", "training.epochs=3").status == 0)
    #expect(try trained.contents() == before)
  }
}

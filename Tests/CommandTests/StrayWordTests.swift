import Foundation
import Testing

/// Words of a command line that no command has or takes: what was meant is named.
@Suite struct StrayWordTests {
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
    (
      ["small.json", "report", "-o", "r"],
      "small.json stands where a command must. The command comes first: `safnet report small.json -o r`\n"
    ),
    (["small.json", "--folds", "1", "run"], "The command comes first: `safnet run small.json --folds 1`\n"),
    (["small.json", "runs", "list"], "comes first: `safnet runs list --experiment small.json`\n"),
    (
      ["small.json", "predict", "Base", "MR/a.nii"],
      "first: `safnet predict --experiment small.json --variant Base MR/a.nii --output FOLDER`\n"
    ),
    (["small.json", "predict", "C", "MR/a.nii"], "The command comes first; small.json is an experiment, and neither"),
    (["small.json", "check"], "The command comes first: `safnet validate small.json`\n"),
    (["small.json", "rum"], "The command comes first: `safnet run small.json`\n"),
    (["small.json", "--json", "status"], "The command comes first: `safnet status small.json --json`\n"),
    (["-x.json", "report"], "stands without dashes. The command comes first: `safnet report x.json`\n"),
    (["dataset", ".", "check"], "The command comes first: `safnet dataset check .`\n"),
    (
      ["import", "small.json", "predictions", "m", "--name", "x"],
      "The command comes first: `safnet import predictions --experiment small.json m --name x`\n"
    ),
    // Commands that take no experiment.
    (["small.json", "index"], "command must. `safnet run small.json` trains"),
    (["small.json", "runs", "compare"], "command must. `safnet run small.json` trains"),
    (["small.json", "help"], "command must. `safnet run small.json` trains"),
    ([".", "dataset", "check"], "The command comes first: `safnet dataset check .`\n"),
    // What an option takes is no command.
    (["small.json", "-o", "report"], "command must. `safnet run small.json` trains"),
    (["small.json", "-o", "plan", "report"], "The command comes first: `safnet report small.json -o plan`\n"),
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
    (
      ["import", "small.json"],
      "must. `safnet import predictions FOLDER --experiment small.json --name NAME` takes a folder of label maps,"
        + " `safnet import nnunet` a results folder of nnU-Net v2.\n"
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
    (["run", "small.json", "1", "2"], "\nbehind an experiment stand options: `safnet run small.json --folds 1,2`\n"),
    (
      ["run", "small.json", "0", "1", "--dry-run"],
      "`safnet run small.json --dry-run --folds 1,2`; folds are counted from 1, by nnU-Net from 0\n"
    ),
    (["status", "small.json", "base", "SAFNet"], "`safnet status small.json --only Base,SAFNet`\n"),
    (["plan", "small.json", "Base", "2"], "`safnet plan small.json --only Base --folds 2`\n"),
    (["report", "small.json", "r1"], "\nbehind an experiment stand options: `safnet report small.json -o r1`\n"),
    (
      ["validate", "small.json", "Base"],
      "\nBase is a variant: which of them are taken is said by --only, which `safnet run`"
    ),
    (
      ["cancel", "small.json", "Base"],
      "\nBase is a variant: which of them are taken is said by --only, which `safnet run`"
    ),
    (["run", "small.json", "2023"], "`safnet run small.json --seeds 2023`\n"),
    (
      ["run", "small.json", "2023", "2024"],
      "small.json has folds 1 to 2, nnU-Net's 0 to 1, and seed 2023: --folds chooses among folds, --seeds among seeds, and"
        + " others are trained with --set 'seeds=[2024]'\n"
    ),
    (["run", "small.json", "3"], "and seed 2023: --folds chooses among folds, --seeds among seeds\n"),
    (["run", "small.json", "2"], "from 0: `safnet run small.json --folds 2`\n"),
    (["run", "1", "small.json"], "`safnet run --folds 1 small.json`, or `safnet run --folds 2 small.json` for"),
    (["run", "small.json", "fold", "1"], "stand options: `safnet run small.json --folds 1`\n"),
    (["plan", "small.json", "base", "f2"], "stand options: `safnet plan small.json --only Base --folds 2`\n"),
    (["dashboard", "small.json", "8080"], "stand options: `safnet dashboard small.json --port 8080`\n"),
    (["report", "small.json", "folds"], "stand options: `safnet report small.json --print folds`\n"),
    (["report", "small.json", "latex", "r"], "stand options: `safnet report small.json --format latex -o r`\n"),
    (["report", "small.json", "--check", "r1"], "stand options: `safnet report small.json --check -o r1`\n"),
    (["report", "small.json", "--check", "yes"], "type `safnet report small.json --check`\n"),
    (
      ["report", "small.json", "r1", "r2"], "takes one experiment, and 'r1' is one more: all else stands behind options"
    ),
    (
      ["run", "--only", "SAFNet", "Base", "small.json"],
      "file comes first: `safnet run small.json --only SAFNet,Base`\n"
    ),
    (["run", "--folds", "1", "2", "small.json"], "file comes first: `safnet run small.json --folds 1,2`\n"),
    (
      ["report", "--print", "folds", "small.json"],
      "the experiment's file comes first: safnet report small.json --print folds\n"
    ),
    (["run", "--small", "--dry-run"], "\na file's name stands without dashes: `safnet run small.json --dry-run`\n"),
    (["run", "--a.json", "small.json"], "\na file's name stands without dashes: a.json\n"),
    (["run", "--none", "--dry-run"], "the experiment's file comes first: safnet run EXPERIMENT\n"),
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
    (
      ["runs", "list", "small.json"],
      "\n`safnet runs list` takes an experiment by an option: safnet runs list --experiment small.json\n"
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
    (["run", "--small.json", "--dry-run"], "stands without dashes: `safnet run small.json --dry-run`\n"),
    (["status", "-small.json"], "\na file's name stands without dashes: `safnet status small.json`\n"),
    (["run", "--site", "small.json"], "the experiment's file comes first: safnet run small.json --site VALUE\n"),
    (
      ["run", "--site", "small.json", "--dry-run"],
      "the experiment's file comes first: safnet run small.json --site VALUE --dry-run\n"
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
    // A shell lists folders too.
    try FileManager.default.createDirectory(
      at: program.folder.appending(path: "maps/safnet-f2"), withIntermediateDirectories: true)
    let listed = try program.start(["evaluate", files[0], "maps/safnet-f2", files[2], files[3]]).wait()
    #expect(listed.status == 2 && listed.errors.contains("`safnet evaluate maps data/labelsTr`"), "\(listed.errors)")
    // Files in the working directory, by names of one letter.
    for name in ["x", "y"] { try Data().write(to: program.folder.appending(path: name)) }
    let here = try program.start(["evaluate", files[0], files[1], "x", "y"]).wait()
    #expect(here.status == 2 && here.errors.contains("`safnet evaluate maps .`"), "\(here.errors)")
    // Of one folder alone, before or behind the other.
    for (words, command) in [
      ([files[0], files[1], "data/labelsTr"], "maps data/labelsTr"),
      (["maps", "--force", files[2], files[3]], "maps data/labelsTr --force"),
    ] {
      let told = try program.start(["evaluate"] + words).wait()
      let parts = command.split(separator: " ")
      let folder = words[0] == "maps" ? parts[1] : parts[0]
      #expect(
        told.status == 2
          && told.errors.contains(
            "the shell put the files of \(folder) there one by one: give the folder, `safnet evaluate \(command)`"),
        "\(told.errors)")
    }
    // A few of many.
    try Data().write(to: program.folder.appending(path: "maps/c.nii.gz"))
    let some = try program.start(["evaluate", files[0], files[1], "data/labelsTr"]).wait()
    #expect(
      some.status == 2
        && some.errors.contains("give two label maps, or two folders: `safnet evaluate maps data/labelsTr`"),
      "\(some.errors)")
    // One pair and a word too many, which may be a run.
    for words in [
      [files[0], files[2], "."], [files[0], files[2], "safnet-f1", "."], [files[0], files[2], "maps/safnet-f2"],
    ] {
      let stray = try program.start(["evaluate"] + words).wait()
      let told = "and '\(words[2])' is one more: a run, whose structures are meant, is given by --run RUN"
      #expect(stray.status == 2 && stray.errors.contains(told), "\(stray.errors)")
    }
    // A pair, and what is no run beside it.
    for name in ["a_0000.nii.gz", "a.nii.gz"] { try Data().write(to: program.folder.appending(path: name)) }
    let pair = "\(files[0]) \(files[2])"
    for (words, told) in [
      ([files[0], files[2], files[3]], "\(files[3]) is of another case: type `safnet evaluate \(pair)`"),
      ([files[0], files[1], files[2]], "\(files[1]) is of another case: type `safnet evaluate \(pair)`"),
      // Of three cases, or of one.
      ([files[0], files[3], "maps/c.nii.gz"], "one pair, such as `safnet evaluate \(files[0]) maps/c.nii.gz`"),
      ([files[0], files[2], "a.nii.gz"], "one pair, such as `safnet evaluate \(files[0]) a.nii.gz`"),
      (["a_0000.nii.gz", files[0], files[2]], "a_0000.nii.gz is an image: type `safnet evaluate \(pair)`"),
      (
        [files[0], files[2], "0.5"],
        "'0.5' is no file, no folder and no run: without it, type `safnet evaluate \(pair)`"
      ),
      (["maps", "none", "data/labelsTr"], "without it, type `safnet evaluate maps data/labelsTr`"),
      (["maps", "data/labelsTr", "s.csv"], "type `safnet evaluate maps data/labelsTr --csv s.csv`"),
    ] {
      let stray = try program.start(["evaluate"] + words).wait()
      #expect(stray.status == 2 && stray.errors.contains(told), "\(stray.errors)")
    }
  }
}

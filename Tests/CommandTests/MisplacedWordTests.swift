import Foundation
import Testing

/// Words in another place than their own: the same command with all of them in theirs is told.
@Suite struct MisplacedWordTests: MistakeSuite {
  let program: Program
  let run: String

  init() throws { (program, run) = try FinishedSweep.copyWithRun() }

  @Test(arguments: ["run", "plan", "status", "report", "validate", "cancel", "dashboard"])
  func anExperimentBehindAnOptionStandsByItself(command: String) throws {
    let words = "The experiment's file stands by itself: `safnet \(command) small.json"
    for option in ["--file", "-f", "-e", "-c", "-d", "--config", "--experiment", "--spec", "--exp", "--json-file"] {
      try expect([command, option, "small.json"], ["\(words)`\n"])
    }
    try expect([command, "--set", "seeds=[7]", "-f", "small.json"], ["\(words) --set 'seeds=[7]'`\n"])
  }

  @Test(arguments: ["--file", "--experiment", "--spec"]) func orIsJoinedToIt(option: String) throws {
    try expect(
      ["run", "\(option)=small.json", "--dry-run"],
      ["The experiment's file stands by itself: `safnet run small.json --dry-run`\n"])
  }

  @Test(arguments: [
    (["dataset", "check", "--experiment", "small.json"], "stands by itself: `safnet dataset check small.json`\n"),
    (
      ["runs", "list", "--file", "small.json"],
      "The experiment's file is given by --experiment: `safnet runs list --experiment small.json`\n"
    ),
    (
      ["predict", "-c", "small.json", "phantom/MR", "-o", "o"],
      "`safnet predict --experiment small.json phantom/MR -o o`\n"
    ),
    (["run", "--site=small.json"], "comes first: safnet run EXPERIMENT --site=small.json\n"),
    // Another file than the experiment, and what is no file.
    (["run", "small.json", "--labels", "other.json"], "`safnet dataset check` and `safnet evaluate` have --labels.\n"),
    (["run", "--resume", "small.json"], "`safnet run` goes on by itself where it was stopped."),
    (["run", "small.json", "-e", "5"], "--set training.epochs=5\n"),
  ]) func otherOptionsKeepTheirWords(arguments: [String], words: String) throws { try expect(arguments, [words]) }

  @Test(arguments: [
    (["--workspace", "W", "run", "small.json"], "`safnet run small.json --workspace W`\n"),
    (["--workspace=W", "runs", "list", "--json"], "`safnet runs list --json --workspace=W`\n"),
    (["runs", "--workspace", "W", "show", "x"], "`safnet runs show x --workspace W`\n"),
    (["--json", "status", "small.json"], "`safnet status small.json --json`\n"),
    (["-o", "r", "report", "small.json"], "`safnet report small.json -o r`\n"),
  ]) func optionsStandBehindTheCommand(arguments: [String], words: String) throws {
    try expect(arguments, ["options stand behind the command: \(words)"])
  }

  /// What the command does not have either is told as it is behind it.
  @Test func aStrangeOptionBeforeTheCommandIsToldAsBehindIt() throws {
    try expect(["--gpu", "run", "small.json"], ["`--engine pjrt` trains on a graphics card"])
  }

  @Test func aWordBehindAFlagIsNoValueOfIt() throws {
    try expect(
      ["predict", "RUN", "phantom/MR", "--overlay", "Case9", "-o", "ov"],
      [
        "/Case9: there is no such file or folder",
        "--overlay takes no value here: if Case9 was meant for it, type"
          + " `safnet predict RUN phantom/MR --overlay -o ov`\n",
      ], status: 1)
    try expect(
      ["run", "small.json", "--dry-run", "true"],
      ["--dry-run takes no value here: if true was meant for it, type `safnet run small.json --dry-run`\n"])
    try expect(["runs", "list", "--json", "true"], ["type `safnet runs list --json`\n"])
    // An image that is not there is no other file of a case.
    for image in ["Case1.nii.gz", "phantom/MR/Case99.nii.gz"] {
      try expect(
        ["predict", "RUN", "phantom/MR", "--overlay", image, "-o", "ov"],
        ["/\(image): there is no such file or folder", "type `safnet predict RUN phantom/MR --overlay -o ov`\n"],
        status: 1)
    }
    #expect(!FileManager.default.fileExists(atPath: program.folder.appending(path: "ov").path))
    // All that there is may be misspelt as well.
    let misspelt = try refused(["predict", "RUN", "--overlay", "phantom/MRR", "-o", "ov"])
    #expect(misspelt.status == 1 && !misspelt.errors.contains("takes no value"), "\(misspelt.errors)")
  }

  @Test func severalVariantsOrRunsStandBehindOptions() throws {
    let image = "phantom/MR/Case1.nii.gz"
    for (words, meant) in [
      (["RUN", "Base", image, "-o", "o"], "--run RUN --run Base \(image) -o o"),
      (["SAFNet", "--mirror", "Base", image, "-o", "o"], "--run SAFNet --run Base --mirror \(image) -o o"),
      (["--run", "RUN", "Base", image, "-o", "o"], "--run Base --run RUN \(image) -o o"),
    ] {
      try expect(
        ["predict"] + words,
        [
          "error: Base is a variant and stands where the images must. Several vote where each is given with --run: ",
          "\nType: safnet predict \(meant)\n",
        ])
    }
    let arguments = ["predict", "--run", "SAFNet", "--run", "Base", image, "-o", "o", "--threads", "1"]
    let done = try program.start(arguments).wait()
    #expect(done.status == 0, "\(done.errors)")
  }

  @Test func anExperimentAmongRunsAndImagesIsGivenByItsOption() throws {
    let image = "phantom/MR/Case1.nii.gz"
    for (words, meant) in [
      (
        ["predict", "small.json", "Base", image, "-o", "o"],
        "predict --experiment small.json --variant Base \(image) -o o"
      ),
      (
        ["predict", "base", "small.json", image, "-o", "o"],
        "predict --experiment small.json --variant Base \(image) -o o"
      ),
      (
        ["predict", "small.json", "--variant", "Base", image, "-o", "o"],
        "predict --experiment small.json --variant Base \(image) -o o"
      ),
      (
        ["predict", "--run", "Base", "small.json", image, "-o", "o"],
        "predict --experiment small.json --variant Base \(image) -o o"
      ),
      (["predict", "small.json", "RUN", image, "-o", "o"], "predict RUN \(image) -o o"),
      (["predict", "small.json", "SAFNet", "Base", image, "-o", "o"], "predict --run SAFNet --run Base \(image) -o o"),
      (
        ["predict", "small.json", "--variant", "base", image],
        "predict --experiment small.json --variant Base \(image) --output FOLDER"
      ),
      (
        ["predict", "small.json", "Base"],
        "predict --experiment small.json --variant Base IMAGES --output FOLDER"
      ),
      (
        ["export", "small.json", "SAFNet", "Base", "--format", "onnx", "-o", "o"],
        "export SAFNet Base --format onnx -o o"
      ),
      (
        ["export", "small.json", "SAFNet", "--format", "onnx", "-o", "o"],
        "export --experiment small.json --variant SAFNet --format onnx -o o"
      ),
    ] {
      try expect(
        words, ["error: small.json is an experiment, and neither a run nor an image; ", " Type: safnet \(meant)\n"])
    }
  }

  /// What would be refused is not proposed.
  @Test func aWordThatIsNoRunIsNotProposedAsOne() throws {
    let image = "phantom/MR/Case1.nii.gz"
    for word in ["C", "variant=A", "C,D"] {
      try expect(
        ["predict", "small.json", word, image, "-o", "o"],
        ["'\(word)' is none (it has SAFNet, Base), and no run and no image that is there: give --experiment small.json"]
      )
    }
    try expect(["predict", "none", "Base", image, "-o", "o"], ["error: there is no run 'none' in "])
    try expect(
      ["predict", "phantom/MR", "safnet-f", "-o", "o"], [" begin with 'safnet-f'; give more of the name of one"])
    try expect(
      ["export", "--experiment", "small.json", "base", "--format", "onnx", "-o", "o"],
      ["each says which networks are meant; a variant is given by --experiment small.json --variant Base.\n"])
    for words in [["--experiment", "Base", "--variant", "small.json"], ["--experiment", "Base"]] {
      let meant = words.count == 4 ? "--variant Base \(image) -o o" : "\(image) -o o --variant Base"
      try expect(
        ["predict"] + words + [image, "-o", "o"], ["Type: safnet predict --experiment small.json \(meant)\n"])
    }
  }

  /// What can be read as a run, is one.
  @Test func aFolderOfAVariantsNameHidesNoRun() throws {
    for run in ["Base", "RUN"] {
      try expect(
        ["predict", "phantom/MR", run, "--mirror", "-o", "o"],
        [
          "error: phantom/MR stands where the run must: the run, \(run), comes first, then the images.\n",
          "Type: safnet predict \(run) phantom/MR --mirror -o o\n",
        ])
    }
    try FileManager.default.createDirectory(
      at: program.folder.appending(path: "Base"), withIntermediateDirectories: true)
    let done = try refused(["predict", "Base", "phantom/MR/Case1.nii.gz", "-o", "o", "--threads", "1"])
    #expect(done.status == 0, "\(done.errors)")
  }

  @Test(arguments: [
    (["Base", "predict", "phantom/MR"], "predict Base phantom/MR --output FOLDER"),
    (
      ["small.json", "predict", "phantom/MR"],
      "predict --experiment small.json --variant NAME phantom/MR --output FOLDER"
    ),
    (["RUN", "runs", "show"], "runs show RUN"), (["runs", "RUN", "show"], "runs show RUN"),
    (["phantom/MR", "predict", "Base", "-o", "o"], "predict Base -o o phantom/MR"),
    (["phantom/Mask", "phantom/Mask", "evaluate"], "evaluate phantom/Mask phantom/Mask"),
  ]) func aRunOrAnImageBeforeItsCommandIsToldInOrder(arguments: [String], meant: String) throws {
    try expect(arguments, [" stands where a command must. The command comes first: `safnet \(meant)`\n"])
  }

  @Test func aFoldersNameStandsWithoutDashes() throws {
    try expect(["dataset", "check", "--phantom"], ["stands without dashes: `safnet dataset check phantom`\n"])
    try expect(["evaluate", "phantom/Mask", "--phantom/Mask"], ["`safnet evaluate phantom/Mask phantom/Mask`\n"])
  }

  @Test(arguments: [("RUN", "--only SAFNet --folds 1"), ("phantom", "--set dataset.path=phantom")])
  func aRunOrADatasetBehindAnExperimentIsAnOption(word: String, meant: String) throws {
    try expect(["plan", "small.json", word], ["stand options: `safnet plan small.json \(meant)`\n"])
  }

  /// As `safnet status` prints it.
  @Test func aLabelIsTheNameOfARun() throws {
    let image = "phantom/MR/Case1.nii.gz"
    for (words, output) in [(["SAFNet, fold 1"], "a.nii.gz"), (["--run", "SAFNet, fold 1, seed 2023"], "b.nii.gz")] {
      let done = try program.start(["predict"] + words + [image, "-o", output, "--threads", "1"]).wait()
      #expect(done.status == 0, "\(done.errors)")
    }
    let exported = try program("export", "SAFNet, fold 1", "--format", "tensorboard", "-o", "t")
    #expect(exported.status == 0, "\(exported.errors)")
  }
}

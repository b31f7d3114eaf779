import Foundation
import Testing

/// How the program explains itself, and what it says of options and values that are not right.
@Suite struct UsageTests {
  /// With the commas of a grid in them, they are told apart by quotes.
  @Test func namesOfAGridAreListedInQuotes() throws {
    let result = try Program()("validate", "small.json", "--set", "grid.training.batch=[1,2]")
    let list = ["SAFNet, batch 1", "SAFNet, batch 2", "Base, batch 1", "Base, batch 2"].map { "\"\($0)\"" }
    #expect(
      result.output.contains("sound. 4 variants: \(list.joined(separator: ", ")). The dataset"),
      "\(result.output)\(result.errors)")
  }

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

  /// A number that is none is told what it may be; an option is not taken for any other.
  @Test(arguments: [
    (["run", "small.json", "--jobs", "x"], "\n--jobs takes a number from 1 to 4096\n"),
    (["run", "small.json", "--retries=x"], "\n--retries takes a number from 0 to 1000000\n"),
    (["plan", "small.json", "--memory", "much"], "\n--memory takes a positive number of GiB\n"),
    (["run", "small.json", "--fast"], "Error: Unknown option '--fast'.\n"),
    (["run", "small.json", "--fore"], "Error: Unknown option '--fore'. Did you mean '--force'?\n"),
    (["report", "small.json", "--out", "x"], "\nWhere it writes is said by --output: --output x\n"),
    (["report", "small.json", "--output-dir", "r 1"], "said by --output: --output 'r 1'\n"),
    (
      ["predict", "R", "i.nii", "--save_path=o"],
      "--save_path is no option of it. Where it writes is said by --output: --output o\n"
    ),
    (["new", "data", "--outdir", "s.json"], "said by --output: --output s.json\n"),
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

  @Test func anExperimentChoosesNoRunsToRemove() throws {
    let result = try Program()("runs", "remove", "--experiment", "small.json", "--yes")
    #expect(
      result.status == 2
        && result.errors.contains("are listed by `safnet runs list --experiment small.json`; give the names alone"),
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
    // What is read as a list is told so.
    (
      ["run", "small.json", "--folds", "2", "--folds=1"],
      "--folds is given twice: 2, 1. Several are written in one: --folds 2,1\n"
    ),
    (
      ["status", "small.json", "--seeds", "1", "--seeds", "2", "--seeds", "4-5"],
      "--seeds is given 3 times: 1, 2, 4-5. Several are written in one: --seeds 1,2,4-5\n"
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
    #expect(
      fold.errors.hasSuffix(
        "error: --folds: there is no fold 3; this experiment has folds 1 to 2, nnU-Net's 0 to 1. Give --folds 1-2, or some of them.\n"
      ))
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

import Foundation
import Testing

/// 0 done; 1 something failed: a run, a file, a dataset; 2 the command or the experiment file must be changed.
@Suite struct ExitCodeTests {
  static let commands = [["validate"], ["plan", "--no-measure"], ["run"], ["status"], ["report"]]

  @Test(arguments: commands) func aMistakeInTheExperimentIsTwo(command: [String]) throws {
    let program = try Program()
    let result = try program.start(command + ["small.json", "--set", "training.batsh=2"]).wait()
    #expect(result.status == 2)
    #expect(result.output.isEmpty && result.errors.hasPrefix("error: --set training.batsh"), "\(result.errors)")
    let missing = try program.start(command + ["nowhere.json"]).wait()
    #expect(missing.status == 2 && missing.errors.contains("nowhere.json"))
  }

  /// Validating opens no dataset.
  @Test(arguments: commands.dropFirst()) func anUnusableDatasetIsOne(command: [String]) throws {
    let program = try Program()
    let dataset = ["small.json", "--set", "dataset={\"path\": \"nowhere\"}"]
    let result = try program.start(command + dataset).wait()
    #expect(result.status == 1)
    #expect(
      result.errors
        == "error: --set dataset={\"path\": \"nowhere\"}: dataset.path: \(program.folder.path)/nowhere: there is no such"
        + " file or folder. If it"
        + " was moved, give its new path, and finished runs of this workspace stay finished; else correct the path, which"
        + " counts from the working directory where --set gives it\n"
    )
    #expect(try program.start(["validate"] + dataset).wait().status == 0)
  }

  /// Nor the workspace, in which the run of a start is.
  @Test func validatingSaysThatAStartWasNotLookedAt() throws {
    let program = try Program()
    let start = ["small.json", "--set", "training.start=nowhere.h5"]
    let sound = try program.start(["validate"] + start).wait()
    let words = "Nor was what training.start names (nowhere.h5): `safnet run small.json --dry-run` does that.\n"
    #expect(sound.status == 0 && sound.output.hasSuffix(words), "\(sound.output)")
    let dry = try program.start(["run", "--dry-run"] + start).wait()
    #expect(dry.status != 0 && dry.errors.contains("nowhere.h5: there is no such file"), "\(dry.errors)")
    let plan = try program.start(["plan", "--no-measure"] + start).wait()
    #expect(plan.status == 0, "\(plan.errors)")
    let place = "\(program.folder.path)/nowhere.h5"
    let warning = "warning: SAFNet, Base: training.start: \(place): there is no such file; give a finished run's name"
    #expect(plan.errors.hasPrefix(warning), "\(plan.errors)")
    #expect(try !program("validate", "small.json").output.contains("training.start"))
  }

  @Test func aDatasetWithProblemsIsOne() throws {
    let program = try Program()
    #expect(try program("dataset", "check", "nowhere").status == 1)
    #expect(try program("dataset", "phantom", "set", "--cases", "2").status == 0)
    #expect(try program("dataset", "check", "set").status == 0)
    #expect(try program("dataset", "phantom", "set").status == 2)
    let noLabels = try program("dataset", "check", "set", "--labels", "dataset.json")
    #expect(noLabels.status == 2 && noLabels.errors.contains("--labels dataset.json: set has none."))
    // Two names for one picture: each case is sound by itself.
    for (from, to) in [("MR/Case1", "MR/Case2"), ("Mask/mask_case1", "Mask/mask_case2")] {
      let root = program.folder.appendingPathComponent("set")
      try FileManager.default.removeItem(at: root.appendingPathComponent(to + ".nii.gz"))
      try FileManager.default.copyItem(
        at: root.appendingPathComponent(from + ".nii.gz"), to: root.appendingPathComponent(to + ".nii.gz"))
    }
    let twice = try program("dataset", "check", "set")
    #expect(twice.status == 1)
    #expect(twice.output.contains("1 problem:\n") && twice.output.contains("MR/Case2.nii.gz: the same image as "))
  }

  /// What nnU-Net's dataset.json names is checked by those names, without being asked for.
  @Test func aDatasetIsCheckedByItsOwnLabels() throws {
    let program = try Program()
    #expect(try program("dataset", "phantom", "set", "--cases", "1").status == 0)
    for (from, to) in [("MR/Case1", "imagesTr/a_0000"), ("Mask/mask_case1", "labelsTr/a")] {
      let target = program.folder.appendingPathComponent("raw/\(to).nii.gz")
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.moveItem(at: program.folder.appendingPathComponent("set/\(from).nii.gz"), to: target)
    }
    let labels = (1...19).map { "\"x\($0)\": \($0)" }.joined(separator: ", ")
    let text = #"{"channel_names": {"0": "T2"}, "numTraining": 1, "labels": {"background": 0, "# + labels + "}}"
    try Data(text.utf8).write(to: program.folder.appendingPathComponent("raw/dataset.json"))
    let own = try program("dataset", "check", "raw")
    #expect(own.status == 0 && own.output.contains("  x1: in 1 of 1 case\n"), "\(own.output)")
    #expect(try program("dataset", "check", "raw", "--labels", "mrspineseg").output.contains("  S: in 1 of 1 case\n"))
  }

  @Test func aSweepThatCannotFitIsRefusedBeforeItStarts() throws {
    let program = try Program()
    let result = try program(
      "run", "small.json", "--jobs", "4", "--dry-run", "--set", "model.width=4096", "--set", "model.stem=[2048,4096]")
    #expect(result.status == 1)
    #expect(result.output.isEmpty && result.errors.contains(" of memory"))
    #expect(
      result.errors.hasSuffix("error: this machine is too small for the sweep; --force starts it all the same\n"))
  }

  @Test func aSetOfAnotherLayoutIsImportedAndTrainedOn() throws {
    let program = try Program()
    #expect(try program("dataset", "phantom", "set", "--cases", "4").status == 0)
    let words = ["dataset", "import", "study.csv", "--images", "set/MR/*.nii.gz"]
    let unpaired = try program.start(words + ["--masks", "set/Mask/*.nii.gz"]).wait()
    #expect(unpaired.status == 1 && unpaired.errors.hasPrefix("error: 8 problems in the dataset:\n"))
    let noStar = try program.start(words + ["--masks", "set/Mask/mask.nii.gz"]).wait()
    #expect(noStar.status == 2 && noStar.errors.contains("--masks"))
    let root = program.folder.appendingPathComponent("set/Mask")
    for number in 1...4 {
      try FileManager.default.moveItem(
        at: root.appendingPathComponent("mask_case\(number).nii.gz"),
        to: root.appendingPathComponent("Case\(number)-seg.nii.gz"))
    }
    let done = try program.start(words + ["--masks", "set/Mask/*-seg.nii.gz"]).wait()
    #expect(done.status == 0, "\(done.errors)")
    #expect(done.output == "4 cases in study.csv; check them with `safnet dataset check study.csv`\n")
    #expect(try program("dataset", "check", "study.csv").output.contains("\nno problems"))
    let unnamed = try program.start(
      ["run", "small.json", "--set", "dataset={\"path\": \"study.csv\"}", "--dry-run"]
    ).wait()
    #expect(unnamed.status == 2 && unnamed.errors.contains("study.csv does not say which structures"))
    let set = "dataset={\"path\": \"study.csv\", \"labels\": \"mrspineseg\"}"
    let planned = try program("run", "small.json", "--set", set, "--dry-run")
    #expect(planned.status == 0, "\(planned.errors)")
    #expect(try program.start(words + ["--masks", "set/Mask/*-seg.nii.gz"]).wait().status == 2, "it exists already")
  }
}

import Foundation
import Testing

/// What people give in the place of something else: a variant for a run, a run for a file, a file for a folder.
@Suite struct MistakeTests: MistakeSuite {
  let program: Program
  let run: String

  init() throws { (program, run) = try FinishedSweep.copyWithRun() }

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
    (
      ["predict", "phantom/MR/Case1.nii.gz", "RUN", "-o", "x"],
      "Type: safnet predict RUN phantom/MR/Case1.nii.gz -o x\n"
    ),
    (["predict", "phantom/MR", "phantom/MR/Case1.nii.gz", "-o", "x"], "none of the other words is a run"),
    (["predict", "small.json", "phantom/MR", "-o", "x"], "--experiment small.json --variant NAME"),
  ]) func theRunComesFirst(arguments: [String], words: String) throws { try expect(arguments, [words]) }

  @Test func whatIsNeitherRunNorImagesIsCalledSo() throws {
    try FileManager.default.createDirectory(
      at: program.folder.appending(path: "papers"), withIntermediateDirectories: false)
    #expect(try refused(["report", "small.json", "--output", "papers/one"]).status == 0)
    for (word, what) in [
      ("papers", "a folder of reports"), ("papers/one", "a report"), ("papers/one/report.html", "a file of a report"),
      ("phantom", "a dataset"), ("Workspace/runs", "a folder of the workspace "),
    ] {
      try expect(
        ["predict", word, "phantom/MR", "-o", "x"],
        ["\(word) is \(what)", ", and stands where a run must", "Type safnet predict ", " IMAGES --output FOLDER;"])
    }
    try expect(
      ["predict", "papers/one/report.json", "phantom/MR", "-o", "x"],
      ["report.json is no run: it is the record of a report. `safnet runs list` has the runs.\n"])
  }

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

  @Test(arguments: [
    (["evaluate", "RUN", "phantom/Mask"], "RUN is a run, and `safnet evaluate` scores label maps. Make them with"),
    (["evaluate", "phantom/Mask", "nowhere"], "there is no file and no folder nowhere."),
    (
      ["evaluate", "phantom/Mask", "phantom/Mask", "--csv", "phantom"], "--csv phantom is a folder; give a file's name"
    ),
    (["evaluate", "phantom/Mask", "phantom/Mask", "--csv", "no/x.csv"], "no/x.csv: there is no folder "),
    (["new", "phantom", "-o", "study"], "the experiment study must end in .json: give study.json"),
    (["new", "phantom", "-o", "s3://b/x"], "--output s3://b/x: is an address, and files are written to a folder of"),
    (
      ["new", "phantom", "-o", "phantom/"],
      "--output phantom/ is a folder, and an experiment is a file: give phantom/study.json"
    ),
  ]) func aFileForAFolderAndTheReverse(arguments: [String], words: String) throws { try expect(arguments, [words]) }

  @Test func runsOfAnUnknownExperiment() throws {
    try expect(
      ["runs", "list", "--experiment", "smal"],
      ["no experiment of this name was run in this workspace, did you mean small?", "It knows small."])
    #expect(try refused(["runs", "list", "--experiment", "small.json"]).output.contains("4 runs: 4 finished"))
  }
}

import Foundation
import Testing

/// What people type who come from nnU-Net and its like: what is proposed can be typed.
@Suite struct NNUNetHabitTests: MistakeSuite {
  let program: Program
  let run: String

  init() throws { (program, run) = try FinishedSweep.copyWithRun() }

  @Test(arguments: [
    (["run", "small.json", "0"], "by nnU-Net from 0: `safnet run small.json --folds 1`\n"),
    (
      ["plan", "small.json", "1", "--no-measure"],
      "`safnet plan small.json --folds 1 --no-measure`, or `safnet plan small.json --folds 2 --no-measure` for"
        + " nnU-Net's 1\n"
    ),
    (["run", "501", "3d_fullres", "0"], "`safnet new PATH/OF/Dataset501_NAME -o study.json` writes one"),
    (["run", "small.json", "3d_fullres", "1"], "folds: `safnet run small.json --folds 2` trains its fold 1,"),
    (["new", "-d", "7", "-o", "s.json"], "and first: safnet new PATH/OF/Dataset007_NAME -o study.json\n"),
    (["new", "-d", "7"], "-d is no option of it. The dataset's folder stands by itself, and first: safnet new PATH"),
    (["new", "-d", "phantom", "-o", "s.json"], "and first: safnet new phantom -o study.json\n"),
    (["run", "small.json", "-o", "training.epochs=3"], "is changed by --set training.epochs=3\n"),
    (["evaluate", "-pred", "P", "-gt", "T"], "the prediction first: safnet evaluate P T\n"),
    (["evaluate", "--ground_truth", "T", "-p", "P"], "the prediction first: safnet evaluate P T\n"),
    (
      ["evaluate", "phantom/Mask", "phantom/Mask", "small.json"],
      "and small.json is an experiment: where its structures are meant, type `safnet evaluate phantom/Mask phantom/Mask"
        + " --experiment small.json`\n"
    ),
    (
      ["evaluate", "phantom/Mask", "--csv", "x.csv", "RUN", "phantom/Mask"],
      "and RUN is a run: where its structures are meant, type `safnet evaluate phantom/Mask phantom/Mask --run RUN --csv"
        + " x.csv`\n"
    ),
    (
      ["evaluate", "phantom/Mask", "phantom/Mask", "none.json"],
      "'none.json' is one more: a dataset.json that names the structures is given by --labels none.json, an experiment by"
        + " --experiment none.json\n"
    ),
    (
      ["evaluate", "small.json", "phantom/Mask"],
      "small.json is an experiment and no label map: give the prediction and its truth, and this file by --experiment"
        + " small.json\n"
    ),
    (
      ["evaluate", "phantom/MR", "phantom/Mask", "phantom/Mask", "--json"],
      "`safnet evaluate phantom/MR phantom/Mask`, then `safnet evaluate phantom/Mask phantom/Mask`\n"
    ),
  ]) func aHabitIsToldWithWhatToType(arguments: [String], words: String) throws { try expect(arguments, [words]) }

  @Test func exchangedFoldersKeepTheirOptions() throws {
    #expect(try refused(["predict", "RUN", "phantom/MR", "-o", "maps"]).status == 0)
    try expect(
      ["evaluate", "phantom/Mask", "maps", "--run", "RUN", "--csv", "x.csv"],
      [
        "predictions come first, then the truth; --force scores",
        "\nType: safnet evaluate maps phantom/Mask --run RUN --csv x.csv\n",
      ])
    try FileManager.default.createDirectory(
      at: program.folder.appending(path: "empty"), withIntermediateDirectories: true)
    try expect(["evaluate", "phantom/Mask", "empty"], ["/empty holds no label map"])
  }

  @Test func aMaskInAPredictionsPlaceIsScoredWithTheOtherCommand() throws {
    let mask = "phantom/Mask/mask_case1.nii.gz"
    try FileManager.default.copyItem(
      at: program.folder.appending(path: mask), to: program.folder.appending(path: "theirs.nii.gz"))
    let scored = try refused(["evaluate", mask, "theirs.nii.gz", "--run", "RUN", "--json"])
    #expect(scored.status == 0 && scored.output.hasPrefix("{"), "\(scored.output)")
    let words =
      "warning: \(mask) is a mask of a dataset, and predictions come first, then the truth: if it is the truth, type"
      + " `safnet evaluate theirs.nii.gz \(mask) --run \(run) --json`\n"
    #expect(scored.errors.contains(words), "\(scored.errors)")
  }

  @Test func aPartOfResultsIsToldWithTheirFolder() throws {
    let results = "nn/Dataset001_A/T__P__3d_fullres"
    let validation = program.folder.appending(path: "\(results)/fold_0/validation")
    try FileManager.default.createDirectory(at: validation, withIntermediateDirectories: true)
    try Data("{}".utf8).write(to: validation.appending(path: "summary.json"))
    let folder = program.folder.standardizedFileURL.appending(path: results).path
    let options = ["--experiment", "small.json", "--name", "N"]
    let fold = "\(results)/fold_0"
    for part in ["nn", fold, "\(fold)/validation", "\(fold)/validation/summary.json"] {
      let told = try refused(["import", "nnunet", part] + options)
      let typed = "Type: safnet import nnunet \(folder) --experiment small.json --name N\n"
      #expect(told.status == 1 && told.errors.hasSuffix("Give the folder \(folder).\n\(typed)"), "\(told.errors)")
    }
  }

  @Test func aPlaceForALabelMapThatIsAnotherIsSaid() throws {
    let image = "phantom/MR/Case1.nii.gz"
    try expect(["predict", "RUN", image, "-o", "-"], ["none goes to standard output"])
    #expect(!FileManager.default.fileExists(atPath: program.folder.appending(path: "-").path))
    try FileManager.default.createDirectory(
      at: program.folder.appending(path: "x.nii.gz"), withIntermediateDirectories: true)
    let inside = try refused(["predict", "RUN", image, "-o", "x.nii.gz"])
    #expect(inside.status == 0 && inside.output.contains("/x.nii.gz/Case1.nii.gz: 1 predicted"), "\(inside.output)")
    #expect(try refused(["predict", "RUN", image, "-o", "y.nii.gz"]).output.hasPrefix("y.nii.gz: 1 predicted"))
    try expect(["predict", "RUN", image, "-o", "y.nii.gz"], ["y.nii.gz exists already.", "or replace with --force"])
    try expect(
      ["new", "7", "-o", "s.json"], ["/7: there is no such file or folder. A dataset is given by its folder's path"],
      status: 1)
    try expect(
      ["predict", "RUN", "phantom/MRR", "-o", "o"], ["/phantom/MRR: there is no such", "did you mean MR?"], status: 1)
  }
}

import Foundation
import Testing

/// What is given in the place of a dataset, or of a table of one, and is none.
@Suite struct NoDatasetTests {
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
    (
      ["dataset", "import", "data/imagesTr/*.nii.gz"],
      "safnet dataset import study.csv --images 'data/imagesTr/*.nii.gz' --masks 'PATH/*.nii.gz'\n", 2
    ),
    (
      ["new", "https://zenodo.org/x.zip", "-o", "new.json"],
      "it is an address, and nothing is fetched from there: download it, and give the path that it has here", 1
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
    (
      ["dataset", "import", "a.csv", "--images", "i/*.nii", "--masks", "m/*.nii", "--mask-ends", "_seg"],
      "--mask-ends goes with --bids, and without it the names' ends stand in --images and --masks: leave --mask-ends out",
      2
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
}

import Experiments
import Foundation
import Reporting
import Store
import TestSupport
import Testing
import Volumes
import Workbench

/// A dataset in nnU-Net's layout and nnU-Net's results of it, with the scores that nnU-Net itself gave
/// (`Golden/make_nnunet.py`); nothing is trained.
struct ForeignResults {
  static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Golden")

  let temporary: TemporaryFolder
  let console = RecordedConsole()
  var workspace: Workspace { Workspace(temporary.file("Workspace")) }
  var results: URL { temporary.file("results/nnUNetTrainer__nnUNetPlans__3d_fullres") }

  init() throws {
    temporary = try TemporaryFolder()
    for name in ["dataset", "results"] {
      try FileManager.default.copyItem(at: Self.golden.appending(path: name), to: temporary.file(name))
    }
    try temporary.write("foreign.json", Self.experiment)
  }

  private static let experiment = """
    {
      "name": "foreign",
      "dataset": { "path": "dataset", "labels": "dataset.json" },
      "preprocessing": { "size": [6, 32, 16] },
      "augmentation": false,
      "folds": { "validation": 1 },
      "model": { "kind": "safnet", "width": 16, "stem": [8, 16] },
      "training": { "epochs": 1, "batch": 2 },
      "variants": [{ "name": "SAFNet" }]
    }
    """

  func specification(_ overrides: [String] = []) throws -> Specification {
    try Specification.load(temporary.file("foreign.json"), overrides: overrides)
  }

  func session(_ overrides: [String] = [], splits: URL? = nil) throws -> ImportSession {
    ImportSession(try specification(overrides), .nnUNet(temporary.file("results"), splits: splits), name: "nnU-Net")
  }

  @discardableResult
  func run(_ change: (inout ImportSession) -> Void = { _ in }) throws -> RunDirectory {
    var session = try session()
    change(&session)
    return try session.run(in: workspace, console: console)
  }

  /// The problems of an import that is refused.
  func problems(_ change: (inout ImportSession) -> Void = { _ in }) throws -> [ImportProblem] {
    let error = #expect(throws: ImportProblems.self) { try run(change) }
    #expect((try ImportedRuns(workspace).methods.isEmpty), "nothing is stored")
    return error?.problems ?? []
  }

  func map(_ fold: Int, _ name: String) -> URL {
    results.appending(path: "fold_\(fold)/validation/spine_00\(name).nii.gz")
  }

  /// Cases that the experiment tests in the fold of that number.
  func tested(_ fold: Int) throws -> [String] {
    let record = try ImportedRuns(workspace).methods[0].record
    return record.folds[fold - 1].maps.map(\.name)
  }
}

import Foundation
import Store
import Testing
import Volumes
import Workbench

/// Images and label maps in folders of the one that was given: nobody takes them, and all say so.
@Suite struct FoldersInsideTests {
  let sweep: SmallSweep
  let console = RecordedConsole()
  private var images: URL { sweep.folder.appending(path: "phantom/MR") }
  private var masks: URL { sweep.folder.appending(path: "phantom/Mask") }

  init() throws { sweep = try SmallSweep.trained() }

  /// Copies of the first files of a folder, in another one.
  private func copy(_ count: Int, of source: URL, to folder: String) throws {
    let place = sweep.folder.appending(path: folder)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(atPath: source.path).sorted().prefix(count) {
      try FileManager.default.copyItem(at: source.appending(path: name), to: place.appending(path: name))
    }
  }

  private func predict() throws {
    let run = try sweep.workspace.runDirectories()[0].name
    var session = PredictionSession(runs: .named([run]), inputs: [sweep.path("in")], output: sweep.path("labels"))
    session.threads = 1
    _ = try session.run(in: sweep.workspace, program: SmallSweep.program, console: console)
  }

  @Test func imagesInFoldersOfImagesAreCounted() throws {
    try copy(1, of: images, to: "in")
    try copy(1, of: images, to: "in/p02")
    try copy(2, of: images, to: "in/p10/ses-1/anat")
    try predict()
    let words =
      "in: folders in it are not looked into: p02 (1 NIfTI file), p10 (2 NIfTI files); what lies there is taken"
    #expect(console.errors.contains(words), "\(console.errors)")
  }

  @Test func aFolderOfFoldersIsToldWhichHoldImages() throws {
    try copy(1, of: images, to: "in/p02")
    let error = #expect(throws: DatasetErrors.self) { try predict() }
    #expect(
      error?.problems.map(\.description) == [
        "\(sweep.path("in")): no image lies in it, and folders in it are not looked into: p02 (1 NIfTI file); give one of these"
          + " folders, or its images"
      ])
  }

  /// What `safnet predict` puts beside its label maps was never meant.
  @Test func whatPredictWroteIsNotCounted() throws {
    try copy(1, of: masks, to: "in/labels/entropy")
    try Data("{}".utf8).write(to: sweep.folder.appending(path: "in/labels/predictions.json"))
    try copy(1, of: images, to: "in")
    #expect(FoldersInside(of: sweep.folder.appending(path: "in")).words == nil)
    #expect(FoldersInside(of: sweep.folder.appending(path: "in/labels")).words == nil)
  }

  @Test func labelMapsInFoldersAreToldWhereNoneIsFound() throws {
    try copy(8, of: masks, to: "maps/fold_0")
    let error = #expect(throws: ImageUsageError.self) {
      try FolderEvaluation(
        predictions: sweep.path("maps"), truths: masks.path, labels: nil, console: console)
    }
    #expect(
      error?.description.contains("folders in it are not looked into: fold_0 (8 NIfTI files). Give one of these")
        == true)
    try copy(1, of: masks, to: "maps")
    let evaluation = try FolderEvaluation(
      predictions: sweep.path("maps"), truths: masks.path, labels: nil, console: console)
    #expect(evaluation.missing.count == 7)
    #expect(console.errors.contains("maps: folders in it are not looked into: fold_0 (8 NIfTI files)"))
  }

  @Test func labelMapsInFoldersAreToldAtAnImport() throws {
    func imported() throws {
      _ = try ImportSession(
        sweep.specification(), .predictions(sweep.folder.appending(path: "maps")), name: "other"
      ).run(in: sweep.workspace, console: console)
    }
    try copy(3, of: masks, to: "maps/b")
    let none = #expect(throws: ImportProblems.self) { try imported() }
    let words = "Folders in it are not looked into: b (3 NIfTI files). Move their maps into one folder"
    #expect(none?.description.contains(words) == true)
    let map = masks.appending(path: "mask_case1.nii.gz")
    try FileManager.default.copyItem(at: map, to: sweep.folder.appending(path: "maps/Case1.nii.gz"))
    let some = #expect(throws: ImportProblems.self) { try imported() }
    #expect(
      some?.description.contains(" has no label map of ") == true
        && some?.description.contains(words) == true)
  }
}

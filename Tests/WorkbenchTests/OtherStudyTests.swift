import Experiments
import Foundation
import Store
import TestSupport
import Testing
import Workbench

/// Runs in a workspace that are of another study, or of another file of the same name.
@Suite struct OtherStudyTests {
  private let sweep: SmallSweep

  init() throws { sweep = try SmallSweep.trained() }

  private func look(_ file: URL, _ overrides: [String]) throws -> (states: [RunState], errors: String) {
    let console = RecordedConsole()
    let study = try Specification.load(file, overrides: overrides)
    let board = try StatusBoard(workspace: sweep.workspace, of: study, console: console)
    return (try board.read().map(\.state), console.errors)
  }

  /// Its images are called alike, and its own experiment's file is gone: a wrong --workspace.
  @Test func runsOfAStudyWhoseFileIsGoneAreNotShownAsOwn() throws {
    let files = FileManager.default
    try files.createDirectory(atPath: sweep.path("far"), withIntermediateDirectories: false)
    try files.copyItem(atPath: sweep.path("phantom"), toPath: sweep.path("far/images"))
    try files.removeItem(atPath: sweep.path("far/images/Mask/mask_case2.nii.gz"))
    try files.copyItem(
      atPath: sweep.path("far/images/Mask/mask_case3.nii.gz"), toPath: sweep.path("far/images/Mask/mask_case2.nii.gz"))
    try files.moveItem(atPath: sweep.path("small.json"), toPath: sweep.path("far/other.json"))
    let file = sweep.folder.appendingPathComponent("far/other.json")
    let other = try look(file, ["name=other", "dataset.path=\(sweep.path("far/images"))"])
    #expect(other.states == Array(repeating: .queued, count: 4), "\(other)")
    #expect(!other.errors.contains("has changed since") && !other.errors.contains("finished run"), "\(other.errors)")
  }

  /// Two files of one name: what the one has trained is no earlier plan of the other.
  @Test func runsOfAnotherFileOfTheNameAreCalledSo() throws {
    let twin = sweep.folder.appendingPathComponent("twin.json")
    try FileManager.default.copyItem(atPath: sweep.path("small.json"), toPath: twin.path)
    let told = try look(twin, ["training.epochs=3"]).errors
    let small = sweep.folder.appendingPathComponent("small.json").resolvingSymlinksInPath().path
    #expect(
      told.contains("notice: 4 finished runs are of another file of this name, ") && told.contains(small)
        && !told.contains("earlier plan"), "\(told)")
    // Its own file, edited, has an earlier plan.
    let own = try look(sweep.folder.appendingPathComponent("small.json"), ["training.epochs=3"]).errors
    #expect(own.contains("4 finished runs are of an earlier plan"), "\(own)")
    // So has a file that was renamed.
    try FileManager.default.removeItem(atPath: sweep.path("small.json"))
    let renamed = try look(twin, ["training.epochs=3"]).errors
    #expect(renamed.contains("4 finished runs are of an earlier plan"), "\(renamed)")
  }
}

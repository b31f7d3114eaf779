import Experiments
import Foundation
import Store
import TestSupport
import Testing
import Training
import Volumes
import Workbench

/// Structures or networks that were changed after the training: commands that look tell of the finished runs, as `run` does.
@Suite struct ChangedStructuresTests {
  private let sweep: SmallSweep
  private let console = RecordedConsole()

  init() throws { sweep = try SmallSweep.trained() }

  private func labels(_ change: (inout [LabelMap.Structure]) -> Void) throws -> String {
    var structures = try #require(sweep.workspace.runDirectories().first).plan().structures.structures
    change(&structures)
    let members = structures.map { "\"\($0.name)\": \($0.value)" }
    return "dataset.labels={\(members.joined(separator: ", "))}"
  }

  private func told(_ overrides: [String]) throws -> (status: String, refusal: String) {
    let specification = try sweep.specification(overrides)
    _ = try StatusBoard(workspace: sweep.workspace, of: specification, console: console).read()
    let session = try ReportSession(
      specification: specification, workspace: sweep.workspace, output: sweep.path("r"), program: SmallSweep.program,
      console: RecordedConsole())
    let refusal = #expect(throws: ReportRefusal.self) { try session.write(searchPath: "", console: RecordedConsole()) }
    return (console.errors, refusal?.description ?? "")
  }

  @Test func aRenamedStructureHidesNoRuns() throws {
    let changes: [(inout [LabelMap.Structure]) -> Void] = [
      { $0[0].name = "T13" },
      { ($0[0].name, $0[1].name) = ($0[1].name, $0[0].name) },
      { $0.removeLast() },
    ]
    for change in changes {
      let (status, refusal) = try told([labels(change)])
      for words in [status, refusal] {
        #expect(words.contains("4 finished runs are of an earlier plan (was and is):\n  "), "\(words)")
        #expect(
          words.contains(
            "SAFNet fold 1, 2; Base fold 1, 2: the structures, by dataset.labels or by the dataset's own file: was "),
          "\(words)")
      }
      #expect(!status.contains("nothing of small was begun"), "\(status)")
    }
  }

  /// Runs of another network have other names: they are the variant's all the same.
  @Test func anotherNetworkOfAVariantIsTold() throws {
    let overrides = [#"variants.Base.model={"kind": "unet3d", "levels": [[4, 8], [8, 16]]}"#]
    _ = try StatusBoard(workspace: sweep.workspace, of: sweep.specification(overrides), console: console).read()
    #expect(
      console.errors.contains("notice: 2 finished runs are of an earlier plan (was and is):\n  Base fold 1, 2: model."),
      "\(console.errors)")
    // Once the new one has finished, too.
    var settings = SweepSession.Settings()
    settings.selection.only = ["Base"]
    _ = try sweep.session(RecordedConsole(), settings: settings, overrides: overrides).run(stop: StopFlag())
    let after = RecordedConsole()
    _ = try StatusBoard(workspace: sweep.workspace, of: sweep.specification(overrides), console: after).read()
    #expect(
      after.errors.contains("notice: 2 further runs of Base (2 finished) are of small "), "\(after.errors)")
    #expect(!after.errors.contains("of an earlier plan"), "\(after.errors)")
  }
}

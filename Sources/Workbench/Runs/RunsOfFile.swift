import Experiments
import Foundation
import Store
import System
import Text

/// The runs that an experiment's file asks for as it says now. What the workspace has recorded of it is the last `safnet run`: a
/// look with `--set`, the file before an edit, or another file that has its name.
struct RunsOfFile {
  /// With the methods that were imported beside them.
  let runs: Set<String>
  /// The experiment's.
  let name: String
  /// What of its name is not among them.
  let notices: [String]

  init(_ file: URL, in workspace: Workspace) throws {
    let specification = try Specification.load(file)
    name = specification.name
    let record = workspace.experimentRecords().first { $0.name == specification.name }
    let known = try? KnownExperiment(specification, in: workspace, workers: Machine.current().cores)
    let recorded = record.map(workspace.split)?.filter { one in
      one.file.map { workspace.place(recordedAs: $0).onePath == file.onePath } ?? false
    }
    let planned = known?.runs.map(\.directoryName) ?? []
    // Where nothing is known of its dataset, the record must do.
    let asked = Set(planned.isEmpty ? recorded?.flatMap(\.variants).flatMap(\.runs) ?? [] : planned)
    let imported = (try? ImportedRuns(workspace))?.methods(of: name).map(\.directory.name) ?? []
    runs = asked.union(imported)
    let others = record.map { Namesakes(of: $0, in: workspace, besides: [file]).others } ?? []
    let begun = Set((try? workspace.runNames()) ?? []).subtracting(runs)
    let theirs = Set(others.flatMap(\.runs))
    let former = Set(recorded?.flatMap { $0.variants + ($0.earlier ?? []) }.flatMap(\.runs) ?? [])
    notices = [
      Self.words(of: others, name, left: begun.intersection(theirs).count),
      Self.words(ofFormer: begun.intersection(former).subtracting(theirs).count, name, file),
    ].compactMap(\.self)
  }

  /// What the file asks for is no earlier run of it, whatever was recorded.
  func claiming(_ status: RunStatus) -> RunStatus {
    guard runs.contains(status.run) else { return status }
    var status = status
    status.experiments = ((status.experiments ?? []) + [name]).distinct
    status.formerly = nil
    return status
  }

  private static func words(of others: [Namesakes.Other], _ name: String, left: Int) -> String? {
    guard let other = others.first else { return nil }
    let those = others.count == 1 ? other.file.path : "\(other.file.path) and \(others.count - 1) more"
    return
      "the name \(name) is that of \(those), too: \(Quantity.of(left, "run")) of it \(left == 1 ? "is" : "are") not shown;"
      + " --experiment \(ShellWord.quoted(name)) shows those of all files"
  }

  private static func words(ofFormer count: Int, _ name: String, _ file: URL) -> String? {
    guard count > 0 else { return nil }
    let (runs, they) = count == 1 ? ("1 further run", "is") : ("\(count) further runs", "are")
    return
      "\(runs) of \(name) \(they) of other plans than \(file.lastPathComponent) has now (--set, or an edit) and \(they) not shown;"
      + " --experiment \(ShellWord.quoted(name)) --fields shows all, with what differs"
  }
}

import Experiments
import Foundation
import Store
import System
import Text

/// What a file asks for whose experiment's name another file has too.
struct SharedName {
  /// That it asks for as it says now, or asked for when `safnet run` was last given it.
  let runs: Set<String>
  /// That there are others, and how their runs are seen.
  let notice: String

  /// Nil where the file has the name for itself.
  init?(of file: URL, in workspace: Workspace) throws {
    let specification = try Specification.load(file)
    guard let record = workspace.experimentRecords().first(where: { $0.name == specification.name }) else { return nil }
    let others = Namesakes(of: record, in: workspace, besides: [file]).others
    guard let other = others.first else { return nil }
    let recorded = workspace.split(record).filter { one in
      one.file.map { workspace.place(recordedAs: $0).onePath == file.onePath } ?? false
    }
    // Of runs that both ask for, the record knows who came last.
    let known = try? KnownExperiment(specification, in: workspace, workers: Machine.current().cores)
    runs = Set(recorded.flatMap(\.variants).flatMap(\.runs)).union(known?.runs.map(\.directoryName) ?? [])
    let begun = Set((try? workspace.runNames()) ?? [])
    let left = Set(others.flatMap(\.runs)).intersection(begun).subtracting(runs).count
    let those = others.count == 1 ? other.file.path : "\(other.file.path) and \(others.count - 1) more"
    notice =
      "the name \(record.name) is that of \(those), too: \(Quantity.of(left, "run")) of it \(left == 1 ? "is" : "are") not shown;"
      + " --experiment \(ShellWord.quoted(record.name)) shows those of all files"
  }
}

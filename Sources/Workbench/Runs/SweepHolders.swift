import Experiments
import Foundation
import Store
import System
import Text

/// Which processes train an experiment's runs without a cluster, so that they can be ended from another terminal.
package struct SweepHolders {
  private let workers: [LockHolder]

  /// Those of whom the locks of its runs tell.
  package init(_ workspace: Workspace, of experiment: String) {
    workers = workspace.runs(of: experiment).compactMap { name in
      guard let probe = try? RunLock.probe(workspace.runDirectory(named: name)), probe.isHeld else { return nil }
      return probe.holder
    }
  }

  /// How to end them; nil where no sweep of this machine trains.
  package var words: String? {
    SweepEnding(workers).map { ending in
      "\(Quantity.of(workers.count, "run")) of it \(workers.count == 1 ? "is" : "are") trained on this machine, by process"
        + " \(ending.sweeps.map(String.init).joined(separator: ", ")): \(ending.words). What is saved stays, and the same `safnet run`"
        + " goes on from there."
    }
  }

  /// The same of the sweeps in other workspaces, where none is in this one; else how one is named.
  package static func wordsElsewhere(of specification: Specification, besides workspace: Workspace) -> String {
    let here =
      "Nothing of \(specification.name) is trained from \(workspace.root.path) on this machine, and no job of it was handed in"
    let found = others(of: specification, besides: workspace).compactMap { other in
      SweepHolders(other, of: specification.name).words.map { "From the workspace \(other.root.path): \($0)" }
    }
    return found.isEmpty
      ? "\(here) from there. A sweep in another workspace is named by --workspace; one on another machine is ended there."
      : "\(here) from there.\n" + found.joined(separator: "\n")
  }

  /// Workspaces in which processes of this machine train runs of the experiment.
  private static func others(of specification: Specification, besides workspace: Workspace) -> [Workspace] {
    let places = ProcessTable.entries().compactMap { process -> URL? in
      guard process.words.count > 2, process.words[1] == "worker" else { return nil }
      let run = RunDirectory(URL(fileURLWithPath: process.words[2], isDirectory: true, relativeTo: process.folder))
      guard run.exists else { return nil }
      return run.url.standardizedFileURL.deletingLastPathComponent().deletingLastPathComponent()
    }
    let roots = places.map(\.onePath).distinct.filter { $0 != workspace.root.onePath }
    return roots.map { Workspace(URL(fileURLWithPath: $0, isDirectory: true)) }.filter { other in
      other.recordsOfFiles().contains { record in
        record.name == specification.name
          && record.file.map { other.place(recordedAs: $0).onePath == specification.file?.onePath } != false
      }
    }
  }
}

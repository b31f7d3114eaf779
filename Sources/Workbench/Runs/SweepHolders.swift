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
    self.init(workspace, training: workspace.runs(of: experiment))
  }

  /// Those of whom the locks of these runs tell.
  init(_ workspace: Workspace, training runs: [String]) {
    workers = runs.compactMap { name in
      guard let probe = try? RunLock.probe(workspace.runDirectory(named: name)), probe.isHeld else { return nil }
      return probe.holder
    }
  }

  /// How to end them, a line for each machine, this one first; nil where neither a sweep of this one nor another trains.
  package var words: String? {
    let lines = [here(workers.filter(\.isHere))].compactMap(\.self) + elsewhere.map(told)
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  /// The same of an experiment, also where its file calls it otherwise than when its runs were begun.
  package static func words(of specification: Specification, in workspace: Workspace) -> String? {
    if let words = SweepHolders(workspace, of: specification.name).words { return words }
    guard let file = specification.file else { return nil }
    let former = workspace.recordsOfFiles().filter { record in
      record.name != specification.name && record.file.map { workspace.place(recordedAs: $0).onePath } == file.onePath
    }
    let lines = former.map(\.name).distinct.compactMap { name in
      SweepHolders(workspace, of: name).words.map { words in
        "\(file.lastPathComponent) called it \(name) when this was begun, and jobs of a cluster are ended under that name"
          + " only: \(words)"
      }
    }
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  /// Those of other machines, by their names.
  private var elsewhere: [(host: String, workers: [LockHolder])] {
    Dictionary(grouping: workers.filter { !$0.isHere }, by: \.host).sorted { $0.key < $1.key }
      .map { (host: $0.key, workers: $0.value) }
  }

  /// The sweeps that have started them, as far as that is known, by machine; nil: this one.
  ///
  /// - Parameter others: further processes of this machine that are sweeps.
  func sweeps(and others: [Int]) -> [(machine: String?, ending: SweepEnding)] {
    let own = workers.filter(\.isHere).compactMap(\.parentHere).filter(LockHolder.isSweep) + others
    var found: [(machine: String?, ending: SweepEnding)] = []
    if let ending = SweepEnding(sweeps: own, stopped: own.filter(LockHolder.isStopped)) { found.append((nil, ending)) }
    for (host, workers) in elsewhere {
      if let ending = SweepEnding(elsewhere: workers) { found.append((host, ending)) }
    }
    return found
  }

  private func here(_ workers: [LockHolder]) -> String? {
    SweepEnding(workers).map { ending in
      "\(Self.trained(workers)) on this machine, by \(ending.processes): \(ending.words). \(Self.goingOn)"
        + Self.stopped(workers.filter(\.isStoppedHere))
    }
  }

  /// Nobody reaches another machine's processes from here: it is said what to type there.
  private func told(_ host: String, _ workers: [LockHolder]) -> String {
    let trained = "\(Self.trained(workers)) on \(host)"
    if let ending = SweepEnding(elsewhere: workers) {
      return "\(trained), by \(ending.processes) there: \(ending.words) there. \(Self.goingOn)"
    }
    let pids = workers.map { "\($0.pid)" }.joined(separator: ", ")
    return "\(trained), by the workers \(pids) there: type the same command there, or on a login node if they are a"
      + " cluster's jobs."
  }

  /// Workers that stand still, and cannot obey their sweep before they go on.
  private static func stopped(_ workers: [LockHolder]) -> String {
    let pids = workers.map { "\($0.pid)" }.joined(separator: " ")
    return workers.isEmpty ? "" : " A worker that stands still must go on for that: `kill -CONT \(pids)`."
  }

  private static func trained(_ workers: [LockHolder]) -> String {
    "\(Quantity.of(workers.count, "run")) of it \(workers.count == 1 ? "is" : "are") trained"
  }

  private static let goingOn = "What is saved stays, and the same `safnet run` goes on from there."

  /// The same of the sweeps in other workspaces, where none is in this one; else how one is named.
  package static func wordsElsewhere(of specification: Specification, besides workspace: Workspace) -> String {
    let here =
      "Nothing of \(specification.name) is trained from \(workspace.root.path) on this machine, and no job of it was handed in"
    let found = others(of: specification, besides: workspace).compactMap { other in
      words(of: specification, in: other).map { "From the workspace \(other.root.path): \($0)" }
    }
    if found.isEmpty, let stopped = stoppedWords(of: specification) { return "\(here) from there. \(stopped)" }
    // Before its first run, between two and once its folders are gone no lock tells of a sweep.
    let atWork = specification.file.map { processes(of: $0, in: workspace) } ?? []
    if found.isEmpty, let ending = SweepEnding(sweeps: atWork, stopped: []) {
      return "A `safnet run` of \(specification.name) is at work on this machine and trains nothing at this moment,"
        + " \(ending.processes): \(ending.words). \(goingOn)"
    }
    return found.isEmpty
      ? "\(here) from there. A sweep in another workspace is named by --workspace; one on another machine is ended there."
      : "\(here) from there.\n" + found.joined(separator: "\n")
  }

  /// Of the experiment's sweeps on this machine that are stopped, as Ctrl-Z does; nil where none is. Between two runs no lock tells
  /// of one.
  static func stoppedWords(of specification: Specification) -> String? {
    guard let file = specification.file else { return nil }
    let stopped = processes(of: file).map(\.identifier).filter(LockHolder.isStopped)
    return SweepEnding(sweeps: stopped, stopped: stopped).map { ending in
      "A `safnet run` of it stands still, \(ending.processes): what it has started goes on, and nothing else is started. `kill -CONT"
        + " \(stopped.map(String.init).joined(separator: " "))` lets it go on; to end it \(ending.words)."
    }
  }

  /// Processes of this machine that are a `safnet run` of that file.
  private static func processes(of file: URL) -> [ProcessTable.Entry] {
    let path = file.onePath
    return ProcessTable.entries().filter { process in
      process.words.first.map(isProgram) == true && process.words.dropFirst().first == "run"
        && process.words.dropFirst(2).contains { word in
          URL(fileURLWithPath: word, relativeTo: process.folder).onePath == path
        }
    }
  }

  /// Those of them that train in this workspace, or are about to.
  static func processes(of file: URL, in workspace: Workspace) -> [Int] {
    processes(of: file).filter { process in
      guard let folder = process.folder, !process.words.contains("--dry-run") else { return false }
      let given = RunBeginning(process.words).values(of: "--workspace").last ?? "Workspace"
      return URL(fileURLWithPath: given, isDirectory: true, relativeTo: folder).onePath == workspace.root.onePath
    }.map(\.identifier)
  }

  /// Of a process's first word, whether it is this program: others have a command `run` too.
  private static func isProgram(_ word: String) -> Bool {
    URL(fileURLWithPath: word).lastPathComponent.contains("safnet")
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
        guard let file = record.file else { return record.name == specification.name }
        return other.place(recordedAs: file).onePath == specification.file?.onePath
      }
    }
  }
}

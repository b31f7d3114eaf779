import Experiments
import Foundation
import Store
import System
import Text
import Volumes

/// Whether the workspace of a sweep is the one that is meant, and the experiment's name its own.
extension SweepSession {
  /// From another working directory everything would be trained anew, in a workspace of its own.
  ///
  /// - Throws: `RunsElsewhere` where nobody named this workspace, no run of the experiment is in it and another near has some.
  func lookForAnotherWorkspace() throws {
    if workspace.hasLostRuns { return console.error("warning: \(workspace.absence)") }
    guard let elsewhere = RunsElsewhere(specification, besides: workspace) else { return }
    try checkPath()
    guard settings.isWorkspaceAsked || hasUnknownRuns else { throw elsewhere }
    console.error("notice: \(elsewhere.pointing)")
  }

  /// What is wrong with the dataset's path is no matter of the workspace, and said first. A phantom may be made yet.
  private func checkPath() throws {
    let isThere = FileManager.default.fileExists(atPath: specification.datasetRoot.path)
    if specification.dataset.phantom == nil || isThere { _ = try specification.openDataset() }
  }

  /// Runs do not belong among images: other programs read what lies there, and a copy of the dataset would take them along.
  ///
  /// - Throws: `UsageError.workspaceInDataset` among images, `.workspaceInRuns` among runs, where no run was begun yet.
  func lookAround() throws {
    if let outer = workspace.outer, !workspace.exists {
      throw UsageError.workspaceInRuns(workspace: workspace.root.relativePath, outer: outer.root.path)
    }
    guard let place = DatasetPlace(of: workspace.root) else { return }
    let (here, outside) = (
      workspace.root.path, place.dataset.deletingLastPathComponent().appending(path: "Workspace").path
    )
    if workspace.exists {
      guard place.isAmongImages else { return }
      return console.error(
        "warning: the workspace \(here) lies among the images of the dataset \(place.dataset.path), for which other programs take"
          + " its files; once nothing is trained, move runs, cache, splits and what else safnet has written there to"
          + " \(ShellWord.quoted(outside)), and give --workspace \(ShellWord.quoted(outside))")
    }
    if place.isAmongImages {
      throw UsageError.workspaceInDataset(workspace: workspace.root.relativePath, dataset: place.dataset)
    }
    console.error(
      "warning: the workspace \(here) lies in the folder of the dataset \(place.dataset.path), and goes wherever that is copied;"
        + " to keep runs apart from it, stop here and give --workspace \(ShellWord.quoted(outside))")
  }

  /// The experiment's own record, which this sweep writes anew.
  ///
  /// - Throws: `UnreadableRecords` where a folder stands in its place.
  func tellOfLostRecord() throws {
    if let blocked = workspace.unreadableRecords?.blocked(specification.name) {
      guard settings.dryRun else { throw blocked }
      return console.error("notice: \(blocked.warning)")
    }
    if let words = workspace.unreadableRecords?.mending(specification.name) { console.error("notice: \(words)") }
  }

  func tellOfNamesakes() {
    guard let record = workspace.experimentRecords().first(where: { $0.name == specification.name }),
      let words = Namesakes(of: record, in: workspace, besides: [specification.file].compactMap(\.self)).words(
        in: workspace)
    else { return }
    console.error("warning: \(words)")
  }

  /// Whether there are runs of which no record tells whose they are: some may be this experiment's.
  private var hasUnknownRuns: Bool {
    guard let names = try? workspace.runNames() else { return false }
    let claims = RunClaims(of: workspace)
    return names.contains { claims.variant(of: $0) == nil }
  }
}

/// A sweep would begin an experiment anew that was begun in another workspace.
package struct RunsElsewhere: Error, Equatable, CustomStringConvertible {
  package var experiment: String
  /// As it was given.
  package var workspace: String
  package var other: String
  /// That the other has.
  package var runs: Int
  /// What would be done in this one.
  package var deed = "train all of them anew"

  /// Nil where this one has runs of the experiment, or no other near has. Those of another file that has its name are not.
  init?(_ specification: Specification, besides workspace: Workspace) {
    guard workspace.runs(of: specification.name).isEmpty,
      let other = workspace.nearest(of: specification.name, beside: specification.file)
        ?? Self.besideDataset(of: specification, workspace),
      let record = other.experimentRecords().first(where: { $0.name == specification.name })
    else { return nil }
    let namesakes = Namesakes(of: record, in: other, besides: [specification.file].compactMap(\.self))
    let last = record.file.flatMap(other.file)
    let isOfOthers = namesakes.others.contains { $0.file == last }
    let own = isOfOthers ? other.own(specification, record) : other.runs(of: specification.name)
    // Where this one's record was lost or damaged, its runs are there all the same.
    guard !own.isEmpty, workspace.planned(specification).isEmpty, !workspace.hasUnrecorded(of: specification) else {
      return nil
    }
    experiment = specification.name
    (self.workspace, self.other) = (workspace.root.relativePath, other.root.path)
    runs = own.count
  }

  /// A copy of the file in another folder still names the dataset, beside which the first workspace may be. What is there and
  /// is no dataset says nothing, and is refused in its own words.
  private static func besideDataset(of specification: Specification, _ workspace: Workspace) -> Workspace? {
    let root = specification.datasetRoot
    guard let found = workspace.nearest(of: specification.name, beside: root) else { return nil }
    let isMark = !FileManager.default.fileExists(atPath: root.path) || (try? specification.openDataset()) != nil
    return isMark ? found : nil
  }

  /// For those who train nothing here.
  var pointing: String { "\(finding). \(goingOn)" }

  private var finding: String {
    "no run of \(experiment) was begun in \(workspace) yet, and \(other) has \(Quantity.of(runs, "run")) of it"
  }

  private var goingOn: String { "`--workspace \(ShellWord.quoted(other))` goes on there." }

  package var description: String {
    "\(finding). \(goingOn) To \(deed), give `--workspace \(ShellWord.quoted(workspace))`; nothing was done."
  }
}

extension Workspace {
  /// The workspace among whose runs this one would lie; nil: it lies in none.
  fileprivate var outer: Workspace? {
    var place = root.absoluteURL.standardizedFileURL
    while place.pathComponents.count > 2 {
      let other = Workspace(place.deletingLastPathComponent())
      if other.runsFolder.onePath == place.onePath, other.exists { return other }
      place.deleteLastPathComponent()
    }
    return nil
  }

  /// Runs that are there and that a file asked for, or asks for as it says now, though the record is of another that has its name.
  fileprivate func own(_ specification: Specification, _ record: ExperimentRecord) -> [String] {
    let asked = record.files.filter { specification.file?.onePath == place(recordedAs: $0.file).onePath }.flatMap(
      \.runs)
    return Set(asked).intersection((try? runNames()) ?? []).union(planned(specification)).sorted()
  }

  /// Whether a run that no record names was begun by the experiment's file, whatever that asked for then.
  fileprivate func hasUnrecorded(of specification: Specification) -> Bool {
    let claims = RunClaims(of: self)
    let unknown = ((try? runNames()) ?? []).filter { claims.variant(of: $0) == nil }
    return filesBeginning(unknown).contains { path in
      let file = URL(fileURLWithPath: path)
      guard let known = try? Specification.load(file) else {
        // Its path counts from where the command was given.
        return file.lastPathComponent == specification.file?.lastPathComponent
      }
      return known.name == specification.name
    }
  }

  /// Runs that are there and that the experiment asks for as it says now, whatever the records tell.
  fileprivate func planned(_ specification: Specification) -> Set<String> {
    guard let names = try? runNames(), !names.isEmpty else { return [] }
    let known = try? KnownExperiment(specification, in: self, workers: Machine.current().cores)
    return Set((known?.runs ?? []).map(\.directoryName)).intersection(names)
  }
}

import Experiments
import Foundation
import Store
import System
import Text

/// Other files whose experiments have the name of one, as far as a workspace knows them.
struct Namesakes {
  struct Other {
    let file: URL
    /// What it says now; nil where it has mistakes.
    let specification: Specification?
    /// That it asked for when `safnet run` was last given it.
    let runs: [String]
  }

  /// Those that are still there and still have the name.
  let others: [Other]
  private let name: String

  /// - Parameters:
  ///   - workspace: the record's.
  ///   - own: the files that are meant.
  init(of record: ExperimentRecord, in workspace: Workspace, besides own: [URL]) {
    let own = Set(own.map(\.onePath))
    name = record.name
    others = record.files.compactMap { path, runs in
      guard let file = workspace.file(recordedAs: path), !own.contains(file.onePath) else { return nil }
      let specification = try? Specification.load(file)
      guard specification.map({ $0.name == record.name }) != false else { return nil }
      return Other(file: file, specification: specification, runs: runs)
    }
  }

  /// The runs that they ask for. Where it cannot be told what one asks for now: those that it did ask for.
  func claimed(in workspace: Workspace) -> Set<String> {
    others.reduce(into: []) { claimed, other in
      let known = other.specification.flatMap {
        try? KnownExperiment($0, in: workspace, workers: Machine.current().cores)
      }
      claimed.formUnion(known.flatMap { $0.unplanned.isEmpty ? $0.runs.map(\.directoryName) : nil } ?? other.runs)
    }
  }

  /// That they are there, and what comes of it; nil where there are none.
  func words(in workspace: Workspace) -> String? {
    guard let other = others.first else { return nil }
    let begun = Set((try? workspace.runNames()) ?? [])
    let count = Set(others.flatMap(\.runs)).intersection(begun).count
    let more = others.count > 1 ? " and of \(others.count - 1) more" : ""
    return
      "the name \(name) is that of \(other.file.path)\(more), too, of which \(workspace.root.path) holds"
      + " \(Quantity.of(count, "run")): one report would take the other's place, and lists show the runs of one as earlier ones"
      + " of the other. Write another \"name\" into one of the files, or give each a --workspace of its own"
  }
}

extension Workspace {
  /// One record for each file that has the experiment's name and is still there, the record's own first: what the others
  /// asked for is theirs, and no earlier run of it.
  func split(_ record: ExperimentRecord) -> [ExperimentRecord] {
    guard record.earlier?.contains(where: { $0.file != nil }) == true else { return [record] }
    let own = [record.file].compactMap { $0.map(place) }
    let others = Set(Namesakes(of: record, in: self, besides: own).others.map(\.file.onePath))
    func namesake(_ variant: ExperimentRecord.Variant) -> String? {
      variant.file.flatMap { others.contains(place(recordedAs: $0).onePath) ? $0 : nil }
    }
    var (first, further) = (record, [ExperimentRecord]())
    let earlier = record.earlier?.filter { namesake($0) == nil } ?? []
    first.earlier = earlier.isEmpty ? nil : earlier
    for variant in record.earlier ?? [] {
      guard let file = namesake(variant) else { continue }
      let place = further.firstIndex { $0.file == file } ?? further.endIndex
      if place == further.endIndex { further.append(ExperimentRecord(name: record.name, variants: [], file: file)) }
      further[place].variants.append(.init(name: variant.name, runs: variant.runs))
    }
    return [first] + further
  }

  /// The records of all experiments, one for each file.
  func recordsOfFiles() -> [ExperimentRecord] { experimentRecords().flatMap(split) }

  /// An experiment's file as a record of this workspace names it.
  func recorded(_ file: URL) -> String { file.path(from: root.absoluteURL) }

  /// The other way round; nil where nothing lies there any more.
  func file(recordedAs path: String) -> URL? {
    let file = place(recordedAs: path)
    return FileManager.default.fileExists(atPath: file.path) ? file : nil
  }
}

extension Workspace {
  /// Where the record has it, be it there or not.
  func place(recordedAs path: String) -> URL {
    URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: root.onePath, isDirectory: true)).standardizedFileURL
  }
}

extension URL {
  /// One path for one file, through whatever links it was given.
  var onePath: String { absoluteURL.resolvingSymlinksInPath().standardizedFileURL.path }
}

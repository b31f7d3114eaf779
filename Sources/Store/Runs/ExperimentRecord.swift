import Foundation
import System

/// Which runs an experiment asked for when `safnet run` was last given it: `experiments/NAME.json` in the workspace.
///
/// A plan does not know whose it is: variants have names in an experiment only. Whoever lists runs reads it here. Nothing
/// that is trained depends on it, and it may be deleted; the next `safnet run` writes it anew.
package struct ExperimentRecord: Codable, Equatable, Sendable {
  package struct Variant: Codable, Equatable, Sendable {
    package var name: String
    /// Names of run directories, those that were not trained yet included.
    package var runs: [String]
    /// Of an earlier one: the file that asked for them, where it is another than the record's.
    package var file: String?

    package init(name: String, runs: [String], file: String? = nil) {
      (self.name, self.runs, self.file) = (name, runs, file)
    }
  }

  package var name: String
  /// The experiment's file, by its way from the workspace, which a copy of a whole project keeps; nil where it was written by a
  /// program that did not say.
  package var file: String?
  package var variants: [Variant]
  /// Runs that are there, and that an experiment of this name asked for before: its file was edited since, or another one
  /// has taken its name. Nobody asks for them any more; nil: there are none.
  package var earlier: [Variant]?

  package init(name: String, variants: [Variant], file: String? = nil) {
    (self.name, self.variants, self.file) = (name, variants, file)
  }

  /// Takes over what the record before this one knew of runs that this one does not ask for.
  ///
  /// - Parameter isThere: whether a run of that name was begun.
  package mutating func remember(_ before: ExperimentRecord, where isThere: (String) -> Bool) {
    let asked = Set(variants.flatMap(\.runs))
    var former: [Variant] = []
    for variant in before.variants + (before.earlier ?? []) {
      let left = variant.runs.filter { !asked.contains($0) && isThere($0) }
      guard !left.isEmpty else { continue }
      let asker = variant.file ?? before.file
      let owner = asker == file ? nil : asker
      let place = former.firstIndex { $0.name == variant.name && $0.file == owner } ?? former.endIndex
      if place == former.endIndex { former.append(Variant(name: variant.name, runs: [], file: owner)) }
      former[place].runs += left.filter { !former[place].runs.contains($0) }
    }
    earlier = former.isEmpty ? nil : former
  }

  /// The files that have asked for runs of this name, each with these; what no file is known of is left out.
  package var files: [(file: String, runs: [String])] {
    let all =
      variants.map { (file, $0.runs) } + (earlier ?? []).map { ($0.file ?? file, $0.runs) }
    var found: [(file: String, runs: [String])] = []
    for case (let file?, let runs) in all {
      let place = found.firstIndex { $0.file == file } ?? found.endIndex
      if place == found.endIndex { found.append((file, [])) }
      found[place].runs += runs
    }
    return found
  }
}

extension Workspace {
  var experimentsFolder: URL { root.appending(path: "experiments", directoryHint: .isDirectory) }

  /// Leaves the file as it is where it says the same.
  package func write(_ record: ExperimentRecord) throws {
    try Folder.create(experimentsFolder)
    let file = experimentsFolder.appending(path: record.name + ".json")
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(record) + Data("\n".utf8)
    if (try? Descriptor.contents(of: file)) == data { return }
    try AtomicFile.write(data, to: file)
  }

  /// When one of them was written last, in nanoseconds; nil where there is none.
  package var experimentRecordsTime: Int64? { Folder.time(of: experimentsFolder) }

  /// By name. One that cannot be read tells nothing.
  package func experimentRecords() -> [ExperimentRecord] {
    ((try? recordFiles()) ?? []).compactMap(Self.record)
  }

  func recordFiles() throws(SystemError) -> [URL] {
    try Folder.names(in: experimentsFolder).filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }
      .map { experimentsFolder.appending(path: $0) }
  }

  /// Nil where it cannot be read.
  static func record(_ file: URL) -> ExperimentRecord? {
    guard let data = try? Descriptor.contents(of: file, limit: longestRecord) else { return nil }
    return try? JSONDecoder().decode(ExperimentRecord.self, from: data)
  }

  /// Bytes; a hundred thousand runs are a twentieth.
  private static let longestRecord = 100 << 20
}

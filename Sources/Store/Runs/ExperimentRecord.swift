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

    package init(name: String, runs: [String]) { (self.name, self.runs) = (name, runs) }
  }

  package var name: String
  package var variants: [Variant]
  /// Runs that are there, and that an experiment of this name asked for before: its file was edited since, or another one
  /// has taken its name. Nobody asks for them any more; nil: there are none.
  package var earlier: [Variant]?

  package init(name: String, variants: [Variant]) { (self.name, self.variants) = (name, variants) }

  /// Takes over what the record before this one knew of runs that this one does not ask for.
  ///
  /// - Parameter isThere: whether a run of that name was begun.
  package mutating func remember(_ before: ExperimentRecord, where isThere: (String) -> Bool) {
    let asked = Set(variants.flatMap(\.runs))
    var (order, runs) = ([String](), [String: [String]]())
    for variant in before.variants + (before.earlier ?? []) {
      let left = variant.runs.filter { !asked.contains($0) && isThere($0) }
      guard !left.isEmpty else { continue }
      if runs[variant.name] == nil { order.append(variant.name) }
      runs[variant.name, default: []] += left.filter { runs[variant.name]?.contains($0) != true }
    }
    earlier = order.isEmpty ? nil : order.map { Variant(name: $0, runs: runs[$0] ?? []) }
  }
}

extension Workspace {
  private var experimentsFolder: URL { root.appending(path: "experiments", directoryHint: .isDirectory) }

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
    let names = (try? Folder.names(in: experimentsFolder)) ?? []
    return names.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.compactMap { name in
      guard let data = try? Descriptor.contents(of: experimentsFolder.appending(path: name), limit: Self.longestRecord)
      else { return nil }
      return try? JSONDecoder().decode(ExperimentRecord.self, from: data)
    }
  }

  /// Bytes; a hundred thousand runs are a twentieth.
  private static let longestRecord = 100 << 20
}

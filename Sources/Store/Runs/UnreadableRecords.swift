import Foundation
import System

/// Records of experiments that are there and cannot be read: nobody knows which runs those ask for.
package struct UnreadableRecords: Error, Equatable, CustomStringConvertible {
  /// The records, or their folder where that itself may not be looked into.
  package let files: [String]

  /// For whoever has to know what is asked for.
  package var description: String {
    "which runs are asked for is not known: \(finding). \(way)Give `safnet run` with \(owner) again, which writes \(them)"
      + " anew; single runs are removed by their names, which `safnet runs list` shows."
  }

  /// For whoever only looks.
  package var warning: String {
    "\(finding), so that the runs of \(owner) are not known as such" + (way.isEmpty ? "; " : ". \(way)Then ")
      + "`safnet run` with \(owner) writes \(them) anew"
  }

  /// Of a folder in the place of this experiment's record, which nothing is written over; nil where none stands there.
  package func blocked(_ experiment: String) -> UnreadableRecords? {
    let own = folders.filter { URL(fileURLWithPath: $0).lastPathComponent == experiment + ".json" }
    return own.isEmpty ? nil : UnreadableRecords(files: own)
  }

  /// For whoever runs the experiment; nil where the record of this name is none of them.
  package func mending(_ experiment: String) -> String? {
    files.first { URL(fileURLWithPath: $0).lastPathComponent == experiment + ".json" }.map {
      "\($0), the workspace's record of this experiment, cannot be read; `safnet run` writes it anew"
    }
  }

  /// What comes before a record is written anew.
  private var way: String {
    folders.isEmpty ? "" : "Move \(folders.joined(separator: ", ")) to another place first: no folder is a record. "
  }

  private var folders: [String] { files.filter { $0.hasSuffix(".json") && Self.isFolder($0) } }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  private var finding: String {
    let records = files.count == 1 ? "record of an experiment" : "records of experiments"
    return "\(files.joined(separator: ", ")), the workspace's \(records), cannot be read"
  }

  private var them: String { files.count == 1 ? "it" : "them" }
  private var owner: String { files.count == 1 ? "that experiment" : "those experiments" }
}

extension Workspace {
  /// Nil where every record that is there can be read.
  package var unreadableRecords: UnreadableRecords? {
    guard exists else { return nil }
    let files: [URL]
    do throws(SystemError) {
      files = try recordFiles().filter { Self.record($0) == nil }
    } catch {
      files = error.code == ENOENT ? [] : [experimentsFolder]
    }
    return files.isEmpty ? nil : UnreadableRecords(files: files.map(\.path))
  }
}

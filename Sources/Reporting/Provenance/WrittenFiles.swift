import Crypto
import Experiments
import Foundation
import JSON
import System

/// `.safnet-report.json` in a report's folder: what each file held when `safnet report` wrote it. One that holds something else
/// was worked on since, and one that is not in the list is somebody else's.
package struct WrittenFiles: Codable, Equatable, Sendable {
  package static let name = ".safnet-report.json"

  /// Whose a file is that stands where one is to be written.
  package enum Owner: Equatable, Sendable {
    /// The report's, as it was written; or nothing is there, or what would be written.
    case report
    /// The report's, and changed since.
    case changed
    case somebodyElse
  }

  /// Bytes of a report's largest file.
  private static let largest = 1 << 30

  /// By name the SHA-256 of what the file held: while it is being replaced that of before and of after, and none where nobody
  /// knows yet what it will hold.
  private var files: [String: [String]] = [:]

  /// Of a folder that was begun by a program which kept no list: the tables that it made. What else is in no list may be such a
  /// program's. Nil where the list says all.
  private var earlier: [ReportPlan.Table]?

  /// What is known of a folder: by its list; without one, by the record of a report of an earlier program, and the RO-Crate's
  /// checksums beside it.
  package init(in folder: URL) {
    if let data = try? RegularFile.read(folder.appending(path: Self.name), limit: 1 << 24),
      let list = try? JSONDecoder().decode(Self.self, from: data)
    {
      self = list
    } else if let record = ReportRecord(in: folder) {
      earlier = record.options.tables
      files = ReportCrate.checksums(in: folder).mapValues { [$0] }
    }
  }

  /// Whose the file of this name is.
  ///
  /// - Parameter content: what would be written there; nil where that is not known yet.
  package func owner(of name: String, in folder: URL, replacedBy content: Data? = nil) -> Owner {
    let found: Data
    do throws(RegularFile.Refusal) {
      found = try RegularFile.read(folder.appending(path: name), limit: Self.largest)
    } catch .system(code: ENOENT), .system(code: ENOTDIR) {
      return .report
    } catch {
      return files[name] == nil && !isOfEarlierProgram(name) ? .somebodyElse : .changed
    }
    if found == content { return .report }
    guard let sums = files[name] else { return isOfEarlierProgram(name) ? .report : .somebodyElse }
    return sums.isEmpty || sums.contains(SHA256.hash(data: found).hex) ? .report : .changed
  }

  /// Tables stand in the record; of the other files an earlier program told nothing.
  private func isOfEarlierProgram(_ name: String) -> Bool {
    guard let earlier else { return false }
    let table = ReportPlan.Table.allCases.first { ["\($0.rawValue).csv", "\($0.rawValue).tex"].contains(name) }
    return table.map(earlier.contains) ?? true
  }

  /// Before anything is written: whoever is killed in between leaves files that are known all the same.
  ///
  /// - Parameter others: files of which it is not known yet what they will hold.
  package mutating func announce(_ contents: [String: Data], and others: [String], in folder: URL) throws(SystemError) {
    for (name, data) in contents { files[name, default: []].append(SHA256.hash(data: data).hex) }
    for name in others { files[name] = [] }
    try write(to: folder)
  }

  /// When all is written: what the files hold; those that are not there are forgotten.
  package mutating func settle(_ names: [String], in folder: URL) throws(SystemError) {
    for name in names {
      let data = try? RegularFile.read(folder.appending(path: name), limit: Self.largest)
      files[name] = data.map { [SHA256.hash(data: $0).hex] }
    }
    files = files.filter { FileManager.default.fileExists(atPath: folder.appending(path: $0.key).path) }
    try write(to: folder)
  }

  /// The files that a report wrote and that are not in its folder any more, by name.
  package func gone(from folder: URL) -> [String] {
    files.keys.filter { !FileManager.default.fileExists(atPath: folder.appending(path: $0).path) }.sorted()
  }

  /// Those in whose place a folder stands.
  func covered(in folder: URL) -> [String] { files.keys.filter { Self.isFolder($0, in: folder) } }

  static func isFolder(_ name: String, in folder: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: folder.appending(path: name).path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  private func write(to folder: URL) throws(SystemError) {
    // Text only, which cannot fail.
    let data = ((try? IndentedJSON.data(self)) ?? Data()) + Data("\n".utf8)
    try AtomicFile.write(data, to: folder.appending(path: Self.name))
  }
}

extension ReportCrate {
  /// The SHA-256 of each file as the crate in a folder has it; nothing where there is none.
  static func checksums(in folder: URL) -> [String: String] {
    guard let data = try? RegularFile.read(folder.appending(path: name), limit: 1 << 28),
      let crate = try? JSONDecoder().decode(Described.self, from: data)
    else { return [:] }
    return Dictionary(crate.graph.compactMap { one in one.sha256.map { (one.id, $0) } }) { first, _ in first }
  }

  private struct Described: Decodable {
    struct Entity: Decodable {
      var id: String
      var sha256: String?
      enum CodingKeys: String, CodingKey {
        case id = "@id"
        case sha256
      }
    }
    var graph: [Entity]
    enum CodingKeys: String, CodingKey { case graph = "@graph" }
  }
}

import Foundation
import Text

extension BIDSFolder {
  /// Whether a folder holds subjects as BIDS has them.
  static func isOne(_ root: URL) -> Bool {
    [root, root.appendingPathComponent("rawdata")].contains { folder in
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      return names.contains { $0.hasPrefix("sub-") && VolumeList.isFolder(folder.appendingPathComponent($0)) }
    }
  }

  /// The names that tables give the masks' numbers: `dseg.tsv` and `*_dseg.tsv`, with the columns index and name.
  ///
  /// All tables of its derivatives make one list; nil where there is none. Rows of 0, and those that are called background,
  /// name no structure.
  ///
  /// Source: Brain Imaging Data Structure 1.10, "Common image-derived labels".
  func labels() throws(DatasetErrors) -> LabelMap? {
    guard let all = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) else { return nil }
    let tables = all.compactMap { $0 as? URL }.filter { file in
      let name = file.lastPathComponent
      return isDerived(file) && !name.hasPrefix(".") && (name == "dseg.tsv" || name.hasSuffix("_dseg.tsv"))
    }.sorted { $0.path < $1.path }
    guard let first = tables.first else { return nil }
    var names = NumberNames()
    for table in tables { names.read(table) }
    let map = LabelMap(
      structures: names.known.sorted { $0.key < $1.key }.map { LabelMap.Structure(name: $1.name, value: $0) })
    if names.problems.isEmpty {
      names.problems = map.problems.map { .badMetadata(file: first.path, field: "name", reason: $0) }
    }
    guard names.problems.isEmpty else { throw DatasetErrors(names.problems) }
    return map
  }
}

/// Numbers of masks and what tables call them.
private struct NumberNames {
  private(set) var known: [Int: (name: String, place: String)] = [:]
  var problems: [DatasetProblem] = []

  mutating func read(_ file: URL) {
    do throws(DatasetProblem) {
      let table: DelimitedText
      do throws(DelimitedText.Refusal) {
        table = try DelimitedText(try content(of: file), wanted: ["index", "name"])
      } catch {
        throw .badManifest(file: file.path, line: error.line, reason: error.reason)
      }
      let head = table.rows.first?.fields.map { $0.lowercased() } ?? []
      guard let index = head.firstIndex(of: "index"), let name = head.firstIndex(of: "name") else {
        throw .badManifest(
          file: file.path, line: table.rows.first?.line ?? 1,
          reason: "needs the columns \"index\" and \"name\"; name them there, with tabs between")
      }
      for row in table.rows.dropFirst() {
        guard row.fields.count == head.count, let number = Int(row.fields[index]), number >= 0 else {
          throw .badManifest(
            file: file.path, line: row.line,
            reason:
              "is no row of \(Quantity.of(head.count, "field")) whose index is a whole number from 0 on; correct it")
        }
        try add(number, row.fields[name], file, row.line)
      }
    } catch {
      problems.append(error)
    }
  }

  private func content(of file: URL) throws(DelimitedText.Refusal) -> Data {
    do { return try VolumeFolder.content(of: file) } catch { throw .init(line: 1, reason: "\(error)") }
  }

  private mutating func add(_ number: Int, _ name: String, _ file: URL, _ line: Int) throws(DatasetProblem) {
    guard number != 0, !["background", "ignore", "n/a", ""].contains(name.lowercased()) else { return }
    if let other = known[number], other.name != name {
      throw .badManifest(
        file: file.path, line: line,
        reason: "calls \(number) \"\(name)\", which is \"\(other.name)\" in \(other.place); correct one"
      )
    }
    known[number] = (name, file.path)
  }
}

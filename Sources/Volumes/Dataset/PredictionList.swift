import Foundation

/// Which label map is of which case: a table with the columns file, case and, where it is known, fold.
///
/// A file is a path from the table's own folder or from the folder of the maps, or a name in it.
package enum PredictionList {
  package struct Row: Equatable, Sendable {
    package var line: Int
    package var file: String
    package var name: String
    /// The experiment's fold whose network made the map; nil where it is not told.
    package var fold: Int?
  }

  /// Why a file is no such table.
  package struct Refusal: Error, Equatable, Sendable {
    /// Nil where the file cannot be read, which the reason names then.
    package var line: Int?
    package var reason: String
  }

  package static func read(_ file: URL) throws -> [Row] {
    let data: Data
    do { data = try VolumeFolder.content(of: file) } catch { throw Refusal(line: nil, reason: "\(error)") }
    let table: DelimitedText
    do { table = try DelimitedText(data, wanted: ["file", "case"], named: file.lastPathComponent) } catch {
      throw Refusal(line: error.line, reason: error.reason)
    }
    let head = (table.rows.first?.fields ?? []).map { $0.lowercased() }
    for wanted in ["file", "case", "fold"]
    where head.count(where: { $0 == wanted }) > 1 || (wanted != "fold" && !head.contains(wanted)) {
      throw Refusal(
        line: 1, reason: "needs one column named \"\(wanted)\"; its columns are \(head.joined(separator: ", "))")
    }
    if let other = head.first(where: { !["file", "case", "fold"].contains($0) }) {
      throw Refusal(line: 1, reason: "has a column \"\(other)\"; the columns are file, case and fold")
    }
    return try table.rows.dropFirst().map { try row($0, head) }
  }

  private static func row(_ row: DelimitedText.Row, _ head: [String]) throws(Refusal) -> Row {
    guard row.fields.count == head.count else {
      throw Refusal(line: row.line, reason: "\(row.fields.count) fields where \(head.count) are named")
    }
    func field(_ name: String) -> String { head.firstIndex(of: name).map { row.fields[$0] } ?? "" }
    guard !field("file").isEmpty, !field("case").isEmpty else {
      throw Refusal(line: row.line, reason: "a file and a case are needed")
    }
    let fold = Int(field("fold"))
    guard fold != nil || field("fold").isEmpty else {
      throw Refusal(line: row.line, reason: "\"\(field("fold"))\" is no fold's number")
    }
    return Row(line: row.line, file: field("file"), name: field("case"), fold: fold)
  }
}

import Foundation
import System

/// A table of cases: a CSV file whose first line names the columns case, image, label and, if wanted, patient.
/// Paths are relative to the file's folder.
package enum Manifest {
  static func read(_ file: URL, problems: inout [DatasetProblem]) -> [DatasetCase] {
    let text: String
    do { text = String(decoding: try VolumeFolder.content(of: file), as: UTF8.self) } catch {
      problems.append(error)
      return []
    }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(fields)
    let columns = lines[0].map { $0.lowercased() }
    for wanted in ["case", "image", "label"] where columns.count(where: { $0 == wanted }) != 1 {
      problems.append(.badManifest(file: file.path, line: 1, reason: "needs one column named \"\(wanted)\""))
    }
    guard problems.isEmpty else { return [] }
    var cases: [String: DatasetCase] = [:]
    for (number, line) in lines.enumerated().dropFirst() where line != [""] {
      do throws(Complaint) {
        let one = try readCase(line, columns: columns, in: file.deletingLastPathComponent())
        guard cases[one.name] == nil else { throw Complaint("case \(one.name) is given twice") }
        cases[one.name] = one
      } catch {
        problems.append(.badManifest(file: file.path, line: number + 1, reason: error.reason))
      }
    }
    return cases.values.sorted { naturallyPrecedes($0.name, $1.name) }
  }

  private struct Complaint: Error {
    var reason: String
    init(_ reason: String) { self.reason = reason }
  }

  private static func readCase(
    _ line: [String], columns: [String], in folder: URL
  ) throws(Complaint) -> DatasetCase {
    guard line.count == columns.count else { throw Complaint("\(line.count) fields where \(columns.count) are named") }
    func field(_ name: String) -> String { columns.firstIndex(of: name).map { line[$0] } ?? "" }
    let name = field("case")
    guard VolumeFolder.isGoodName(name) else {
      throw Complaint("\"\(name)\" cannot name a case; use letters, digits, and . _ - +")
    }
    let files = ["image", "label"].map { URL(fileURLWithPath: field($0), relativeTo: folder).absoluteURL }
    for file in files where !FileManager.default.fileExists(atPath: file.path) {
      throw Complaint("\(file.path) does not exist")
    }
    let patient = field("patient")
    return DatasetCase(name: name, image: files[0], label: files[1], patient: patient.isEmpty ? nil : patient)
  }

  /// Files below the manifest's folder by their path from there, so that both can be moved together; others in full.
  package static func write(_ cases: [DatasetCase], to file: URL) throws(CacheError) {
    let folder = file.standardizedFileURL.deletingLastPathComponent().path
    func path(_ file: URL) -> String {
      let full = file.standardizedFileURL.path
      return full.hasPrefix(folder + "/") ? String(full.dropFirst(folder.count + 1)) : full
    }
    let lines = cases.map { [$0.name, path($0.image), path($0.label), $0.patient ?? ""] }
    let text = ([["case", "image", "label", "patient"]] + lines)
      .map { $0.map(quoted).joined(separator: ",") + "\n" }.joined()
    do { try AtomicFile.write(Data(text.utf8), to: file) } catch {
      throw .cannotWrite(file: file.path, reason: error.reason)
    }
  }

  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { ",\"".contains($0) }) else { return field }
    return "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }

  /// Commas separate, double quotes protect, a doubled quote is one.
  static func fields(_ line: Substring) -> [String] {
    var fields = [""]
    var quoted = false
    var previous: Character?
    for character in line {
      if character == "\"" {
        if !quoted && previous == "\"" { fields[fields.count - 1].append("\"") }
        quoted.toggle()
      } else if character == "," && !quoted {
        fields.append("")
      } else {
        fields[fields.count - 1].append(character)
      }
      previous = character
    }
    return fields.map { $0.trimmingCharacters(in: .whitespaces) }
  }
}

import Foundation
import System

/// A table of cases: a CSV file whose first line names the columns case, image, label and, if wanted, patient. Images of
/// several channels have a column for each, `image:T1`, `image:T2`, which also names it. Paths are relative to the file's
/// folder.
package enum Manifest {
  /// What a table holds, of the channels that are read.
  struct Content {
    var cases: [DatasetCase] = []
    var channels = [0]
    /// Empty where there is one column for images.
    var names: [String] = []
  }

  static func read(
    _ file: URL, _ choice: ChannelChoice, problems: inout [DatasetProblem], notices: inout [DatasetNotice]
  ) -> Content {
    let table: DelimitedText
    do {
      table = try DelimitedText(try VolumeFolder.content(of: file), wanted: Array(ManifestHead.columns.prefix(3)))
    } catch let refusal as DelimitedText.Refusal {
      problems.append(.badManifest(file: file.path, line: refusal.line, reason: refusal.reason))
      return Content()
    } catch {
      problems.append(error as? DatasetProblem ?? .unreadable(file: file.path, reason: "\(error)"))
      return Content()
    }
    let first = table.rows.first ?? .init(line: 1, fields: [])
    let head = ManifestHead(first.fields)
    var (flaws, numbers) = (head.flaws, [0])
    if flaws.isEmpty {
      switch head.numbers(of: choice) {
      case .success(let found): numbers = found
      case .failure(let refusal): flaws = [refusal.reason]
      }
    }
    problems += flaws.map { .badManifest(file: file.path, line: first.line, reason: $0) }
    guard problems.isEmpty else { return Content() }
    let others = head.names.filter(ManifestHead.isProperty)
    if !others.isEmpty { notices.append(.unusedColumns(file: file.path, names: others)) }
    let cases = readRows(table.rows.dropFirst(), columns: head.names, images: head.images(numbers), file, &problems)
    if head.names.contains("patient"), !cases.isEmpty, cases.allSatisfy({ $0.patient == nil }) {
      notices.append(.noPatients(file: file.path))
    }
    return Content(
      cases: cases, channels: numbers, names: head.channels.isEmpty ? [] : numbers.map { head.channels[$0] })
  }

  /// Whether a table's first line is about images and masks, by whatever names; a table that cannot be read may be.
  static func listsFiles(_ file: URL) -> Bool {
    guard let bytes = try? VolumeFolder.content(of: file) else { return true }
    guard !bytes.isEmpty else { return false }
    guard let table = try? DelimitedText(bytes, wanted: Array(ManifestHead.columns.prefix(3)))
    else { return true }
    return ManifestHead.namesFiles(table.rows.first?.fields ?? [])
  }

  private static func readRows(
    _ rows: ArraySlice<DelimitedText.Row>, columns: [String], images: [String], _ file: URL,
    _ problems: inout [DatasetProblem]
  ) -> [DatasetCase] {
    var (cases, lines): ([String: DatasetCase], [String: Int]) = ([:], [:])
    var complaints: [(line: Int, complaint: Complaint)] = []
    for row in rows {
      do throws(Complaint) {
        let one = try readCase(row, columns: columns, images: images, in: file.deletingLastPathComponent())
        if let first = lines[one.name] { throw Complaint(DelimitedText.twice(one.name, first: first)) }
        (cases[one.name], lines[one.name]) = (one, row.line)
      } catch {
        complaints.append((row.line, error))
      }
    }
    let absent = complaints.filter { !$0.complaint.files.isEmpty }
    let areMany = absent.count > separate
    problems += complaints.filter { !areMany || $0.complaint.files.isEmpty }.map {
      .badManifest(file: file.path, line: $0.line, reason: $0.complaint.reason)
    }
    if areMany {
      let files = absent.flatMap(\.complaint.files)
      let links = absent.compactMap(\.complaint.link)
      let remedy =
        links.count == absent.count
        ? DatasetProblem.remedy(of: links[0]) : "correct the paths, which begin in the table's folder unless with /"
      problems.append(
        .badManifest(
          file: file.path, line: 0,
          reason: "\(absent.count) lines name files that do not exist, line \(absent[0].line) the first:"
            + " \(DatasetNotice.shortList(files, of: "files"))\(DatasetProblem.slashes(files[0])); \(remedy), or take the lines out"
        ))
    }
    return cases.values.sorted { naturallyPrecedes($0.name, $1.name) }
  }

  private static func trimmed(_ field: String) -> String { field.trimmingCharacters(in: .whitespaces) }

  /// So many lines with files that are not there are told one by one.
  private static let separate = 3

  private struct Complaint: Error {
    var reason: String
    /// Those that are not there.
    var files: [String]
    /// The first of them, where all are dead links.
    var link: DeadLink?
    init(_ reason: String, files: [String] = [], link: DeadLink? = nil) {
      (self.reason, self.files, self.link) = (reason, files, link)
    }
  }

  private static func readCase(
    _ row: DelimitedText.Row, columns: [String], images: [String], in folder: URL
  ) throws(Complaint) -> DatasetCase {
    let line = row.fields
    if let flaw = row.flaw(columns: columns) { throw Complaint(flaw) }
    func field(_ name: String) -> String { columns.firstIndex(of: name).map { line[$0] } ?? "" }
    let name = trimmed(field("case"))
    guard VolumeFolder.isGoodName(name) else {
      throw Complaint(
        name.isEmpty
          ? "column case: is empty; write a name for the case, or take the line out"
          : "column case: \"\(name)\" cannot name a case; use letters, digits, and . _ - +, beginning with a letter or digit"
      )
    }
    let files = try (images + ["label"]).map { column throws(Complaint) in
      guard !trimmed(field(column)).isEmpty else {
        throw Complaint(
          "column \(column): case \(name) has none; write the path of its \(column == "label" ? "mask" : "image"), or take the"
            + " line out")
      }
      func url(_ path: String) -> URL { URL(fileURLWithPath: path, relativeTo: folder).absoluteURL }
      // A path may begin with a blank; mostly a blank in quotes is padding.
      let exact = url(field(column))
      let file = FileManager.default.fileExists(atPath: exact.path) ? exact : url(trimmed(field(column)))
      if VolumeList.isFolder(file) {
        throw Complaint("column \(column): \(file.path) is a folder; write the path of the file in it that is meant")
      }
      return file
    }
    // Both at once: whoever mends one would come back for the other.
    let missing = zip(images + ["label"], files.map(\.path)).filter { !FileManager.default.fileExists(atPath: $1) }
    if !missing.isEmpty { throw absence(missing) }
    if let twin = zip(images, files).first(where: { RegularFile.areOne($1, files[images.count]) }) {
      throw Complaint(
        "columns \(twin.0) and label: \(twin.1.path == files[images.count].path ? "both are" : "both lead to") \(twin.1.path); write the"
          + " mask's own path")
    }
    let patient = trimmed(field("patient"))
    let others = zip(columns, line.map(trimmed)).filter {
      ManifestHead.isProperty($0) && !$1.isEmpty
    }
    var one = DatasetCase(
      name: name, image: files[0], label: files[images.count], patient: patient.isEmpty ? nil : patient,
      attributes: Dictionary(others.map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first }))
    one.further = Array(files[1..<images.count])
    one.line = row.line
    return one
  }

  /// Of files that are not there.
  ///
  /// - Parameter missing: each with its column before it.
  private static func absence(_ missing: [(String, String)]) -> Complaint {
    let (noun, verb, path) = missing.count == 1 ? ("column", "does", "path") : ("columns", "do", "paths")
    let files = missing.map(\.1)
    let links = files.map { DeadLink(at: URL(fileURLWithPath: $0)) }
    let shown = zip(files, links).map { file, link in
      link.map { "\(file): \($0.words(of: file))" } ?? file
    }
    let finding =
      links.allSatisfy { $0 == nil }
      ? "\(shown.joined(separator: " and ")) \(verb) not exist"
      : zip(shown, links).map { $1 == nil ? "\($0) does not exist" : $0 }.joined(separator: ", and ")
    let correction =
      "correct the \(path), which \(missing.count == 1 ? "begins" : "begin") in the table's folder unless with /"
    let link = links.contains(nil) ? nil : links[0]
    let remedy = link.map { DatasetProblem.remedy(of: $0) } ?? correction
    return Complaint(
      "\(noun) \(missing.map(\.0).joined(separator: " and ")): \(finding)"
        + "\(DatasetProblem.slashes(files[0])); \(remedy), or take the line out",
      files: shown, link: link)
  }

  /// Files below the manifest's folder by their path from there, so that both can be moved together; others in full. The column of
  /// patients is there where any is named.
  package static func write(_ cases: [DatasetCase], to file: URL) throws(CacheError) {
    let folder = file.standardizedFileURL.deletingLastPathComponent().path
    func path(_ file: URL) -> String {
      let full = file.standardizedFileURL.path
      return full.hasPrefix(folder + "/") ? String(full.dropFirst(folder.count + 1)) : full
    }
    let named = cases.contains { $0.patient != nil } ? 1 : 0
    let lines = cases.map {
      [$0.name, path($0.image), path($0.label)] + ($0.patient.map { [$0] } ?? Array(repeating: "", count: named))
    }
    let text = ([Array(ManifestHead.columns.prefix(3 + named))] + lines).map {
      $0.map(DelimitedText.quoted).joined(separator: ",") + "\n"
    }
    .joined()
    do { try AtomicFile.write(Data(text.utf8), to: file) } catch {
      throw .cannotWrite(file: file.path, reason: error.reason, advice: error.advice)
    }
  }
}

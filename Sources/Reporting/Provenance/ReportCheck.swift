import Foundation
import Store
import System
import Text

/// Compares committed report files with the ones that the stored evaluations give now, cell by cell.
package enum ReportCheck {
  /// One sentence per difference between the tables and the record in a folder and this report's; empty when all agree.
  /// Files that were never written are not missed, except the record.
  package static func differences(in folder: URL, from report: Report, overlays: [Overlay] = []) -> [String] {
    let hasFigures = FileManager.default.fileExists(atPath: folder.appending(path: "learning-curves.svg").path)
    let formats: Set<ReportFiles.Format> = [.markdown, .csv, .latex, .json]
    let fresh = ReportFiles(
      report, formats: hasFigures ? formats.union([.figures]) : formats, overlays: overlays,
      experiment: ReportRecord(in: folder)?.experiment)
    let compared = fresh.contents.filter { !$0.key.hasSuffix(".svg") }
    let unread = unreadable(Set(compared.keys), in: folder)
    return unread.map(\.words)
      + compared.sorted { $0.key < $1.key }.flatMap { name, expected -> [String] in
        guard let found = try? Descriptor.contents(of: folder.appending(path: name)) else {
          return name == "report.json" && !unread.contains { $0.name == name } ? ["report.json is missing."] : []
        }
        guard found != expected else { return [] }
        if name.contains("cases") { return [cases(name, found, expected)] }
        return name == "report.json" ? records(found, expected) : lines(name, found, expected)
      }
  }

  /// Files that are there and tell nothing: folders in the place of one that is compared, or that the report wrote, and what
  /// may not be read.
  private static func unreadable(_ compared: Set<String>, in folder: URL) -> [(name: String, words: String)] {
    let covered = Set(WrittenFiles(in: folder).covered(in: folder))
    return compared.union(covered).sorted().compactMap { name -> (name: String, words: String)? in
      if WrittenFiles.isFolder(name, in: folder) {
        let remedy = "move it away, and the same command without --check writes the file"
        return (name, "\(name) is a folder, and a file of the report belongs there; \(remedy).")
      }
      do throws(SystemError) {
        _ = try Descriptor.contents(of: folder.appending(path: name), limit: 1)
        return nil
      } catch {
        guard error.code != ENOENT, error.code != ENOTDIR else { return nil }
        return (name, "\(name) cannot be read (\(error.reason.lowercased())), and is not compared; \(error.advice).")
      }
    }
  }

  /// One sentence for a file with a line for every score.
  private static func cases(_ name: String, _ found: Data, _ expected: Data) -> String {
    let (was, now) = (found.split(separator: UInt8(ascii: "\n")), expected.split(separator: UInt8(ascii: "\n")))
    guard was.count == now.count else {
      return "\(name) has \(Quantity.of(was.count, "line")), and the runs give \(now.count)."
    }
    let places = now.indices.filter { was[$0] != now[$0] }
    guard let first = places.first else { return "\(name) differs, but in none of its lines." }
    func text(_ line: Data) -> String { String(decoding: line, as: UTF8.self) }
    return
      "\(name) differs in \(Quantity.of(places.count, "line")); line \(first + 1) is \(text(was[first])), but the runs give"
      + " \(text(now[first]))."
  }

  /// A sentence for each row of the tables in a folder that these files would replace by one with more cells missing.
  package static func losses(in folder: URL, to files: ReportFiles) -> [String] {
    files.contents.sorted { $0.key < $1.key }.flatMap { name, new -> [String] in
      guard let old = try? Descriptor.contents(of: folder.appending(path: name)) else { return [] }
      let (was, now) = (TextTable(old, file: name).missing, TextTable(new, file: name).missing)
      return was.sorted { $0.key < $1.key }.compactMap { row, count in
        guard let new = now[row], new > count else { return nil }
        return "\(name): \(row): \(new - count) cells that hold numbers would become empty"
      }
    }
  }

  private static func records(_ found: Data, _ expected: Data) -> [String] {
    guard let found = try? JSONDecoder().decode(ReportRecord.self, from: found),
      let expected = try? JSONDecoder().decode(ReportRecord.self, from: expected)
    else { return ["report.json is not a report of this program."] }
    let known = cells(found)
    var differences = cells(expected).compactMap { place, cell -> (String, String)? in
      guard known[place] != cell else { return nil }
      return (place, "report.json: \(place): \(shown(known[place])), but the runs give \(shown(cell)).")
    }
    if found.provenance != expected.provenance { differences.append(("", "report.json: its provenance differs.")) }
    differences += numerics(found.runs, expected.runs).map { ("", "report.json: \($0)") }
    if found.runs.map(\.withoutNumerics) != expected.runs.map(\.withoutNumerics) {
      differences.append(("", "report.json: the state of its runs differs."))
    }
    if differences.isEmpty { return ["report.json differs, but in none of its numbers."] }
    return differences.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// The runs that have the same plan and were trained to other bits since.
  private static func numerics(_ found: [ReportRecord.Run], _ expected: [ReportRecord.Run]) -> [String] {
    expected.compactMap { run in
      guard let old = found.first(where: { $0.identity == run.identity }), old.numerics != run.numerics else {
        return nil
      }
      return "\(run.directory): its scores were of \(old.numericsWords), now of \(run.numericsWords)."
    }
  }

  private static func cells(_ record: ReportRecord) -> [String: ReportRecord.Cell] {
    let all = record.tables.flatMap { table in
      table.cells.map { ("\(table.identifier), \($0.row), \($0.column)", $0) }
    }
    return Dictionary(all, uniquingKeysWith: { first, _ in first })
  }

  /// All digits, since a difference may be in the last.
  private static func shown(_ cell: ReportRecord.Cell?) -> String {
    guard let cell else { return "no cell" }
    let numbers =
      [cell.value, cell.deviation].compactMap { $0.map { "\($0)" } } + (cell.interval ?? []).map { "\($0)" }
    return (numbers.isEmpty ? cell.text : numbers.joined(separator: " ± ")) + (cell.n.map { " (n = \($0))" } ?? "")
  }

  private static func lines(_ name: String, _ found: Data, _ expected: Data) -> [String] {
    let (old, new) = (TextTable(found, file: name), TextTable(expected, file: name))
    guard old.rows.count == new.rows.count else {
      return ["\(name) has \(Quantity.of(old.rows.count, "line")), not \(new.rows.count)."]
    }
    let differences = new.rows.indices.flatMap { index -> [String] in
      let (was, now) = (old.rows[index], new.rows[index])
      guard was != now else { return [] }
      guard was.count == now.count, now.count > 1 else { return ["\(name), line \(index + 1) differs."] }
      return now.indices.filter { was[$0] != now[$0] }.map { column in
        "\(name): \(new.place(index, column)): \(was[column]), but the runs give \(now[column])."
      }
    }
    return differences.isEmpty ? ["\(name) differs, but in none of its cells."] : differences
  }
}

extension ReportRecord.Run {
  fileprivate var withoutNumerics: Self {
    var run = self
    run.numerics = nil
    return run
  }

  fileprivate var numericsWords: String { (numerics ?? [nil]).map(NumericsVersion.words).joined(separator: ", then ") }
}

/// The lines of a Markdown, CSV or LaTeX file as cells.
private struct TextTable {
  let rows: [[String]]
  /// How far the line with the columns' names is from the one that begins with `rule`.
  private let headOffset: Int
  private let rule: String
  private let isCSV: Bool

  init(_ data: Data, file: String) {
    let text = String(decoding: data, as: UTF8.self)
    isCSV = file.hasSuffix(".csv")
    switch file.split(separator: ".").last {
    case "md": (rows, rule, headOffset) = (Self.rows(text, separator: "|"), ":--", -1)
    case "tex": (rows, rule, headOffset) = (Self.rows(text, separator: "&"), "\\toprule", 1)
    case "csv": (rows, rule, headOffset) = (CSV.rows(text), "", 0)
    default: (rows, rule, headOffset) = (Self.rows(text, separator: "\u{0}"), "\u{0}", 0)
    }
  }

  /// How many cells are missing in the rows of a name, in all tables of the file. CSV has columns only for what some row
  /// holds: there, the fewer cells hold numbers, the more are missing; how many folds are missing (`Mean folds`) and words
  /// ("baseline") count for nothing.
  var missing: [String: Int] {
    rows.reduce(into: [:]) { counts, row in
      let cells = isCSV ? row : row.filter { !$0.isEmpty }
      guard cells.count > 1 else { return }
      counts[cells[0], default: 0] +=
        isCSV
        ? -zip(row, rows[0]).dropFirst().count { Double($0) != nil && !$1.hasSuffix(" folds") }
        : cells.dropFirst().count { $0 == "—" || $0 == "---" || $0 == "--- \\\\" }
    }
  }

  /// By scalar, as it was written; a separator behind a backslash parts nothing.
  private static func rows(_ text: String, separator: Unicode.Scalar) -> [[String]] {
    text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var cells = [String.UnicodeScalarView()]
      var previous: Unicode.Scalar?
      for scalar in line {
        if scalar == separator && previous != "\\" {
          cells.append(.init())
        } else {
          cells[cells.count - 1].append(scalar)
        }
        previous = scalar
      }
      return cells.map { String($0).trimmingCharacters(in: .whitespaces) }
    }
  }

  /// Row and column by name.
  func place(_ line: Int, _ column: Int) -> String {
    let row = rows[line].first { !$0.isEmpty } ?? ""
    let start =
      rule.isEmpty ? 0 : rows[...line].lastIndex { $0.contains { $0.hasPrefix(rule) } }.map { $0 + headOffset }
    let names = start.map { rows[$0] } ?? []
    return "\(row), \(column < names.count ? names[column] : "column \(column + 1)")"
  }
}

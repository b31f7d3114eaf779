import Foundation
import System
import Text

/// What is known of a dataset's cases besides their files: whose they are, where they come from, and whatever else a table
/// or the cases' own names say.
package enum CaseGroups: Hashable, Sendable {
  /// A CSV file with a column `case`, and any of `patient`, `site`, `scanner`, ...
  case table(URL)
  /// A regular expression that a case's whole name matches: its first group is the patient, named groups are columns.
  case pattern(String)
}

extension Dataset {
  /// Adds what a table or a pattern says of every case.
  ///
  /// - Throws: cases that it does not say anything of, cases that there are not, cells that contradict each other.
  package mutating func take(_ groups: CaseGroups) throws(DatasetErrors) {
    let rows: [String: [String: String]]
    switch groups {
    case .table(let file):
      let table = try GroupTable(file, cases: names)
      rows = table.rows
      if table.hasPatients, !rows.values.contains(where: { $0["patient"] != nil }) {
        notices.append(.noPatients(file: file.path))
      }
    case .pattern(let text): rows = try Self.rows(matching: text, names)
    }
    var problems: [DatasetProblem] = []
    for index in cases.indices {
      for (column, value) in rows[cases[index].name] ?? [:] {
        if let known = cases[index].value(of: column), known != value {
          problems.append(
            .badGroups(
              place: "dataset.groups",
              reason:
                "case \(cases[index].name) is of \(column) \(value) there and of \(known) in its manifest; correct one")
          )
        } else if column == "patient" {
          cases[index].patient = value
        } else {
          cases[index].attributes[column] = value
        }
      }
    }
    guard problems.isEmpty else { throw DatasetErrors(problems) }
    // What one table leaves empty, the other may say.
    if cases.contains(where: { $0.patient != nil }) {
      notices.removeAll { if case .noPatients = $0 { true } else { false } }
    }
    if case .pattern(let text) = groups, cases.count > 1, cases.allSatisfy({ $0.patient == $0.name }) {
      notices.append(.idleGroups(pattern: text, cases: cases.count, better: PatientNames.found(names)?.pattern))
    }
  }

  private static func rows(matching text: String, _ names: [String]) throws(DatasetErrors) -> [String: [String: String]]
  {
    func refusal(_ reason: String) -> DatasetErrors {
      DatasetErrors([.badGroups(place: "dataset.groups: pattern \"\(text)\"", reason: reason)])
    }
    let expression: Regex<AnyRegexOutput>
    do { expression = try Regex(text) } catch { throw refusal("is no regular expression (\(error))") }
    var rows: [String: [String: String]] = [:]
    var strangers: [String] = []
    for name in names {
      guard let match = try? expression.wholeMatch(in: name) else {
        strangers.append(name)
        continue
      }
      var row: [String: String] = [:]
      for part in match.output.dropFirst() {
        guard let value = part.substring, !value.isEmpty else { continue }
        let column = part.name?.lowercased() ?? "patient"
        if row[column] == nil { row[column] = String(value) }
      }
      rows[name] = row
    }
    guard strangers.isEmpty else {
      throw refusal(
        "does not match \(DatasetNotice.shortList(strangers, of: "cases")); a case's whole name must match")
    }
    guard rows.values.contains(where: { !$0.isEmpty }) else {
      throw refusal("has no group in parentheses; the first one is the patient, (?<site>...) another column")
    }
    return rows
  }
}

/// A table of cases as it stands in a file.
private struct GroupTable {
  /// By case: column to value, without empty cells.
  private(set) var rows: [String: [String: String]] = [:]
  /// Whether it has a column for them.
  private(set) var hasPatients = false
  private var problems: [DatasetProblem] = []
  private let file: URL

  init(_ file: URL, cases: [String]) throws(DatasetErrors) {
    self.file = file
    if access(file.path, F_OK) != 0, errno == ENOENT, DeadLink(at: file) == nil {
      complain("there is no such file\(Dataset.neighbour(of: file).closingHint) Correct the path")
      throw DatasetErrors(problems)
    }
    do {
      let data = try VolumeFolder.content(of: file)
      read(
        try DelimitedText(data, wanted: ["case", "patient", "site"], named: file.lastPathComponent), Set(cases))
    } catch let refusal as DelimitedText.Refusal {
      problems.append(.badManifest(file: file.path, line: refusal.line, reason: refusal.reason))
    } catch {
      problems.append(error as? DatasetProblem ?? .unreadable(file: file.path, reason: "\(error)"))
    }
    let missing = cases.filter { rows[$0] == nil }
    if problems.isEmpty && !missing.isEmpty {
      complain("has no line for \(DatasetNotice.shortList(missing, of: "cases")); add them")
    }
    guard problems.isEmpty else { throw DatasetErrors(problems) }
  }

  private mutating func complain(_ reason: String) {
    problems.append(.badGroups(place: file.path, reason: reason))
  }

  private mutating func read(_ table: DelimitedText, _ cases: Set<String>) {
    let head = table.rows.first ?? .init(line: 1, fields: [])
    let columns = head.fields.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
    func refuse(_ line: Int, _ reason: String) {
      problems.append(.badManifest(file: file.path, line: line, reason: reason))
    }
    guard columns.count(where: { $0 == "case" }) == 1, columns.count > 1 else {
      let shown = head.fields.isEmpty ? "none" : DatasetNotice.shortList(head.fields.map { "\"\($0)\"" })
      return refuse(
        head.line,
        "needs one column named \"case\" and another, such as patient or site; its columns are \(shown); name them there, such"
          + " as case,patient")
    }
    for (index, column) in columns.enumerated() where columns[..<index].contains(column) || column.isEmpty {
      refuse(
        head.line,
        column.isEmpty
          ? "column \(index + 1) has no name; give it one, or take it out"
          : "the column \"\(column)\" is given twice; take one out, or give it another name")
    }
    guard problems.isEmpty else { return }
    hasPatients = columns.contains("patient")
    var (strangers, lines): ([(name: String, line: Int)], [String: Int]) = ([], [:])
    for row in table.rows.dropFirst() {
      if let flaw = row.flaw(columns: columns) {
        refuse(row.line, flaw)
        continue
      }
      var cells = Dictionary(
        uniqueKeysWithValues: zip(columns, row.fields.map { $0.trimmingCharacters(in: .whitespaces) }))
      let name = cells.removeValue(forKey: "case") ?? ""
      if let first = lines[name] { refuse(row.line, DelimitedText.twice(name, first: first)) }
      lines[name] = lines[name] ?? row.line
      if !cases.contains(name) { strangers.append((name, row.line)) }
      rows[name] = cells.filter { !$0.value.isEmpty }
    }
    guard !strangers.isEmpty else { return }
    var left = cases.subtracting(rows.keys).sorted(by: naturallyPrecedes)
    let told = strangers.map { name, line -> (words: String, isMeant: Bool) in
      let own = FoldProblem.meantCase(name)
      let meant = left.contains(own) ? own : name.nearest(in: left)
      left.removeAll { $0 == meant }
      return ("\(name) (line \(line)\(meant.hint))", meant != nil)
    }
    // Without its line, a case would be missed.
    let remedy =
      told.allSatisfy(\.isMeant)
      ? "correct its name; if it is another case, take it out, and add a line for the one that is left"
      : "take it out, or correct its name"
    complain("the dataset has no case \(DatasetNotice.shortList(told.map(\.words))); \(remedy)")
  }
}

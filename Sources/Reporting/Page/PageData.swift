import Experiments
import Foundation

/// What the page of a report shows beside its tables: runs, curves and cases, digit for digit as they are stored.
///
/// What would make the file too large is left out, the least asked for first, and the page says so.
struct PageData {
  /// JSON that may stand in a page.
  let text: String

  /// Bytes of a page, at most, as long as something can be left out.
  static let mostBytes = 5_000_000

  /// - Parameter room: bytes that it may have.
  init(_ report: Report, room: Int) {
    let (runs, cases) = (PageRuns(report.input), PageCases(report))
    var members = [
      ("sweep", runs.sweep(report)), ("tables", PageJSON.embedded(TablesView(report, holdsRuns: false))),
      ("runs", PageJSON.embedded(runs.facts)), ("differences", PageJSON.embedded(runs.differences)),
    ]
    var room = Room(left: room - members.reduce(0) { $0 + $1.1.utf8.count } - 1_000)
    // Without the Dice of each, who the cases are says little.
    let dice = cases.measures.prefix(1).map(PageJSON.embedded)
    var (list, measures) = (PageJSON.embedded(cases.cases), [String]())
    if room.takes([list] + dice) { measures = dice } else { (list, room.missing) = ("[]", ["the scores of the cases"]) }
    let curves = PageJSON.embedded(runs.curves)
    if room.takes([curves]) { members.append(("curves", curves)) } else { room.missing.append("the learning curves") }
    for measure in measures.isEmpty ? [] : cases.measures.dropFirst() {
      let text = PageJSON.embedded(measure)
      if room.takes([text]) { measures.append(text) } else { room.missing.append("\(measure.name) of the cases") }
    }
    members.append(
      (
        "cases",
        "{\"structures\":\(PageJSON.embedded(cases.structures)),\"cases\":\(list),\"measures\":[\(measures.joined(separator: ","))]}"
      ))
    members.append(("leftOut", PageJSON.embedded(room.words)))
    text = "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",\n") + "}"
  }

  /// Bytes that are left, and what there was no room for.
  private struct Room {
    var left: Int
    var missing: [String] = []

    mutating func takes(_ texts: [String]) -> Bool {
      let size = texts.reduce(0) { $0 + $1.utf8.count }
      guard size <= left else { return false }
      left -= size
      return true
    }

    var words: [String] {
      if missing.isEmpty { return [] }
      return [
        "Left out, or this file would be larger than 5 MB: \(missing.joined(separator: ", "))."
          + " `safnet dashboard` shows them, and cases.csv beside this file has the cases' scores."
      ]
    }
  }
}

/// The scores of every case: who the cases are once, and then each measure of all of them.
private struct PageCases {
  let structures: [String]
  let cases: [Case]
  let measures: [Measure]

  struct Case: Encodable {
    let name: String
    let variant: String
    let fold: Int
    let seed: String
    let run: String
  }

  struct Measure: Encodable {
    let name: String
    let unit: String
    let worstIsHigh: Bool
    /// By case and structure.
    let values: [[Double?]]
    /// By case.
    let means: [Double?]
  }

  init(_ report: Report) {
    let views = CasesView.all(report)
    structures = report.input.structures
    cases = views[0].cases.map { Case(name: $0.name, variant: $0.variant, fold: $0.fold, seed: $0.seed, run: $0.run) }
    // What the program that scored the cases did not know is no measure of them.
    measures = views.filter { view in view.cases.contains { !$0.values.isEmpty } || view.measure.name == "dice" }.map {
      Measure(
        name: $0.measure.name, unit: $0.measure.unit, worstIsHigh: $0.measure.worstIsHigh,
        values: $0.cases.map(\.values), means: $0.cases.map(\.mean))
    }
  }
}

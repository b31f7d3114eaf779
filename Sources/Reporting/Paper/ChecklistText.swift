import Experiments
import Metrics
import Text

/// `checklist.md`: what plans and runs can answer of the two lists that reviewers of this field hand out.
///
/// CLAIM is the Checklist for Artificial Intelligence in Medical Imaging, update of 2024 (Tejani et al., Radiology:
/// Artificial Intelligence 6(4) e240300), by its numbers; the other list is that of the MIDL conference
/// (midl.io/reproducibility.html). The words are ours: fill in the publisher's own form from them.
package struct ChecklistText {
  /// One question, and what is known of its answer.
  private struct Item {
    /// CLAIM's number; nil in a list without numbers.
    var number: Int?
    let subject: String
    /// In words, which may refer to a section of `methods.md` or to a table; nil: nobody told the program.
    let answer: String?
  }

  private let report: Report
  private var input: ReportInput { report.input }

  package init(_ report: Report) { self.report = report }

  package var text: String {
    let claim = claim
    let known = claim.count { $0.answer != nil }
    return "# Checklists: \(Markdown.escaped(input.title))\n\n"
      + "Made from plans and runs, in our words; the numbers are those of the lists. What stands in brackets only people know."
      + "\n\n## CLAIM, update of 2024\n\n\(known) of \(claim.count) items have an answer or a part of one here.\n\n"
      + Self.table(claim) + "\n## MIDL: reproducibility\n\n" + Self.table(midl)
  }

  private static func table(_ items: [Item]) -> String {
    let rows = items.map { item in
      return "| \(item.number.map(String.init) ?? "") | \(item.subject) | \(item.answer ?? "**[not known]**") |\n"
    }
    return "| Item | Subject | Answer |\n|--:|:--|:--|\n" + rows.joined()
  }

  /// "Table 7", or what would have to be asked for.
  private func table(_ kind: ReportPlan.Table) -> String {
    report.tables.first { $0.kind == kind }?.heading ?? "no table: name `\(kind.rawValue)` in `report.tables`"
  }

  private func section(_ name: String) -> String { "`methods.md`, section \(name)" }

  private var seeds: Int { input.variants.map(\.seeds.count).max() ?? 1 }

  private var runs: Int { input.variants.filter(\.isTrainedHere).map(\.runs.count).reduce(0, +) }
}

// MARK: CLAIM

extension ChecklistText {
  private var claim: [Item] {
    let answers = methods + results
    return Self.subjects.enumerated().map { index, subject in
      Item(number: index + 1, subject: subject, answer: answers[index + 1])
    }
  }

  private var methods: [Int: String] {
    [
      9: "preprocessing is in " + section("Preprocessing") + "; nothing else was done to the images",
      10: input.remarks.first { $0.hasPrefix("Taken out") }.map(Markdown.escaped)
        ?? "every case of the folder was taken; why these are in it **[not known]**",
      12:
        "a structure that neither truth nor prediction holds is not counted; cases without scores are counted below the"
        + " tables and never filled in",
      19: "\(input.folds.count) folds of one cross-validation; cases of each part: " + table(.partition),
      20: input.patients.isEmpty
        ? "cases; whether several are of one patient **[not known]**" : "patients: all images of one lie in one part",
      21: "not planned here; what these cases and seeds could have found: " + table(.uncertainty),
      22: section("Methods") + "; parameters, multiply-adds and memory: " + table(.cost),
      23: section("Computing"),
      24: "random by seed, unless a plan names where it starts: " + section("Training"),
      25: section("Training") + "; \(Quantity.of(runs, "run"))",
      26: "checkpoint of a run: \(Markdown.escaped(input.provenance.checkpoint)); no method was chosen by a test case",
      27: input.variants.contains { $0.predicted?.way.ensemble != nil } || input.test != nil
        ? "mean of probabilities: " + section("Methods") : "none",
      28: "Dice, distances, normalised surface Dice, levels and panoptic quality, each defined below its table",
      29: section("Statistics"),
      30: seeds > 1 ? "\(seeds) seeds: \(table(.uncertainty))" : "one seed: none",
      32: "cross-validation: " + table(.folds),
      33: input.test.map { "\(Quantity.of($0.cases.count, "case")): \(table(.test))" } ?? "none",
    ]
  }

  private var results: [Int: String] {
    [
      35: table(.partition) + "; what was left out stands below the tables",
      37: [ReportPlan.Table.folds, .surfaces].map(table).joined(separator: ", ") + "; intervals: "
        + table(.uncertainty),
      38: table(.uncertainty),
      39: table(.failures),
    ]
  }

  private static let subjects = [
    "title names the kind of method", "structured abstract", "background, intended use", "aims and hypotheses",
    "prospective or retrospective", "goal of the study", "sources of data", "inclusion and exclusion", "preprocessing",
    "choice of subsets", "de-identification", "missing data", "acquisition of images", "how the truth was obtained",
    "why this truth", "who annotated", "annotation of the test cases", "variation within and between raters",
    "assignment to parts", "level at which parts are disjoint", "intended number of cases", "the model",
    "software", "initial parameters", "training", "choice of the final model", "ensembles", "metrics",
    "statistics", "robustness", "explanation of predictions", "evaluation on internal data", "external data",
    "registration of a trial", "flow of cases", "demography", "performance with uncertainty",
    "estimates with intervals",
    "failure analysis", "limitations", "implications for practice", "protocol", "availability of software, model, data",
    "funding",
  ]
}

// MARK: MIDL

extension ChecklistText {
  private var midl: [Item] {
    let rows: [(String, String?)] = [
      ("code and trained networks public", nil),
      ("licence of code and data", nil),
      ("environment, versions", section("Computing") + "; `report.json` has plan and machine of every run"),
      (
        "how to train",
        "`safnet run` with the experiment's file (`report.json`, `experiment`); the same plan gives the same bits"
      ),
      ("how to evaluate", "`safnet report` with the same file; `safnet report --check` compares"),
      ("data public", nil),
      (
        "data as used",
        "content `\(input.provenance.dataset)` of \(Quantity.of(input.provenance.cases, "case")), and their folds in `report.json`"
      ),
      ("hyperparameters", section("Training") + "; how they were searched **[not known]**"),
      ("number of trainings", "\(input.folds.count) folds x \(seeds) \(seeds == 1 ? "seed" : "seeds") for a method"),
      ("measures, centre and spread", section("Statistics")),
      ("time and memory", table(.cost)),
    ]
    return rows.map { Item(subject: $0.0, answer: $0.1) }
  }
}

extension [Int: String] {
  fileprivate static func + (one: Self, other: Self) -> Self { one.merging(other) { first, _ in first } }
}

import JSON

/// The order of the two averages: over the structures of a case, over the cases. It changes the mean.
package enum Averaging: String, Codable, CaseIterable, Sendable {
  /// Over the counted structures of each case, then over cases: the challenge's and the paper's.
  case caseFirst = "case"
  /// Over the cases where a structure counts, then over structures: nnU-Net's.
  case structureFirst = "structure"
}

/// What a standard deviation runs over: test cases, or the folds' means.
package enum Deviation: String, Codable, CaseIterable, Sendable { case cases, folds }

/// What the report shows.
package struct ReportPlan: Sendable, Equatable {
  /// Structures that are averaged together.
  package struct Group: Hashable, Sendable {
    /// As the table's column is headed.
    package var name: String
    /// The structures by name, as the label map has them.
    package var structures: [String]

    /// A group; that the structures exist is checked with the whole specification.
    package init(name: String, structures: [String]) { (self.name, self.structures) = (name, structures) }
  }

  /// A table of the report, by the name that `report.tables` and `--print` give it.
  package enum Table: String, Codable, CaseIterable, Sendable {
    /// Rows are variants, columns folds (the paper's Table 1).
    case folds
    /// Rows are variants, columns their components and the mean over all cases (the paper's Table 2).
    case ablation
    /// Rows are variants, columns groups and structures.
    case structures
    /// Mean surface distance and 95th percentile of the Hausdorff distance.
    case surfaces
    /// Parameters, multiply-adds, memory, time per epoch and machine.
    case cost
    /// Whether levels of the spine are named rightly, and panoptic quality.
    case levels
    /// Spread, intervals and tests of the means and of the differences from the baseline.
    case uncertainty
    /// Dice, IoU, precision, recall and volume error, by method and structure.
    case overlap
    /// The worst cases of each method, and what is wrong with them.
    case failures
    /// Cases, patients and structures of each part of each fold.
    case partition
    /// What was scored on the external test set, beside cross-validation.
    case test
    /// Means over the test cases that share a value of a column of `dataset.groups`.
    case subgroups

    /// Those of a report that does not say which.
    package static let usual: [Table] = [
      .folds, .ablation, .structures, .surfaces, .cost, .levels, .uncertainty, .overlap,
    ]
  }

  /// The published table whose figures stand beside ours; its rows are matched by the variants' names.
  package enum PaperTable: String, Codable, CaseIterable, Sendable { case table1, table2 }

  /// The variant that others are compared with; nil: the first.
  package var baseline: String?
  /// Nil: vertebrae and discs, told apart by the slash in a disc's name.
  package var groups: [Group]?
  /// Those to make, in this order, in every format.
  package var tables = Table.usual
  /// The published table that is quoted beside ours; nil quotes none.
  package var paper: PaperTable?
  /// Which mean is taken first.
  package var average = Averaging.caseFirst
  /// What standard deviations run over.
  package var deviation = Deviation.cases
  /// Of the normalised surface Dice, mm, in the order of its columns.
  package var tolerances = [1.0, 2.0]

  /// Columns of the tables of the cases by whose values test cases are shown apart.
  package var subgroups: [String] = []

  /// All tables, in the challenge's order of averages, without the paper's figures.
  package init() {}

  /// The tables of an experiment: those that it asks for by other fields stand last unless they are listed.
  ///
  /// - Parameter hasTest: whether it has an external test set.
  package func tables(testing hasTest: Bool) -> [Table] {
    let asked: [Table] = (hasTest ? [.test] : []) + (subgroups.isEmpty ? [] : [.subgroups])
    return tables + asked.filter { !tables.contains($0) }
  }

  /// The groups for these structures: those asked for, or vertebrae and discs where both are there; else none.
  package func groups(of structures: [String]) -> [Group] {
    if let groups { return groups }
    let (vertebrae, discs) = (structures.filter { !$0.contains("/") }, structures.filter { $0.contains("/") })
    guard !vertebrae.isEmpty, !discs.isEmpty else { return [] }
    return [Group(name: "vertebrae", structures: vertebrae), Group(name: "discs", structures: discs)]
  }

  static var form: Form<ReportPlan> {
    .record(
      "What the report shows", ReportPlan(),
      [
        Field(
          "baseline", \.baseline, .optional(.text), "The variant that the others are compared with; absent: the first"),
        Field(
          "groups", \.groups, .optional(groupsForm, none: "{}"),
          "Structures averaged together; absent: vertebrae and discs"),
        Field(
          "subgroups", \.subgroups, .list(ofDistinct: .text, count: 0...20),
          "Columns of dataset.groups or of a manifest (site, scanner, sex, ...) by whose values test cases are shown apart,"
            + " in a table of their own"),
        Field(
          "tables", \.tables, .list(ofDistinct: .choice(), count: 1...Table.allCases.count),
          "The tables to make, in this order: folds (Table 1 of the paper), ablation (its Table 2), ..."),
        Field("paper", \.paper, .optional(.choice()), "The published table whose figures stand beside ours"),
        Field(
          "average", \.average, .choice(),
          "What is averaged first: case (the challenge's order), or structure (nnU-Net's)"),
        Field(
          "deviation", \.deviation, deviationForm, "What standard deviations run over: cases, or folds (their means)"),
        Field(
          "tolerances", \.tolerances, .list(ofDistinct: .number(.above(0)), count: 1...10),
          "Of the normalised surface Dice (NSD), in mm; another choice trains nothing anew: the stored predictions are"
            + " scored again"),
      ])
  }

  /// An order of averages was once written under this key: who has it is told where it stands now.
  private static var deviationForm: Form<Deviation> {
    let rule = #""structures" is no longer written here; write report.average: "structure""#
    let form = Form<Deviation>.choice()
    return Form(
      schema: form.schema,
      read: { input, starting, errors in
        guard input.node.text != "structures" else {
          errors.append(input.error(.broken(rule: rule)))
          return nil
        }
        return form.read(input, starting, &errors)
      },
      write: form.write)
  }

  private static var groupsForm: Form<[Group]> {
    Form<[(String, [String])]>.dictionary(
      of: .list(ofDistinct: .text, count: 1...255), keys: "group name and its structures"
    )
    .map({ $0.map { Group(name: $0.0, structures: $0.1) } }, { $0.map { ($0.name, $0.structures) } })
  }
}

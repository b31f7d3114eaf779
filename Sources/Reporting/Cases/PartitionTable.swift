import Experiments
import Text

extension ReportInput {
  /// The cases that a fold uses in one way.
  package struct Part: Equatable, Sendable {
    package var fold: Int
    /// training, validation or test.
    package var name: String
    package var cases: Int
    /// Nil where the dataset tells no patients: each case is taken for one.
    package var patients: Int?
    /// In how many of the cases each structure is; nil where that is not known.
    package var present: [Int]?

    package init(fold: Int, name: String, cases: Int, patients: Int? = nil, present: [Int]? = nil) {
      (self.fold, self.name, self.cases, self.patients, self.present) = (fold, name, cases, patients, present)
    }

    /// - Parameters:
    ///   - present: for each case, for each structure: is it in the case? Nil where the prepared cases are gone.
    ///   - patients: case to patient; empty where the dataset does not say, or is gone.
    package static func all(
      of runs: [PlannedRun], present: [String: [Bool]]?, patients: [String: String]
    ) -> [Part] {
      let folds = Dictionary(runs.map { ($0.fold, $0.plan.fold) }, uniquingKeysWith: { first, _ in first })
      let structures = runs.first?.plan.structures.structures.count ?? 0
      return folds.sorted { $0.key < $1.key }.flatMap { number, fold in
        [("training", fold.train), ("validation", fold.validation), ("test", fold.test)].map { name, cases in
          let known = present.map { present in cases.compactMap { present[$0] } }
          let isWhole = known?.count == cases.count && known?.allSatisfy { $0.count == structures } == true
          return Part(
            fold: number, name: name, cases: cases.count,
            patients: patients.isEmpty ? nil : Set(cases.map { patients[$0].map { "patient \($0)" } ?? $0 }).count,
            present: isWhole ? (0..<structures).map { index in known?.count { $0[index] } ?? 0 } : nil)
        }
      }
    }
  }
}

extension Table {
  /// Who is trained on, who chooses the checkpoint, who is tested.
  static func partition(_ context: TableContext) -> Table {
    let input = context.input
    let structures = input.structures.enumerated().map { index, name in
      Column<ReportInput.Part>(name, .fixed(0)) { $0.present.map { Double($0[index]) } }
    }
    let parts = input.partition
    return Table(
      .partition,
      caption:
        "Partition of the \(Quantity.of(input.provenance.cases, "case")): of each fold, the cases that change the parameters"
        + " (training), choose the checkpoint (validation) and are tested once (test); under each structure, in how many of"
        + " them it is.",
      notes: notes(parts), rowTitle: "Part",
      columns: [
        Column("Cases", .fixed(0)) { Double($0.cases) },
        Column("Patients", .fixed(0)) { $0.patients.map(Double.init) },
      ] + structures,
      rows: parts.map { .own($0, label: "Fold \($0.fold), \($0.name)", startsSection: $0.name == "training") },
      marksSecond: false)
  }

  private static func notes(_ parts: [ReportInput.Part]) -> [String] {
    if parts.isEmpty { return ["The folds are not known before `safnet run` has prepared the cases."] }
    return
      (parts.allSatisfy { $0.patients == nil }
      ? ["Patients are not told by the dataset, or it was not looked at: each case is taken for one patient."] : [])
      + (parts.contains { $0.present == nil } ? ["What the cases hold is not known: the prepared cases are gone."] : [])
  }
}

import Experiments
import Metrics
import Reporting
import Testing

/// The tables about cases: the worst ones with their reasons, and the partition.
@Suite struct CaseTableTests {
  private func input(_ cases: [CaseEvaluation], structures: [String]) -> ReportInput {
    var input = Fixture.input([
      ReportInput.Variant(
        name: "Base",
        runs: [
          ReportInput.Run(
            fold: 1, identity: Fixture.identity(1, 1), directory: "base-f1", state: "finished", evaluations: cases)
        ])
    ])
    (input.structures, input.groups, input.folds) = (structures, [], [1])
    return input
  }

  private func table(_ input: ReportInput, _ kind: ReportPlan.Table) throws -> Table {
    try #require(Report(input, ReportOptions(tables: [kind])).table(kind))
  }

  private func one(_ name: String, truth: [Int], predicted: [Int], dice: [Double?], far: [Double?]) -> CaseEvaluation {
    CaseEvaluation(
      name: name, dice: dice, surfaceDistance: far, hausdorff95: far, truthVoxels: truth, predictedVoxels: predicted,
      commonVoxels: truth, confusion: [Int](repeating: 0, count: (dice.count + 1) * (dice.count + 1)))
  }

  @Test func theWorstCasesComeFirstWithTheirReasons() throws {
    let cases = [
      one("good", truth: [9, 9], predicted: [9, 9], dice: [0.9, 0.9], far: [1, 1]),
      one("far", truth: [9, 9], predicted: [9, 9], dice: [0.5, 0.7], far: [3, 8.25]),
      one("missed", truth: [9, 9], predicted: [9, 0], dice: [0.8, 0], far: [1, nil]),
      one("invented", truth: [9, 0], predicted: [9, 4], dice: [0.9, 0], far: [1, nil]),
      one("nothing", truth: [0, 0], predicted: [0, 0], dice: [nil, nil], far: [nil, nil]),
    ]
    let table = try table(input(cases, structures: ["bone", "disc"]), .failures)
    #expect(table.rows.map(\.label) == ["missed", "invented", "far"])
    #expect(
      table.rows.map { $0.cells[3].content } == [
        .text("missed: disc"), .text("invented: disc"), .text("border: disc, HD95 8.25 mm"),
      ])
    #expect(table.rows[0].cells[2].number?.value == 40 && table.rows[0].cells[2].source?.count == 2)
    #expect(table.notes.contains { $0.contains("no structure counts in nothing") })
  }

  /// L5 is called L4 and L4 is called L3: moved by one place, the names are right.
  @Test func namesThatAreOneOffAreSaid() throws {
    let centres: [SIMD3<Double>?] = [SIMD3(0, 30, 0), SIMD3(0, 0, 0), nil]
    let predicted: [SIMD3<Double>?] = [nil, SIMD3(0, 30, 0), SIMD3(0, 0, 0)]
    let confusion = [100, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 9, 0, 0, 0, 0]
    let shifted = CaseEvaluation(
      name: "shifted", dice: [0, 0, 0], surfaceDistance: [nil, nil, nil], hausdorff95: [nil, nil, nil],
      truthVoxels: [9, 9, 0], predictedVoxels: [0, 9, 9], commonVoxels: [0, 0, 0], confusion: confusion,
      truthCentroids: centres, predictedCentroids: predicted)
    let table = try table(input([shifted], structures: ["L5", "L4", "L3"]), .failures)
    guard case .text(let words) = table.rows[0].cells[3].content else {
      Issue.record("no words")
      return
    }
    #expect(words.hasPrefix("names 1 too far towards the head (Dice 100.00); missed: L5; invented: L3"), "\(words)")
  }

  @Test func thePartitionCountsCasesPatientsAndStructures() throws {
    var input = Fixture.complete
    input.partition = [
      .init(fold: 1, name: "training", cases: 8, patients: 6, present: [8, 7, 8, 0]),
      .init(fold: 1, name: "validation", cases: 2, patients: 2, present: [2, 2, 2, 0]),
      .init(fold: 1, name: "test", cases: 5, patients: nil, present: nil),
    ]
    let table = try table(input, .partition)
    #expect(table.columns == ["Cases", "Patients"] + Fixture.structures)
    #expect(table.rows.map(\.label) == ["Fold 1, training", "Fold 1, validation", "Fold 1, test"])
    #expect(table.cell(row: "Fold 1, training", column: "L5")?.number?.value == 7)
    #expect(table.cell(row: "Fold 1, test", column: "Patients")?.isMissing == true)
    #expect(table.notes == ["What the cases hold is not known: the prepared cases are gone."])
  }

  /// They are asked for: a report that does not name its tables has none of them.
  @Test func theyAreMadeWhenAskedFor() {
    let kinds = Report(Fixture.complete).tables.map(\.kind)
    #expect(kinds.count == 8 && !kinds.contains(.failures) && !kinds.contains(.partition))
  }
}

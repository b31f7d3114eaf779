import Foundation
import Metrics
import Reporting
import TestSupport
import Testing
import Text

/// `cases.csv` and `cases-wide.csv`: what the tables rest on, for other programs.
@Suite struct CaseScoresTests {
  /// Rows by column.
  private func rows(_ text: String) -> [[String: String]] {
    let rows = CSV.rows(text)
    return rows.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(rows[0], $0)) }
  }

  /// The table's mean can be made again from the file, to the last bit.
  @Test func everyScoreIsThereInFull() throws {
    let input = Fixture.complete
    let rows = rows(try #require(CaseScores.text(input)))
    // 3 methods, 3 folds of 5 cases, 4 structures, and Dice, MSD, HD95 and three distances that no fixture has.
    #expect(rows.count == 3 * 3 * 5 * 4 * 6)
    for variant in input.variants {
      for run in variant.runs {
        for one in run.evaluations ?? [] {
          for (index, structure) in input.structures.enumerated() {
            let own = rows.filter {
              $0["method"] == variant.name && $0["case"] == one.name && $0["structure"] == structure
            }
            #expect(own.allSatisfy { $0["experiment"] == "demo" && $0["fold"] == "\(run.fold)" })
            #expect(own.first { $0["metric"] == "dice" }?["value"].flatMap { Double($0) } == one.dice[index])
            #expect(own.first { $0["metric"] == "msd" }?["value"].flatMap { Double($0) } == one.surfaceDistance[index])
            #expect(own.first { $0["metric"] == "hd95" }?["unit"] == "mm")
          }
        }
      }
    }
  }

  @Test func patientsAndSeedsStandBesideTheCase() throws {
    var input = Fixture.complete
    let name = try #require(input.variants[0].runs[0].evaluations?[0].name)
    input.patients = [name: "P7"]
    input.variants[1].imported = ReportInput.Imported(origin: "another program")
    let rows = rows(try #require(CaseScores.text(input)))
    #expect(rows.filter { $0["patient"] == "P7" }.allSatisfy { $0["case"] == name })
    #expect(rows.contains { $0["patient"] == "P7" } && rows.contains { $0["patient"] == "" })
    #expect(rows.filter { $0["method"] == "Base" }.allSatisfy { $0["seed"] == "" }, "no seed of it is known")
    #expect(rows.filter { $0["method"] == "SAFNet" }.allSatisfy { Int($0["seed"]!) != nil })
  }

  /// A column of numbers holds numbers; why one is missing stands beside it.
  @Test func aMissingScoreHasAReason() throws {
    var input = Fixture.complete
    let one = input.variants[0].runs[0].evaluations![0]
    input.variants[0].runs[0].evaluations![0] = CaseEvaluation(
      name: one.name, dice: [0, 0, 0.5, nil], surfaceDistance: [nil, nil, 1, nil], hausdorff95: [nil, nil, 2, nil],
      truthVoxels: [9, 0, 9, 0], predictedVoxels: [0, 9, 9, 0], commonVoxels: [0, 0, 4, 0], confusion: one.confusion)
    let own = rows(try #require(CaseScores.text(input))).filter {
      $0["method"] == "SAFNet" && $0["case"] == one.name
    }
    for row in own { #expect(row["value"]!.isEmpty == !row["reason"]!.isEmpty) }
    let distances = own.filter { $0["metric"] == "msd" }
    #expect(distances.map { $0["reason"] } == ["missed", "invented", "", "in neither truth nor prediction"])
    #expect(distances.map { $0["truth_voxels"] } == ["9", "0", "9", "0"])
    #expect(
      own.first { $0["metric"] == "assd" && $0["structure"] == "L5/S" }?["reason"]?.contains("not stored") == true)
  }

  /// No name is a formula to a spreadsheet, and none breaks a line.
  @Test func namesAreHarmless() throws {
    var input = Fixture.nasty
    input.variants[0].name = "=HYPERLINK(\"x\")"
    let rows = rows(try #require(CaseScores.text(input)))
    #expect(rows.contains { $0["method"] == "'=HYPERLINK(\"x\")" })
    #expect(Set(rows.compactMap { $0["structure"] }) == ["S_1 | a", "L5 & 100 %", "#L5/S, \"x\"", "T9 ^~\\{}$<>"])
    let wide = CSV.rows(CaseColumns.text(input))
    #expect(wide.allSatisfy { $0.count == wide[0].count } && wide[0].contains("'=HYPERLINK(\"x\")"))
  }

  @Test func theWideFileHasACaseInALine() throws {
    let input = Fixture.halfDone
    let rows = CSV.rows(CaseColumns.text(input))
    #expect(rows[0] == ["case", "fold", "Base", "SAFNet"] && rows.count == 1 + 15)
    let one = try #require(input.variants[1].runs[0].evaluations?[0])
    let row = try #require(rows.first { $0[0] == one.name })
    #expect(Double(row[3]) == one.meanDice)
    #expect(rows.filter { $0[1] == "3" }.allSatisfy { $0[3].isEmpty && !$0[2].isEmpty }, "its fold 3 is not finished")
  }

  @Test func aFileThatNobodyCouldOpenIsLeftOutAndNamed() throws {
    var input = Fixture.complete
    let run = input.variants[0].runs[0]
    input.variants[0].runs += Array(repeating: run, count: 9000)
    #expect(CaseScores.text(input) == nil)
  }

  @Test func theFileIsCheckedWithTheOthers() throws {
    let files = ReportFiles(Report(Fixture.complete), formats: [.csv, .json])
    #expect(files.contents["cases.csv"] != nil && files.contents["cases-wide.csv"] != nil)
    try withTemporaryFolder { folder in
      try files.write(to: folder)
      var input = Fixture.complete
      input.variants[0].runs[0].evaluations![0].dice[0] = 0.123
      let differences = ReportCheck.differences(in: folder, from: Report(input))
      #expect(differences.count { $0.hasPrefix("cases.csv differs in 1 line;") } == 1)
    }
  }
}

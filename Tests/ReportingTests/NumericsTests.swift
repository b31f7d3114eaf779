import Foundation
import Reporting
import Store
import TestSupport
import Testing

/// Scores of programs that train to other bits, told apart.
@Suite struct NumericsTests {
  private static func version(_ number: Int) -> NumericsVersion { NumericsVersion(rawValue: number) }

  /// Every finished run under version 2, except what `change` makes of the first variant's runs.
  private static func input(change: (inout [ReportInput.Run]) -> Void = { _ in }) -> ReportInput {
    var input = Fixture.complete
    for variant in input.variants.indices {
      for run in input.variants[variant].runs.indices { input.variants[variant].runs[run].numerics = [version(2)] }
    }
    change(&input.variants[0].runs)
    return input
  }

  @Test func oneVersionIsNamedOnceAndNotesNothing() {
    let report = Report(Self.input())
    #expect(Markdown.text(report).contains("safnet 1.0, numerics version 2. Every cell"))
    #expect(HTMLPage.text(report, figures: []).contains("<dd>safnet 1.0, numerics version 2</dd>"))
    #expect(report.tables.map(\.notes) == Report(Fixture.complete).tables.map(\.notes))
  }

  /// Reports of runs that recorded none keep their bytes.
  @Test func unrecordedVersionsAreNotSpokenOf() {
    let report = Report(Fixture.complete)
    for text in [Markdown.text(report), HTMLPage.text(report, figures: [])] { #expect(!text.contains("numerics")) }
    #expect(!String(decoding: ReportRecord(report).json, as: UTF8.self).contains("numerics"))
  }

  @Test func everyTableOfMixedVersionsSaysSo() {
    let report = Report(
      Self.input {
        $0[0].numerics = [Self.version(3)]
        $0[1].numerics = [nil, Self.version(2)]
      })
    let note = """
      Programs that train to other bits had a part in this table. SAFNet fold 2: an unrecorded numerics version, then \
      numerics version 2; Base fold 1, Base fold 2, Base fold 3, Base + ASPP fold 1, Base + ASPP fold 2, \
      Base + ASPP fold 3, SAFNet fold 3: numerics version 2; SAFNet fold 1: numerics version 3.
      """
    for table in report.tables { #expect(table.notes.last == note) }
  }

  @Test func unfinishedRunsMixNothing() {
    let input = Self.input {
      $0[0].numerics = [Self.version(3)]
      $0[0].evaluations = nil
    }
    #expect(Report(input).tables.allSatisfy { !$0.notes.contains { $0.contains("numerics") } })
  }

  /// The same identity with two results.
  @Test func checkNamesTheRunsThatWereTrainedToOtherBits() throws {
    let temporary = try TemporaryFolder()
    let folder = temporary.url
    try ReportFiles(Report(Fixture.complete), formats: [.json]).write(to: folder)
    let differences = ReportCheck.differences(in: folder, from: Report(Self.input()))
    #expect(differences.count == 9)
    #expect(
      differences.first == """
        report.json: safnet-f1-3: its scores were of an unrecorded numerics version, now of numerics version 2.
        """)
  }
}

import Experiments
import Foundation
import Testing

@Suite struct ReportPlanTests {
  private func load(_ overrides: [String]) throws -> Specification {
    let file = FileManager.default.temporaryDirectory.appending(path: "report-\(UUID().uuidString).json")
    try Data(#"{ "name": "r", "dataset": { "path": "d" }, "variants": [ { "name": "SAFNet" } ] }"#.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try Specification.load(file, overrides: overrides)
  }

  @Test func averageAndDeviationAreKeysOfTheirOwn() throws {
    let standard = try load([]).report
    #expect(standard.average == .caseFirst && standard.deviation == .cases)
    let other = try load(["report.average=structure", "report.deviation=folds"]).report
    #expect(other.average == .structureFirst && other.deviation == .folds)
    // What an earlier specification may say and mean the same.
    #expect(try load(["report.deviation=cases"]).report == standard)
  }

  @Test func theFormerKeyOfTheAverageIsAnsweredWithTheNewOne() throws {
    let error = #expect(throws: SpecificationErrors.self) { try load(["report.deviation=structures"]) }
    #expect(error?.description.contains("is no longer written here; write report.average: \"structure\"") == true)
  }
}

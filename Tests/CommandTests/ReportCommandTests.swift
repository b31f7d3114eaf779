import Foundation
import Testing

@Suite struct ReportCommandTests {
  private func files(_ program: Program, _ folder: String) throws -> [String: Data] {
    let root = program.folder.appendingPathComponent(folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: root.path)
    return Dictionary(
      uniqueKeysWithValues: try names.map { ($0, try Data(contentsOf: root.appendingPathComponent($0))) })
  }

  @Test func theReportFollowsTheExperimentAndNeedsNoIndex() throws {
    let program = try Program()
    #expect(try program("run", "small.json", "--threads", "1").status == 0)
    let chosen = ["small.json", "--set", "report.tables=[\"cost\",\"folds\"]"]
    let first = try program.start(["report"] + chosen + ["--output", "first"]).wait()
    #expect(first.status == 0, "\(first.errors)")
    let (cost, folds) = (
      first.output.range(of: "Table 5 · Cost"), first.output.range(of: "Table 1 · Methods and folds")
    )
    #expect(try #require(cost).lowerBound < #require(folds).lowerBound)
    #expect(!first.output.contains("Table 2"))
    let written = try files(program, "first")
    #expect(written.keys.contains("cost.tex") && written.keys.contains("folds.csv"))
    #expect(!written.keys.contains("ablation.csv"))

    let only = try program.start(["report"] + chosen + ["--output", "second", "--print", "folds"]).wait()
    #expect(only.output.hasPrefix("Table 1") && !only.output.contains("Table 5"))
    #expect(try files(program, "second") == written)
    let stranger = try program.start(["report"] + chosen + ["--print", "ablation"]).wait()
    #expect(stranger.status == 2)
    #expect(
      stranger.errors == "error: --print ablation: this report has cost, folds (report.tables of the experiment).\n")

    let index = program.folder.appendingPathComponent("Workspace/index.sqlite")
    try FileManager.default.removeItem(at: index)
    #expect(try program.start(["report"] + chosen + ["--output", "third"]).wait().status == 0)
    #expect(try files(program, "third") == written)
    #expect(try program("index").status == 0 && FileManager.default.fileExists(atPath: index.path))
    #expect(try program.start(["report"] + chosen + ["--output", "fourth"]).wait().status == 0)
    #expect(try files(program, "fourth") == written)
    #expect(try program("report", "small.json", "--output", "first", "--check").status == 0)
  }
}

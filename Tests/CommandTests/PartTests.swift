import Foundation
import Testing

/// `--only`, `--folds` and `--seeds` of the commands that only look.
@Suite struct PartTests {
  private let program: Program

  init() throws { program = try FinishedSweep.copy() }

  @Test func statusShowsAPart() throws {
    let all = try program("status", "small.json").output
    let rows = all.split(separator: "\n").map { $0.prefix { $0 != "," } }
    #expect(rows.dropFirst().prefix(4) == ["SAFNet", "SAFNet", "Base", "Base"], "in the file's order")
    let part = try program("status", "small.json", "--only", "B*", "--folds", "2")
    #expect(part.status == 0 && part.output.contains("Base, fold 2") && part.output.contains("1 run: 1 finished"))
    #expect(!part.output.contains("SAFNet") && !part.output.contains("fold 1"))
    #expect(try program("status", "--only", "SAFNet").output.contains("2 runs: 2 finished"))
    #expect(try program("status", "small.json", "--seeds", "2023").output.contains("4 runs: 4 finished"))
  }

  @Test func planCountsAPart() throws {
    func runs(_ arguments: String...) throws -> [Int] {
      let text = try program.start(["plan", "small.json", "--no-measure", "--json"] + arguments).wait().output
      let plan = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      return try #require(plan["variants"] as? [[String: Any]]).compactMap { $0["runs"] as? Int }
    }
    #expect(try runs() == [2, 2])
    #expect(try runs("--only", "Base") == [2])
    #expect(try runs("--folds", "2") == [1, 1])
    #expect(try runs("--set", "seeds=[1,2,3]", "--seeds", "1,3") == [4, 4])
    let told = try program("plan", "small.json", "--no-measure", "--only", "Base", "--folds", "1")
    #expect(told.errors.contains("A part of the experiment: 1 of 2 variants (Base); folds 1."))
  }

  @Test func oneOptionHoldsSeveralVariants() throws {
    let dry = try program("run", "small.json", "--dry-run", "--only", "Base, SAF*")
    #expect(dry.status == 0 && dry.output.contains("0 of 4 runs"))
  }
}

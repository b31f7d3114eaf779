import Dashboard
import Foundation
import TestSupport
import Testing

/// A run, its curves, and the cases, as the page asks for them.
@Suite struct ViewTests {
  private let experiment: ServedExperiment
  private var folder: TemporaryFolder { experiment.folder }
  private var running: RunningServer { experiment.running }

  init() throws { experiment = try ServedExperiment() }

  private func names() throws -> [String] {
    try experiment.runs().compactMap { $0["run"] as? String }
  }

  private func shown(_ name: String) throws -> [String: Any] {
    let output = try FinishedExperiment.program(folder, "runs", "show", name, "--json").output
    return try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
  }

  private func bytes(_ value: Any?) throws -> Data {
    try JSONSerialization.data(withJSONObject: value ?? [], options: [.sortedKeys])
  }

  @Test func aRunIsThatOfRunsShow() throws {
    try experiment.served { () throws in
      let name = try names()[0]
      let (run, other) = (try running.json("/api/run?name=\(name)"), try shown(name))
      #expect(run["identity"] as? String == other["identity"] as? String)
      #expect(run["history"] as? [String] == other["history"] as? [String])
      #expect(try bytes(run["epochs"]) == bytes(other["epochs"]))
      #expect((run["plan"] as? String)?.contains("\n  \"training\": {") == true)
    }
  }

  @Test func aRunThatThereIsNotIsNotFound() throws {
    try experiment.served { () throws in
      for name in ["ghost", "", ".", "%2e%2e", String(try names()[0].dropLast())] {
        #expect(try running.ask("/api/run?name=\(name)").status == 404, "\(name)")
      }
    }
  }

  @Test func aRunWithoutItsPlanIsShownWithWhatIsWrong() throws {
    try experiment.served { () throws in
      let name = try names()[0]
      try FileManager.default.removeItem(at: folder.file("Workspace/runs/\(name)/plan.json"))
      let run = try running.json("/api/run?name=\(name)")
      #expect((run["flaw"] as? String)?.contains("plan.json") == true)
      #expect((run["epochs"] as? [Any])?.count == 2)
    }
  }

  @Test func curvesHaveEveryEpochOfTheJournal() throws {
    try experiment.served { () throws in
      let names = try names()
      let answer = try running.json("/api/curves?runs=\(names.joined(separator: ",")),ghost")
      let curves = try #require(answer["curves"] as? [[String: Any]])
      #expect(curves.compactMap { $0["run"] as? String } == names)
      for (curve, name) in zip(curves, names) {
        let epochs = try #require(try shown(name)["epochs"] as? [[String: Any]])
        #expect("\(curve["loss"] ?? "")" == "\(epochs.map { $0["trainingLoss"] ?? 0 })")
        #expect("\(curve["epochs"] ?? "")" == "\(epochs.map { $0["epoch"] ?? 0 })")
      }
      let fields = (answer["differences"] as? [[String: Any]] ?? []).compactMap { $0["field"] as? String }
      #expect(fields.contains { $0.hasPrefix("model.") } && fields.contains("fold.number"))
    }
  }

  @Test func aRunThatHasNotBegunTakesNoOthersPlan() throws {
    try experiment.served { () throws in
      let names = try names()
      let query = "/api/curves?runs=\(names.joined(separator: ","))"
      let before = try values(of: "model.aspp", query)
      try FileManager.default.removeItem(at: folder.file("Workspace/runs/\(names[0])"))
      _ = try running.json("/api/sweep")
      #expect(try running.json(query)["runs"] as? [String] == names)
      #expect(try values(of: "model.aspp", query) == [nil] + before.dropFirst())
    }
  }

  /// As JSON; nil for a run whose plan does not have the field, or is not there.
  private func values(of field: String, _ query: String) throws -> [String?] {
    let differences = try #require(try running.json(query)["differences"] as? [[String: Any]])
    let values = differences.first { $0["field"] as? String == field }?["values"] as? [Any]
    return try #require(values).map { $0 as? String }
  }

  @Test func casesAreThoseThatWereTested() throws {
    try experiment.served { () throws in
      _ = try running.json("/api/sweep")
      let dice = try running.json("/api/cases"), distances = try running.json("/api/cases?measure=hd95")
      let cases = try #require(dice["cases"] as? [[String: Any]])
      // Two variants, each tested on the eight cases but the one in each fold that chooses the checkpoint.
      #expect(cases.count == 12 && Set(cases.compactMap { $0["name"] as? String }).count == 6)
      #expect((dice["measure"] as? [String: Any])?["worstIsHigh"] as? Bool == false)
      #expect((distances["measure"] as? [String: Any])?["unit"] as? String == "mm")
    }
  }

  @Test func aCaseHasSlicesWithEveryMethod() throws {
    try experiment.served { () throws in
      _ = try running.json("/api/sweep")
      let slices = try running.json("/api/slices?case=Case1")
      #expect(slices["slices"] as? Int == 6)
      let first = try running.ask("/api/overlay?case=Case1&slice=0")
      #expect(
        first.field("Content-Type") == "image/svg+xml" && first.body.contains("SAFNet") && first.body.contains("Base"))
      #expect(try running.ask("/api/overlay?case=Case1&slice=3").body != first.body)
      #expect(try running.ask("/api/overlay?case=Case1&slice=99").status == 200, "the last one")
      #expect(try running.ask("/api/overlay?case=ghost").status == 404)
    }
  }

  /// A method of another program stands beside the experiment's own on each slice.
  @Test func anImportedMethodHasItsSlices() throws {
    try experiment.served { () throws in
      _ = try running.json("/api/sweep")
      let cases = try #require(try running.json("/api/cases")["cases"] as? [[String: Any]])
      let names = Set(cases.compactMap { $0["name"] as? String })
      try FileManager.default.createDirectory(at: folder.file("maps"), withIntermediateDirectories: true)
      for name in names {
        try FileManager.default.copyItem(
          at: folder.file("phantom/Mask/mask_\(name.lowercased()).nii.gz"), to: folder.file("maps/\(name).nii.gz"))
      }
      let result = try FinishedExperiment.program(
        folder, "import", "predictions", "maps", "--experiment", "small.json", "--name", "<b>Another</b>")
      #expect(result.status == 0, "\(result.errors)")
      // The experiment is looked at again a second after it was, at the earliest.
      let isThere = try (0..<50).contains { _ in
        usleep(100_000)
        return try experiment.runs().count == 5
      }
      #expect(isThere)
      let name = try #require(names.min())
      let overlay = try running.ask("/api/overlay?case=\(name)&slice=2")
      #expect(overlay.status == 200 && overlay.body.contains("&lt;b&gt;Another") && !overlay.body.contains("<b>"))
      let imported = try #require(
        try running.json("/api/cases")["cases"] as? [[String: Any]]
      ).filter { $0["variant"] as? String == "<b>Another</b>" }
      #expect(imported.count == names.count && imported.allSatisfy { $0["mean"] as? Double == 1 })
      let run = try #require(imported.first?["run"] as? String)
      #expect(try running.json("/api/run?name=\(run)")["flaw"] == nil)
    }
  }
}

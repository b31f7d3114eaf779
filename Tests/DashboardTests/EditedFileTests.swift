import Foundation
import TestSupport
import Testing

/// What the page says of an experiment's file that was edited while its runs are shown.
@Suite struct EditedFileTests {
  private let experiment: ServedExperiment
  private var folder: TemporaryFolder { experiment.folder }

  init() throws { experiment = try ServedExperiment() }

  /// Those of the file.
  private func notices() throws -> [String] {
    let all = try experiment.running.json("/api/sweep")["notices"] as? [String] ?? []
    return all.filter { $0.contains("small.json ") }
  }

  @Test func aFileThatCannotBeReadAnyMoreIsTold() throws {
    try experiment.served { () throws in
      let json = SmallExperiment.json()
      #expect(try notices() == [])
      let version = try #require(try experiment.running.json("/api/sweep")["version"] as? Int)
      try folder.write("small.json", json.replacing("\"augmentation\"", with: "\"nonsense\""))
      let told = try notices()
      #expect(told.count == 1 && told[0].contains("small.json can no longer be read as an experiment"), "\(told)")
      #expect(told.first?.contains("what is shown here is what it asked for before: ") == true)
      #expect(told.first?.contains(": nonsense: unknown key") == true && told.first?.contains("more mistake") == false)
      #expect(try experiment.running.json("/api/sweep")["version"] as? Int ?? 0 > version, "browsers are told")
      #expect(try experiment.runs().count == 4)
      try folder.write(
        "small.json",
        json.replacing("\"epochs\": 2", with: "\"epochs\": 0").replacing("\"batch\": 2", with: "\"batch\": 0"))
      #expect(try notices().first?.contains(" (and 1 more mistake, which `safnet validate ") == true)
      try FileManager.default.removeItem(at: folder.file("small.json"))
      #expect(try notices().first?.contains("small.json is no longer there, and what is shown here") == true)
      try folder.write("small.json", json)
      #expect(try notices() == [])
    }
  }

  @Test func aFileThatAsksForOthersIsTold() throws {
    try experiment.served { () throws in
      #expect(try notices() == [])
      try folder.write("small.json", SmallExperiment.json(epochs: 3))
      let told = try notices()
      #expect(told.count == 1 && told[0].contains("small.json was edited since it was read"), "\(told)")
      #expect(told.first?.contains("end this dashboard and give the same command again") == true)
    }
  }
}

import Foundation
import Store
import Testing
import Workbench

/// Maps that would make the same row twice, and those that make none.
@Suite struct EqualRowsTests {
  let console = RecordedConsole()
  let sweep: SmallSweep
  private let maps: URL

  init() throws {
    sweep = try SmallSweep.trained()
    maps = sweep.folder.appending(path: "maps")
    try FileManager.default.createDirectory(at: maps, withIntermediateDirectories: true)
    for number in 1...8 {
      try FileManager.default.copyItem(
        atPath: sweep.path("phantom/Mask/mask_case\(number).nii.gz"), toPath: maps.path + "/Case\(number).nii.gz")
    }
  }

  private func session(_ name: String) throws -> ImportSession {
    ImportSession(try sweep.specification(), .predictions(maps), name: name)
  }

  @Test func theSameVoxelsInOtherFilesAreSaid() throws {
    try session("One").run(in: sweep.workspace, console: console)
    let file = maps.appending(path: "Case1.nii.gz")
    var data = try Data(contentsOf: file)
    // Gzip's operating system.
    data[9] = data[9] == 11 ? 3 : 11
    try data.write(to: file)
    #expect(!console.errors.contains("rows are equal"), "\(console.errors)")
    try session("Two").run(in: sweep.workspace, console: console)
    #expect(
      console.errors.contains("warning: maps of the same scores are imported as 'One' already"), "\(console.errors)")
  }

  @Test func ofWhatIsRefusedNoRowsAreSaidToBeEqual() throws {
    let record = try session("One").run(in: sweep.workspace, console: console).readImport()
    let number = try #require(record.numbers.first { $0.value == record.structures[0] }?.key)
    let labels = sweep.folder.appending(path: "one.json")
    try JSONEncoder().encode([record.structures[0]: number]).write(to: labels)
    var second = try session("one")
    second.labels = labels
    let other = RecordedConsole()
    #expect(throws: ImportProblems.self) { try second.run(in: sweep.workspace, console: other) }
    #expect(!other.errors.contains("rows are equal") && !other.errors.contains("differs from"), "\(other.errors)")
  }
}

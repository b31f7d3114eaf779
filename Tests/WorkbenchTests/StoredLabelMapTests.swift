import Foundation
import Store
import TestSupport
import Testing
import Volumes
import Workbench

/// A run's label map that an export cannot read: what is lost or damaged is made anew, and what may be sound is not called so.
@Suite struct StoredLabelMapTests {
  @Test func rightsAndMemoryAreNoDamage() throws {
    let folder = try TemporaryFolder()
    let (file, none) = (try folder.write("a.nii.gz", [1]), folder.file("b.nii.gz"))
    let lacks: [NIfTIError] = [
      .cannotOpen(file: "f", reason: "Permission denied", remedy: ""),
      .noMemory(file: "f", dimensions: [9], needed: 2, free: 1),
      .refusedBySystem(file: "f", reason: "Too many open files", remedy: ""),
    ]
    for lack in lacks { #expect(lack.isLack(of: file) && !lack.isLack(of: none), "\(lack)") }
    #expect(NIfTIError.deadLink(file: "f", words: "").isLack(of: none), "it lies elsewhere")
    let damages: [NIfTIError] = [
      .truncated(file: "f", bytes: 1, wanted: 2), .notGzip(file: "f"), .truncatedGzip(file: "f", bytes: 1, wanted: 2),
      .corruptGzip(file: "f", reason: "x"), .badMagic(file: "f", found: "a", wanted: "b"),
    ]
    for damage in damages { #expect(!damage.isLack(of: file), "\(damage)") }
  }

  /// What an export of a trained run says where `spoil` has met its first label map.
  private func words(_ spoil: (URL) throws -> Void) throws -> String {
    let sweep = try SmallSweep.trained()
    let run = try sweep.workspace.runDirectories()[0]
    let maps = try FileManager.default.contentsOfDirectory(atPath: run.predictionsFolder.path)
    try spoil(run.predictionsFolder.appending(path: try #require(maps.sorted().first { $0.hasSuffix(".nii.gz") })))
    let session = ExportSession(runs: .named([run.name]), format: .nnunet, output: sweep.path("export"))
    let error = #expect(throws: (any Error).self) {
      try session.run(in: sweep.workspace, program: SmallSweep.program, console: RecordedConsole())
    }
    #expect(!FileManager.default.fileExists(atPath: sweep.path("export")))
    return error.map { "\($0)" } ?? ""
  }

  @Test func aPipeAndADeadLinkAreNamedAsWhatTheyAre() throws {
    let pipe = try words { file in
      try FileManager.default.removeItem(at: file)
      #expect(mkfifo(file.path, 0o600) == 0)
    }
    #expect(
      pipe.hasSuffix(": cannot be opened (it is a pipe, not a file); give a file in its place"),
      "\(pipe)")
    let link = try words { file in
      try FileManager.default.removeItem(at: file)
      try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: "/gone/a.nii.gz")
    }
    #expect(
      link.contains(": it is a link to /gone/a.nii.gz, which is not there; put what it leads to there"), "\(link)")
  }

  /// As who corrects a map in its place: the truth, whose scores are others.
  @Test func anotherMapThanTheOneThatWasScoredIsNotExported() throws {
    let words = try words { file in
      let mask = file.lastPathComponent.replacingOccurrences(of: "Case", with: "mask_case")
      try FileManager.default.removeItem(at: file)
      try FileManager.default.copyItem(
        at: file.deletingLastPathComponent().appending(path: "../../../../phantom/Mask/\(mask)"), to: file)
    }
    let cause = " holds other voxels than the label map that was scored: it was edited or replaced since. "
    #expect(words.contains(cause + "Move it to another place, and `safnet run "), "\(words)")
  }

  @Test(.enabled(if: getuid() != 0, "root may read every file")) func aFileOfSomebodyElseIsNotCalledDamaged() throws {
    let words = try words { file in chmod(file.path, 0) }
    #expect(words.contains(": cannot be opened (Permission denied); give this user the right"), "\(words)")
  }
}

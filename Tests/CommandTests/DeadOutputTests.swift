import Foundation
import TestSupport
import Testing

/// Every command that is told where to write, with a link to nothing there: one sentence about the link, and no work before it.
@Suite struct DeadOutputTests {
  /// `OUT` begins the name of the link, `RUN` is a finished run.
  static let commands: [[String]] =
    ["onnx", "pytorch", "nnunet", "bids", "tensorboard"].map { ["export", "RUN", "--format", $0, "-o", "OUT"] } + [
      ["report", "small.json", "-o", "OUT"], ["report", "small.json", "-o", "OUT", "--force"],
      ["predict", "RUN", "phantom/MR", "-o", "OUT"],
      ["predict", "RUN", "phantom/MR/Case1.nii.gz", "-o", "OUT.nii.gz"],
      ["predict", "RUN", "phantom/MR/Case1.nii.gz", "-o", "OUT.nii.gz", "--force"],
      ["dataset", "phantom", "OUT", "--cases", "1"],
      [
        "dataset", "import", "OUT.csv", "--images", "phantom/MR/Case*.nii.gz", "--masks",
        "phantom/Mask/mask_case*.nii.gz",
      ],
      ["evaluate", "phantom/Mask", "phantom/Mask", "--csv", "OUT.csv"], ["new", "phantom", "-o", "OUT.json"],
      ["verify", "--keep", "OUT"],
    ]

  private let program: Program
  private let run: String

  init() throws {
    program = try FinishedSweep.copy()
    run = try #require(try program.runNames().first)
  }

  /// How the command ends that is to write at `OUT` or below it; nothing may have changed.
  private func refusal(_ command: [String], below: String = "") throws -> Program.Result {
    let before = try program.contents()
    let words = command.map { $0 == "RUN" ? run : $0.hasPrefix("OUT") ? below + $0 : $0 }
    let result = try program.start(words).wait()
    #expect(result.status == 2 && result.output.isEmpty, "\(result.errors)")
    #expect(try program.contents() == before)
    return result
  }

  @Test(arguments: commands) func isNamedBeforeAnyWork(command: [String]) throws {
    let name = try #require(command.first { $0.hasPrefix("OUT") })
    let link = program.folder.appending(path: name)
    for (target, words) in [("gone/place", "gone/place, which is not there; "), (name, " in a circle; remove it, or ")]
    {
      try? FileManager.default.removeItem(at: link)
      try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: target)
      let errors = try refusal(command).errors
      #expect(errors.hasPrefix("error: \(name): ") && errors.contains("\(name) is a link "), "\(errors)")
      #expect(errors.contains(words) && errors.hasSuffix("or give another path.\n"), "\(errors)")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == target)
    }
  }

  @Test(arguments: commands) func isNamedOnTheWayToo(command: [String]) throws {
    let link = program.folder.appending(path: "disk")
    try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "gone/disk")
    let errors = try refusal(command, below: "disk/").errors
    #expect(errors.hasPrefix("error: disk/OUT") && errors.contains("disk is a link to "), "\(errors)")
    #expect(
      errors.hasSuffix("gone/disk, which is not there; make that, remove the link, or give another path.\n"),
      "\(errors)")
  }

  /// As where reports are kept on a disk that is not mounted.
  @Test func whoOnlyReadsAReportNeedsNoPlace() throws {
    let reports = program.folder.appending(path: "Reports")
    try? FileManager.default.removeItem(at: reports)
    try FileManager.default.createSymbolicLink(atPath: reports.path, withDestinationPath: "gone/disk")
    let explained = try program("report", "small.json", "--explain", "Base", "fold 1")
    #expect(explained.status == 0 && explained.output.contains("evaluation.h5"), "\(explained.errors)")
    let written = try program("report", "small.json")
    #expect(written.status == 2 && written.errors.contains("Reports is a link to "), "\(written.errors)")
  }
}

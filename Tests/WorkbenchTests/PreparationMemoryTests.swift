import Compute
import Foundation
import TestSupport
import Testing
import Volumes

import Workbench

/// What preparing a case takes, beside what the process takes that does it.
@Suite(.enabled(if: Python.has("resource"))) struct PreparationMemoryTests {
  private static let geometry = Geometry(
    shape: [40, 256, 256], affine: Affine(rows: [SIMD4(3, 0, 0, 0), SIMD4(0, 1, 0, 0), SIMD4(0, 0, 1, 0)]))
  private static let safnet = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("safnet").path

  /// The most that a program held, in bytes.
  private func peak(_ arguments: String...) throws -> Int {
    let script =
      "import json, resource, subprocess, sys\n"
      + "assert subprocess.run(json.loads(sys.argv[1]), stdout=subprocess.DEVNULL).returncode == 0\n"
      + "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    let command = String(decoding: try JSONEncoder().encode([Self.safnet] + arguments), as: UTF8.self)
    let kibibytes = try Python.run(script, command).trimmingCharacters(in: .whitespacesAndNewlines)
    return try #require(Int(kibibytes)) << 10
  }

  /// A dataset of a single case, so that one is prepared at a time.
  private func dataset(channels: Int, in folder: TemporaryFolder) throws -> Dataset {
    for name in ["imagesTr", "labelsTr"] {
      try FileManager.default.createDirectory(at: folder.file(name), withIntermediateDirectories: true)
    }
    let voxels = Self.geometry.shape.reduce(1, *)
    for channel in 0..<channels {
      let values = (0..<voxels).map { Int16(truncatingIfNeeded: ($0 * (channel + 3)) % 1009) }
      try NIfTI.write(values, geometry: Self.geometry, to: folder.file("imagesTr/a_000\(channel).nii"))
    }
    let labels = (0..<voxels).map { UInt8($0 / 40 % 256 < 128 ? 1 : 0) }
    try NIfTI.write(labels, geometry: Self.geometry, to: folder.file("labelsTr/a.nii"))
    let names = (0..<channels).map { "\"\($0)\": \"T\($0)\"" }.joined(separator: ", ")
    try folder.write(
      "dataset.json", #"{"channel_names": {\#(names)}, "labels": {"background": 0, "A": 1}, "file_ending": ".nii"}"#)
    return try Dataset.open(folder.url, channels: .all)
  }

  /// The figure is made of the arrays that are held, so what the system's allocator keeps besides is allowed for.
  @Test(arguments: [1, 3, 5]) func isWhatTheProcessTakes(channels: Int) throws {
    let folder = try TemporaryFolder()
    let dataset = try dataset(channels: channels, in: folder)
    var memory = PreparationMemory(size: Preprocessing().size)
    (memory.channels, memory.stored) = (channels, (Self.geometry.shape.reduce(1, *), 2))
    let taken = try peak("dataset", "check", folder.url.path) - peak("--version")
    let ratio = Double(taken) / Double(memory.bytes)
    #expect(ratio > 0.85 && ratio < 1.15, "\(taken) of \(memory.bytes)")
    let both = try PreparationMemory.workers(4, Preprocessing(), nil, of: dataset)
    #expect(both == 4)
  }

  @Test func everyChannelCounts() throws {
    var memory = PreparationMemory(size: Extent3(10, 10, 10))
    memory.stored = (1000, 2)
    // One channel and the mask, and one of them again, in double precision; as they are on the network's grid.
    #expect(memory.bytes == max(1000 * (8 * 2 + 8 + 2), 1000 * 9 + 1000 * 18))
    memory.channels = 4
    #expect(memory.bytes == max(1000 * (8 * 5 + 8 + 2), 1000 * 33 + 1000 * 30))
    let shortage = #expect(throws: PreparationMemory.Shortage.self) { try memory.workers(2, free: 1000) }
    #expect(
      shortage?.description.hasPrefix("preprocessing.size 10x10x10 of 4 channels: to prepare one case takes ") == true)
    // Of a small image on a large grid, the file that is written is more than what it is made of.
    (memory.channels, memory.stored) = (16, (1, 2))
    #expect(memory.bytes == 1000 * 2 * 65)
  }
}

import Foundation
import System
import TestSupport
import Testing

/// Limits of made-up control groups, laid out as the system shows them.
@Suite struct ControlGroupTests {
  private let temporary: TemporaryFolder
  var root: URL { temporary.url }

  init() throws {
    temporary = try TemporaryFolder()
  }

  func group(_ path: String, _ files: [String: String]) throws {
    let folder = root.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
  }

  @Test func theTightestGroupOnTheWayCounts() throws {
    try group("", ["cpu.max": "max 100000\n"])
    try group(
      "slurm",
      ["memory.max": "1000\n", "memory.current": "400\n", "memory.stat": "anon 3\n", "cpu.max": "250000 100000\n"])
    try group("slurm/job", ["memory.max": "900\n", "memory.current": "50\n", "cpu.max": "400000 100000\n"])
    try group("other", ["memory.max": "1\n", "memory.current": "0\n", "cpu.max": "100000 100000\n"])
    let own = ControlGroup(root: root, membership: "0::/slurm/job\n")
    #expect(own.freeMemory == 600 && own.cores == 3)
    let hidden = ControlGroup(root: root, membership: "0::/elsewhere\n")
    #expect(hidden.freeMemory == nil && hidden.cores == nil)
  }

  /// Else a container that has just read its dataset would seem full.
  @Test func filesThatCanBeDroppedAreNotInTheWay() throws {
    try group(
      "", ["memory.max": "1000\n", "memory.current": "1000\n", "memory.stat": "active_file 200\ninactive_file 700\n"])
    #expect(ControlGroup(root: root, membership: "0::/\n").freeMemory == 700)
    try group("", ["memory.max": "max\n"])
    #expect(ControlGroup(root: root, membership: "0::/\n").freeMemory == nil)
  }

  @Test func versionOneHasAFolderForEachController() throws {
    try group(
      "memory/box",
      [
        "memory.limit_in_bytes": "1000\n", "memory.usage_in_bytes": "900\n",
        "memory.stat": "inactive_file 1\ntotal_inactive_file 300\n",
      ])
    try group("cpu/box", ["cpu.cfs_quota_us": "100001\n", "cpu.cfs_period_us": "100000\n"])
    let group = ControlGroup(root: root, membership: "5:cpuset:/\n4:memory:/box\n2:cpu,cpuacct:/box\n0::/\n")
    #expect(group.freeMemory == 400 && group.cores == 2)
    try self.group("cpu/box", ["cpu.cfs_quota_us": "-1\n"])
    #expect(group.cores == nil)
  }
}

import Foundation
import TestSupport
import Testing

/// Slurm's packages on a machine that is no cluster's, as a workstation has them.
@Suite struct NoClusterTests {
  @Test func aSweepIsRefusedBeforeAnythingIsStarted() throws {
    let program = try Program()
    let bin = program.folder.appendingPathComponent("bin")
    let script = """
      #!/bin/sh
      echo "$0 $*" >> calls
      echo "sbatch: error: fetch_config: DNS SRV lookup failed" >&2
      echo "sbatch: fatal: Could not establish a configuration source" >&2
      exit 1
      """
    for name in ["sbatch", "squeue"] { try writeProgram(script, to: bin.appendingPathComponent(name)) }
    try Data("{}".utf8).write(to: program.folder.appending(path: "site.json"))
    let path = bin.path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
    let result = try program.start(
      ["run", "small.json", "--executor", "slurm", "--site", "site.json"], environment: ["PATH": path]
    ).wait()
    #expect(result.status == 1, "\(result.errors)")
    #expect(
      result.errors.contains(
        "sbatch knows of no cluster on this machine: type this on a login node of the cluster, after `module load slurm` if it"
          + " needs that (sbatch says: fetch_config: DNS SRV lookup failed; Could not establish a configuration source)"
      ),
      "\(result.errors)")
    let calls = try String(contentsOf: program.folder.appending(path: "calls"), encoding: .utf8)
    #expect(calls.hasSuffix("sbatch --version\n") && calls.split(separator: "\n").count == 1, "\(calls)")
    for name in ["Workspace", "phantom"] {
      #expect(!FileManager.default.fileExists(atPath: program.folder.appending(path: name).path), "\(name)")
    }
    // What --jobs overrules is a cluster's to obey; it is said before.
    let dry = try program.start(
      ["run", "small.json", "--executor", "slurm", "--site", "site.json", "--jobs", "1", "--dry-run"],
      environment: ["PATH": path]
    ).wait()
    #expect(
      dry.output.contains("4 of 4 runs, 1 at once, ") && dry.output.contains(" each, by slurm\n"),
      "\(dry.output)\(dry.errors)")
  }
}

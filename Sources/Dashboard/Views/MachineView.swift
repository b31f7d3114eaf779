import Foundation
import Store
import System

/// The machine that the server runs on, and what the workers on it take.
struct MachineView: Encodable, Sendable {
  let host: String
  let processor: String
  let cores: Int
  let load: Double?
  let memory: Int
  let freeMemory: Int
  let freeDisk: Int?
  let workers: [Worker]

  struct Worker: Encodable, Sendable {
    let run: String
    let host: String
    let pid: Int
    /// Bytes; nil for one on another machine.
    let memory: Int?
    let threads: Int?
    /// Nil where it was heard of not long ago.
    let silence: WorkerSilence?
  }

  init(_ source: LiveSource) {
    let (description, machine) = (MachineDescription.current(), Machine.current())
    (host, processor, cores) = (description.host, description.cpu, machine.cores)
    (load, memory, freeMemory) = (Machine.load, description.memory, machine.freeMemory)
    freeDisk = Machine.freeDisk(at: source.workspace.root)
    workers = source.lines.filter { $0.state == .running }.compactMap { line in
      let directory = source.workspace.runDirectory(named: line.run)
      guard let holder = try? RunLock.probe(directory).holder else { return nil }
      let threads = (try? directory.history().workers.last?.threads) ?? nil
      return Worker(
        run: line.run, host: holder.host, pid: holder.pid,
        memory: holder.host == description.host ? ProcessMemory.now(ofProcess: "\(holder.pid)") : nil, threads: threads,
        silence: directory.silence())
    }
  }
}

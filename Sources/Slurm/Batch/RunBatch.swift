import Foundation
import System

/// The runs of one array, written to the disk before Slurm hears of it: task N of the array trains `runs[N]`, whoever
/// asks, however often.
package struct RunBatch: Codable, Equatable, Sendable {
  /// Counted from 1 in its sweep.
  package var number: Int
  /// The job's name, which no other batch has: the handle of a job whose number was never heard.
  package var name: String
  /// Bytes asked for.
  package var memory: Int
  /// Names of run directories.
  package var runs: [String]
  /// How many workers of each had begun before.
  package var attempts: [Int]
  /// Beside the memory; nil in batches of earlier programs.
  package var asked: Asked?

  package init(
    number: Int, name: String, memory: Int, runs: [String], attempts: [Int], asked: Asked? = nil
  ) {
    (self.number, self.name, self.memory, self.runs, self.attempts) = (number, name, memory, runs, attempts)
    self.asked = asked
  }

  /// What each task asks for.
  package struct Asked: Codable, Equatable, Sendable {
    package var cpus: Int
    /// The limit of one job; nil: the partition's own.
    package var seconds: Int?
    /// Seconds before it at which a worker leaves.
    package var warning: Int
    /// By which the plan's estimate was multiplied; nil where the memory was given.
    package var memoryMargin: Double?

    package init(_ site: SiteProfile) {
      (cpus, seconds, warning) = (site.cpus, site.time?.seconds, site.warning)
      memoryMargin = site.memory == nil ? site.memoryMargin : nil
    }
  }
}

/// The folder of a sweep's batches in its workspace, `slurm/SWEEP`.
///
/// `N.json` is a batch, `N.sh` what sbatch was given, `N-TASK.log` what Slurm wrote of its tasks, `N-TASK.use.json` what
/// their workers used, and `N.ended` says that none of its tasks will be heard of again.
package struct BatchFolder: Equatable, Sendable {
  package let workspace: URL
  package let sweep: String

  /// - Parameter experiment: its name; with the workspace's path it names the sweep, so that two never meet.
  package init(workspace: URL, experiment: String) {
    self.workspace = workspace.absoluteURL.physicalFileURL
    let plain = experiment.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    let key = Self.hash(self.workspace.path + "\n" + experiment)
    sweep = "safnet-\(plain.prefix(24))-\(key)"
  }

  private init(workspace: URL, sweep: String) { (self.workspace, self.sweep) = (workspace, sweep) }

  /// Those of every sweep of a workspace.
  package static func all(in workspace: URL) -> [BatchFolder] {
    let root = workspace.absoluteURL.physicalFileURL
    let names = (try? Folder.names(in: root.appending(path: folderName))) ?? []
    return names.filter { $0.hasPrefix("safnet-") }.map { BatchFolder(workspace: root, sweep: $0) }
  }

  private static let folderName = "slurm"

  /// Relative to the workspace.
  package var path: String { "\(Self.folderName)/\(sweep)" }
  package var url: URL { workspace.appending(path: path, directoryHint: .isDirectory) }
  package var lockFile: URL { file("submitter.lock") }
  /// There while the sweep's jobs are being cancelled: nothing is handed in any more.
  package var cancelMark: URL { file("cancelled") }

  package func batchFile(_ number: Int) -> URL { file("\(number).json") }
  package func scriptFile(_ number: Int) -> URL { file("\(number).sh") }
  package func logPattern(_ number: Int) -> String { "\(path)/\(number)-%a.log" }
  package func log(_ number: Int, task: Int) -> URL { file("\(number)-\(task).log") }
  package func useFile(_ number: Int, task: Int) -> URL { Self.useFile(batch: batchFile(number), task: task) }
  /// Beside a batch's file, whose path is all that a worker is told.
  package static func useFile(batch: URL, task: Int) -> URL {
    batch.deletingPathExtension().deletingLastPathComponent()
      .appending(path: "\(batch.deletingPathExtension().lastPathComponent)-\(task).use.json")
  }
  private func endFile(_ number: Int) -> URL { file("\(number).ended") }
  private func file(_ name: String) -> URL { url.appending(path: name, directoryHint: .notDirectory) }

  package func jobName(_ number: Int) -> String { "\(sweep)-\(number)" }

  /// On the disk when this returns.
  package func write(_ batch: RunBatch, script: String) throws(SystemError) {
    try Folder.create(url)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let data = (try? encoder.encode(batch)) ?? Data()
    try AtomicFile.write(Data(script.utf8), to: scriptFile(batch.number))
    try AtomicFile.write(data, to: batchFile(batch.number))
  }

  package func end(_ number: Int) { try? AtomicFile.write(Data(), to: endFile(number)) }

  /// Those of which something may still be heard.
  package func open() throws -> [RunBatch] {
    let names = try names()
    let ended = Set(names.filter { $0.hasSuffix(".ended") }.compactMap { Int($0.dropLast(6)) })
    return try numbers(names).filter { !ended.contains($0) }.map { try Self.read(batchFile($0)) }
  }

  /// Every batch that was ever handed in and can be read, in their order.
  package func everything() throws -> [RunBatch] {
    try numbers(names()).compactMap { try? Self.read(batchFile($0)) }
  }

  package func nextNumber() throws -> Int { (try numbers(names()).max() ?? 0) + 1 }

  private func names() throws -> [String] {
    access(url.path, F_OK) == 0 ? try Folder.names(in: url) : []
  }

  private func numbers(_ names: [String]) -> [Int] {
    names.filter { $0.hasSuffix(".json") }.compactMap { Int($0.dropLast(5)) }.sorted()
  }

  /// - Throws: `BatchError` for a file that is none.
  package static func read(_ file: URL) throws -> RunBatch {
    let data = try Descriptor.contents(of: file, limit: 1 << 28)
    guard let batch = try? JSONDecoder().decode(RunBatch.self, from: data), batch.runs.count == batch.attempts.count,
      batch.runs.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") && !$0.contains("/") })
    else { throw BatchError.damaged(file: file.path) }
    return batch
  }

  /// FNV-1a, of 32 bits.
  private static func hash(_ text: String) -> String {
    let value = text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}

/// What a worker on a node cannot go on without.
package enum BatchError: Error, Equatable, CustomStringConvertible {
  case damaged(file: String)
  case noTask(file: String, task: Int, tasks: Int)

  package var description: String {
    switch self {
    case .damaged(let file): "\(file) is no list of runs; remove it, then `safnet run` hands its runs in again"
    case .noTask(let file, let task, let tasks):
      "\(file) has tasks 0 to \(tasks - 1), not \(task); it belongs to another job: cancel that one"
    }
  }
}

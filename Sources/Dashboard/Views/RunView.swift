import Experiments
import Foundation
import Reporting
import Scheduling
import Store
import Text
import Workbench

/// Everything about one run: what `safnet runs show` knows, its plan and the end of its log.
struct RunView: Encodable, Sendable {
  let line: RunLine?
  let run: String
  /// What of its files cannot be read; the rest is shown all the same.
  let flaw: String?
  let identity: String?
  let facts: [Fact]
  let history: [String]
  let epochs: [EpochRecord]
  let plan: String?
  let log: [String]
  let files: [File]

  struct Fact: Encodable, Sendable {
    let name: String
    let value: String
  }

  struct File: Encodable, Sendable {
    let name: String
    let bytes: Int
  }

  init(_ directory: RunDirectory, line: RunLine?) {
    (self.line, run) = (line, directory.name)
    log = LogTail.read(directory.logFile, lines: Self.logLines).map { $0.visible(keeping: ["\t"]) }
    files = Self.files(of: directory)
    if directory.isImported {
      let description = Result { try ImportDescription(of: directory) }
      (identity, history, epochs, plan) = (nil, [], [], nil)
      facts = (try? description.get()).map { [Fact(name: "Imported", value: $0.text)] } ?? []
      flaw = description.problem
      return
    }
    let description = Result { try RunDescription(of: directory) }
    let stored = try? directory.readPlan()
    identity = stored?.identity
    plan = stored.map { PlanText.indented(String(decoding: $0.planJSON, as: UTF8.self)) }
    facts = stored.map { Self.facts($0.environment) } ?? []
    flaw = description.problem
    if let known = try? description.get() {
      (history, epochs) = (known.history, known.epochs)
    } else {
      (history, epochs) = ([], (try? directory.history().epochs) ?? [])
    }
  }

  private static let logLines = 200

  private static func facts(_ environment: EnvironmentRecord) -> [Fact] {
    [
      ("Machine", environment.host), ("Processor", "\(environment.cpu), \(environment.cores) cores"),
      ("Memory", Quantity.bytes(environment.memory)), ("System", environment.system),
      ("Program", "safnet \(environment.programVersion), \(NumericsVersion.words(environment.numericsVersion))"),
      ("Source", environment.source.map { "\($0)" } ?? ""),
      ("Engine", [environment.engine, environment.instructionSet].compactMap(\.self).joined(separator: ", ")),
      ("Threads", "\(environment.threads)"), ("Started", environment.startTime.formatted(.iso8601)),
      ("Command", environment.commandLine.joined(separator: " ")),
    ].filter { !$0.1.isEmpty }.map(Fact.init)
  }

  /// Those that lie in the run's own folder; its predictions as one.
  private static func files(of directory: RunDirectory) -> [File] {
    let keys: Set<URLResourceKey> = [.fileSizeKey, .isRegularFileKey]
    let own =
      (try? FileManager.default.contentsOfDirectory(at: directory.url, includingPropertiesForKeys: Array(keys))) ?? []
    return own.compactMap { url in
      guard let values = try? url.resourceValues(forKeys: keys), values.isRegularFile == true else { return nil }
      return File(name: url.lastPathComponent, bytes: values.fileSize ?? 0)
    }.sorted { $0.name < $1.name }
  }
}

extension Result {
  fileprivate var problem: String? {
    if case .failure(let error) = self { Words.of(error) } else { nil }
  }
}

import Experiments
import Foundation
import Models
import Networks
import Scheduling
import Store
import Text

/// Everything about one run for `safnet runs show`.
package struct RunDescription: Codable, Sendable {
  package var run: String
  package var state: RunState
  package var identity: String
  package var environment: EnvironmentRecord
  package var plan: Plan
  package var epochs: [EpochRecord]
  /// What happened to it, in words, with UTC times.
  package var history: [String]
  package var bytes: Int
  /// What people wrote about it; nil where nobody has.
  package var note: String?
  package var tags: [String]?
  /// What is wrong with its files; nil where nothing is.
  package var notice: String?

  package init(
    of directory: RunDirectory, networks: NetworkRegistry = .standard, losses: LossRegistry = .standard
  ) throws {
    let stored = try directory.requirePlan()
    let journal = try directory.ownJournal()
    let history = RunHistory(journal)
    (run, state) = (directory.name, try directory.state(after: history))
    (identity, environment) = (stored.identity, stored.environment)
    plan = try Plan(json: stored.planJSON, file: directory.planFile.path, networks: networks, losses: losses)
    epochs = history.epochs
    self.history = journal.events.compactMap(Self.words) + (journal.damage.map { ["\($0)"] } ?? [])
    bytes = Self.size(of: directory.url)
    var (notes, wrong) = (RunNotes(), [String]())
    if state == .damaged { wrong += try directory.flaws(.glance).map(\.description) }
    if let gap = directory.journalGap(after: history), state != .damaged { wrong.append(gap) }
    do { notes = try directory.readNotes() } catch { wrong.append("\(error)") }
    notice = wrong.isEmpty ? nil : wrong.joined(separator: "; ")
    (note, tags) = (notes.note, notes.tags.isEmpty ? nil : notes.tags)
  }

  package var text: String {
    let head = ["epoch", "loss", "learning rate", "monitor", "mean Dice", "time"]
    let rows = epochs.map { record in
      [
        "\(record.epoch)", record.trainingLoss.significant(4), record.learningRate.significant(4),
        record.monitor.percent, record.meanDice.map(\.percent) ?? "",
        Quantity.duration(record.seconds),
      ]
    }
    let table = rows.isEmpty ? [] : [""] + AlignedTable.lines([head] + rows)
    return
      ([
        "\(run): \(state.rawValue), \(Quantity.bytes(bytes))", "plan \(identity)",
        "made on \(environment.host) (\(environment.cpu), \(environment.system)) by safnet \(environment.programVersion)"
          + ", \(NumericsVersion.words(environment.numericsVersion))"
          + (environment.engine.map { ", engine \($0)" } ?? "") + (environment.source.map { ", \($0)" } ?? ""),
      ] + (tags.map { ["tags: " + $0.joined(separator: " ")] } ?? []) + (note.map { ["note: " + $0] } ?? []) + [
        ""
      ] + history + table).joined(separator: "\n")
  }

  private static func words(_ timed: TimedEvent) -> String? {
    let text: String? =
      switch timed.event {
      case .started(let worker):
        (["started on \(worker.host), \(ProgressText.threads(worker.threads)), \(worker.instructionSet)"]
          + (worker.notices ?? [])).joined(separator: "; ")
      case .resumed(let record):
        (["resumed after epoch \(record.epoch), step \(record.stepInEpoch)"] + record.notices).joined(separator: "; ")
      case .interrupted(let record):
        "interrupted (\(record.reason)) after epoch \(record.epoch), step \(record.stepInEpoch)"
      case .failed(let record): "failed: \(record.message)"
      case .evaluated(let record):
        "tested epoch \(record.epoch) on \(Quantity.of(record.cases, "case")): "
          + (record.meanDice.map { "mean Dice \($0.percent)" } ?? "no structure counts")
      case .finished(let record): "finished after \(Quantity.duration(record.seconds))"
      case .epoch, .checkpoint: nil
      }
    return text.map { "\(timed.time.formatted(.iso8601))  \($0)" }
  }

  private static func size(of folder: URL) -> Int {
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.fileSizeKey])
    return files?.reduce(0) { sum, file in
      sum + ((try? (file as? URL)?.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0)
    } ?? 0
  }
}

import Foundation
import System

/// Run directory → rows of the index: a pure function of the files, so that a rebuilt index equals the one before.
struct RunProjection: Equatable {
  var run: IndexedRun
  var epochs: [EpochRecord]

  init(_ directory: RunDirectory) throws {
    var run = IndexedRun(name: directory.name)
    run.source = try IndexedRun.Source(of: directory)
    do {
      if directory.isImported {
        run.identity = try directory.readImport().identity
      } else {
        let plan = try directory.readPlan()
        (run.identity, run.environment) = (plan.identity, plan.environment)
        run.plan = String(decoding: plan.planJSON, as: UTF8.self)
      }
    } catch let error where error is StoreError || error is SystemError {
      run.notice = "\(error)"
    }
    var history = RunHistory()
    do { history = try directory.history() } catch let error as SystemError { run.notice = "\(error)" }
    if let damage = history.damage { run.notice = "\(damage)" }
    run.take(history)
    if run.state == .finished { run.take(flawsOf: directory) }
    (self.run, epochs) = (run, history.epochs)
  }
}

extension IndexedRun {
  /// A finished run is looked at bit by bit, once: as long as its files stay the same, so does its row.
  fileprivate mutating func take(flawsOf directory: RunDirectory) {
    do {
      let flaws = try directory.flaws(.full)
      if flaws.contains(where: \.isOfResults) { state = .damaged }
      let remedy =
        directory.isImported
        ? "import it again"
        : flaws.contains(where: \.isNeeded)
          ? "`safnet run` with its experiment mends it" : "only `safnet predict --checkpoint` with that name needs it"
      if !flaws.isEmpty { notice = flaws.map(\.description).joined(separator: "; ") + "; \(remedy)" }
    } catch {
      notice = "\(error)"
    }
  }

  fileprivate mutating func take(_ history: RunHistory) {
    (state, attempt, seconds) = (history.state(isLocked: false), history.attempt, history.seconds)
    lastEventTime = history.lastEvent?.time
    epochs = history.finishedEpochs
    (bestEpoch, bestMonitor) = (history.best?.epoch, history.best?.monitor)
    (trainingLoss, learningRate) = (history.epochs.last?.trainingLoss, history.epochs.last?.learningRate)
    (testCases, testDice) = (history.evaluation?.cases, history.evaluation?.meanDice)
    structureDice = history.evaluation?.structureDice
    failure = state == .failed ? history.failure?.message : nil
  }
}

extension IndexedRun.Source {
  /// Sizes and modification times, in nanoseconds; zeros for a journal that does not exist yet.
  init(of run: RunDirectory) throws {
    (planBytes, planTime) = try Self.sizeAndTime(of: run.isImported ? run.importFile : run.planFile)
    (journalBytes, journalTime) = try Self.sizeAndTime(of: run.journal)
    results = try [run.evaluationFile, run.bestCheckpoint, run.lastCheckpoint].flatMap { url -> [Int64] in
      let (bytes, time) = try Self.sizeAndTime(of: url)
      return [Int64(bytes), time]
    }
  }

  private static func sizeAndTime(of url: URL) throws -> (Int, Int64) {
    var status = stat()
    if stat(url.path, &status) != 0 {
      guard errno == ENOENT else { throw SystemError(file: url.path, action: .read, code: errno) }
      return (0, 0)
    }
    return (Int(status.st_size), Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec))
  }
}

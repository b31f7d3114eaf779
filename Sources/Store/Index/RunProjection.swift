import Foundation
import System

/// Run directory → rows of the index: a pure function of the files, so that a rebuilt index equals the one before.
struct RunProjection: Sendable {
  var run: IndexedRun
  /// The canonical plan; empty if it cannot be read.
  var plan = ""
  var epochs: [EpochRecord]
  /// What is wrong with its files; the row has them in words.
  private(set) var findings: [RunFinding] = []

  init(_ directory: RunDirectory, _ stamp: RunStamp) throws {
    (run, epochs) = (IndexedRun(name: directory.name), [])
    run.stamp = stamp
    var isReadable = true
    do {
      if directory.isImported {
        run.identity = try directory.readImport().identity
      } else {
        let stored = try directory.readPlan()
        run.identity = stored.identity
        plan = String(decoding: stored.planJSON, as: UTF8.self)
      }
    } catch let error where error is StoreError || error is SystemError {
      findings = [RunFinding(error)]
      isReadable = (error as? SystemError).map { $0.code == ENOENT } ?? true
    }
    var history = RunHistory()
    do { history = try directory.history() } catch let error as SystemError {
      (findings, isReadable) = ([RunFinding(error)], false)
    }
    let damage = history.damage.map { RunFinding($0) }
    if let damage { findings = [damage] }
    run.take(history)
    if !isReadable {
      run.setUnreadable()
    } else if run.state == .finished || directory.hasLostItsEnd {
      take(flawsOf: directory)
    } else if let gap = directory.journalFinding(after: history) {
      findings = [damage, gap].compactMap(\.self)
    }
    do { run.notes = try directory.readNotes() } catch {
      findings.append(RunFinding(error))
      if error is SystemError { run.stamp = RunStamp() }
    }
    epochs = history.epochs
    run.notice = findings.words(for: .anybody)
  }

  /// A finished run is looked at bit by bit, once: as long as its files stay the same, so does its row.
  private mutating func take(flawsOf directory: RunDirectory) {
    do {
      let flaws = try directory.flaws(.full)
      if flaws.contains(where: \.isOfResults) { run.state = .damaged }
      guard !flaws.isEmpty else { return }
      let words = flaws.map(\.description).joined(separator: "; ")
      findings = [
        flaws.lazy.compactMap(\.way).first.map { RunFinding(words, other: $0) }
          ?? (directory.isImported
            ? RunFinding(words, other: "import it again")
            : flaws.contains(where: \.isNeeded)
              ? RunFinding(words, mending: "mends it")
              : RunFinding(
                words,
                other: "only `safnet predict --checkpoint` and rows of prediction.checkpoint with that name need it"))
      ]
    } catch let error as SystemError {
      findings = [RunFinding(error)]
      // Of a network that cannot be read nothing is known; of results, that they are not there.
      if RunFlaw.isOfResults(URL(fileURLWithPath: error.file).lastPathComponent) {
        run.setUnreadable()
      } else {
        run.stamp = RunStamp()
      }
    } catch {
      findings = [RunFinding(error)]
    }
  }
}

extension IndexedRun {
  /// The file may be readable at the next look with the same size and time: this row is of no stamp.
  fileprivate mutating func setUnreadable() { (state, stamp) = (.damaged, RunStamp()) }

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

import Foundation
import System

/// Run directory → rows of the index: a pure function of the files, so that a rebuilt index equals the one before.
struct RunProjection: Sendable {
  var run: IndexedRun
  /// The canonical plan; empty if it cannot be read.
  var plan = ""
  var epochs: [EpochRecord]

  init(_ directory: RunDirectory, _ stamp: RunStamp) throws {
    var run = IndexedRun(name: directory.name)
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
    } catch let error as StoreError {
      run.notice = "\(error)"
    } catch let error as SystemError {
      run.notice = "\(error)"
      isReadable = error.code == ENOENT
    }
    var history = RunHistory()
    do { history = try directory.history() } catch let error as SystemError {
      (run.notice, isReadable) = ("\(error)", false)
    }
    if let damage = history.damage { run.notice = "\(damage)" }
    run.take(history)
    if !isReadable {
      run.setUnreadable()
    } else if run.state == .finished || directory.hasLostItsEnd {
      run.take(flawsOf: directory)
    } else if let gap = directory.journalGap(after: history) {
      run.notice = [history.damage.map { "\($0)" }, gap].compactMap(\.self).joined(separator: "; ")
    }
    do { run.notes = try directory.readNotes() } catch {
      run.add(notice: "\(error)")
      if error is SystemError { run.stamp = RunStamp() }
    }
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
          ? RunFlaw.remedy : "only `safnet predict --checkpoint` with that name needs it"
      if !flaws.isEmpty { notice = flaws.map(\.description).joined(separator: "; ") + "; \(remedy)" }
    } catch let error as SystemError {
      notice = "\(error)"
      // Of a network that cannot be read nothing is known; of results, that they are not there.
      if RunFlaw.isOfResults(URL(fileURLWithPath: error.file).lastPathComponent) {
        setUnreadable()
      } else {
        stamp = RunStamp()
      }
    } catch {
      notice = "\(error)"
    }
  }

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

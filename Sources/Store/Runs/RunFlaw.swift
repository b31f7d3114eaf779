import Foundation
import System

/// What keeps a run, which its journal calls finished, from being whole.
package struct RunFlaw: Equatable, Sendable, CustomStringConvertible {
  /// The file's name inside the run directory.
  package var file: String
  /// "is missing", "is damaged: ...".
  package var cause: String
  /// Whether the run's results rest on it: all but the network that was not tested.
  package var isNeeded: Bool
  /// What leads out, where `safnet run` does not.
  package var way: String?

  /// Whether it is the plan (of an imported method, its record), the journal or the scores: without them the run is no longer
  /// finished. A network that is lost takes no number from a table.
  package var isOfResults: Bool { Self.isOfResults(file) }

  static func isOfResults(_ file: String) -> Bool {
    ["plan.json", "import.json", "journal.jsonl", "evaluation.h5"].contains(file)
  }

  package init(file: String, cause: String, isNeeded: Bool, way: String? = nil) {
    (self.file, self.cause, self.isNeeded, self.way) = (file, cause, isNeeded, way)
  }

  /// Of a network that is this run's, and of another epoch than it must be.
  init(network: URL, of epoch: Int, insteadOf wanted: Int, isNeeded: Bool) {
    self.init(
      file: network.lastPathComponent, cause: "is of epoch \(epoch), where that of epoch \(wanted) must be",
      isNeeded: isNeeded)
  }

  package var description: String { "\(file) \(cause)" }

  /// What mends a run.
  static let mender = "`safnet run` with its experiment"
}

extension RunDirectory {
  /// How closely the files of a finished run are looked at.
  package enum Scrutiny: Sendable {
    /// That they are there, begin as they should, are as long as they say and of one plan: a few KB of each.
    case glance
    /// Every bit.
    case full
  }

  /// What is wrong with the files that a finished run must have: its plan, its evaluation and its two networks; an
  /// imported method has a record and an evaluation.
  ///
  /// - Throws: what is no flaw of the file: no permission, no memory, no descriptors, a newer format. Nothing may be made
  ///   anew because of that.
  package func flaws(_ scrutiny: Scrutiny) throws -> [RunFlaw] {
    var flaws: [RunFlaw] = []
    var identity: String?
    func look(_ url: URL, isNeeded: Bool = true, _ body: () throws -> String) throws {
      do {
        let found = try body()
        if let identity, found != identity {
          flaws.append(RunFlaw(file: url.lastPathComponent, cause: "belongs to another plan", isNeeded: isNeeded))
        }
        identity = identity ?? found
      } catch {
        let cause = try Self.flaw(error)
        flaws.append(RunFlaw(file: url.lastPathComponent, cause: cause, isNeeded: isNeeded))
      }
    }
    if let loss = journalLoss {
      flaws.append(RunFlaw(file: journal.lastPathComponent, cause: loss, isNeeded: true))
    }
    if isImported {
      try look(importFile) { try readImport().identity }
      try look(evaluationFile) { try GuardedFile.identity(of: evaluationFile, kind: .evaluation, scrutiny) }
      return flaws
    }
    var plan: StoredPlan?
    try look(planFile) {
      let stored = try readPlan()
      plan = stored
      return stored.identity
    }
    if let misnaming = plan.flatMap({ nameFlaw(of: $0.identity) }) { flaws.append(misnaming) }
    let isOthers = plan.flatMap { own in Journal.owner(of: journal).map { $0 != own.identity } } ?? hasOthersJournal
    if isOthers { flaws.append(RunFlaw(file: journal.lastPathComponent, cause: "is another run's", isNeeded: true)) }
    try look(evaluationFile) { try GuardedFile.identity(of: evaluationFile, kind: .evaluation, scrutiny) }
    let testsLast = plan?.testsLast ?? false
    let epochs = try scrutiny == .full && !isOthers ? history().networkEpochs : nil
    func lookAtNetwork(_ url: URL, isNeeded: Bool, epoch: Int?) throws {
      var read = epoch
      try look(url, isNeeded: isNeeded) {
        guard epoch != nil else { return try GuardedFile.identity(of: url, kind: .checkpoint, scrutiny) }
        let (owner, own) = try CheckpointFile.ownerAndEpoch(of: url)
        read = own
        return owner
      }
      guard let found = read, let epoch, found != epoch,
        !flaws.contains(where: { $0.file == url.lastPathComponent })
      else { return }
      flaws.append(RunFlaw(network: url, of: found, insteadOf: epoch, isNeeded: isNeeded))
    }
    try lookAtNetwork(bestCheckpoint, isNeeded: !testsLast, epoch: epochs?.best)
    try lookAtNetwork(lastCheckpoint, isNeeded: testsLast, epoch: epochs?.last)
    return flaws
  }

  /// That the network which was read there is of another epoch than the journal of a finished run tells; nil where it is of that
  /// one, or where the journal does not surely tell.
  package func otherEpoch(of network: URL, _ checkpoint: Checkpoint) throws -> RunFlaw? {
    let journal = try ownJournal()
    guard journal.owner.map({ $0 == checkpoint.planIdentity }) ?? true, let epochs = RunHistory(journal).networkEpochs
    else { return nil }
    let wanted = network == bestCheckpoint ? epochs.best : epochs.last
    guard checkpoint.epoch != wanted else { return nil }
    return RunFlaw(network: network, of: checkpoint.epoch, insteadOf: wanted, isNeeded: true)
  }

  /// How the journal of what was done here was lost, "is missing", "is empty" or "tells nothing any more", as a file tells that
  /// is written later than its first line; nil where it was not.
  var journalLoss: String? {
    guard let loss = Journal.loss(of: journal) else { return nil }
    let isBegun = [lastCheckpoint, bestCheckpoint, evaluationFile].contains { access($0.path, F_OK) == 0 }
    return isBegun ? loss : nil
  }

  /// What other files prove and the journal does not tell, in words; nil where they agree.
  ///
  /// - Parameter history: what the journal comes to.
  package func journalGap(after history: RunHistory) -> String? {
    journalFinding(after: history)?.words(for: .anybody)
  }

  /// The same, with what becomes of it apart.
  func journalFinding(after history: RunHistory) -> RunFinding? {
    // What is damaged is told as that.
    if history.damage == nil, let loss = journalLoss ?? (hasOthersJournal ? "is another run's" : nil) {
      if let misnaming, let way = misnaming.way { return RunFinding("\(misnaming)", other: way) }
      return RunFinding(
        "journal.jsonl \(loss), so that its epochs are not known", mending: "goes on from what it has saved")
    }
    guard history.state(isLocked: false) == .stale, history.evaluation == nil, access(evaluationFile.path, F_OK) == 0
    else { return nil }
    return RunFinding(
      "evaluation.h5 is there, of which journal.jsonl does not tell: that was cut, or its worker was killed",
      mending: "goes on from the last checkpoint and tests again")
  }

  /// The first label map of a test case that is gone, or of which nothing is left: its scores stay, but nobody can look at it.
  ///
  /// - Parameter cases: names of the test cases.
  package func lostPrediction(of cases: [String]) -> RunFlaw? {
    // Runs of earlier programs have those of one grid only.
    let hasBoth = access(predictionsFolder.appending(path: "network-grid").path, F_OK) == 0
    let grids = hasBoth ? ["predictions", "predictions/network-grid"] : ["predictions"]
    for file in cases.flatMap({ name in grids.map { "\($0)/\(name).nii.gz" } }) {
      var status = stat()
      if stat(url.appending(path: file).path, &status) != 0 {
        if errno == ENOENT { return RunFlaw(file: file, cause: "is missing", isNeeded: false) }
      } else if status.st_mode & S_IFMT == S_IFREG, status.st_size == 0 {
        return RunFlaw(file: file, cause: "is empty", isNeeded: false)
      }
    }
    return nil
  }

  /// Whether nothing that its results rest on is lost or damaged, looked at bit by bit.
  package func isWhole() throws -> Bool { try !flaws(.full).contains(where: \.isNeeded) }

  private static func flaw(_ error: any Error) throws -> String {
    switch error {
    case StoreError.damaged(_, let damage): return "is damaged: \(damage)"
    case let error as SystemError where error.code == ENOENT: return "is missing"
    case let error as SystemError where error.code == SystemError.noPlainFile:
      return "is no plain file (move away what stands there)"
    default: throw error
    }
  }
}

extension GuardedFile {
  /// Whose file it is, once it was looked at.
  fileprivate static func identity(of url: URL, kind: Kind, _ scrutiny: RunDirectory.Scrutiny) throws -> String {
    switch scrutiny {
    case .glance: try checkLength(of: url, kind: kind).planIdentity
    case .full: try checkContent(of: url, kind: kind).planIdentity
    }
  }
}

extension StoredPlan {
  /// Whether it has the last epoch's network tested instead of the best one.
  fileprivate var testsLast: Bool {
    planJSON.withUnsafeBytes { $0.bindMemory(to: UInt8.self).holds(Self.lastTested) }
  }

  private static let lastTested = Array(#""evaluate":"last""#.utf8)
}

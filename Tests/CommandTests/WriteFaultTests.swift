import Foundation
import Store
import Testing
import Training

/// Every write that the worker and the coordinator make fails once: a clear error, nothing finished is lost, and the same
/// command ends in the same bits.
///
/// A few calls of each kind here; all of them when SAFNET_SOAK is set (`make soak`): from a prepared sweep with each error,
/// from nothing (where a trial trains twice) with the errors in turn. It may name starts and kinds: "prepared write torn".
@Suite(.serialized, .enabled(if: FaultInjection.library != nil, "needs a C compiler (cc)"))
struct WriteFaultTests {
  typealias Fault = FaultInjection.Fault
  static let soak = ProcessInfo.processInfo.environment["SAFNET_SOAK"]

  private static func named<Value: RawRepresentable<String> & CaseIterable>(_ type: Value.Type) -> [Value] {
    let named = (soak ?? "").split(separator: " ").compactMap { Value(rawValue: String($0)) }
    return named.isEmpty ? Array(Value.allCases) : named
  }
  static let codes = [ENOSPC, EACCES, EIO]

  enum Start: String, CaseIterable, Sendable {
    /// Nothing is there: the phantom is made, its cases are prepared, one fold is trained.
    case fresh
    /// Cases are prepared and one fold is finished; the other one is trained.
    case prepared

    var arguments: [String] {
      let common = ["run", "small.json", "--threads", "1", "--jobs", "1", "--retries", "0", "--only", "Base"]
      return common + ["--folds", self == .fresh ? "1" : "2"]
    }
  }

  /// An undisturbed sweep and the state that the trials start from.
  struct Reference: Sendable {
    let start: Program
    let finishedJournal: Data
    let result: SweepResult

    init() throws {
      start = try Program().keptUntilExit()
      let whole = try Program(copying: start)
      let first = try start("run", "small.json", "--threads", "1", "--only", "Base", "--folds", "1")
      try #require(first.status == 0, "\(first.errors)")
      finishedJournal = try Data(contentsOf: start.run(fold: 1).journal)
      try #require(try whole("run", "small.json", "--threads", "1", "--only", "Base").status == 0)
      result = try SweepResult(of: whole.workspace)
    }
  }
  static let reference = Result { try Reference() }

  @Test(arguments: named(Start.self), named(FaultInjection.Kind.self))
  func theCallFailsAndTheSweepEndsInTheSameBits(start: Start, kind: FaultInjection.Kind) throws {
    let count = try countCalls(start, kind)
    if start == .prepared { #expect(count > 0, "no call of this kind was seen") }
    for fault in Self.faults(kind, of: count, start) {
      let failed = try trial(start, fault)
      // Progress lines depend on the time: the last calls may not come.
      #expect(failed != nil || fault.call > count * 3 / 4, "\(fault): nothing failed")
    }
  }

  private static func faults(_ kind: FaultInjection.Kind, of count: Int, _ start: Start) -> [Fault] {
    if count == 0 { return [] }
    if soak != nil {
      let once = (1...count).flatMap { call in
        (start == .prepared ? codes : [codes[call % 3]]).map { Fault(kind: kind, call: call, code: $0) }
      }
      let isFilled = kind == .write && start == .prepared
      return once + (isFilled ? (1...count).map { Fault(kind: kind, call: $0, stays: true) } : [])
    }
    let calls = start == .fresh ? [count / 2 + 1] : Set([2, count / 3, 2 * count / 3].map { max(1, $0) }).sorted()
    return calls.enumerated().map { Fault(kind: kind, call: $1, code: codes[($0 + kind.rawValue.count) % 3]) }
  }

  private func countCalls(_ start: Start, _ kind: FaultInjection.Kind) throws -> Int {
    let program = try program(start)
    let (result, record) = try FaultInjection.run(program, start.arguments, fault: Fault(kind: kind))
    try #require(result.status == 0, "\(result.errors)")
    return record.count
  }

  private func program(_ start: Start) throws -> Program {
    try start == .fresh ? Program() : Program(copying: Self.reference.get().start)
  }

  /// Returns the call that failed.
  private func trial(_ start: Start, _ fault: Fault) throws -> String? {
    let reference = try Self.reference.get()
    let program = try program(start)
    let (result, record) = try FaultInjection.run(program, start.arguments, fault: fault)
    expectClearEnd(result, fault, record.failed, program)
    let saved = try CheckpointFile.readNewest(in: program.run(fold: 2))?.checkpoint

    let again = try program("run", "small.json", "--threads", "1", "--only", "Base")
    #expect(again.status == 0, "\(fault), \(record.failed ?? ""): \(again.errors)")
    let differences = try SweepResult(of: program.workspace).differences(from: reference.result)
    #expect(differences == [], "\(fault), \(record.failed ?? "")")
    if start == .prepared {
      #expect(try Data(contentsOf: program.run(fold: 1).journal) == reference.finishedJournal)
    }
    if let saved, result.status != 0 { try expectResumed(program.run(fold: 2), from: saved) }
    return record.failed
  }

  /// Good, or an error that says what the system refused; never a trap.
  private func expectClearEnd(_ result: Program.Result, _ fault: Fault, _ failed: String?, _ program: Program) {
    let (all, what) = (result.errors + result.output, "\(fault), \(failed ?? "nothing failed"): \(result.errors)")
    #expect([0, 1].contains(result.status), "\(what)")
    #expect(!all.contains("Fatal error") && !all.contains("crashed"), "\(what)")
    guard let failed else { return #expect(result.status == 0, "\(what)") }
    let words = String(cString: strerror(fault.code)).lowercased()
    if result.status == 0 {
      // What cannot be removed or linked is only in the way. Nothing depends on progress, index, log, the lock that saves
      // double work, and what the program prints. niftilib tries again on closing, and what it wrote is read back.
      let isForgiven = [.remove, .link].contains(fault.kind)
      let forgivable = [
        "/progress.json", "/.progress.json.partial", "/index.", "/run.log", "/.lock", "/.writing-", "/printed-",
      ]
      // The workspace is there already; SQLite syncs its folder for the index alone, we would use fsync.
      let isFolder = ["mkdir", "fdatasync"].contains { failed.hasPrefix($0) } && failed.hasSuffix("/Workspace")
      #expect(isForgiven || isFolder || forgivable.contains { failed.contains($0) }, "\(what)")
    } else {
      #expect(all.lowercased().contains(words) && all.contains(program.folder.lastPathComponent), "\(what)")
    }
  }

  /// What was saved is where training went on, or what was finished stayed so.
  private func expectResumed(_ run: RunDirectory, from saved: Checkpoint) throws {
    let events = try Journal.read(run.journal).map(\.event)
    let resumed = events.compactMap { event -> ResumeRecord? in
      if case .resumed(let record) = event { record } else { nil }
    }
    #expect(resumed.last.map { [$0.epoch, $0.stepInEpoch] } == [saved.epoch, saved.stepInEpoch])
    #expect(events.count { if case .epoch = $0 { true } else { false } } == 2)
  }
}

extension Program {
  var workspace: Workspace { Workspace(folder.appending(path: "Workspace")) }

  /// The run directory of Base on a fold, or a name that does not exist.
  func run(fold: Int) throws -> RunDirectory {
    let found = try workspace.runDirectories().first { $0.name.hasPrefix("safnet-base-f\(fold)-") }
    return found ?? workspace.runDirectory(named: "missing")
  }
}

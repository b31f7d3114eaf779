import Foundation
import GRDB
import System

/// The runs of a workspace, for those who look again and again: a look costs what has changed.
///
/// What is not finished is looked at each time. Of finished runs, which nobody trains, some are looked at each time, in turn;
/// all of them where the folder of runs has a new time: a run has come or gone, or somebody wrote about one
/// (`RunDirectory.changeNotes`). Where there are no more than `share` runs, all are looked at each time.
///
/// It keeps an index of its own, for those who ask for epochs and plans (`WorkspaceIndex` of the same folder). One thread at a
/// time.
package final class WatchedRuns {
  /// What a look has found.
  package struct Look {
    /// By name, with their states now.
    package let runs: [IndexedRun]
    /// Places of those that are other than they were, and of those that are being trained. Nil: runs have come or gone, or have
    /// another plan, so that nothing of what was before can be kept.
    package let changed: [Int]?
  }

  private let workspace: Workspace
  private let share: Int
  private let index: OwnIndex
  /// What lies in the folder of runs, by name, each with what its files say, if it is a run.
  private var names: [String] = []
  private var known: [String: IndexedRun] = [:]
  /// Those that are not finished, or no run yet.
  private var open: [String] = []
  /// Those that were shown last, with their states, and where each stands.
  private var runs: [IndexedRun] = []
  private var places: [String: Int] = [:]
  /// Nil: every run is to be looked at.
  private var folderTime: Int64?
  /// Where the next finished runs begin that are looked at.
  private var turn = 0
  /// Whether what was shown last can be kept.
  private var isSettled = false
  /// Whether there was no folder of runs at the last look.
  private var isAway = false

  /// - Parameters:
  ///   - workspace: with an index folder that belongs to the caller alone; it begins with the index that lies there.
  ///   - share: how many finished runs are looked at each time, at least.
  package init(_ workspace: Workspace, share: Int = 256) {
    (self.workspace, self.share) = (workspace, share)
    index = OwnIndex(workspace)
  }

  /// Looks once more.
  ///
  /// - Throws: what keeps the runs from being looked at.
  package func look() throws -> Look {
    if let begun = try index.begin() { known = begun }
    guard let time = Folder.time(of: workspace.runsFolder) else {
      // What is known of them stays, for the moment when they are back.
      (folderTime, isSettled, runs, places) = (nil, false, [], [:])
      defer { isAway = true }
      return Look(runs: [], changed: isAway ? [] : nil)
    }
    do {
      return try look(time)
    } catch {
      (folderTime, isSettled) = (nil, false)
      throw error
    }
  }

  private func look(_ time: Int64) throws -> Look {
    isAway = false
    let isWhole = folderTime != time
    let changed = try isWhole || turn == 0 ? lookAtFolder(all: isWhole) : take(RunStamp.all(due(), in: workspace))
    // A change within the clock's step of this one has the same time.
    let age = Date().timeIntervalSince1970 * 1e9 - Double(time)
    folderTime = abs(age) > Self.clockStep ? time : nil
    if !isSettled { arrange() }
    defer { isSettled = true }
    let places = try update(changed)
    return Look(runs: runs, changed: isSettled ? places : nil)
  }

  /// Lists the runs anew: with a new time, and once in each turn, for the times of a network's folders may be old.
  private func lookAtFolder(all: Bool) throws -> Set<String> {
    names = try workspace.entries()
    let present = Set(names)
    let gone = known.keys.filter { !present.contains($0) }
    open = names.filter { known[$0]?.state != .finished }
    return try take(RunStamp.all(all ? names : due(), in: workspace), gone: gone)
  }

  /// What is not finished, or no run yet, and those of the others whose turn it is.
  private func due() -> [String] {
    let end = min(names.count, turn + max(share, names.count / Self.rounds))
    let inTurn = names[min(turn, end)..<end]
    turn = end == names.count ? 0 : end
    let others = Set(inTurn)
    return inTurn + open.filter { !others.contains($0) }
  }

  /// Takes over what has another stamp than before.
  ///
  /// - Returns: the names of those runs.
  private func take(_ found: [(run: String, stamp: RunStamp?)], gone: [String] = []) throws -> Set<String> {
    let gone = Set(gone + found.filter { $0.stamp == nil && known[$0.run] != nil }.map(\.run))
    let changed = found.compactMap { name, stamp in
      stamp.flatMap { known[name]?.stamp == $0 ? nil : (run: name, stamp: $0) }
    }
    if changed.isEmpty && gone.isEmpty { return [] }
    for run in try index.take(changed, gone: gone) {
      if known[run.name]?.parts != run.parts { isSettled = false }
      known[run.name] = run
    }
    for name in gone { known[name] = nil }
    if !gone.isEmpty { isSettled = false }
    open = names.filter { known[$0]?.state != .finished }
    return Set(changed.map(\.run))
  }

  private func arrange() {
    runs = names.compactMap { known[$0] }
    places = Dictionary(uniqueKeysWithValues: runs.enumerated().map { ($1.name, $0) })
  }

  /// The states now of those that are not finished, and what is new.
  ///
  /// - Returns: the places of what is to be shown anew.
  private func update(_ changed: Set<String>) throws -> [Int] {
    let new = Set(changed.compactMap { places[$0] })
    return try new.union(open.compactMap { places[$0] }).sorted().filter { place in
      let now = try known[runs[place].name]?.live(in: workspace) ?? runs[place]
      defer { runs[place] = now }
      return new.contains(place) || now.state == .running || now.state != runs[place].state
    }
  }

  /// Nanoseconds; a network's file systems count in seconds.
  private static let clockStep = 2e9
  /// Looks until every finished run was looked at once, at most.
  private static let rounds = 64
}

/// The index of those who look on: a file that nobody else writes into, or memory where there can be none.
private final class OwnIndex {
  private let workspace: Workspace
  private var database: IndexDatabase?
  private var parts: [String: PlanPart] = [:]
  private var isChecked = false
  private var failures = 0

  init(_ workspace: Workspace) { self.workspace = workspace }

  /// The runs that it holds, if it was only just opened.
  func begin() throws -> [String: IndexedRun]? {
    if database != nil { return nil }
    let (opened, runs) = try open()
    (database, isChecked) = (opened, false)
    for part in runs.lazy.flatMap(\.parts) { parts[part.text] = part }
    return Dictionary(uniqueKeysWithValues: runs.map { ($0.name, $0) })
  }

  /// As another program left it; where that cannot be read, an empty one.
  private func open() throws -> (IndexDatabase, [IndexedRun]) {
    for _ in failures..<2 {
      if let found = try? open(workspace.indexFile) { return found }
      for ending in WorkspaceIndex.endings { unlink(workspace.indexFile.path + ending) }
    }
    return try open(nil)
  }

  private func open(_ file: URL?) throws -> (IndexDatabase, [IndexedRun]) {
    let database = try IndexDatabase.open(file, trace: nil)
    if try database.isNewer() { throw IndexDatabase.Mismatch(description: "it was made by a newer safnet") }
    try database.migrate()
    return (database, try database.queue.read(IndexDatabase.runs))
  }

  /// - Returns: the changed runs, as they are now.
  func take(_ changed: [(run: String, stamp: RunStamp)], gone: Set<String>) throws -> [IndexedRun] {
    guard let database else { return [] }
    do {
      let taken = try database.take(changed, gone: gone, from: workspace, checks: !isChecked)
      isChecked = true
      return taken.map(sharing)
    } catch let error as DatabaseError {
      // Its disk is full, or its file was taken away: the next look begins with another.
      (self.database, failures) = (nil, failures + 1)
      throw error
    }
  }

  /// Thousands of plans consist of few different parts, each of which is kept once.
  private func sharing(_ run: IndexedRun) -> IndexedRun {
    var run = run
    run.parts = run.parts.map { part in
      if let same = parts[part.text] { return same }
      parts[part.text] = part
      return part
    }
    return run
  }
}

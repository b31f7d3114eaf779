import Experiments
import Foundation
import Store
import System
import Text

/// The trained runs that segment images together.
package struct PredictionRuns {
  package enum Choice {
    /// By name, first letters or directory, or by the name of a variant; each may hold several with commas between.
    case named([String])
    /// Every finished run of a variant; nil where the experiment has one only.
    case variant(Specification, name: String?)
  }

  /// In order of fold and name, so that sums over them have one order.
  package let directories: [RunDirectory]
  /// How many of the variant's runs are finished, and which are not; nil for runs that were called by their own names.
  package let coverage: String?
  /// Runs of the variant that are not finished, and so not among these: fold, seed and state of each.
  package let notTaken: [String]
  /// Of the variant's runs: in what they are not of the dataset as it lies there. Of named ones: which are not finished.
  let notices: [String]

  package init(_ choice: Choice, in workspace: Workspace) throws {
    switch choice {
    case .named(let names):
      let named = try names.flatMap { try Self.runs(named: $0, in: workspace) }
      let (runs, choices) = (named.flatMap(\.directories), named.compactMap(\.notice))
      for (index, run) in runs.enumerated() where runs[..<index].contains(where: { $0.hasPath(of: run) }) {
        throw ImageUsageError.runTwice(name: run.name)
      }
      for run in runs {
        try Self.checkName(of: run)
        try Self.checkNetwork(of: run, in: workspace)
      }
      (directories, coverage, notTaken, notices) = (
        runs, choices.isEmpty ? nil : choices.joined(separator: "\n"), named.flatMap(\.notTaken),
        Self.mixed(runs, in: workspace) + runs.compactMap(Self.unfinished)
      )
    case .variant(let specification, let name):
      (directories, coverage, notTaken, notices) = try Self.finished(
        try Self.variant(specification, name), specification, workspace)
    }
  }

  /// The folder of prepared cases beside the first run, wherever that was copied to.
  var cacheFolder: URL? {
    directories.first.map {
      Workspace($0.url.standardizedFileURL.deletingLastPathComponent().deletingLastPathComponent()).cacheFolder
    }
  }

  /// - Throws: what keeps a name from being read as that of a run or several.
  package static func check(_ name: String, in workspace: Workspace) throws { _ = try runs(named: name, in: workspace) }

  private static func runs(named name: String, in workspace: Workspace) throws -> [NamedRuns] {
    let given = RunDirectory(URL(fileURLWithPath: name, isDirectory: true))
    if given.exists { return [NamedRuns(directories: [given], notice: nil, notTaken: [])] }
    let parts = parts(of: name, in: workspace)
    let isVariant = NamedInstead(name, in: workspace, takesVariants: true, isLiteral: true).variant != nil
    let isOne = isVariant || RunLabel(name)?.runs(in: workspace).isEmpty == false
    guard parts.count > 1, !isOne else { return [try workspace.runs(named: name, takesSeveral: true)] }
    return try parts.flatMap { try runs(named: $0, in: workspace) }
  }

  /// What stands between commas; a run as messages call it, `A, fold 1, seed 7`, is one.
  private static func parts(of name: String, in workspace: Workspace) -> [String] {
    let words = name.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    func isPlace(_ word: String) -> Bool {
      let isLike = word.wholeMatch(of: /(fold|seed)s?([\s0-9_.-].*)?|f[0-9]+/.ignoresCase()) != nil
      return isLike && NamedInstead(word, in: workspace, takesVariants: true, isLiteral: true).variant == nil
    }
    return words.reduce(into: [String]()) { parts, word in
      if let last = parts.last, isPlace(word) || isPlace(last) || belongs(word, behind: last) {
        parts[parts.count - 1] = "\(last), \(word)"
      } else {
        parts.append(word)
      }
    }
  }

  /// Whether a word is the 2 of `fold 1,2`.
  private static func belongs(_ word: String, behind last: String) -> Bool {
    word.wholeMatch(of: /[0-9]{1,4}/) != nil && last.contains(/(folds?|seeds?)\s+[0-9, ]+$/.ignoresCase())
  }

  private static func variant(_ specification: Specification, _ name: String?) throws -> String {
    let known = specification.variants.map(\.name)
    guard let name else {
      guard known.count == 1, let only = known.first else { throw ImageUsageError.noVariant(known: known) }
      return only
    }
    guard known.contains(name) else {
      throw UsageError.unknownVariant(option: "--variant", name: name, nearest: name.nearest(in: known), known: known)
    }
    return name
  }

  private static func finished(
    _ variant: String, _ specification: Specification, _ workspace: Workspace
  ) throws -> ([RunDirectory], String, [String], notices: [String]) {
    try workspace.requireRuns(of: specification.name, beside: specification.file)
    let known = try KnownExperiment(specification, in: workspace, workers: Machine.current().cores)
    let planned = known.runs.filter { $0.variant == variant }
      .sorted { ($0.fold, $0.directoryName) < ($1.fold, $1.directoryName) }
    let runs = planned.map { run in
      let seed = run.isOneOfSeveral ? ", seed \(run.seed)" : ""
      return (place: "fold \(run.fold)\(seed)", directory: workspace.runDirectory(named: run.directoryName))
    }
    let states = try runs.map { $0.directory.exists ? try $0.directory.state() : .queued }
    let finished = zip(runs, states).filter { $1 == .finished }.map(\.0.directory)
    guard !finished.isEmpty else {
      if let elsewhere = RunsElsewhere(specification, besides: workspace) { throw elsewhere }
      let seeds = specification.variants.first { $0.name == variant }?.seeds.count ?? 1
      let stored = try StoredRuns(workspace)
      // Of runs whose cases were never prepared as the experiment says now no plan is known, but what else they would be.
      let earlier =
        PlanChanges(planned: planned, among: known.runs, of: specification, in: stored).text
        ?? known.changes(in: stored, .finished).text
      throw ImageUsageError.noFinishedRun(
        variant: variant, runs: max(runs.count, known.folds.count * seeds),
        unfinished: Self.unfinished(runs, of: known, variant, in: workspace), earlier: earlier)
    }
    let others = zip(runs, states).filter { $1 != .finished }.map { run, state in
      "\(run.place) (\(state.rawValue)\(run.directory.misnaming == nil ? "" : ": its folder holds another run"))"
    }
    let isOneEach = !planned.contains(where: \.isOneOfSeveral)
    let words = "\(variant): \(finished.count) of \(runs.count) \(isOneEach ? "folds" : "runs") finished"
    let coverage = others.isEmpty ? words : words + "; not taken: " + others.joined(separator: ", ")
    return (finished, coverage, others, known.notices)
  }

  /// That the runs are of different networks, which is seldom meant; nothing where they are of one.
  private static func mixed(_ runs: [RunDirectory], in workspace: Workspace) -> [String] {
    let claims = RunClaims(of: workspace)
    let models = Set(runs.compactMap { try? $0.plan().model })
    guard models.count > 1 else { return [] }
    let names = runs.map { claims.variant(of: $0.name) ?? $0.name }.distinct
    return [
      "the \(runs.count) runs are of different networks (\(names.joined(separator: ", "))): the mean of all of them decides. For those"
        + " of one, give --experiment FILE --variant NAME"
    ]
  }

  /// What is said of a run that is not finished; nil of one that is.
  private static func unfinished(_ run: RunDirectory) -> String? {
    guard let state = try? run.state(), [.queued, .running, .interrupted, .stale, .failed].contains(state) else {
      return nil
    }
    return "\(run.name) is not finished (\(run.standing)): its label maps are by what it has learnt so far"
  }

  /// - Throws: where the folder is called as another run than its own: its network would be taken for that one's.
  private static func checkName(of run: RunDirectory) throws {
    guard let misnaming = run.misnaming else { return }
    let words = MisnamedRuns.sentence(of: run) ?? [misnaming.description, misnaming.way ?? ""].joined(separator: "; ")
    throw ImageUsageError.misnamedRun(words: words)
  }

  /// - Throws: where a run that can be trained was not far enough to have a network.
  private static func checkNetwork(of run: RunDirectory, in workspace: Workspace) throws {
    guard !run.isImported, [run.bestCheckpoint, run.lastCheckpoint].allSatisfy({ !PredictionFiles.exists($0) }),
      let state = try? run.state(), [.queued, .running, .interrupted, .stale, .failed].contains(state)
    else { return }
    let here = Workspace(run.url.deletingLastPathComponent().deletingLastPathComponent())
    throw ImageUsageError.noNetwork(
      run: run.name,
      unfinished: UnfinishedRuns(
        states: run.standing, command: here.runCommand(for: run.name), isAtWork: state == .running))
  }

  /// Of folds whose plans are not known, no more than that nothing was begun.
  private static func unfinished(
    _ runs: [(place: String, directory: RunDirectory)], of known: KnownExperiment, _ variant: String,
    in workspace: Workspace
  ) -> UnfinishedRuns {
    let command = known.specification.runCommand(in: workspace)
    guard runs.isEmpty else { return UnfinishedRuns(runs, command: command) }
    return UnfinishedRuns(states: "nothing was begun", command: command)
  }
}

extension RunDirectory {
  fileprivate func hasPath(of other: RunDirectory) -> Bool {
    url.resolvingSymlinksInPath().standardizedFileURL == other.url.resolvingSymlinksInPath().standardizedFileURL
  }
}

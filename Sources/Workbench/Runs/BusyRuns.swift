import Foundation
import Store
import Text

/// Runs that are not removed now: those that are being trained, and those that wait in a sweep that is at work.
package struct BusyRuns: Equatable, Sendable {
  package struct Trained: Equatable, Sendable {
    package var name: String
    /// That it is trained and by whom, and what ends that.
    package var words: String

    package init(name: String, words: String) { (self.name, self.words) = (name, words) }
  }

  package struct Awaited: Equatable, Sendable {
    package var names: [String]
    /// The sweep that they wait for, and what ends it.
    package var sweep: String

    package init(names: [String], sweep: String) { (self.names, self.sweep) = (names, sweep) }
  }

  package var trained: [Trained]
  package var awaited: [Awaited]
  /// By which options their workspace is named; empty: it is the usual one.
  package var workspace: [String]

  package init(trained: [Trained] = [], awaited: [Awaited] = [], workspace: [String] = []) {
    (self.trained, self.awaited, self.workspace) = (trained, awaited, workspace)
  }
}

extension BusyRuns: CustomStringConvertible {
  package var description: String {
    [trained.isEmpty ? nil : trainedWords, awaited.isEmpty ? nil : awaitedWords].compactMap(\.self)
      .joined(separator: "\n")
  }

  private var trainedWords: String {
    let (has, its, them) =
      trained.count == 1 ? ("it has", "it is", "it") : ("they have", "they are", "them")
    let command = ["safnet", "runs", "remove"] + trained.map(\.name) + workspace + ["--yes"]
    return "a run that is being trained is not removed:\n" + trained.map { "  \($0.words)\n" }.joined()
      + "Once \(has) ended \(its) interrupted, and `\(command.map(ShellWord.quoted).joined(separator: " "))` takes \(them)"
  }

  private var awaitedWords: String {
    let lines = awaited.map { some in
      "  \(Self.list(some.names)) \(some.names.count == 1 ? "waits" : "wait") for \(some.sweep)\n"
    }
    let isOne = Set(awaited.flatMap(\.names)).count == 1
    return "a run that waits in a sweep that is at work is not removed:\n" + lines.joined()
      + "Once that has ended, the same command takes \(isOne ? "it" : "them")"
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(shown).joined(separator: ", ") + (names.count > shown ? " and \(names.count - shown) more" : "")
  }

  private static let shown = 5
}

extension Workspace {
  /// - Throws: `UsageError.runsAreBusy` where some of these are being trained, or a sweep has yet to train them.
  func requireIdle(_ runs: [RunDirectory]) throws {
    let trained = runs.filter(\.isTrained)
    let waiting = runs.filter { !trained.contains($0) && (try? $0.state())?.isToBeTrained == true }
    let awaited = SweepsAtWork(self).awaited(among: waiting.map(\.name))
    guard trained.isEmpty, awaited.isEmpty else {
      throw UsageError.runsAreBusy(busy(trained, awaited))
    }
  }

  func busy(_ trained: [RunDirectory], _ awaited: [BusyRuns.Awaited] = []) -> BusyRuns {
    BusyRuns(
      trained: trained.map { .init(name: $0.name, words: $0.busyWords()) }, awaited: awaited, workspace: options)
  }
}

extension RunDirectory {
  /// Whether a process trains it, so that it is not removed. Of a link the link alone is, whoever trains what it leads to.
  fileprivate var isTrained: Bool {
    var status = stat()
    guard lstat(url.path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return false }
    return (try? RunLock.isHeld(self)) == true
  }
}

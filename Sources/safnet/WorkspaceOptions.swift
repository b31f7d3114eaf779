import ArgumentParser
import Experiments
import Foundation
import Networks
import Store
import Workbench

/// The release; which bits a training produces is `NumericsVersion.current`.
let programVersion = "0.1.0"

extension RunningProgram {
  /// This program, computing with the engine that is used when nobody names one.
  static let this = using(engines.standard)

  static func using(_ engine: any Engine) -> RunningProgram { current(version: programVersion, engine: engine) }
}

/// `--engine`, of every command that computes.
struct EngineOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What computes: " + engines.all.map { "\($0.name) (\($0.summary))" }.joined(separator: ", ") + "; "
        + "pjrt:1 is the second card. See `safnet devices`.",
      valueName: "name"))
  var engine = engines.standard.name

  func validate() throws { _ = try chosen() }

  /// - Throws: `ValidationError` for a name that no engine of this program has.
  func chosen() throws -> any Engine {
    do { return try engines.engine(named: engine) } catch { throw ValidationError("--engine: \(error)") }
  }

  func program() throws -> RunningProgram { .using(try chosen()) }
}

struct WorkspaceOptions: ParsableArguments {
  @Option(
    name: .customLong("workspace"),
    help: ArgumentHelp("Where runs, cache and index are kept. (default: \(usual))", valueName: "folder"))
  var given: String?

  static let usual = "Workspace"

  /// The one that a command line names, or the usual one.
  static func workspace(of words: [String]) -> Workspace {
    let joined = words.last { $0.hasPrefix("--workspace=") }.map { String($0.dropFirst("--workspace=".count)) }
    let behind = words.lastIndex(of: "--workspace").flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
    return Workspace(URL(fileURLWithPath: joined ?? behind ?? usual, isDirectory: true))
  }

  func validate() throws {
    guard let given else { return }
    do { try OutputPlace.requireFolderName(given) } catch { throw ValidationError("--workspace \(error)") }
  }

  var workspace: String { given ?? Self.usual }
  /// Whether somebody named it.
  var isAsked: Bool { given != nil }

  /// - Throws: `WrongWorkspace` where another folder is surely meant.
  func requireMeant(for specification: Specification? = nil) throws {
    try store.requireMeant(
      for: specification?.name, beside: specification?.file, isAsked: isAsked)
  }

  /// One run, by its name or by that of its variant; which was chosen is said.
  func run(named name: String) throws -> RunDirectory {
    let found = try store.runs(named: name, takesSeveral: false)
    if let notice = found.notice { console.error("notice: \(notice)") }
    return found.directories[0]
  }

  /// What its index says of itself is said here for every command: the answers are those of the runs all the same.
  var store: Workspace {
    Workspace(URL(fileURLWithPath: workspace, isDirectory: true), hearIndex: { console.warnOnce("\($0)") })
  }
}

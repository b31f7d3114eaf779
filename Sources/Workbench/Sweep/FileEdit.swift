import Experiments
import Foundation
import Text

/// What has become of an experiment's file while its sweep ran: what its last words advise must still be true.
package enum FileEdit: Equatable, Sendable {
  /// It asks for something else now; its name.
  case edited(String)
  /// It has mistakes, or cannot be read.
  case unsound(String)
  case gone

  /// As a sweep ends; nil where the file says what it said.
  ///
  /// - Parameter specification: as it was read before the sweep.
  package init?(since specification: Specification) {
    guard let file = specification.file, let name = specification.shownFile else { return nil }
    guard (try? file.checkResourceIsReachable()) == true else {
      self = .gone
      return
    }
    guard
      let now = try? Specification.load(
        file, overrides: specification.options, workingDirectory: specification.workingDirectory)
    else {
      self = .unsound(name)
      return
    }
    guard now.asked != specification.asked else { return nil }
    self = .edited(name)
  }

  /// How the sweep of the earlier content goes on.
  var goingOn: String {
    switch self {
    case .edited(let name): "\(name) was edited since: the same command trains what it asks for now."
    case .unsound(let name): Self.mistaken(name) + "."
    case .gone: "its file is no longer where it was: the same command goes on once it is, or with its new name."
    }
  }

  /// How its tables are made.
  ///
  /// - Parameter again: what names the experiment and its runs in another command.
  func reporting(_ again: String) -> String {
    switch self {
    case .edited(let name):
      "\(name) was edited since: `safnet report \(again)` makes the tables of what it asks for now, `safnet run \(again)`"
        + " trains what is missing for them."
    case .unsound(let name):
      Self.mistaken(name) + "; once they are mended, `safnet report \(again)` makes the tables."
    case .gone:
      "The experiment's file is no longer where it was: `safnet report` with its new name makes the tables in Reports/."
    }
  }

  private static func mistaken(_ name: String) -> String {
    "\(name) was edited since and has mistakes, which `safnet validate \(ShellWord.quoted(name))` names"
  }
}

import Experiments

/// What has become of an experiment's file while its sweep ran: what its last words advise must still be true.
package enum FileEdit: Equatable, Sendable {
  /// It asks for something else now.
  case edited
  /// It has mistakes, or cannot be read.
  case unsound
  case gone

  /// As a sweep ends; nil where the file says what it said.
  ///
  /// - Parameter specification: as it was read before the sweep.
  package init?(since specification: Specification) {
    guard let file = specification.file else { return nil }
    guard (try? file.checkResourceIsReachable()) == true else {
      self = .gone
      return
    }
    guard
      let now = try? Specification.load(
        file, overrides: specification.options, workingDirectory: specification.workingDirectory)
    else {
      self = .unsound
      return
    }
    guard now.asked != specification.asked else { return nil }
    self = .edited
  }

  /// How the sweep of the earlier content goes on.
  func goingOn(_ file: String) -> String {
    switch self {
    case .edited: "\(file) was edited since: the same command trains what it asks for now."
    case .unsound: "\(file) was edited since and has mistakes, which `safnet validate \(file)` names."
    case .gone: "its file is no longer where it was: the same command goes on once it is, or with its new name."
    }
  }

  /// How its tables are made.
  func reporting(_ file: String) -> String {
    switch self {
    case .edited:
      "\(file) was edited since: `safnet report \(file)` makes the tables of what it asks for now, `safnet run \(file)`"
        + " trains what is missing for them."
    case .unsound:
      "\(file) was edited since and has mistakes, which `safnet validate \(file)` names; once they are mended,"
        + " `safnet report \(file)` makes the tables."
    case .gone:
      "The experiment's file is no longer where it was: `safnet report` with its new name makes the tables in Reports/."
    }
  }
}

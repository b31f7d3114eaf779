import Experiments
import Foundation
import Store
import Text

/// Whose a stored run is that stands in another's place.
enum RunOwner: Equatable {
  /// What the dataset held before.
  case content
  /// What the experiment said before.
  case plan
  /// What it says with these options of `safnet run`.
  case options(String)
  /// Another experiment, which asks for it, or did before its file was changed.
  case experiment(String)
  /// Another file whose experiment has the same name.
  case namesake(String)
  /// Nobody of whom the workspace knows.
  case nobody

  /// Whether somebody else is known to finish it.
  var isOther: Bool {
    switch self {
    case .experiment, .namesake: true
    case .content, .plan, .options, .nobody: false
    }
  }

  /// - Parameter differences: to what is asked for in its place.
  static func of(
    _ run: StoredRuns.Run, _ differences: [PlanDifference], _ stored: StoredRuns, _ specification: Specification,
    _ settings: inout SettingsOfRuns
  ) -> RunOwner {
    if let file = stored.namesake(askingFor: run.directory.name, besides: specification) { return .namesake(file.path) }
    let experiment = specification.name
    let (owners, before) = (
      stored.experiments(of: run.directory.name), stored.formerExperiments(of: run.directory.name)
    )
    let known = owners.isEmpty ? before : owners
    guard known.contains(experiment) else {
      return known.first.map { .experiment($0) } ?? .nobody
    }
    if differences.contains(where: { $0.path == "dataset.digest" }) { return .content }
    let changes = settings.changing(run.plan, begunWith: run.directory.beginning.settings, differences)
    return changes.isEmpty
      ? .plan : .options(changes.map { "--set \(ShellWord.quoted($0))" }.joined(separator: " "))
  }

  /// What its run was begun for, in words.
  var asked: String {
    switch self {
    case .content: "an earlier content"
    case .plan: "an earlier plan"
    case .options(let options): "this experiment as \(options) changes it"
    case .experiment, .namesake, .nobody: "another plan"
    }
  }
}

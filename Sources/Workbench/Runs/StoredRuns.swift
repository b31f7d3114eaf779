import Experiments
import Foundation
import Store
import Volumes

/// The run directories of a workspace. A plan or a journal is read when it is asked for, and once: of thousands of runs a
/// command mostly asks about its own.
final class StoredRuns {
  /// One run directory with its plan.
  final class Run {
    let directory: RunDirectory
    /// Nil where the plan cannot be read, or is no run's of ours.
    private(set) lazy var readPlan: Plan? = {
      guard let stored = try? directory.readPlan() else { return nil }
      return try? Plan(json: stored.planJSON, file: directory.planFile.path)
    }()
    private(set) lazy var isFinished: Bool = (try? directory.history().finish != nil) ?? false
    /// Whether some process trains it now.
    private(set) lazy var isRunning: Bool = !isFinished && ((try? RunLock.probe(directory).isHeld) ?? false)

    fileprivate init(_ directory: RunDirectory) { self.directory = directory }

    /// Only of runs of which `readPlan` is known not to be nil, as those of `runs` and of the subscript.
    var plan: Plan { readPlan! }
  }

  private let all: [Run]
  private let byName: [String: Run]

  init(_ workspace: Workspace) throws {
    all = try workspace.runDirectories().map(Run.init)
    byName = Dictionary(uniqueKeysWithValues: all.map { ($0.directory.name, $0) })
  }

  /// Every run. A directory whose plan cannot be read is nobody's run here; who asks for it by name is told.
  var runs: [Run] { all.filter { $0.readPlan != nil } }

  /// The run of this name.
  subscript(_ name: String) -> Run? { byName[name].flatMap { $0.readPlan == nil ? nil : $0 } }

  func holds(_ name: String) -> Bool { self[name] != nil }

  /// The runs that are not in `asked`, by their place: what stands before the identity in a directory's name, network
  /// and fold. No plan is read.
  func strangers(notIn asked: Set<String>) -> [Substring: [Run]] {
    let strangers = byName.filter { !asked.contains($0.key) }.sorted { $0.key < $1.key }
    return Dictionary(grouping: strangers) { Self.place($0.key) }.mapValues { $0.map(\.value) }
  }

  static func place(_ name: String) -> Substring { name.dropLast(PlannedRun.identityDigits) }
}

extension Specification {
  /// The variant and the seed that a plan is of, whatever its cases: all that the experiment decides is as it says.
  ///
  /// - Parameter candidates: `seededVariants`, which whoever asks about many plans makes once.
  func seededVariant(of plan: Plan, among candidates: [SeededVariant]) -> SeededVariant? {
    if let known = dataset.knownLabels, !plan.structures.learns(as: known) { return nil }
    let canonical = plan.canonicalJSON
    return candidates.first { trained in
      guard trained.seed == plan.training.seed, trained.variant.model.resolved == plan.model else { return false }
      let asked = self.plan(for: trained, fold: plan.fold, labels: plan.structures, dataset: plan.dataset)
      return asked == plan || asked.canonicalJSON == canonical
    }
  }
}

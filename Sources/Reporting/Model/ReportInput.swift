import Experiments
import Metrics
import Text

/// Everything a report is made of, and nothing of where it came from: experiment, variants, runs and their scores.
///
/// `ReportInput.init(plan:workspace:)` fills it from run directories; tests write it down.
package struct ReportInput: Equatable, Sendable {
  /// Structures that are averaged together, by index.
  package struct Group: Equatable, Sendable {
    package var name: String
    package var structures: [Int]

    package init(name: String, structures: [Int]) { (self.name, self.structures) = (name, structures) }
  }

  /// Names the folder and the labels of the tables.
  package var name: String
  package var title: String
  package var structures: [String]
  package var groups: [Group]
  /// Numbers of the planned folds, ascending.
  package var folds: [Int]
  package var variants: [Variant]
  /// The variant that the others are compared with; nil: no comparison.
  package var baseline: String?
  /// The variant whose row stands last; nil: rows keep their order.
  package var proposed: String?
  package var provenance: Provenance
  /// On which grid the scores are; the image's own as soon as every finished run has such scores.
  package var grid = ScoredGrid.network(scoredOnlyThere: nil)
  /// Who is trained on, who chooses the checkpoint and who is tested; empty where that is not known.
  package var partition: [Part] = []
  /// The patient of each case, for those with several cases: their cases are resampled together. Empty where the dataset
  /// does not say, or is gone.
  package var patients: [String: String] = [:]
  /// The channels of the images that networks see, by number and, where the dataset names them, by name; empty where they
  /// have one and nobody chose it.
  package var channels: [String] = []
  /// A sentence for each imported method that is not among the variants, and why.
  package var importsLeftOut: [String] = []
  /// Test cases that share a value of a column; empty where no column is asked for, or the dataset was not looked at.
  package var subgroups: [Subgroup] = []
  /// What was scored on cases that no run is trained on; nil: the experiment has no such cases.
  package var test: ExternalTest?
  /// What a reader must know besides, under every table: cases that were taken out, scores that could not be made.
  package var remarks: [String] = []

  package init(
    name: String, title: String, structures: [String], groups: [Group] = [], folds: [Int], variants: [Variant],
    baseline: String? = nil, proposed: String? = nil, provenance: Provenance
  ) {
    (self.name, self.title, self.structures, self.groups) = (name, title, structures, groups)
    (self.folds, self.variants, self.baseline, self.proposed) = (folds, variants, baseline, proposed)
    self.provenance = provenance
  }

  /// The case itself, where its patient has no other.
  func patient(of name: String) -> String { patients[name].map { "patient \($0)" } ?? name }

  /// The variants in the order of the rows: the proposed one last, as in the paper.
  package var rows: [Variant] {
    let isLast = { (row: Variant) in proposed != nil && (row.predicted?.variant ?? row.name) == proposed }
    return variants.filter { !isLast($0) } + variants.filter(isLast)
  }
}

/// The grid that label maps were compared on.
package enum ScoredGrid: Equatable, Sendable {
  /// Each image's own: what preprocessing dropped counts as missed.
  case image
  /// The network's: what the crop and the number of slices drop is not missed. With the names of the finished runs that
  /// an earlier program scored only there, where others have the images' own grid too.
  case network(scoredOnlyThere: [String]?)

  /// For captions.
  var words: String {
    switch self {
    case .image: "on each image's own grid"
    case .network: "on the network's grid (what preprocessing drops is not missed)"
    }
  }
}

extension ReportInput {
  /// What the numbers rest on, as a whole.
  package struct Provenance: Codable, Equatable, Sendable {
    /// SHA-256 over the dataset's case names and contents.
    package var dataset: String
    package var cases: Int
    /// SHA-256 over the identities of all planned runs: the specification with every default applied.
    package var specification: String
    package var software: String
    /// The checkpoint that was tested, in words.
    package var checkpoint: String

    package init(dataset: String, cases: Int, specification: String, software: String, checkpoint: String) {
      (self.dataset, self.cases, self.specification) = (dataset, cases, specification)
      (self.software, self.checkpoint) = (software, checkpoint)
    }
  }

  /// A part of a model that a variant has or lacks.
  package struct Component: Equatable, Sendable {
    package var name: String
    package var isPresent: Bool

    package init(_ name: String, _ isPresent: Bool) { (self.name, self.isPresent) = (name, isPresent) }
  }

  /// A field of the model or the training, as tables show it.
  package struct Field: Equatable, Sendable {
    package var label: String
    package var value: String?

    package init(_ label: String, _ value: String?) { (self.label, self.value) = (label, value) }
  }

  /// One row of the tables.
  package struct Variant: Equatable, Sendable {
    package var name: String
    package var components: [Component]
    /// The fields in which the experiment's variants differ, the same for each of them; nil: its network has none.
    package var fields: [Field] = []
    /// Known without training: from the model's graph.
    package var cost: ModelCost?
    /// Those that are planned on each fold, at least one.
    package var seeds: [UInt64]
    /// Seed by seed, fold by fold; of a fold and a seed without one, nothing has been trained.
    package var runs: [Run]
    /// Of a method whose label maps another program made; nil for one of our own.
    package var imported: Imported?
    /// Of networks of another row that predict otherwise; nil for a row of its own networks, used plainly.
    package var predicted: Predicted?

    /// - Parameter seeds: nil: those of the runs.
    package init(
      name: String, components: [Component] = [], cost: ModelCost? = nil, seeds: [UInt64]? = nil, runs: [Run]
    ) {
      (self.name, self.components, self.cost, self.runs) = (name, components, cost, runs)
      let own = runs.map(\.seed).distinct
      self.seeds = seeds ?? (own.isEmpty ? [TrainingPlan().seed] : own)
    }
  }

  package struct ModelCost: Equatable, Sendable {
    package var parameters: Int
    /// Of one case's forward pass.
    package var multiplyAdds: Int
    /// Memory plan of a training step, in bytes.
    package var trainingBytes: Int

    package init(parameters: Int, multiplyAdds: Int, trainingBytes: Int) {
      (self.parameters, self.multiplyAdds, self.trainingBytes) = (parameters, multiplyAdds, trainingBytes)
    }
  }
}

extension ReportInput {
  /// Leaves test cases out of every score, and says so under every table.
  ///
  /// - Parameter cases: name and reason.
  package mutating func leaveOut(_ cases: [(name: String, reason: String)]) {
    guard !cases.isEmpty else { return }
    let names = Set(cases.map(\.name))
    for variant in variants.indices {
      for run in variants[variant].runs.indices { variants[variant].runs[run].leaveOut(names) }
    }
    let list = cases.map { "\($0.name) (\($0.reason))" }.joined(separator: ", ")
    remarks.append("Taken out, in no training, validation or score: \(Quantity.of(cases.count, "case")), \(list).")
  }
}

extension ReportInput.Run {
  fileprivate mutating func leaveOut(_ names: Set<String>) {
    guard let scored = evaluations else { return }
    let kept = scored.indices.filter { !names.contains(scored[$0].name) }
    evaluations = kept.map { scored[$0] }
    networkGrid = networkGrid.map { grid in kept.map { grid[$0] } }
    ceiling = ceiling.map { ceiling in kept.map { ceiling[$0] } }
  }
}

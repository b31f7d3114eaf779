import Store
import Text

/// Whose runs are: which experiments ask for them, or did before, and as which variant.
struct RunClaims: Sendable {
  private struct Claim: Sendable {
    let experiment: String
    let variant: String
    /// Whether the experiment asks for it no more.
    let isEarlier: Bool
  }

  private let claims: [String: [Claim]]

  init(of workspace: Workspace) { self.init(workspace.experimentRecords()) }

  init(_ records: [ExperimentRecord]) {
    var claims: [String: [Claim]] = [:]
    for record in records {
      for (variants, isEarlier) in [(record.variants, false), (record.earlier ?? [], true)] {
        for variant in variants {
          for run in variant.runs {
            claims[run, default: []].append(
              Claim(experiment: record.name, variant: variant.name, isEarlier: isEarlier))
          }
        }
      }
    }
    // What somebody asks for is nobody's former run.
    self.claims = claims.mapValues { all in
      let now = all.filter { !$0.isEarlier }
      return now.isEmpty ? all : now
    }
  }

  /// Nil where no experiment asks for it.
  func experiments(of run: String) -> [String]? { names(of: run, earlier: false) }

  /// Where none does: those that did before.
  func formerExperiments(of run: String) -> [String]? { names(of: run, earlier: true) }

  func variant(of run: String) -> String? {
    claims[run].map { $0.map(\.variant).distinct.joined(separator: " or ") }
  }

  private func names(of run: String, earlier: Bool) -> [String]? {
    let names = (claims[run] ?? []).filter { $0.isEarlier == earlier }.map(\.experiment)
    return names.isEmpty ? nil : names
  }
}

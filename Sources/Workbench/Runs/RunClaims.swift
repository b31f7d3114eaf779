import Foundation
import Store
import Text

/// Whose runs are: which experiments ask for them, or did before, and as which variant.
struct RunClaims: Sendable {
  private struct Claim: Sendable {
    let experiment: String
    /// Where another file has the experiment's name: the one that asks, as the record has it.
    let file: String?
    let variant: String
    /// Whether the experiment asks for it no more.
    let isEarlier: Bool
  }

  private let claims: [String: [Claim]]

  init(of workspace: Workspace) { self.init(workspace.experimentRecords(), in: workspace) }

  init(_ records: [ExperimentRecord], in workspace: Workspace) {
    var claims: [String: [Claim]] = [:]
    for record in records {
      let files = workspace.split(record)
      for one in files {
        let file = files.count > 1 ? one.file : nil
        for (variants, isEarlier) in [(one.variants, false), (one.earlier ?? [], true)] {
          for variant in variants {
            for run in variant.runs {
              claims[run, default: []].append(
                Claim(experiment: one.name, file: file, variant: variant.name, isEarlier: isEarlier))
            }
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

  /// Which of several files that have one experiment's name ask for it, or did before; nil where no name is shared.
  func files(of run: String) -> [String]? {
    let files = (claims[run] ?? []).compactMap(\.file).distinct
    return files.isEmpty ? nil : files
  }

  /// "ablation", "ablation (earlier)", or "ablation (second.json)" where two files have the name; nil where nobody asked.
  func owners(of run: String) -> String? {
    Self.owners(experiments(of: run)?.distinct, formerly: formerExperiments(of: run)?.distinct, files: files(of: run))
  }

  static func owners(_ experiments: [String]?, formerly: [String]?, files: [String]?) -> String? {
    let names = experiments ?? formerly?.map { "\($0) (earlier)" }
    let files = (files ?? []).map { URL(fileURLWithPath: $0).lastPathComponent }
    return names.map { $0.joined(separator: ", ") + (files.isEmpty ? "" : " (\(files.joined(separator: ", ")))") }
  }

  func variant(of run: String) -> String? {
    claims[run].map { $0.map(\.variant).distinct.joined(separator: " or ") }
  }

  private func names(of run: String, earlier: Bool) -> [String]? {
    let names = (claims[run] ?? []).filter { $0.isEarlier == earlier }.map(\.experiment)
    return names.isEmpty ? nil : names
  }
}

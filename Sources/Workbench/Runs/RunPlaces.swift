import Foundation
import JSON
import Store
import System

/// Where runs belong: which experiments ask for them, as which variant, and what of their plans tells them apart.
///
/// All of it is read once for all runs: thousands of plans consist of few different parts.
struct RunPlaces {
  /// Of an experiment that `safnet run` was given.
  private struct Claim {
    let experiment: String
    let variant: String
  }

  private let claims: [String: [Claim]]
  private let fields: [(name: String, field: PlanFields.Field)]
  private let places: [String: Int]
  private let numbers: [ObjectIdentifier: PartNumbers]

  init(_ runs: [IndexedRun], in workspace: Workspace) {
    var claims: [String: [Claim]] = [:]
    for record in workspace.experimentRecords() {
      for variant in record.variants {
        for run in variant.runs {
          claims[run, default: []].append(Claim(experiment: record.name, variant: variant.name))
        }
      }
    }
    self.claims = claims
    // Fold and seed are told by their own names; the cases and structures of a dataset tell nobody anything in a list.
    fields = PlanFields(of: runs, leaving: ["fold", "dataset", "structures"]).fields
      .map { ($0.path.description, $0) }.filter { $0.name != "training.seed" }
    places = Dictionary(runs.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    var (seen, parts): (Set<ObjectIdentifier>, [PlanPart]) = ([], [])
    for part in runs.lazy.flatMap(\.parts) where seen.insert(ObjectIdentifier(part)).inserted { parts.append(part) }
    let told = parallelMap(parts, workers: Machine.processors) { PartNumbers($0) }
    var numbers: [ObjectIdentifier: PartNumbers] = [:]
    for (part, told) in zip(parts, told) where told.seed != nil || told.fold != nil {
      numbers[ObjectIdentifier(part)] = told
    }
    self.numbers = numbers
  }

  /// Takes over what is known of a run.
  func tell(_ status: inout RunStatus, _ run: IndexedRun) {
    if let own = claims[run.name] {
      status.experiments = own.map(\.experiment)
      let variants = own.reduce(into: [String]()) { if !$0.contains($1.variant) { $0.append($1.variant) } }
      status.variant = variants.joined(separator: " or ")
    }
    for part in run.parts {
      guard let told = numbers[ObjectIdentifier(part)] else { continue }
      (status.seed, status.fold) = (status.seed ?? told.seed, status.fold ?? told.fold)
    }
    guard let place = places[run.name] else { return }
    var values: [String: String] = [:]
    for (name, field) in fields { values[name] = field.text(ofRun: place) }
    status.fields = values.isEmpty ? nil : values
  }
}

/// What a part of a plan says of seed or fold. Read as whole numbers: a seed has 64 bits.
private struct PartNumbers: Sendable {
  let seed: UInt64?
  let fold: Int?

  init(_ part: PlanPart) {
    struct Training: Decodable { let seed: UInt64 }
    struct Fold: Decodable { let number: Int }
    let data = Data("{\(part.text)}".utf8)
    switch part.key {
    case "training":
      seed = (try? JSONDecoder().decode([String: Training].self, from: data))?["training"]?.seed
      fold = nil
    case "fold":
      seed = nil
      fold = (try? JSONDecoder().decode([String: Fold].self, from: data))?["fold"]?.number
    default: (seed, fold) = (nil, nil)
    }
  }
}

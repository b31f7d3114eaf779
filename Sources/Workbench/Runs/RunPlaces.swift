import Foundation
import JSON
import Store
import System
import Text

/// Where runs belong: which experiments ask for them, as which variant, and what of their plans tells them apart.
///
/// All of it is read once for all runs: thousands of plans consist of few different parts.
struct RunPlaces: Sendable {
  private let claims: RunClaims
  private let places: [String: Int]
  private let parts: PlanParts
  /// By the parts' numbers.
  private let told: [PartNumbers]
  private let texts: FieldTexts
  /// Of methods that were imported, by their directories: the experiment beside whose they stand, and what it is called.
  private let imported: [String: (experiment: String, name: String)]

  init(_ runs: [IndexedRun], in workspace: Workspace) {
    claims = RunClaims(of: workspace)
    let parts = PlanParts(of: runs)
    // Fold and seed are told by their own names; the cases and structures of a dataset tell nobody anything in a list.
    texts = FieldTexts(PlanFields(parts, leaving: ["fold", "dataset", "structures", "training.seed"]))
    places = Dictionary(runs.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    told = parallelMap(parts.all, workers: Machine.processors) { PartNumbers($0) }
    let planless = runs.indices.filter { parts.ofRuns[$0].isEmpty }.map { workspace.runDirectory(named: runs[$0].name) }
    let methods = planless.filter(\.isImported).compactMap { run in (try? run.readImport()).map { (run.name, $0) } }
    imported = Dictionary(uniqueKeysWithValues: methods.map { ($0, (experiment: $1.experiment, name: $1.name)) })
    self.parts = parts
  }

  /// Takes over what is known of a run.
  func tell(_ status: inout RunStatus, _ run: IndexedRun) {
    status.experiments = claims.experiments(of: run.name)
    status.files = claims.files(of: run.name)
    status.formerly = claims.formerExperiments(of: run.name)
    if let variant = claims.variant(of: run.name) { status.variant = variant }
    if let method = imported[run.name] { (status.experiments, status.variant) = ([method.experiment], method.name) }
    guard let place = places[run.name] else { return }
    for number in parts.ofRuns[place] {
      (status.seed, status.fold) = (status.seed ?? told[number].seed, status.fold ?? told[number].fold)
    }
    let values = texts.ofRun(place)
    status.fields = values.isEmpty ? nil : values
  }
}

/// The fields of plans, of all runs in one list: whoever tells ten thousand runs on several threads takes hold of as few
/// things as possible for each.
private struct FieldTexts: Sendable {
  private let names: [String]
  /// The different ones of every field, one field after another.
  private let all: [String?]
  /// Where in `all` a run's own stand: those of the first run, then of the second, and so on.
  private let places: [Int]

  init(_ plans: PlanFields) {
    let fields = plans.fields
    names = fields.map(\.path.description)
    all = fields.flatMap(\.texts)
    let runs = fields.first?.places.count ?? 0
    places = Array(unsafeUninitializedCapacity: runs * fields.count) { room, count in
      var start = 0
      for (column, field) in fields.enumerated() {
        for run in 0..<runs { room[run * fields.count + column] = start + field.places[run] }
        start += field.texts.count
      }
      count = runs * fields.count
    }
  }

  func ofRun(_ run: Int) -> RunFields {
    let own = places.isEmpty ? 0..<0 : (run * names.count)..<((run + 1) * names.count)
    return RunFields(names: names, texts: own.map { all[places[$0]] })
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

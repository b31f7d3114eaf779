import JSON
import Models
import Networks
import Text
import Volumes

/// Fields of networks that are set and change nothing, as another switches off what they belong to; and variants that are one
/// network by them, each of which would be trained for the same scores.
extension Specification {
  /// A warning for each place at which such a field is written and is of use to no variant.
  var idleFields: [String] {
    var found: [(path: JSONPath, words: String)] = []
    for index in variants.indices {
      let model = variants[index].model
      for idle in model.idleFields(at: inputExtent(of: variants[index].training)) where model.isChanged(idle.field) {
        let path = written(idle.field, of: "model", variant: index)
        guard !isOfUse(idle.field, at: path) else { continue }
        let shown = model.json[idle.field].map(CanonicalJSON.text) ?? "this"
        found.append((path, "\(shown) has no effect, as \(idle.cause); \(idle.remedies)"))
      }
    }
    return found.map { JSONError.description($0.words, at: $0.path, place(of: $0.path)) }.distinct
  }

  /// Whether a network has any use for the field as it is written there.
  private func isOfUse(_ field: String, at path: JSONPath) -> Bool {
    variants.indices.contains { index in
      let (model, extent) = (variants[index].model, inputExtent(of: variants[index].training))
      return model.json[field] != nil && written(field, of: "model", variant: index) == path
        && !model.idleFields(at: extent).contains { $0.field == field }
    }
  }

  /// A warning for each network that several variants are, trained alike, though they are written differently.
  var likeNetworks: [String] {
    twins.map { first, others in
      let path = path(of: others[0])
      return JSONError.description(words(first, others), at: path, place(of: path))
    }
  }

  /// Which variants are one network, in which fields they differ, why these change nothing, and what to do.
  private func words(_ first: Int, _ others: [Int]) -> String {
    let model = variants[first].model
    let fields: [String] = others.flatMap { model.fields(unlike: variants[$0].model) }.distinct
    let all: [IdleField] = ([first] + others).flatMap { index in
      variants[index].model.idleFields(at: inputExtent(of: variants[index].training))
    }
    let idle = all.distinct.filter { fields.contains($0.field) }
    let causes = idle.map { "\($0.field) has no effect, as \($0.cause)" }.joined(separator: "; ")
    let names = DatasetNotice.shortList(others.map { CanonicalJSON.quoted(variants[$0].name) })
    let verb = others.count == 1 ? "is" : "are"
    let effect = idle.isEmpty ? "changes no layer at this size" : "changes nothing (\(causes))"
    let remedies = idle.compactMap(\.remedy).map { "\($0), or " }.joined()
    return
      "\(names) \(verb) the same network as \(CanonicalJSON.quoted(variants[first].name)), trained alike, and would be trained for"
      + " the same scores once more: they differ in \(fields.joined(separator: ", ")) alone, which \(effect); \(remedies)take one of"
      + " them out"
  }

  /// Variants by the first that is the same network with the same training and some seed of theirs.
  private var twins: [(first: Int, others: [Int])] {
    let trained = Dictionary(grouping: variants.indices) { TrainedKind(variants[$0]) }
    return trained.values.filter { $0.count > 1 }.flatMap { group in
      let graphs = group.map { index in
        let (model, extent) = (variants[index].model, inputExtent(of: variants[index].training))
        return model.graph(batch: 1, extent: extent, classes: 2, channels: model.channels)
      }
      return Dictionary(grouping: group.indices) { graphs[$0] }.values.compactMap {
        alike -> (first: Int, others: [Int])? in
        let same = alike.sorted().map { group[$0] }
        let others = same.dropFirst().filter { !Set(variants[$0].seeds).isDisjoint(with: variants[same[0]].seeds) }
        return others.isEmpty ? nil : (same[0], others)
      }
    }.sorted { $0.first < $1.first }
  }

  /// What two variants must have in common beside their layers; the seed is each run's own.
  private struct TrainedKind: Hashable {
    let kind: String
    let training: TrainingPlan

    init(_ variant: Variant) {
      kind = variant.model.kind
      var training = variant.training
      training.seed = 0
      self.training = training
    }
  }
}

extension ModelConfiguration {
  /// Whether a field is another than where nothing is said.
  fileprivate func isChanged(_ field: String) -> Bool { json[field] != standard.json[field] }

  /// The fields in which another network of the kind differs, by the names that experiments give them.
  fileprivate func fields(unlike other: ModelConfiguration) -> [String] {
    guard case .object(let members) = json else { return [] }
    return members.map(\.0).filter { json[$0] != other.json[$0] }
  }
}

extension IdleField {
  fileprivate var remedies: String { "leave it out" + (remedy.map { ", or \($0)" } ?? "") }
}

import JSON
import Models

/// A field of the model or the training in which the variants of an experiment differ: a column of a table.
package struct DifferingField: Equatable, Sendable {
  /// `learningRate`, or as much of the path as tells it from the others.
  package let label: String
  /// By variant, in the experiment's order; nil where the variant's network has no such field.
  package let values: [String?]
}

extension Specification {
  /// The fields in which variants differ: of the training among all of them, of the model among those of one kind. What a
  /// component says (a module's switch) is left to its tick, and seeds are no field of a row.
  package var differingFields: [DifferingField] {
    let trainings = variants.map { variant -> JSONValue? in
      var training = variant.training
      training.seed = 0
      return TrainingPlan.form().write(training)
    }
    let found =
      differences(of: variants.map { Self.modelWithoutSwitches($0.model) }, in: "model", amongKinds: true)
      + differences(of: trainings, in: "training", amongKinds: false)
    return zip(FieldLabel.labels(of: found.map(\.path)), found).map { label, difference in
      DifferingField(label: label, values: difference.values.map { $0.map(FieldLabel.text) })
    }
  }

  private func differences(
    of documents: [JSONValue?], in section: String, amongKinds: Bool
  ) -> [JSONDifference] {
    guard amongKinds else { return JSONDifference.between(documents, .members).map { $0.within(section) } }
    var found: [JSONDifference] = []
    for kind in Set(variants.map(\.model.kind)).sorted() {
      let own = variants.indices.filter { variants[$0].model.kind == kind }
      for difference in JSONDifference.between(own.map { documents[$0] }, .members) {
        let path = difference.within(section).path
        let index = found.firstIndex { $0.path == path } ?? found.endIndex
        if index == found.endIndex {
          found.append(JSONDifference(path: path, values: documents.map { $0?.value(at: difference.path) }))
        }
      }
    }
    return found
  }

  /// A switch is a field that is true or false, of a network that names its parts.
  private static func modelWithoutSwitches(_ model: ModelConfiguration) -> JSONValue? {
    guard case .object(let members) = model.json, !model.components.isEmpty else { return model.json }
    return .object(members.filter { if case .bool = $0.1 { false } else { true } })
  }
}

extension JSONDifference {
  fileprivate func within(_ section: String) -> JSONDifference {
    JSONDifference(path: JSONPath([.key(section)] + path.steps), values: values)
  }
}

extension JSONValue {
  fileprivate func value(at path: JSONPath) -> JSONValue? {
    path.steps.reduce(self as JSONValue?) { value, step in
      if case .key(let key) = step { value?[key] } else { nil }
    }
  }
}

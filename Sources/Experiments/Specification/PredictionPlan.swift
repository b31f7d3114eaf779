import JSON
import Metrics
import Text
import Volumes

/// A way of predicting with trained networks that the tables show beside the plain one. It is scored from finished runs,
/// and is no part of any plan: nothing is trained for it.
package struct PredictionPlan: Hashable, Sendable {
  /// Whose probabilities are averaged.
  package enum Ensemble: String, Codable, CaseIterable, Sendable {
    /// Of the seeds of one fold, none of which was trained on the fold's test cases.
    case seeds
    /// Of the folds of one seed, on an external test set only: elsewhere they were trained on what they would be tested on.
    case folds
  }

  /// Of which structures only the largest piece stays.
  package enum Components: Hashable, Sendable {
    case all
    case named([String])
  }

  /// How the levels of the spine are named.
  package enum Levels: String, Codable, CaseIterable, Sendable {
    /// Each piece bears one name, and from head to foot none comes twice or is left out.
    case consecutive
  }

  /// Which of a run's networks predicts; nil: the one that the run itself tests.
  package var checkpoint: TrainingPlan.EvaluatedCheckpoint?
  /// Whether each network also sees the image with left and right exchanged.
  package var mirror = false
  /// Nil: voxel by voxel, as all structures.
  package var levels: Levels?
  /// Nil: every piece stays.
  package var components: Components?
  /// Nil: each network predicts alone.
  package var ensemble: Ensemble?

  /// The plain way.
  package init(
    checkpoint: TrainingPlan.EvaluatedCheckpoint? = nil, mirror: Bool = false, levels: Levels? = nil,
    components: Components? = nil, ensemble: Ensemble? = nil
  ) {
    (self.checkpoint, self.mirror, self.levels, self.components, self.ensemble) = (
      checkpoint, mirror, levels, components, ensemble
    )
  }

  /// Whether it says nothing else than every run's own test does.
  var isPlain: Bool { self == PredictionPlan() }

  /// What the row of a variant is called.
  ///
  /// - Parameter networks: how many there are in the ensemble.
  package func rowName(of variant: String, networks: Int) -> String {
    var parts = [variant]
    if let checkpoint { parts.append("\(checkpoint.rawValue) epoch") }
    if mirror { parts.append("mirror") }
    if levels == .consecutive { parts.append("consecutive levels") }
    switch components {
    case nil: break
    case .all: parts.append("largest components")
    case .named(let names): parts.append("largest components (\(names.joined(separator: ", ")))")
    }
    switch ensemble {
    case nil: break
    case .seeds: parts.append("ensemble of \(networks) seeds")
    // How many folds there are, the table says.
    case .folds: parts.append("ensemble of folds")
    }
    return parts.joined(separator: " + ")
  }

  /// Of which of these structures only the largest piece stays, in their order.
  package func largestOnly(of structures: [String]) -> [String] {
    switch components {
    case nil: []
    case .all: structures
    case .named(let names): structures.filter(names.contains)
    }
  }
}

extension PredictionPlan {
  private static var form: Form<PredictionPlan> {
    let record = Form<PredictionPlan>.record(
      "A way of predicting", PredictionPlan(),
      [
        Field(
          "checkpoint", \.checkpoint, .optional(.choice(), none: nil),
          "Which network of each run predicts: best on the validation cases, or last. Absent: the one that the run tests"
            + " (training.evaluate)"),
        Field(
          "mirror", \.mirror, .flag,
          "Each network also sees the image with left and right exchanged, and the mean of both counts"),
        Field(
          "levels", \.levels, .optional(.choice(), none: nil),
          "Names of the spine's levels: consecutive, each piece bears one, and from head to foot none comes twice or is left"
            + " out, as the networks' probabilities have it most likely"),
        Field(
          "components", \.components, .optional(componentsForm, none: nil),
          "Only the largest piece of a structure stays: \"largest\" for all structures, or a list of their names"),
        Field(
          "ensemble", \.ensemble, .optional(.choice(), none: nil),
          "The mean of several networks' probabilities: seeds, those of one fold; folds, those of one seed, for the"
            + " external test set (test) only, where their plain mean is shown anyway"),
      ])
    return Form(
      schema: record.schema,
      read: { input, _, errors in
        let before = errors.count
        guard let plan = record.read(input, nil, &errors), errors.count == before else { return nil }
        guard !plan.isPlain else {
          errors.append(
            input.error(
              .broken(
                rule:
                  "says nothing; the plain prediction is in the tables anyway: write checkpoint, mirror, levels, components or"
                  + " ensemble, or take it out")))
          return nil
        }
        return plan
      },
      write: record.write)
  }

  private static var componentsForm: Form<Components> {
    let names = Form<[String]>.list(ofDistinct: .text, count: 1...255)
    return Form(
      schema: { _ in ["anyOf": [["enum": ["largest"]], names.schema(nil)]] },
      read: { input, _, errors in
        switch input.node.content {
        case .string("largest"): return .all
        case .array: return names.read(input, nil, &errors).map { .named($0) }
        default: errors.append(input.error(input.wrongType("\"largest\", or \(list(names, input))")))
        }
        return nil
      },
      write: { components in
        switch components {
        case .all: "largest"
        case .named(let list): names.write(list)
        }
      })
  }

  /// What stands for a list of structures, and which of both it is where that can be told.
  private static func list(_ names: Form<[String]>, _ input: Input) -> String {
    if input.node.content == .bool(true) || input.node.text?.nearest(in: ["largest"]) != nil {
      return "a list of structures; write \(input.node.asSet("\"largest\""))"
    }
    var mistakes: [JSONError] = []
    _ = names.read(input, nil, &mistakes)
    guard case .wrongType(_, let list)? = mistakes.first?.fault, list != "a list" else { return "a list of structures" }
    return list
  }

  /// `prediction`: one way, or a list of them, each a row for each variant.
  static var listForm: Form<[PredictionPlan]> {
    let list = Form<[PredictionPlan]>.list(ofDistinct: form, count: 0...20)
    return Form(
      schema: { standard in ["anyOf": [form.schema(nil), list.schema(standard)]] },
      read: { input, starting, errors in
        if case .object = input.node.content { return form.read(input, nil, &errors).map { [$0] } }
        return list.read(input, starting, &errors)
      },
      write: list.write)
  }
}

// MARK: With the rest of the specification

extension Specification {
  /// Ways of predicting that no variant could take or all take anyway, or whose rows would be called as a variant is.
  var predictionConflicts: [SpecificationError] {
    prediction.enumerated().flatMap { index, way -> [SpecificationError] in
      var found: [SpecificationError] = []
      if way.ensemble == .seeds, variants.allSatisfy({ $0.seeds.count < 2 }) {
        found.append(error(.ensembleOfOneSeed, at: path(ofPrediction: index) / "ensemble"))
      }
      if way.ensemble == .folds, test == nil {
        found.append(error(.ensembleOfFolds, at: path(ofPrediction: index) / "ensemble"))
      }
      if let checkpoint = way.checkpoint, variants.allSatisfy({ $0.training.evaluate == checkpoint }) {
        let conflict = Conflict.checkpointIsTested(
          checkpoint.rawValue, isAlone: way == PredictionPlan(checkpoint: checkpoint))
        found.append(error(conflict, at: path(ofPrediction: index) / "checkpoint"))
      }
      let names = variants.map { way.rowName(of: $0.name, networks: $0.seeds.count) }
      if let name = names.first(where: { name in variants.contains { $0.name == name } }) {
        found.append(error(.predictionName(name), at: path(ofPrediction: index)))
      }
      return found
    }
  }

  /// Structures that are not learnt, mirroring where structures have a side, and levels where there are none.
  package func predictionConflicts(among labels: LabelMap) -> [SpecificationError] {
    prediction.enumerated().flatMap { index, way -> [SpecificationError] in
      let path = path(ofPrediction: index)
      var found: [SpecificationError] = []
      if way.mirror, !labels.sidedNames.isEmpty {
        found.append(error(.mirrorOfSides(labels.sidedNames), at: path / "mirror"))
      }
      if way.levels != nil, SpineLevels(names: labels.names).isEmpty {
        found.append(error(.noLevels(labels.names), at: path / "levels"))
      }
      guard case .named(let names) = way.components else { return found }
      return found
        + names.enumerated().filter { !labels.names.contains($0.element) }.map { place, name in
          let conflict = Conflict.unknownStructure(name, nearest: labels.meant(by: name), known: labels.names)
          return error(conflict, at: path / "components" / place)
        }
    }
  }

  /// One way may stand alone, without a list.
  private func path(ofPrediction index: Int) -> JSONPath {
    if case .object = document.node(at: "prediction")?.content { return "prediction" }
    return "prediction" / index
  }
}

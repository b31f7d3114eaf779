import Foundation
import Metrics

/// The scores of one run's test cases, as `evaluation.h5` keeps them.
package struct StoredEvaluation: Equatable, Sendable {
  /// Scores on each image's own grid, where everything that preprocessing dropped counts as missed.
  package struct ImageGrid: Equatable, Sendable {
    package var cases: [CaseEvaluation]
    /// By case and structure: the Dice of the truth taken to the network's grid and back, the most that a network can
    /// reach.
    package var ceiling: [[Double?]]

    package init(cases: [CaseEvaluation], ceiling: [[Double?]]) { (self.cases, self.ceiling) = (cases, ceiling) }
  }

  package var planIdentity: String
  /// Names in class order, without background.
  package var structures: [String]
  /// Scores on the network's grid.
  package var cases: [CaseEvaluation]
  /// Nil in files of programs that scored the network's grid only.
  package var imageGrid: ImageGrid?

  package init(planIdentity: String, structures: [String], cases: [CaseEvaluation], imageGrid: ImageGrid? = nil) {
    (self.planIdentity, self.structures, self.cases, self.imageGrid) = (planIdentity, structures, cases, imageGrid)
  }

  /// What tables show: the image's own grid, where there is one.
  package var scores: [CaseEvaluation] { imageGrid?.cases ?? cases }
}

/// `evaluation.h5`, behind the same guard as a checkpoint. C cases, S structures, K = S + 1 classes, T tolerances:
///
/// | name | content |
/// |---|---|
/// | `cases`, `structures` | names |
/// | `dice`, `surface_distance`, `hausdorff95` | float64 [C][S]; NaN where not counted or undefined |
/// | `truth_voxels`, `predicted_voxels`, `common_voxels` | int64 [C][S] |
/// | `confusion` | int64 [C][K][K], truth first |
/// | `elements/average`, `elements/hausdorff95`, `elements/hausdorff` | float64 [C][S], surface elements weighted by area |
/// | `elements/tolerances`, `elements/normalized_dice` | float64 [T] mm, [C][T][S] |
/// | `truth_centroids`, `predicted_centroids` | float64 [C][S][3], mm along D, H, W; NaN where absent |
/// | `image_grid/...` | all of these, but the names, on each image's own grid |
/// | `image_grid/ceiling` | float64 [C][S], Dice of the truth taken to the network's grid and back |
///
/// Files of earlier programs hold the first four lines.
package enum EvaluationFile {
  package static func write(_ evaluation: StoredEvaluation, to url: URL) throws {
    for score in evaluation.cases + (evaluation.imageGrid?.cases ?? []) {
      precondition(
        score.fits(evaluation.structures.count),
        "\(score.name): its scores are not for \(evaluation.structures.count) structures")
      if let name = score.notFinite { throw StoreError.notFinite(file: url.path, value: name) }
    }
    precondition(
      evaluation.imageGrid.map { $0.cases.map(\.name) == evaluation.cases.map(\.name) } ?? true,
      "both grids have the same cases")
    try GuardedFile.write(.evaluation, planIdentity: evaluation.planIdentity, to: url, evaluation.write)
  }

  package static func read(_ url: URL) throws -> StoredEvaluation {
    try GuardedFile.read(.evaluation, url) { try StoredEvaluation(planIdentity: $0.planIdentity, root: $1) }
  }
}

extension StoredEvaluation {
  fileprivate func write(to root: HDF5Group) throws {
    try root.write("cases", strings: cases.map(\.name))
    try root.write("structures", strings: structures)
    try root.write(cases, structures: structures.count)
    guard let imageGrid else { return }
    let group = try root.create("image_grid")
    try group.write(imageGrid.cases, structures: structures.count)
    try group.write(
      "ceiling", imageGrid.ceiling.flatMap { $0.map { $0 ?? .nan } }, shape: [cases.count, structures.count])
  }

  fileprivate init(planIdentity: String, root: HDF5Group) throws {
    let (names, structures) = (try root.readStrings("cases"), try root.readStrings("structures"))
    let cases = try root.scores(of: names, structures: structures.count)
    self.init(planIdentity: planIdentity, structures: structures, cases: cases)
    guard try root.names().contains("image_grid") else { return }
    let group = try root.open("image_grid")
    imageGrid = ImageGrid(
      cases: try group.scores(of: names, structures: structures.count),
      ceiling: try group.rows("ceiling", as: Double.self, shape: [names.count, structures.count]).map(\.counted))
  }
}

extension HDF5Group {
  fileprivate func write(_ cases: [CaseEvaluation], structures: Int) throws {
    let (shape, classes) = ([cases.count, structures], structures + 1)
    for (name, path, _) in CaseEvaluation.scores {
      try write(name, cases.flatMap { $0[keyPath: path].map { $0 ?? .nan } }, shape: shape)
    }
    for (name, path) in CaseEvaluation.counts {
      try write(name, cases.flatMap { $0[keyPath: path].map(Int64.init) }, shape: shape)
    }
    try write("confusion", cases.flatMap { $0.confusion.map(Int64.init) }, shape: [cases.count, classes, classes])
    if cases.allSatisfy({ $0.truthCentroids.count == structures && $0.predictedCentroids.count == structures }) {
      for (name, path) in CaseEvaluation.centroids {
        let values = cases.flatMap {
          $0[keyPath: path].flatMap { $0.map { [$0.x, $0.y, $0.z] } ?? [.nan, .nan, .nan] }
        }
        try write(name, values, shape: shape + [3])
      }
    }
    try writeElements(of: cases, shape: shape)
  }

  private func writeElements(of cases: [CaseEvaluation], shape: [Int]) throws {
    let elements = cases.compactMap(\.elements)
    guard let tolerances = elements.first?.tolerances, elements.count == cases.count else { return }
    let group = try create("elements")
    for (name, path) in SurfaceElementScores.scores {
      try group.write(name, elements.flatMap { $0[keyPath: path].map { $0 ?? .nan } }, shape: shape)
    }
    try group.write("tolerances", tolerances, shape: [tolerances.count])
    let dice = elements.flatMap { $0.normalizedDice.flatMap { $0.map { $0 ?? .nan } } }
    try group.write("normalized_dice", dice, shape: [shape[0], tolerances.count, shape[1]])
  }

  fileprivate func scores(of names: [String], structures: Int) throws -> [CaseEvaluation] {
    let (shape, classes, stored) = ([names.count, structures], structures + 1, try self.names())
    var cases = names.map(CaseEvaluation.init(named:))
    for (name, path, isLater) in CaseEvaluation.scores {
      if isLater && !stored.contains(name) {
        for index in cases.indices { cases[index][keyPath: path] = Array(repeating: nil, count: structures) }
        continue
      }
      let values = try rows(name, as: Double.self, shape: shape)
      for index in cases.indices { cases[index][keyPath: path] = values[index].counted }
    }
    for (name, path) in CaseEvaluation.counts {
      let values = try rows(name, as: Int64.self, shape: shape)
      for index in cases.indices { cases[index][keyPath: path] = values[index].map { Int($0) } }
    }
    let confusion = try rows("confusion", as: Int64.self, shape: [names.count, classes, classes])
    for index in cases.indices { cases[index].confusion = confusion[index].map { Int($0) } }
    for (name, path) in CaseEvaluation.centroids where stored.contains(name) {
      let values = try rows(name, as: Double.self, shape: shape + [3])
      for index in cases.indices {
        cases[index][keyPath: path] = (0..<structures).map {
          let (x, y, z) = (values[index][3 * $0], values[index][3 * $0 + 1], values[index][3 * $0 + 2])
          return x.isNaN ? nil : SIMD3(x, y, z)
        }
      }
    }
    if stored.contains("elements") {
      let elements = try open("elements").elements(count: names.count, structures: structures)
      for index in cases.indices { cases[index].elements = elements[index] }
    }
    return cases
  }

  private func elements(count: Int, structures: Int) throws -> [SurfaceElementScores] {
    let tolerances = try read("tolerances", as: Double.self).values
    let dice = try rows("normalized_dice", as: Double.self, shape: [count, tolerances.count, structures])
    var elements = dice.map { row in
      SurfaceElementScores(
        average: [], hausdorff95: [], hausdorff: [], tolerances: tolerances,
        normalizedDice: tolerances.indices.map { Array(row[$0 * structures..<($0 + 1) * structures]).counted })
    }
    for (name, path) in SurfaceElementScores.scores {
      let values = try rows(name, as: Double.self, shape: [count, structures])
      for index in elements.indices { elements[index][keyPath: path] = values[index].counted }
    }
    return elements
  }
}

extension Array<Double> {
  /// NaN stands for a score that is not counted.
  fileprivate var counted: [Double?] { map { $0.isNaN ? nil : $0 } }
}

extension HDF5Group {
  /// The values of each entry of the first dimension, after a check of the shape.
  fileprivate func rows<Element: HDF5Element>(_ name: String, as _: Element.Type, shape: [Int]) throws -> [[Element]] {
    let (found, values) = try read(name, as: Element.self)
    guard found == shape else { throw HDF5.Failure(operation: name, words: "its shape is \(found), not \(shape)") }
    let width = shape.dropFirst().reduce(1, *)
    return (0..<shape[0]).map { Array(values[$0 * width..<($0 + 1) * width]) }
  }
}

extension CaseEvaluation {
  fileprivate init(named name: String) {
    self.init(
      name: name, dice: [], surfaceDistance: [], hausdorff95: [], truthVoxels: [], predictedVoxels: [],
      commonVoxels: [], confusion: [])
  }

  /// `isLater`: files of the first format may lack it, which is nil in every place.
  fileprivate static var scores: [(String, WritableKeyPath<CaseEvaluation, [Double?]>, isLater: Bool)] {
    [
      ("dice", \.dice, isLater: false), ("surface_distance", \.surfaceDistance, isLater: false),
      ("hausdorff95", \.hausdorff95, isLater: false),
    ]
  }

  fileprivate static var counts: [(String, WritableKeyPath<CaseEvaluation, [Int]>)] {
    [("truth_voxels", \.truthVoxels), ("predicted_voxels", \.predictedVoxels), ("common_voxels", \.commonVoxels)]
  }

  fileprivate static var centroids: [(String, WritableKeyPath<CaseEvaluation, [SIMD3<Double>?]>)] {
    [("truth_centroids", \.truthCentroids), ("predicted_centroids", \.predictedCentroids)]
  }

  fileprivate func fits(_ structures: Int) -> Bool {
    Self.scores.allSatisfy { self[keyPath: $0.1].count == structures }
      && Self.counts.allSatisfy { self[keyPath: $0.1].count == structures }
      && confusion.count == (structures + 1) * (structures + 1)
  }

  fileprivate var notFinite: String? {
    let own = Self.scores.map { ($0.0, self[keyPath: $0.1]) }
    let surfaces =
      elements.map { elements in SurfaceElementScores.scores.map { ($0.0, elements[keyPath: $0.1]) } } ?? []
    return (own + surfaces).first { $0.1.contains { $0?.isFinite == false } }.map { "\(name): \($0.0)" }
  }
}

extension SurfaceElementScores {
  fileprivate static var scores: [(String, WritableKeyPath<SurfaceElementScores, [Double?]>)] {
    [("average", \.average), ("hausdorff95", \.hausdorff95), ("hausdorff", \.hausdorff)]
  }
}

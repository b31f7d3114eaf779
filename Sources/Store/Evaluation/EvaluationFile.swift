import Foundation
import Metrics

/// The scores of one run's test cases, as `evaluation.h5` keeps them.
package struct StoredEvaluation: Equatable, Sendable {
  package var planIdentity: String
  /// Names in class order, without background.
  package var structures: [String]
  package var cases: [CaseEvaluation]

  package init(planIdentity: String, structures: [String], cases: [CaseEvaluation]) {
    (self.planIdentity, self.structures, self.cases) = (planIdentity, structures, cases)
  }
}

/// `evaluation.h5`, behind the same guard as a checkpoint. C cases, S structures, K = S + 1 classes:
///
/// | name | content |
/// |---|---|
/// | `cases`, `structures` | names |
/// | `dice`, `surface_distance`, `hausdorff95` | float64 [C][S]; NaN where not counted or undefined |
/// | `truth_voxels`, `predicted_voxels`, `common_voxels` | int64 [C][S] |
/// | `confusion` | int64 [C][K][K], truth first |
package enum EvaluationFile {
  package static func write(_ cases: [CaseEvaluation], structures: [String], planIdentity: String, to url: URL) throws {
    for score in cases {
      precondition(score.fits(structures.count), "\(score.name): its scores are not for \(structures.count) structures")
      if let name = score.notFinite { throw StoreError.notFinite(file: url.path, value: name) }
    }
    let evaluation = StoredEvaluation(planIdentity: planIdentity, structures: structures, cases: cases)
    try GuardedFile.write(.evaluation, planIdentity: planIdentity, to: url, evaluation.write)
  }

  package static func read(_ url: URL) throws -> StoredEvaluation {
    try GuardedFile.read(.evaluation, url) { try StoredEvaluation(planIdentity: $0.planIdentity, root: $1) }
  }
}

extension StoredEvaluation {
  fileprivate func write(to root: HDF5Group) throws {
    let (shape, classes) = ([cases.count, structures.count], structures.count + 1)
    try root.write("cases", strings: cases.map(\.name))
    try root.write("structures", strings: structures)
    for (name, path) in CaseEvaluation.scores {
      try root.write(name, cases.flatMap { $0[keyPath: path].map { $0 ?? .nan } }, shape: shape)
    }
    for (name, path) in CaseEvaluation.counts {
      try root.write(name, cases.flatMap { $0[keyPath: path].map(Int64.init) }, shape: shape)
    }
    let confusion = cases.flatMap { $0.confusion.map(Int64.init) }
    try root.write("confusion", confusion, shape: [cases.count, classes, classes])
  }

  fileprivate init(planIdentity: String, root: HDF5Group) throws {
    let (names, structures) = (try root.readStrings("cases"), try root.readStrings("structures"))
    let (shape, classes) = ([names.count, structures.count], structures.count + 1)
    var cases = names.map(CaseEvaluation.init(named:))
    for (name, path) in CaseEvaluation.scores {
      let values = try root.rows(name, as: Double.self, shape: shape)
      for index in cases.indices { cases[index][keyPath: path] = values[index].map { $0.isNaN ? nil : $0 } }
    }
    for (name, path) in CaseEvaluation.counts {
      let values = try root.rows(name, as: Int64.self, shape: shape)
      for index in cases.indices { cases[index][keyPath: path] = values[index].map { Int($0) } }
    }
    let confusion = try root.rows("confusion", as: Int64.self, shape: [names.count, classes, classes])
    for index in cases.indices { cases[index].confusion = confusion[index].map { Int($0) } }
    self.init(planIdentity: planIdentity, structures: structures, cases: cases)
  }
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

  fileprivate static var scores: [(String, WritableKeyPath<CaseEvaluation, [Double?]>)] {
    [("dice", \.dice), ("surface_distance", \.surfaceDistance), ("hausdorff95", \.hausdorff95)]
  }

  fileprivate static var counts: [(String, WritableKeyPath<CaseEvaluation, [Int]>)] {
    [("truth_voxels", \.truthVoxels), ("predicted_voxels", \.predictedVoxels), ("common_voxels", \.commonVoxels)]
  }

  fileprivate func fits(_ structures: Int) -> Bool {
    Self.scores.allSatisfy { self[keyPath: $0.1].count == structures }
      && Self.counts.allSatisfy { self[keyPath: $0.1].count == structures }
      && confusion.count == (structures + 1) * (structures + 1)
  }

  fileprivate var notFinite: String? {
    Self.scores.first { self[keyPath: $0.1].contains { $0?.isFinite == false } }.map { "\(name): \($0.0)" }
  }
}

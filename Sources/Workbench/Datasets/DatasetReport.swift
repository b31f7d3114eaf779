import Foundation
import System
import Volumes

/// `safnet dataset check`: every case read, and everything that would stop a training.
package struct DatasetReport: Codable, Equatable, Sendable {
  /// What the masks' numbers mean.
  package enum LabelSource: String, CaseIterable, Sendable { case mrspineseg, datasetFile = "dataset.json" }

  package struct Structure: Codable, Equatable, Sendable {
    package var name: String
    package var cases: Int
  }

  package var layout: String
  package var cases: Int
  package var structures: [Structure]
  package var problems: [String]

  /// Opens the dataset and reads all its cases.
  ///
  /// - Parameters:
  ///   - folder: or a manifest.
  ///   - labels: nil: `dataset.json` where there is one.
  package init(checking folder: String, layout: DatasetLayout, labels: LabelSource?) throws {
    let dataset = try Dataset.open(URL(fileURLWithPath: folder), layout: layout)
    let map = try Self.labelMap(labels, of: dataset, folder: folder)
    let check = CaseCheck(labels: map, preprocessing: Preprocessing())
    let results = parallelMap(dataset.cases, workers: Machine.current().cores) { check.prepare($0) }
    self.init(dataset: dataset, labels: map, results: results)
  }

  package init(dataset: Dataset, labels: LabelMap, results: [Result<PreparedCase, DatasetErrors>]) {
    let sound = results.compactMap { try? $0.get() }
    layout = dataset.layout.rawValue
    cases = dataset.cases.count
    structures = labels.names.enumerated().map { index, name in
      Structure(name: name, cases: sound.count { $0.present[index] })
    }
    let found = results.flatMap { result -> [DatasetProblem] in
      if case .failure(let errors) = result { errors.problems } else { [] }
    }
    let images = zip(dataset.cases, results).compactMap { one, result in
      (try? result.get()).map { (file: one.image, digest: $0.imageDigest) }
    }
    problems = (found + CaseCheck.duplicates(images)).map(\.description)
  }

  private static func labelMap(_ source: LabelSource?, of dataset: Dataset, folder: String) throws -> LabelMap {
    switch source {
    case .mrspineseg: return .mrSpineSeg
    case nil: return dataset.labels ?? .mrSpineSeg
    case .datasetFile:
      guard let labels = dataset.labels else { throw UsageError.noLabels(dataset: folder) }
      return labels
    }
  }

  package var text: String {
    let counts = structures.map { "  \($0.name): in \($0.cases) of \(cases) cases" }
    let verdict =
      problems.isEmpty
      ? ["no problems"]
      : ["\(problems.count) \(problems.count == 1 ? "problem" : "problems"):"] + problems.map { "  \($0)" }
    return (["\(cases) cases, layout \(layout)"] + counts + verdict).joined(separator: "\n")
  }
}

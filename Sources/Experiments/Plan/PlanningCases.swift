import Foundation
import System
import Volumes

/// Classes and folds to plan with: from the dataset, from the phantom it will be, or from an assumed number of cases.
package struct PlanningCases: Sendable, Equatable {
  /// Number of classes with the background.
  package let classes: Int
  /// Sizes of every fold.
  package let folds: [FoldSizes]
  /// Where they come from.
  package let foldWords: String
  /// What preprocessing makes of the images; nil where each has a size of its own and they were not looked at.
  package let images: ImageGrids?
  /// What is legal and surely not meant, as far as names and headers tell.
  package let notices: [String]

  /// - Parameter assumed: plan for so many cases, whatever the dataset holds.
  /// - Throws: `SpecificationErrors`, or `DatasetErrors` when the dataset is needed and unusable.
  package init(_ specification: Specification, assumed: Int? = nil) throws {
    let phantom = specification.dataset.phantom
    let exists = FileManager.default.fileExists(atPath: specification.datasetRoot.path)
    let cases = assumed ?? (exists ? nil : phantom?.cases)
    let known = specification.dataset.knownLabels ?? (exists ? nil : specification.dataset.assumedLabels)
    // Of a number of cases alone folds are drawn, and what else says them is not looked at.
    let planned = cases == nil ? specification : specification.drawingFolds
    if let cases, let labels = known {
      (classes, folds) = (labels.classes, try planned.foldSizes(cases: cases))
      let preprocessing = specification.preprocessing
      images = preprocessing.spacing == nil ? ImageGrids(size: preprocessing.size) : nil
      (notices, foldWords) = ([], specification.foldWords(of: nil))
      return
    }
    let dataset = try planned.openDataset()
    let labels = try specification.labels(of: dataset)
    classes = labels.classes
    foldWords = specification.foldWords(of: cases == nil ? dataset : nil)
    folds =
      try cases.map { try planned.foldSizes(cases: $0) }
      ?? specification.checkCounts(of: dataset, labels: labels)
    images = ImageGrids(of: dataset, specification.preprocessing, workers: Machine.processors)
    let tooLarge = images.map { specification.patchConflicts($0) } ?? []
    guard tooLarge.isEmpty else { throw SpecificationErrors(tooLarge) }
    notices =
      DatasetCensus.axisNotices(of: dataset, specification.preprocessing, workers: Machine.processors)
      + (images.map(specification.paddingNotices) ?? [])
      + dataset.nameNotices + specification.coarseNotices(dataset.someExtents)
      + specification.averageNotices(cases: folds.map(\.train).min() ?? 0)
      + specification.groupNotices(ofOpened: labels)
  }
}

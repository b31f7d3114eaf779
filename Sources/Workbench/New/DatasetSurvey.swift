import Metrics
import Volumes

/// A dataset's fingerprint, as nnU-Net calls it: what all of its images and masks hold.
package struct DatasetSurvey: Encodable, Equatable, Sendable {
  /// A number of the masks.
  package struct Label: Encodable, Equatable, Sendable {
    package var number: Int
    package var cases: Int
    package var voxels: Int
  }

  /// Least, middle and largest of a quantity over the cases.
  package struct Spread: Encodable, Equatable, Sendable {
    package var least: Double
    package var median: Double
    package var most: Double

    init(_ values: [Double]) {
      let sorted = values.sorted()
      (least, most) = (sorted.first ?? 0, sorted.last ?? 0)
      median = sorted.isEmpty ? 0 : percentile(50, ofSorted: sorted)
    }

    /// How many times the least the largest is.
    var factor: Double { least > 0 ? most / least : 1 }
  }

  package var cases: [CaseSurvey]
  /// Along D, H and W.
  package var extent: [Spread]
  package var spacing: [Spread]
  /// Cases of each orientation.
  package var orientations: [String: Int]
  /// By number.
  package var labels: [Label]
  /// Of the labelled voxels of a case, in mm³.
  package var volume: Spread

  /// Reads every case, one after the other, so that one is in memory at a time.
  ///
  /// - Parameter progress: called after each case with how many are done and how many there are.
  /// - Throws: everything that is wrong with any of them.
  package init(_ cases: [DatasetCase], progress: (Int, Int) -> Void = { _, _ in }) throws(DatasetErrors) {
    var read: [Result<CaseSurvey, DatasetErrors>] = []
    for one in cases {
      read.append(Result { () throws(DatasetErrors) in try CaseSurvey(one) })
      progress(read.count, cases.count)
    }
    self.init(try DatasetErrors.collect(read))
  }

  package init(_ cases: [CaseSurvey]) {
    self.cases = cases
    extent = (0..<3).map { axis in Spread(cases.map { Double($0.extent[axis]) }) }
    spacing = (0..<3).map { axis in Spread(cases.map { $0.spacing[axis] }) }
    orientations = Dictionary(cases.map { ($0.orientation, 1) }, uniquingKeysWith: +)
    volume = Spread(cases.map(\.volume))
    let numbers = Set(cases.flatMap(\.voxels.keys)).sorted()
    labels = numbers.map { number in
      let counts = cases.compactMap { $0.voxels[number] }
      return Label(number: number, cases: counts.count, voxels: counts.reduce(0, +))
    }
  }

  /// The numbers that any mask holds.
  var numbers: Set<Int> { Set(labels.map(\.number)) }

  /// For each case, whether it has each structure: what balanced folds are drawn by.
  func present(_ map: LabelMap) -> [String: [Bool]] {
    let all = cases.map { one in
      (one.name, map.structures.map { structure in structure.values.contains { one.voxels[$0] != nil } })
    }
    return Dictionary(all, uniquingKeysWith: { first, _ in first })
  }
}

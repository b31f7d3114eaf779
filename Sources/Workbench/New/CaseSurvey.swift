import Metrics
import Volumes

/// What the image and the mask of one case hold, as they are stored: its part of a dataset's fingerprint.
///
/// Sides are along D, H and W: slices left to right, head to foot, front to back.
package struct CaseSurvey: Encodable, Equatable, Sendable {
  package var name: String
  /// Voxels along D, H and W.
  package var extent: [Int]
  /// Millimetres between voxel centres along D, H and W.
  package var spacing: [Double]
  /// What the file's axes point to, as nibabel's `aff2axcodes` gives it.
  package var orientation: String
  /// Smallest and largest value of the image.
  package var lowest: Double
  package var highest: Double
  /// The smallest value of each channel besides the first; nil where there are none.
  package var furtherLowest: [Double]?
  /// The image's values where the mask is above 0.
  package var foreground: Intensities
  /// Voxels of each number of the mask above 0.
  package var voxels: [Int: Int]
  /// Volume of all of them together, in mm³.
  package var volume: Double
  /// The first and the last column of W that holds one.
  package var columns: [Int]
  /// Where the centre of each number's voxels lies along D, H and W, as shares of the sides.
  package var centres: [Int: [Double]]

  /// Values of an image in part of it.
  package struct Intensities: Encodable, Equatable, Sendable {
    package var mean: Double
    /// Over n.
    package var deviation: Double
    /// Percentiles 0.5, 50 and 99.5, linear between closest ranks as NumPy's default.
    package var percentiles: [Double]
  }

  /// Reads both files.
  ///
  /// - Throws: what is wrong with them: files that cannot be read, another grid, one in the other's place, numbers that are no
  ///   labels, no label at all.
  package init(_ one: DatasetCase) throws(DatasetErrors) {
    let (image, further, mask) = try CaseCheck.readPair(one)
    guard !CaseCheck.areExchanged(image, mask) else {
      throw DatasetErrors([.exchanged(image: one.image.path, label: one.label.path)])
    }
    let counts = Self.counts(mask.grid.values)
    let problems = Self.problems(counts, one)
    guard problems.isEmpty else { throw DatasetErrors(problems) }
    let (extent, spacing) = (image.grid.extent, image.geometry.spacing)
    (name, orientation) = (one.name, image.geometry.axes.codes)
    (self.extent, self.spacing) = ([extent.depth, extent.height, extent.width], [spacing.x, spacing.y, spacing.z])
    (lowest, highest) = (image.grid.values.min() ?? 0, image.grid.values.max() ?? 0)
    furtherLowest = further.isEmpty ? nil : further.map { $0.grid.values.min() ?? 0 }
    voxels = Dictionary(uniqueKeysWithValues: counts.compactMap { $0 > 0 ? (Int($0), $1) : nil })
    let middles = mask.grid.centres(besides: 0)
    centres = Dictionary(uniqueKeysWithValues: middles.map { (Int($0), $1) })
    volume = Double(voxels.values.reduce(0, +)) * spacing.x * spacing.y * spacing.z
    var (values, first, last) = ([Double](), extent.width, 0)
    for (index, label) in mask.grid.values.enumerated() where label > 0 {
      values.append(image.grid.values[index])
      let column = index % extent.width
      (first, last) = (min(first, column), max(last, column))
    }
    (foreground, columns) = (Intensities(values), [first, last])
  }

  /// Voxels of each value; runs of one value are counted at once.
  private static func counts(_ values: [Double]) -> [Double: Int] {
    var counts: [Double: Int] = [:]
    var (last, run) = (0.0, 0)
    for value in values {
      if value != last {
        counts[last, default: 0] += run
        (last, run) = (value, 0)
      }
      run += 1
    }
    counts[last, default: 0] += run
    return counts
  }

  private static func problems(_ counts: [Double: Int], _ one: DatasetCase) -> [DatasetProblem] {
    let file = one.label.path
    if let fraction = counts.keys.filter({ $0 != $0.rounded() }).min() {
      return [.fraction(fraction, in: one.label)]
    }
    let whole = counts.keys.filter { $0 != 0 }.map { Int(exactly: $0) ?? .max }.sorted()
    let strange = whole.filter { !LabelMap.numbers.contains($0) }
    if !strange.isEmpty {
      return [
        .unknownLabels(
          file: file, values: Array(strange.prefix(10)), known: whole.filter { !strange.contains($0) },
          names: one.namingFile)
      ]
    }
    return whole.isEmpty ? [.noStructure(file: file)] : []
  }
}

extension CaseSurvey.Intensities {
  /// - Parameter values: at least one.
  init(_ values: [Double]) {
    let sorted = values.sorted()
    let count = Double(sorted.count)
    let mean = sorted.reduce(0, +) / count
    let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.init(
      mean: mean, deviation: (squares / count).squareRoot(),
      percentiles: [0.5, 50, 99.5].map { percentile($0, ofSorted: sorted) })
  }
}

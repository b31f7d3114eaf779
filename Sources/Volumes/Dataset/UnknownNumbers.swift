import Foundation

/// Numbers in a mask that the label map does not know: what is said of them.
extension DatasetProblem {
  /// Of a mask with this number, by which its header tells whether the number is stored at all.
  package static func fraction(_ value: Double, in file: URL) -> DatasetProblem {
    let scaling = (try? NIfTI.claimedLayout(file))?.scaling
    return .fractionalLabel(file: file.path, value: value, slope: scaling?.slope ?? 1)
  }

  /// What to do about numbers of masks that the label map does not know.
  ///
  /// - Parameters:
  ///   - names: the file of the dataset that names numbers; nil where its layout has none.
  ///   - background: what the list of an example has to keep.
  static func remedy(of values: [Int], _ known: [Int], _ names: String?, _ background: [Int]) -> String {
    if values.allSatisfy({ $0 < 0 }) { return "no structure can have a number below 0: correct the mask" }
    // All of them: of a list that lacks one, that one is refused next.
    let left = Set(values).filter { $0 > 0 }.sorted()
    let list = Set(left).union(background).sorted()
    let way = names.map { "name them in \($0), or name all labels anew" } ?? "name all labels"
    let below = values.contains { $0 < 0 } ? ", as for those below 0, which no structure can have" : ""
    let isWhite = values == [255] && known.count == 2
    let white = isWhite ? ". Of a mask of 0 and 255, 255 is the number of its structure" : ""
    let these = left.count > mostShown ? "these" : left.map(String.init).joined(separator: ", ")
    return
      "\(way) in dataset.labels of the experiment, where a list, as \"background\": \(list), leaves"
      + " \(these) out; or correct the mask\(below)\(white)"
  }

  /// The first of many numbers, and how many more there are.
  static func shownList(_ values: [Int]) -> String {
    values.count > mostShown ? "\(Array(values.prefix(mostShown))) and \(values.count - mostShown) more" : "\(values)"
  }

  private static let mostShown = 10

  /// As it was written, where it was written with single precision.
  static func shown(_ value: Double) -> String {
    Double(Float(value)) == value ? "\(Float(value))" : "\(value)"
  }

  static func remedy(ofFraction value: Double) -> String {
    if (value - value.rounded()).magnitude < 1e-3 {
      return "round the mask, and save it as whole numbers (uint8, int16)"
    }
    return 0 < value && value < 1
      ? "if these are probabilities, write 1 from 0.5 on and 0 below; if the mask was resampled, do it by nearest neighbour"
      : "correct it, and resample masks by nearest neighbour"
  }
}

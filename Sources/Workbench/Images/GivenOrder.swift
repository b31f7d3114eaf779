import Foundation
import Volumes

/// Whether the second of what is scored is no truth of the first: another case's, or itself a prediction.
struct GivenOrder {
  /// What must be said of the order; nil where nothing is.
  let exchanged: String?
  /// What must be said of the names of two files; nil where nothing is.
  let otherCase: String?

  init(_ prediction: String, _ truth: String) {
    let (first, second) = (URL(fileURLWithPath: prediction), URL(fileURLWithPath: truth))
    let isFolder = VolumeList.isFolder(second)
    exchanged =
      Self.isPredicted(second) && !Self.isPredicted(first)
      ? "the second \(isFolder ? "folder" : "file") was written by `safnet predict`: predictions come first, then the truth"
      : nil
    let names = [first, second].compactMap { NIfTIFiles.stem($0.lastPathComponent) }.map(CaseNumbers.init)
    otherCase =
      !isFolder && names.count == 2 && names[0].isSibling(of: names[1])
      ? "\(names[0].name) is scored against \(names[1].name): are both of one case?" : nil
  }

  /// By the record that lies beside the label maps.
  private static func isPredicted(_ place: URL) -> Bool {
    let isFolder = VolumeList.isFolder(place)
    let folder = isFolder ? place : place.deletingLastPathComponent()
    guard let cases = try? PredictionRecord(reading: folder).cases else { return false }
    guard !isFolder else { return !cases.isEmpty }
    return NIfTIFiles.stem(place.lastPathComponent).map { cases[$0] != nil } ?? false
  }
}

/// A case's name, as its words and the numbers between them.
private struct CaseNumbers {
  let name: String
  private var words = ""
  private var numbers: [String] = []

  init(_ stem: String) {
    name = stem
    let small = stem.lowercased()
    // MRSpineSeg calls the mask of Case12 mask_case12.
    var isInside = false
    for letter in small.hasPrefix("mask_") ? small.dropFirst("mask_".count) : small[...] {
      guard letter.isASCII, letter.isNumber else {
        words.append(letter)
        isInside = false
        continue
      }
      if !isInside {
        words.append("#")
        numbers.append("")
      }
      isInside = true
      // Zeros in front tell no cases apart.
      if numbers[numbers.count - 1] == "0" { numbers[numbers.count - 1] = "" }
      numbers[numbers.count - 1].append(letter)
    }
  }

  /// Whether both are called alike but for their numbers.
  func isSibling(of other: CaseNumbers) -> Bool { words == other.words && numbers != other.numbers }
}

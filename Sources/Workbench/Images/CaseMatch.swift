import Foundation
import System
import Text
import Volumes

/// Whether a label map and a truth are of one case, as far as names and headers tell.
struct CaseMatch {
  /// The image that the label map was made of, where its header says so.
  let source: String?
  /// The truth of the label map's case, where it is another file, and lies beside the given one.
  let right: String?
  private let name: CaseNumbers
  private let truth: CaseNumbers

  /// Nil where they are of one case.
  init?(_ prediction: URL, _ truth: URL) {
    guard let stem = NIfTIFiles.stem(prediction.lastPathComponent),
      let other = NIfTIFiles.stem(truth.lastPathComponent)
    else { return nil }
    source = LabelMapSource(of: prediction)?.image
    (name, self.truth) = (CaseNumbers(source ?? stem), CaseNumbers(other))
    guard !name.isSame(as: self.truth), !Self.isPart(source ?? stem, of: other) else { return nil }
    right = Self.map(of: name, beside: truth, not: prediction)
    // Who gave the map its truth's name has said what it is of.
    if right == nil, CaseNumbers(stem).isSame(as: self.truth) { return nil }
  }

  /// `pat` of `pat_mask` and `pat-seg`: a case's name with what a file of it is.
  private static func isPart(_ name: String, of other: String) -> Bool {
    let rest = other.hasPrefix(name) ? other.dropFirst(name.count) : ""
    return rest.first.map { "_-.".contains($0) } == true && rest.dropFirst().first?.isLetter == true
  }

  /// What `safnet predict` made is nobody's truth.
  private static func map(of name: CaseNumbers, beside truth: URL, not prediction: URL) -> String? {
    let folder = truth.deletingLastPathComponent()
    let names = (try? Folder.names(in: folder)) ?? []
    let found = names.sorted().first { file in
      NIfTIFiles.stem(file).map { CaseNumbers($0).isSame(as: name) } == true
        && !SameFiles.areOne(folder.appendingPathComponent(file), prediction)
        && !LabelMapSource.isNamed(in: folder.appendingPathComponent(file))
    }
    return found.map { folder.appendingPathComponent($0).relativePath }
  }

  /// What is said of it; nil where the names only say different things of one case.
  ///
  /// - Parameter prediction: as it was given.
  func words(_ prediction: String) -> String? {
    let made = source.map { _ in ", the image that the label map was made of," } ?? ""
    let remedy = right.map {
      " The truth of \(name.name) lies beside: safnet evaluate \(ShellWord.quoted(prediction)) \(ShellWord.quoted($0))"
    }
    if right != nil || name.isSibling(of: truth) {
      return "\(name.name)\(made) is scored against \(truth.name): are both of one case?" + (remedy ?? "")
    }
    guard !name.isRelated(to: truth) else { return nil }
    return
      "\(name.name)\(made) is compared with \(truth.name) as one case; the names do not show that they belong together"
  }
}

extension CaseMatch {
  /// Label maps of a folder whose headers name an image of which another truth is there; nil where there are none.
  static func words(_ pairs: [CasePairs.Pair]) -> String? {
    let truths = pairs.compactMap { NIfTIFiles.stem($0.truth.lastPathComponent) }.map { CaseNumbers($0) }
    let wrong = pairs.compactMap { pair -> String? in
      guard let source = LabelMapSource(of: pair.prediction)?.image,
        let stem = NIfTIFiles.stem(pair.truth.lastPathComponent)
      else { return nil }
      let image = CaseNumbers(source)
      guard !image.isSame(as: CaseNumbers(stem)), truths.contains(where: image.isSame) else { return nil }
      return "\(pair.name) of \(source)"
    }
    return wrong.isEmpty
      ? nil
      : "\(Quantity.of(wrong.count, "label map")) of \(pairs.count) \(wrong.count == 1 ? "was" : "were") made of another case's image,"
        + " as the headers say (\(DatasetNotice.shortList(wrong))): the scores are of wrong pairs. Name each as its own case"
  }
}

/// A case's name, as its words and the numbers between them.
private struct CaseNumbers {
  let name: String
  private var words = ""
  private var numbers: [String] = []

  init(_ stem: String) {
    name = VolumeList.caseName(of: URL(fileURLWithPath: stem + ".nii.gz"))
    let small = name.lowercased()
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

  /// Whether both are one case's name, however it is written.
  func isSame(as other: CaseNumbers) -> Bool { words == other.words && numbers == other.numbers }

  /// Whether they share what is no word for a label map: `patient-labels` and `patient-truth`, or nothing else.
  func isRelated(to other: CaseNumbers) -> Bool {
    let (own, others) = (tokens, other.tokens)
    return own.isEmpty && others.isEmpty || !own.isDisjoint(with: others)
  }

  private var tokens: Set<String> {
    let small = name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    return Set(small).subtracting(Self.roles)
  }

  private static let roles: Set = [
    "label", "labels", "labelmap", "mask", "masks", "seg", "dseg", "segmentation", "pred", "preds", "prediction",
    "predicted",
    "truth", "true", "gt", "ground", "reference", "ref", "manual", "auto", "out", "output", "result", "safnet", "desc",
  ]

  /// Whether both are called alike but for their numbers.
  func isSibling(of other: CaseNumbers) -> Bool { words == other.words && numbers != other.numbers }
}

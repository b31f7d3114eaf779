import Foundation

/// A pattern whose star takes more than the case's name: `imagesTr/*.nii.gz` of `c1_0000.nii.gz`, whose mask is `c1.nii.gz`.
struct WidePattern {
  let problem: DatasetProblem

  /// Nil where any image has its mask, or where no text beside one of the two stars pairs more than one.
  init?(_ images: CasePattern, _ pictures: VolumeFolder, _ masks: CasePattern, _ labels: VolumeFolder) {
    let (ofImages, ofMasks) = (Set(pictures.files.keys), Set(labels.files.keys))
    guard ofImages.isDisjoint(with: ofMasks) else { return nil }
    let sides = [("--images", images, ofImages, ofMasks), ("--masks", masks, ofMasks, ofImages)]
    let found = sides.compactMap { option, pattern, long, short -> (pairs: Int, problem: DatasetProblem)? in
      guard let best = Self.addition(of: long, to: short) else { return nil }
      let wanted = pattern.narrowed(by: best.text, isBefore: best.isBefore).path
      return (
        best.pairs,
        .widePattern(option: option, given: pattern.path, addition: best.text, wanted: wanted, images: best.pairs)
      )
    }
    guard let best = found.max(by: { $0.pairs < $1.pairs }), best.pairs > 1 || ofImages.count == 1 else { return nil }
    problem = best.problem
  }

  /// What most of the long names have besides a short one; of several the first in the alphabet, as `_0000` of `_0001`.
  private static func addition(
    of long: Set<String>, to short: Set<String>
  ) -> (text: String, isBefore: Bool, pairs: Int)? {
    var counts: [String: (text: String, isBefore: Bool, pairs: Int)] = [:]
    for name in long {
      for cut in name.indices.dropFirst() {
        let (before, behind) = (String(name[..<cut]), String(name[cut...]))
        if short.contains(before) { counts["1" + behind, default: (behind, false, 0)].pairs += 1 }
        if short.contains(behind) { counts["0" + before, default: (before, true, 0)].pairs += 1 }
      }
    }
    return counts.sorted { ($1.value.pairs, $0.key) < ($0.value.pairs, $1.key) }.first?.value
  }
}

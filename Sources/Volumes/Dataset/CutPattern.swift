import Text

/// A pattern whose star takes less than a case's name, as a shell's would: `vb3*_0000.nii.gz`, of which it takes `_01`.
struct CutPattern {
  let problem: DatasetProblem

  /// Nil where one side at least has names of cases.
  init?(_ images: CasePattern, _ pictures: VolumeFolder, _ masks: CasePattern, _ labels: VolumeFolder) {
    let sides = [(images, pictures), (masks, labels)]
    guard let (given, name) = sides.lazy.compactMap({ Self.cut($0, $1) }).first else { return nil }
    let ways = images.withOtherStarts.flatMap { image in masks.withOtherStarts.map { (images: image, masks: $0) } }
    // What takes masks for images, or leaves some over, would be refused again.
    let best = ways.first { way in
      let names = Set(way.images.names)
      return !names.isEmpty && way.images.path != way.masks.path && names == Set(way.masks.names)
        && names.allSatisfy(VolumeFolder.isGoodName)
    }
    problem = .cutPattern(
      given: given.path, name: name, images: best?.images.path, masks: best?.masks.path,
      pairs: best?.images.names.count ?? 0)
  }

  /// The pattern with one of the texts that its star takes, where none of them can name a case.
  private static func cut(_ pattern: CasePattern, _ found: VolumeFolder) -> (CasePattern, String)? {
    guard found.files.isEmpty else { return nil }
    for case .badName(let name, _) in found.problems { return (pattern, name) }
    return nil
  }
}

extension CasePattern {
  /// Itself; with the star from the beginning; and with what joins words moved before the star.
  fileprivate var withOtherStarts: [CasePattern] {
    let joints = Set(names.compactMap(\.first)).filter { "_-.".contains($0) }
    return [self, startingAnywhere] + joints.sorted().map { narrowed(by: String($0), isBefore: true) }
  }
}

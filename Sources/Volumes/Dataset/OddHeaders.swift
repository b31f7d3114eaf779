import Foundation

/// Images whose headers put their voxels where they surely do not lie, or in grids unlike those of most.
enum OddHeaders {
  /// Of so many images, most say what is usual.
  private static let fewest = 5
  /// At most so many of them are odd; where there are more, the set is mixed.
  private static let few = 0.2
  /// Voxels so many times as long or as short as most are of another resolution.
  private static let unlike = 3.0

  static func notices(_ facts: [CaseFacts]) -> [String] {
    disagreeing(facts) + tilted(facts) + placeless(facts) + resolutions(facts)
  }

  private static func disagreeing(_ facts: [CaseFacts]) -> [String] {
    let odd = facts.compactMap { one in one.placement?.disagreement.map { (name: one.name, difference: $0) } }
    guard let first = odd.first else { return [] }
    let example = odd.count > 1 ? " (\(first.name))" : ""
    return [
      "\(DatasetNotice.shortList(odd.map(\.name), of: "images")): qform and sform of the header disagree:"
        + " \(first.difference)\(example). The sform is used here, and other programs take the other; write the right one into both,"
        + " in image and mask"
    ]
  }

  private static func tilted(_ facts: [CaseFacts]) -> [String] {
    let odd = facts.compactMap { one in one.placement?.tilt.map { (name: one.name, degrees: $0) } }
    guard let first = odd.max(by: { $0.degrees < $1.degrees }) else { return [] }
    return [
      "\(DatasetNotice.shortList(odd.map(\.name), of: "images")): the axes are not at right angles (\(first.degrees) degrees off in"
        + " \(first.name)), and volumes and distances are measured as if they were; resample image and mask to a grid of right angles"
    ]
  }

  /// Headers that do not say where the voxels lie, among others that do.
  private static func placeless(_ facts: [CaseFacts]) -> [String] {
    let odd = facts.filter { $0.placement?.isAssumed == true }
    guard !odd.isEmpty, odd.count < facts.count else { return [] }
    return [
      "\(DatasetNotice.shortList(odd.map(\.name), of: "images")): the header does not say where the voxels lie (qform_code and"
        + " sform_code are 0), as \(facts.count - odd.count) others do, so that directions are assumed; copy the affine of the"
        + " original into image and mask"
    ]
  }

  /// Images of another resolution than most show the same with fewer or more voxels.
  private static func resolutions(_ facts: [CaseFacts]) -> [String] {
    let known = facts.compactMap { one in one.voxel.map { (name: one.name, sides: $0) } }
    guard known.count >= fewest else { return [] }
    let usual = (0..<3).map { axis in known.map { $0.sides[axis] }.sorted()[known.count / 2] }
    let odd = known.filter { one in
      zip(one.sides, usual).contains { max($0, $1) >= unlike * min($0, $1) }
    }
    guard let first = odd.first, Double(odd.count) <= few * Double(known.count) else { return [] }
    return [
      "\(DatasetNotice.shortList(odd.map(\.name), of: "images")): voxels of \(words(first.sides)) mm (D x H x W) in \(first.name), in most"
        + " images \(words(usual)); put the image of the others' resolution there, or leave it out by dataset.exclude"
    ]
  }

  /// To three digits.
  private static func words(_ sides: [Double]) -> String {
    sides.map { String(format: "%.3g", $0) }.joined(separator: " x ")
  }
}

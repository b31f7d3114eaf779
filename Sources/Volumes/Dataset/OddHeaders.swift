import Foundation
import Text

/// Images whose headers put their voxels where they surely do not lie, or in grids unlike those of most.
enum OddHeaders {
  /// Of so many images, most say what is usual.
  private static let fewest = 5
  /// At most so many of them are odd; where there are more, the set is mixed.
  private static let few = 0.2
  /// Voxels so many times as long or as short as most are of another resolution.
  private static let unlike = 3.0

  static func notices(_ facts: [CaseFacts]) -> [String] {
    disagreeing(facts) + tilted(facts) + placeless(facts) + sides(facts) + resolutions(facts)
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
    guard !odd.isEmpty else { return [] }
    let list = DatasetNotice.shortList(odd.map(\.name), of: "images")
    guard odd.count < facts.count else { return ["\(list): \(placelessWords(odd.first?.voxel))"] }
    return [
      "\(list): the header does not say where the voxels lie (qform_code and"
        + " sform_code are 0), as \(facts.count - odd.count) others do, so that directions are assumed; copy the affine of the"
        + " original into image and mask"
    ]
  }

  /// What follows where nothing says where an image's voxels lie.
  private static func placelessWords(_ voxel: [Double]?) -> String {
    "the header does not say where the voxels lie (qform_code and sform_code are 0)"
      + (voxel.map { ": voxels of \(words($0)) mm (D x H x W), the first axis from right to left, are assumed" } ?? "")
      + "; left and right, and every score in mm, depend on that. Convert the original anew (dcm2niix), or copy its affine into image"
      + " and mask, and set sform_code to 1"
  }

  /// Between these lie the sides of all voxels that are a scanner's, in millimetres.
  private static let scannersSides = 0.05...20

  /// Voxels that no scanner makes: another unit than millimetres in the header, mostly.
  private static func sides(_ facts: [CaseFacts]) -> [String] {
    let odd = facts.filter { $0.voxel.map(areNoScanners) ?? false }
    guard let first = odd.first, let voxel = first.voxel else { return [] }
    return [
      "\(DatasetNotice.shortList(odd.map(\.name), of: "images")): \(sidesWords(voxel, in: " in \(first.name)"))"
    ]
  }

  private static func areNoScanners(_ voxel: [Double]) -> Bool { voxel.contains { !scannersSides.contains($0) } }

  private static func sidesWords(_ voxel: [Double], in place: String = "") -> String {
    func wouldDo(_ factor: Double) -> Bool { voxel.allSatisfy { scannersSides.contains($0 * factor) } }
    let unit =
      wouldDo(1e-3)
      ? ", as if it called millimetres metres (xyzt_units)"
      : wouldDo(1e3)
        ? ", as if it held metres, or called millimetres micrometres (xyzt_units)"
        : wouldDo(10) ? ", as if it held centimetres" : ""
    return
      "voxels of \(words(voxel)) mm\(place), which no scanner makes\(unit); correct the spacing in the header, in millimetres"
  }

  /// What is odd about the header of an image that is to be segmented.
  ///
  /// - Parameter known: of the images that the networks were trained on; none where that is not known.
  static func notices(_ placement: Placement, voxel: [Double], among known: [CaseFacts]) -> [String] {
    var found: [String] = []
    // What networks were trained on in the same way was told of the training images.
    func isUsual(_ has: (Placement) -> Bool) -> Bool {
      !known.isEmpty && known.allSatisfy { $0.placement.map(has) ?? false }
    }
    if placement.isAssumed, !isUsual(\.isAssumed) { found.append(placelessWords(voxel)) }
    if let difference = placement.disagreement, !isUsual({ $0.disagreement != nil }) {
      found.append(
        "qform and sform of the header disagree: \(difference). The sform is used here, and other programs take the other; write the"
          + " right one into both")
    }
    if let degrees = placement.tilt, !isUsual({ $0.tilt != nil }) {
      found.append(
        "the axes are not at right angles (\(degrees) degrees off), and volumes and distances are measured as if they were; resample"
          + " the image to a grid of right angles")
    }
    if areNoScanners(voxel) { found.append(sidesWords(voxel)) }
    return found
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
    sides.map(\.threeDigits).joined(separator: " x ")
  }
}

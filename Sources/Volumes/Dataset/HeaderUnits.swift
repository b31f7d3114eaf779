import Text

/// Images whose headers hold centimetres, as most of a set do: a few of them are odd beside the others, and told so.
enum HeaderUnits {
  /// Voxels finer than a scanner of spines makes, in millimetres in plane; those of metres are told of by themselves.
  private static let fine = 0.05..<0.16
  /// In plane, in millimetres: two vertebrae.
  private static let small = 60.0

  static func notices(_ facts: [CaseFacts]) -> [String] {
    let odd = facts.compactMap(Odd.init)
    guard let first = odd.first, 2 * odd.count > facts.count else { return [] }
    let list = DatasetNotice.shortList(odd.map(\.name), of: "images")
    let size = first.voxel.map(\.threeDigits).joined(separator: " x ")
    return [
      "\(list): \(odd.count > 1 ? "\(first.name) shows" : "it shows") \(first.height.threeDigits) mm from"
        + " \(VoxelAxes.directions[1]), in voxels of \(size) mm (D x H x W), and a spine's image 100 and more, as if the header held"
        + " centimetres; correct the spacing in image and mask: every distance is in its millimetres"
    ]
  }

  private struct Odd {
    let name: String
    let voxel: [Double]
    let height: Double

    init?(_ facts: CaseFacts) {
      guard let voxel = facts.voxel, let height = facts.field(1), let width = facts.field(2),
        HeaderUnits.fine.contains(voxel[1]), HeaderUnits.fine.contains(voxel[2]), max(height, width) < HeaderUnits.small
      else { return nil }
      (name, self.voxel, self.height) = (facts.name, voxel, height)
    }
  }
}

import Text

/// A `preprocessing.spacing` that makes up most of what the networks see between the images' own voxels.
extension DatasetCensus {
  /// So many times as fine as the images in plane makes up more than they show.
  private static let fine = 1.9
  /// Voxels that are made of one, whatever their shape: thick slices may become a few.
  private static let many = 8.0

  /// - Parameter voxels: of the images, in millimetres along D, H and W.
  static func spacingNotices(_ voxels: [[Double]], _ preprocessing: Preprocessing) -> [String] {
    guard let spacing = preprocessing.spacing, !voxels.isEmpty else { return [] }
    let finest = (0..<3).map { axis in voxels.map { $0[axis] }.min() ?? spacing[axis] }
    let factors = zip(finest, spacing).map { $0 / $1 }
    let made = factors.reduce(1, *)
    guard factors[1] >= fine || factors[2] >= fine || made >= many else { return [] }
    let sides = zip(["slices", "height", "width"], factors).filter { $1 >= fine }.map(\.0)
    // A voxel that is fine enough in the images is left as it is.
    let enough = zip(finest, spacing).map { $0 >= fine * $1 ? $0 : $1 }
    return [
      "preprocessing.spacing makes voxels of \(words(spacing, " x ")) mm (D x H x W), and the finest of the images are"
        + " \(words(finest, " x ")) mm: most of the \(listed(sides)) is made up between them, at the cost of time and memory;"
        + " [\(words(enough, ", "))] keeps all that is there"
    ]
  }

  private static func words(_ sides: [Double], _ joint: String) -> String {
    sides.map { $0.significant(3) }.joined(separator: joint)
  }

  private static func listed(_ names: [String]) -> String {
    names.count > 2 ? "\(names[0]), \(names[1]) and \(names[2])" : names.joined(separator: " and ")
  }
}

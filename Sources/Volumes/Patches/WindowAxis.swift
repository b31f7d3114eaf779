import Foundation

/// One axis of the windows.
extension Windows {
  /// How many windows of `patch` voxels an axis of `length` has.
  static func count(_ length: Int, _ patch: Int) -> Int { (2 * (length - patch) + patch - 1) / patch + 1 }

  /// Their first voxels.
  static func starts(_ length: Int, _ patch: Int) -> [Int] {
    let count = count(length, patch)
    guard count > 1 else { return [0] }
    let step = Double(length - patch) / Double(count - 1)
    // NumPy's round: halves to even.
    return (0..<count).map { Int((step * Double($0)).rounded(.toNearestOrEven)) }
  }

  static func weights(_ patch: Int) -> [Double] {
    (0..<patch).map { index in
      let distance = Double(index - patch / 2) * 8 / Double(patch)
      return exp(-distance * distance / 2)
    }
  }
}

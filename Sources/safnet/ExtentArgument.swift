import ArgumentParser
import Compute
import Experiments
import Volumes

extension Extent3 {
  /// `18,256,128`, as options take it.
  ///
  /// - Parameter option: its name, for whoever wrote something else.
  init(_ option: String, _ text: String) throws {
    let (parts, sides) = (
      text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }, Preprocessing.sides
    )
    guard parts.count == 3, parts.allSatisfy(sides.contains) else {
      throw ValidationError(
        "--\(option) takes three numbers from \(sides.lowerBound) to \(sides.upperBound) such as 18,256,128, not \(text)"
      )
    }
    self.init(parts[0], parts[1], parts[2])
  }
}

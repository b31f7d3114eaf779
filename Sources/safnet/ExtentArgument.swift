import ArgumentParser
import Compute

extension Extent3 {
  /// `18,256,128`, as options take it.
  ///
  /// - Parameter option: its name, for whoever wrote something else.
  init(_ option: String, _ text: String) throws {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard parts.count == 3, parts.allSatisfy({ (1...65535).contains($0) }) else {
      throw ValidationError("--\(option) takes three positive numbers such as 18,256,128, not \(text)")
    }
    self.init(parts[0], parts[1], parts[2])
  }
}

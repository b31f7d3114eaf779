import ArgumentParser
import Foundation

/// `1-3,5`: numbers from 0 on, and spans of them.
struct NumberList {
  let numbers: [Int]
  /// More than any experiment has of anything.
  private static let most = 100_000

  /// - Throws: `ValidationError` with what is wrong with which part.
  init(parsing text: String) throws {
    numbers = try text.split(separator: ",", omittingEmptySubsequences: false).flatMap { try Self.span($0) }
  }

  private static func span(_ text: Substring) throws -> ClosedRange<Int> {
    let part = text.trimmingCharacters(in: .whitespaces)
    let ends = part.split(separator: "-", omittingEmptySubsequences: false).map {
      Int($0.trimmingCharacters(in: .whitespaces))
    }
    guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first >= 0, last >= 0
    else {
      throw ValidationError(
        (part.isEmpty ? "a number is missing" : "'\(part)' is no number and no span of numbers")
          + "; write them as 1-3,5")
    }
    guard last >= first else { throw ValidationError("\(first)-\(last) goes down; write \(last)-\(first)") }
    guard last - first < most else { throw ValidationError("\(first)-\(last) are more than \(most) numbers") }
    return first...last
  }
}

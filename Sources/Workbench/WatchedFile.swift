import Experiments
import Foundation
import System
import Text

/// An experiment's file while its runs are shown: whether it still asks for what it asked for when it was read.
struct WatchedFile: Sendable {
  private let specification: Specification
  private var stamps: [FileStamp?]?
  private var notice: String?

  init(of specification: Specification) { self.specification = specification }

  /// Reads it again where it, or one that it extends, has changed since the last time.
  ///
  /// - Returns: what is told of it; nil where there is nothing to tell.
  mutating func look() -> String? {
    let now = specification.files.map { FileStamp($0) }
    if now != stamps { (stamps, notice) = (now, words) }
    return notice
  }

  private var words: String? {
    guard let file = specification.file, let name = specification.shownFile else { return nil }
    do throws(SpecificationErrors) {
      let now = try Specification.load(
        file, overrides: specification.options, workingDirectory: specification.workingDirectory)
      guard now.asked != specification.asked else { return nil }
      return "\(name) was edited since it was read, and what is shown here is what it asked for before: end this"
        + " dashboard and give the same command again to see what it asks for now"
    } catch {
      guard access(file.path, F_OK) == 0 || errno != ENOENT else {
        return "\(name) is no longer there, and what is shown here is what it asked for: put it back, or end this"
          + " dashboard"
      }
      return "\(name) can no longer be read as an experiment, and what is shown here is what it asked for before:"
        + " \(error.errors[0])" + Self.further(error.errors.count - 1, in: name)
    }
  }

  private static func further(_ count: Int, in name: String) -> String {
    guard count > 0 else { return "" }
    return " (and \(Quantity.of(count, "more mistake")), which `safnet validate \(ShellWord.quoted(name))` names)"
  }
}

import Foundation
import Text
import Volumes

/// A file that an experiment extends and that is not there.
extension SpecificationLoader {
  /// What was most likely meant, and where the path counts from; where nothing is called much alike, what there is.
  ///
  /// - Parameters:
  ///   - written: the path as the experiment has it.
  ///   - children: the files that lead to it, each extending the next; none of them can be meant.
  func insteadOfBase(_ written: String, at file: URL, extendedBy children: [String]) -> String {
    let folder = file.deletingLastPathComponent()
    let others = Self.names(beside: file).filter { !children.contains(path(of: folder.appendingPathComponent($0))) }
    let head = written.lastIndex(of: "/").map { String(written[...$0]) } ?? ""
    let start = "path counts from \(children.last ?? "the experiment")'s folder"
    let isAbsolute = written.hasPrefix("/")
    if let near = Self.neighbour(of: file, among: others) {
      return Optional(head + near).hint + (isAbsolute ? "" : " The \(start)")
    }
    let isThere = FileManager.default.fileExists(atPath: folder.path)
    let found =
      !isThere ? "no folder \(head)" : others.isEmpty ? "no other experiment" : DatasetNotice.shortList(others)
    let place = isThere && !head.isEmpty ? "in \(head) " : ""
    if isAbsolute { return "; \(place)there is \(found)" }
    return "; the \(start), \(place.isEmpty ? "in which " : "and \(place)")there is \(found)"
  }
}

import Foundation
import System
import Text

/// A pattern that no file has, where its folder holds others: one of another ending, or in other capitals.
struct EmptyPattern {
  let problem: DatasetProblem

  /// Nil where files were found, or none could be.
  init?(_ option: String, _ pattern: CasePattern, _ found: VolumeFolder) {
    guard found.files.isEmpty, found.problems.isEmpty else { return nil }
    let names = ((try? VolumeFolder.names(in: pattern.folder)) ?? []).filter { !$0.hasPrefix(".") }
    let matching = names.filter { pattern.caseName(of: $0) != nil }
    guard matching.isEmpty else {
      // The folders are there, and their files are called otherwise.
      guard pattern.isOfFolders, let folder = matching.first.map(pattern.folder.appendingPathComponent),
        let (others, example) = Self.volumes(of: (try? VolumeFolder.names(in: folder)) ?? [])
      else { return nil }
      let wanted = pattern.path(of: "").lastPart
      let like = others.filter { $0.lowercased() == wanted.lowercased() }
      problem = .emptyPattern(
        option: option, given: pattern.path, folder: folder.path, files: others.count, example: like.first ?? example,
        wanted: like.count == 1 ? pattern.withFile(like[0]).path : nil)
      return
    }
    guard !pattern.isOfFolders, let (others, example) = Self.volumes(of: names) else { return nil }
    let meant = Set(others.compactMap { pattern.spelled(as: $0) })
    problem = .emptyPattern(
      option: option, given: pattern.path, folder: pattern.folder.path, files: others.count,
      example: others.first(where: pattern.almostFinds) ?? example,
      wanted: meant.count == 1 ? meant.first?.path : nil)
  }

  /// Of names in a folder those of volumes, and the first; nil where there are none.
  private static func volumes(of names: [String]) -> (names: [String], first: String)? {
    let all = names.filter { !$0.hasPrefix(".") && NIfTIFiles.stem($0) != nil }
    return all.first.map { (all, $0) }
  }
}

extension String {
  fileprivate var lastPart: String { URL(fileURLWithPath: self).lastPathComponent }
}

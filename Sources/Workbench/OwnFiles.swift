import Foundation
import Reporting
import Text

/// The files of a report's folder that its author would miss: written by somebody else under a name that a report's file has, or
/// corrected by hand since an earlier report wrote them.
struct OwnFiles {
  let folder: URL
  /// In order of their names.
  private(set) var foreign: [String] = []
  private(set) var changed: [String] = []
  /// Folders that have the name of a file which is to be written: none takes their place, whatever --force says.
  private(set) var folders: [String] = []

  /// - Parameters:
  ///   - files: what is to be written, and what goes.
  ///   - others: further files that will be written, whatever they hold.
  init(in folder: URL, inTheWayOf files: ReportFiles, and others: [String]) {
    self.folder = folder
    let written = WrittenFiles(in: folder)
    let names = Set(Array(files.contents.keys) + files.dropped(from: folder) + others).sorted()
    folders = (names + [WrittenFiles.name]).filter { Self.isFolder(folder.appending(path: $0)) }
    for name in names where !folders.contains(name) {
      switch written.owner(of: name, in: folder, replacedBy: files.contents[name]) {
      case .report: break
      case .changed: changed.append(name)
      case .somebodyElse: foreign.append(name)
      }
    }
  }

  /// A link is replaced, and not what it leads to.
  private static func isFolder(_ place: URL) -> Bool {
    var status = stat()
    return lstat(place.path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  var refusal: ReportRefusal? {
    foreign.isEmpty && changed.isEmpty
      ? nil : .ownFiles(folder: folder.path, foreign: foreign, changed: changed)
  }

  /// What is said where they are replaced all the same; nil where there are none.
  var notice: String? {
    refusal.map { _ in Self.words(folder.path, foreign, changed).joined(separator: "; ") + ": replaced (--force)" }
  }

  static func words(_ folder: String, _ foreign: [String], _ changed: [String]) -> [String] {
    let own =
      foreign.isEmpty
      ? nil
      : "\(folder) holds \(list(foreign)), which `safnet report` did not write, and would replace"
    let edited =
      changed.isEmpty
      ? nil
      : "\(list(changed)) in \(folder) \(changed.count == 1 ? "was" : "were") changed since `safnet report` wrote"
        + " \(changed.count == 1 ? "it" : "them"), perhaps corrected by hand"
    return [own, edited].compactMap(\.self)
  }

  /// All of them: whoever moves them away needs each name.
  static func list(_ names: [String]) -> String {
    names.count > 1 ? names.dropLast().joined(separator: ", ") + " and \(names[names.count - 1])" : names[0]
  }
}

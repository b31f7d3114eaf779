import Experiments
import Foundation
import Reporting
import Store
import System
import Volumes

/// The folder that a report is to be written into: whether it is another's.
package struct ReportFolder {
  let folder: URL

  package init(folder: URL) { self.folder = folder }

  /// - Throws: `ReportRefusal.foreignFolder` for the dataset's own folder, one with images, and that of the runs;
  ///   `sharedFolder` for one in which everything lies; `fileName` where no folder is meant.
  package func check(_ specification: Specification, _ workspace: Workspace) throws(ReportRefusal) {
    if OutputName.readsLikeAFile(folder.lastPathComponent), !FileManager.default.fileExists(atPath: folder.path) {
      throw .fileName(folder: folder.lastPathComponent)
    }
    if SameFiles.areOne(folder, specification.datasetRoot) {
      throw .foreignFolder(folder: folder.path, holds: "is the dataset's folder")
    }
    if SameFiles.areOne(folder, workspace.root) {
      throw .foreignFolder(folder: folder.path, holds: "is the workspace (--workspace names it, --output the report)")
    }
    for (own, holds) in [(workspace.runsFolder, "holds the runs"), (workspace.cacheFolder, "holds the prepared cases")]
    where SameFiles.areOne(folder, own) || folder.lies(below: own) {
      throw .foreignFolder(
        folder: folder.path, holds: SameFiles.areOne(folder, own) ? holds : "lies in the folder that \(holds)")
    }
    if ReportRecord(in: folder) != nil { return }
    try checkSharing(specification, workspace)
    let images = names.count { NIfTIFiles.stem($0) != nil }
    if images > 0 {
      let count = images == 1 ? "an image or a label map" : "\(images) images or label maps"
      throw .foreignFolder(folder: folder.path, holds: "holds \(count)")
    }
  }

  /// A folder in which people keep everything is no report's, where none was written before.
  private func checkSharing(_ specification: Specification, _ workspace: Workspace) throws(ReportRefusal) {
    // Hidden ones too: a home folder may have no others.
    let others = names.count
    guard others > 0, let what = Self.shared(folder, beside: workspace) else { return }
    guard access(folder.appending(path: WrittenFiles.name).path, F_OK) != 0 else { return }
    let own = ReportSession.usualFolder(of: specification.name).relativePath
    throw .sharedFolder(folder: folder.path, what: what, others: others, own: own)
  }

  /// What a folder is that is nobody's alone; nil for any other.
  static func shared(_ folder: URL, beside workspace: Workspace) -> String? {
    let manager = FileManager.default
    // A shell's ~ is HOME, whatever the system has for this user.
    let home = ProcessInfo.processInfo.environment["HOME"].map { URL(fileURLWithPath: $0, isDirectory: true) }
    let own = [
      (home ?? manager.homeDirectoryForCurrentUser, "the home folder"),
      (URL(fileURLWithPath: manager.currentDirectoryPath, isDirectory: true), "the working directory"),
    ]
    if SameFiles.areOne(folder, URL(fileURLWithPath: "/", isDirectory: true)) { return "the root of all folders" }
    if let one = own.first(where: { SameFiles.areOne(folder, $0.0) }) { return one.1 }
    if SameFiles.areOne(folder, workspace.root.deletingLastPathComponent()) { return "the folder of the workspace" }
    return own.first { $0.0.lies(below: folder) }.map { "a folder above \($0.1)" }
  }

  /// What must be said before files come among others; nil where the folder is empty, new, or a report's.
  ///
  /// - Parameter written: the names of the files that will be written.
  func notice(writing written: Set<String>) -> String? {
    if ReportRecord(in: folder) != nil { return nil }
    // A figure is written as SVG, and made into a PNG then.
    let others = names.filter { name in
      !name.hasPrefix(".") && !written.contains(name) && !written.contains(name.replacing(".png", with: ".svg"))
    }
    guard !others.isEmpty else { return nil }
    return "\(folder.path) holds \(others.count) other \(others.count == 1 ? "file" : "files")"
      + " (\(DatasetNotice.shortList(others))), which stay; the report's files come among them"
  }

  private var names: [String] { (try? Folder.names(in: folder)) ?? [] }
}

extension URL {
  /// By what the paths lead to, be they there or not.
  fileprivate func lies(below folder: URL) -> Bool {
    func path(_ url: URL) -> String { url.resolvingSymlinksInPath().standardizedFileURL.path + "/" }
    return path(self).hasPrefix(path(folder))
  }
}

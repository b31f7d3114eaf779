import Foundation
import Store
import System
import Text

extension Workspace {
  /// Whether anything was ever trained in it.
  package var exists: Bool { access(runsFolder.path, F_OK) == 0 }

  /// That there is none, and where one is that may be meant.
  var absence: String {
    let near = nearby.map { " There is one at \($0)." } ?? ""
    return
      "there is no workspace at \(root.path); `safnet run` makes one.\(near) Give it with --workspace, or change to the"
      + " folder where the runs were trained."
  }

  /// A workspace beside it whose name is like its own, or of its name in a folder above.
  private var nearby: String? {
    let name = root.lastPathComponent
    let folder = root.standardizedFileURL.deletingLastPathComponent()
    let beside = ((try? Folder.names(in: folder)) ?? []).filter { Workspace(folder.appending(path: $0)).exists }
    if let like = name.nearest(in: beside) ?? (beside.count == 1 ? beside[0] : nil) {
      return folder.appending(path: like).path
    }
    var above = folder
    while above.pathComponents.count > 1 {
      above.deleteLastPathComponent()
      if Workspace(above.appending(path: name)).exists { return above.appending(path: name).path }
    }
    return nil
  }
}

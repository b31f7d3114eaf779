import Foundation
import Store

/// A copy of a workspace's index to begin with: thousands of finished runs need not be looked at bit by bit again.
///
/// Reading the index where it lies would make SQLite write files beside it (`-shm`). A copy that was taken in the middle of
/// another program's writing does not pass the index's checksums, and is made anew from the run directories.
enum IndexCopy {
  static func make(of workspace: Workspace, in folder: URL) {
    for part in ["", "-wal"] {
      let name = "index.sqlite" + part
      let original = workspace.root.appending(path: name)
      try? FileManager.default.copyItem(at: original, to: folder.appending(path: name))
    }
  }
}

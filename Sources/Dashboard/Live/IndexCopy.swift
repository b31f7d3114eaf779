import Foundation
import Store
import System

/// A copy of a workspace's index to begin with: thousands of finished runs need not be looked at bit by bit again.
///
/// Reading the index where it lies would make SQLite write files beside it (`-shm`). A copy that was taken in the middle of
/// another program's writing does not pass the index's checksums, and is made anew from the run directories.
enum IndexCopy {
  static func make(of workspace: Workspace, in folder: URL) {
    for part in ["", "-wal"] {
      let name = "index.sqlite" + part
      let original = workspace.root.appending(path: name)
      guard let data = try? Descriptor.contents(of: original, limit: longest), data.count < longest else { continue }
      try? data.write(to: folder.appending(path: name))
    }
  }

  /// Bytes; ten thousand runs of fifty epochs are a tenth of it.
  private static let longest = 1 << 30
}

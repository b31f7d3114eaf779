import Foundation
import System
import Volumes

/// Results folders of nnU-Net near a place that is none.
enum NearbyResults {
  /// The folder that the place lies in, as a fold's does; else those in it, or in the folders of datasets there.
  static func of(_ place: URL) -> [String] {
    var above = place.standardizedFileURL
    for _ in 0..<depth where above.path != "/" {
      above.deleteLastPathComponent()
      if isOne(above) { return [above.path] }
    }
    let inside = folders(in: place)
    let found = inside.filter(isOne)
    return (found.isEmpty ? inside.flatMap(folders).filter(isOne) : found).map(\.path)
  }

  /// So many parts below the folder its `fold_0/validation/summary.json` has.
  private static let depth = 3

  private static func isOne(_ folder: URL) -> Bool { (try? NNUNetResults.folds(in: folder))?.isEmpty == false }

  private static func folders(in folder: URL) -> [URL] {
    let names = (try? Folder.names(in: folder)) ?? []
    return names.filter { !$0.hasPrefix(".") }.map { folder.appending(path: $0, directoryHint: .isDirectory) }
      .filter(VolumeList.isFolder)
  }
}

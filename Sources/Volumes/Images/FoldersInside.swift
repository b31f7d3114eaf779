import Foundation
import Text

/// Folders in a folder of images or label maps that hold some of their own: nobody looks into them, which must be said.
package struct FoldersInside: Sendable {
  /// What `safnet predict` writes beside its label maps: what lies in folders there was never meant.
  package static let record = "predictions.json"

  /// In natural order, with how many NIfTI files lie in each or below it.
  package let folders: [(name: String, files: Int)]

  package init(of folder: URL) {
    guard !Self.isPredicted(folder) else {
      folders = []
      return
    }
    let names = ((try? VolumeFolder.names(in: folder)) ?? []).filter { !$0.hasPrefix(".") }
    folders = names.sorted(by: naturallyPrecedes).compactMap { name in
      let files = Self.files(below: folder.appendingPathComponent(name), depth: Self.deepest)
      return files == 0 ? nil : (name, files)
    }
  }

  /// "p02 (1 NIfTI file), p03 (2 NIfTI files)"; nil where there is none.
  package var words: String? {
    folders.isEmpty
      ? nil : DatasetNotice.shortList(folders.map { "\($0.name) (\(Quantity.of($0.files, "NIfTI file")))" })
  }

  /// As far down as BIDS goes: subject, session, kind. A link may lead in a circle.
  private static let deepest = 3

  private static func files(below folder: URL, depth: Int) -> Int {
    guard depth > 0, VolumeList.isFolder(folder), !isPredicted(folder),
      let names = try? VolumeFolder.names(in: folder)
    else { return 0 }
    return names.reduce(0) { sum, name in
      if name.hasPrefix(".") { return sum }
      let entry = folder.appendingPathComponent(name)
      if VolumeList.isFolder(entry) { return sum + files(below: entry, depth: depth - 1) }
      return sum + (NIfTIFiles.stem(name) == nil ? 0 : 1)
    }
  }

  private static func isPredicted(_ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(record).path)
  }
}

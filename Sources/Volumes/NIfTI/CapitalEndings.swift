import Foundation
import Text

/// Volumes whose endings are in capitals, as Windows leaves them (`CASE.NII.GZ`): niftilib and nnU-Net read small letters.
package struct CapitalEndings: Hashable, Sendable {
  private let files: [String]

  /// Those among files; nil where there are none.
  package init?(_ files: [URL]) {
    let found = files.filter {
      !$0.lastPathComponent.hasPrefix(".") && NIfTIFiles.inSmallLetters($0.lastPathComponent) != nil
    }
    guard !found.isEmpty else { return nil }
    self.files = found.map(\.path).sorted(by: naturallyPrecedes)
  }

  /// Those in a folder.
  package init?(in folder: URL) {
    self.init(((try? VolumeFolder.names(in: folder)) ?? []).map { folder.appendingPathComponent($0) })
  }

  /// What they are, and what renames them in a shell.
  package var words: String {
    let first = URL(fileURLWithPath: files[0])
    let (folder, name) = (first.deletingLastPathComponent(), first.lastPathComponent)
    let small = NIfTIFiles.inSmallLetters(name) ?? name
    guard files.count > 1 else {
      return
        "\(first.path): its ending is in capitals, and is read in small letters; rename it: mv \(ShellWord.quoted(first.path))"
        + " \(ShellWord.quoted(folder.appendingPathComponent(small).path))"
    }
    let stem = NIfTIFiles.stem(small) ?? ""
    let (old, new) = (name.dropFirst(stem.count), small.dropFirst(stem.count))
    let place = folder.path == "/" ? "" : ShellWord.quoted(folder.path)
    return
      "\(DatasetNotice.shortList(files, of: "files")): their endings are in capitals, and are read in small letters; to rename"
      + " them, type: for f in \(place)/*\(old); do mv \"$f\" \"${f%\(old)}\(new)\"; done"
      + (files.allSatisfy { URL(fileURLWithPath: $0).deletingLastPathComponent() == folder && $0.hasSuffix(old) }
        ? "" : ", and those in other folders or capitals likewise")
  }
}

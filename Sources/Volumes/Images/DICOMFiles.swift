import Foundation
import System
import Text

/// Images as scanners and archives hand them out, which this program does not read: known by their content, because they
/// are called anything (`IM0001`, `I10`, `DICOMDIR`), and lie in folders of folders.
package struct DICOMFiles: Hashable, Sendable {
  /// One of them, and the folder that was looked through.
  package let example: String
  package let folder: String

  /// What the first bytes of a file must hold to tell: a blank of 128 and the sign.
  static let bytes = 132
  private static let sign = Array("DICM".utf8)
  /// So many entries of folders are looked at: an archive of thousands has the first of its files among them.
  private static let most = 2000

  /// - Parameter place: a file, or a folder that is no dataset; nil where no DICOM file is found, or a NIfTI file is.
  package init?(_ place: URL) {
    guard VolumeList.isFolder(place) else {
      guard Self.isOne(place) else { return nil }
      (example, folder) = (place.path, place.deletingLastPathComponent().path)
      return
    }
    var (folders, looked, found) = ([place], 0, nil as String?)
    while looked < Self.most, !folders.isEmpty {
      let own = folders.removeFirst()
      let names = ((try? Folder.names(in: own)) ?? []).filter { !$0.hasPrefix(".") }
      // What was converted lies beside what it was made of.
      if names.contains(where: { NIfTIFiles.stem($0) != nil }) { return nil }
      for name in names.prefix(Self.most - looked) {
        looked += 1
        let entry = own.appendingPathComponent(name)
        if VolumeList.isFolder(entry) {
          folders.append(entry)
        } else if found == nil, Self.isOne(entry) {
          found = entry.path
        }
      }
    }
    guard let found else { return nil }
    (example, folder) = (found, place.path)
  }

  /// Whether the first bytes of a file are one's.
  package static func begin(_ start: [UInt8]) -> Bool {
    start.count >= bytes && Array(start[(bytes - sign.count)..<bytes]) == sign
  }

  /// By its content, or by its ending: those of old programs have no sign.
  static func isOne(_ file: URL) -> Bool {
    guard let (descriptor, length) = try? RegularFile.open(file), length > 0 else { return false }
    defer { close(descriptor) }
    var start = [UInt8](repeating: 0, count: min(length, bytes))
    guard pread(descriptor, &start, start.count, 0) == start.count else { return false }
    return begin(start) || file.pathExtension.lowercased() == "dcm"
  }

  /// What makes of them what is read here.
  package var remedy: String { Self.remedy(ShellWord.quoted(folder)) }

  /// - Parameter folder: as it is typed.
  package static func remedy(_ folder: String) -> String {
    "scanners and archives write DICOM, and NIfTI is read here: convert it with `mkdir nifti && dcm2niix -z y -o nifti"
      + " \(folder)`, and give what is in nifti then"
  }
}

extension DatasetErrors {
  /// What is said of DICOM in the place of a dataset or of volumes; nil where there is none.
  package init?(dicomAt place: URL) {
    guard let files = DICOMFiles(place) else { return nil }
    self.init([.dicom(place: place.path, files)])
  }
}

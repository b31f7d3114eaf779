import Foundation
import Text

/// Volumes of formats that this program does not read: by their endings, in a folder or in those within it.
package struct ForeignVolumes: Hashable, Sendable {
  /// The folder with the first of them.
  let folder: String
  private let count: Int
  private let ending: String

  private static let endings =
    [
      "mha", "mhd", "nrrd", "nhdr", "mgz", "mgh", "mnc", "npy", "npz", "mat", "h5", "png", "tif", "tiff",
    ] + archives
  private static let archives = ["zip", "rar", "7z", "tar", "tgz", "tar.gz", "tar.xz", "tar.bz2", "tar.zst"]

  init?(below folder: URL) {
    let inner = ["imagesTr", "images", "scans"].map { folder.appendingPathComponent($0) }
    let all = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    let folders = [folder] + inner + all.filter(VolumeList.isFolder).sorted { $0.path < $1.path }.prefix(Self.most)
    for one in folders {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: one.path)) ?? []
      guard !names.contains(where: { NIfTIFiles.stem($0) != nil }) else { continue }
      let found = names.compactMap { name in Self.endings.first { name.lowercased().hasSuffix(".\($0)") } }
      guard let ending = found.sorted().first else { continue }
      (self.folder, count, self.ending) = (one.path, found.count { $0 == ending }, ending)
      return
    }
    return nil
  }

  private static let most = 20

  var words: String {
    if Self.archives.contains(ending) { return archive }
    return
      "\(count) \(count == 1 ? "file" : "files") of .\(ending) \(count == 1 ? "lies" : "lie") in \(folder), and NIfTI is read here:"
      + " convert them to .nii.gz (\(converter))"
  }

  private var archive: String {
    let (place, lie) = (
      ShellWord.quoted(folder), count == 1 ? "archive (.\(ending)) lies" : "archives (.\(ending)) lie"
    )
    let all =
      switch ending {
      case "zip": "for f in *.zip; do unzip \"$f\"; done"
      case "rar": "for f in *.rar; do unrar x \"$f\"; done"
      case "7z": "for f in *.7z; do 7z x \"$f\"; done"
      default: "for f in *.\(ending); do tar xf \"$f\"; done"
      }
    return "\(count) \(lie) in \(folder), and what is in \(count == 1 ? "it" : "them") cannot be read: unpack"
      + " \(count == 1 ? "it" : "them") with `cd \(place) && \(all)`, then give this folder again or the one that comes out"
  }

  private var converter: String {
    switch ending {
    case "mgz", "mgh": "FreeSurfer's `mri_convert a.mgz a.nii.gz`"
    case "mnc": "`mnc2nii a.mnc a.nii`"
    case "npy", "npz", "mat", "h5": "nibabel, with the affine, which such files do not have"
    case "png", "tif", "tiff": "they say nothing of millimetres and directions: go back to the scans, DICOM or NIfTI"
    default: "docs/interchange.md has the line for SimpleITK"
    }
  }
}

/// Where images and masks lie that no layout knows: in two folders, in one folder for each case, or all in one.
enum VolumePatterns {
  /// Patterns for both, with a star where the case's name stands; nil where names do not tell masks from images.
  ///
  /// - Parameter names: of what is in the folder.
  static func find(in folder: URL, _ names: [String]) -> (images: String, masks: String)? {
    let inner = names.filter { VolumeList.isFolder(folder.appendingPathComponent($0)) }
    let contents = inner.map { name in
      let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(name).path)) ?? []
      return (name: name, files: files.filter { !$0.hasPrefix(".") && NIfTIFiles.stem($0) != nil }.sorted())
    }.filter { !$0.files.isEmpty }
    return twoFolders(folder, contents) ?? oneForEach(folder, contents)
  }

  /// The same of images and masks in one folder; nil where one pattern for images would take masks too, or an image has no mask.
  static func flat(in folder: URL, _ volumes: [String]) -> (images: String, masks: String)? {
    let (masks, images) = (volumes.filter(isOfMasks), volumes.filter { !isOfMasks($0) })
    guard let one = images.first, let stem = NIfTIFiles.stem(one) else { return nil }
    let name = VolumeList.caseName(of: URL(fileURLWithPath: "/" + one))
    let own = masks.filter { $0.contains(name) }
    guard stem.hasPrefix(name), let mask = own.min(by: { ($0.count, $0) < ($1.count, $1) }) else { return nil }
    let behind = String(one.dropFirst(name.count))
    guard !masks.contains(where: { $0.hasSuffix(behind) }) else { return nil }
    let places = mask.components(separatedBy: name)
    guard places.count == 2 else { return nil }
    let arePairs = images.allSatisfy { image in
      image.hasSuffix(behind) && masks.contains(places[0] + image.dropLast(behind.count) + places[1])
    }
    return arePairs ? (folder.path + "/*" + behind, folder.path + "/" + places.joined(separator: "*")) : nil
  }

  private static let words = ["mask", "label", "seg", "truth", "annot"]

  /// "gt" by itself only: `length01` is no mask.
  static func isOfMasks(_ name: String) -> Bool {
    let name = name.lowercased()
    return words.contains(where: name.contains) || name.split { !$0.isLetter }.contains("gt")
  }

  private static func twoFolders(
    _ folder: URL, _ contents: [(name: String, files: [String])]
  ) -> (images: String, masks: String)? {
    let masks = contents.filter { isOfMasks($0.name) }
    let images = contents.filter { !isOfMasks($0.name) }
    guard masks.count == 1, images.count == 1, let one = images[0].files.first, let stem = NIfTIFiles.stem(one)
    else { return nil }
    let ending = one.dropFirst(stem.count)
    // Each file of masks is called as an image, with something that all of them have before or behind.
    for image in [stem, VolumeList.caseName(of: URL(fileURLWithPath: one))] {
      guard let mask = masks[0].files.first(where: { $0.contains(image) }) else { continue }
      let path = { (name: String, file: String) in folder.appendingPathComponent(name).path + "/" + file }
      return (
        path(images[0].name, "*" + stem.dropFirst(image.count) + ending),
        path(masks[0].name, mask.replacingOccurrences(of: image, with: "*"))
      )
    }
    return nil
  }

  private static func oneForEach(
    _ folder: URL, _ contents: [(name: String, files: [String])]
  ) -> (images: String, masks: String)? {
    guard contents.count > 1, let first = contents.first else { return nil }
    let common = first.files.filter { file in contents.allSatisfy { $0.files.contains(file) } }
    let (masks, images) = (common.filter(isOfMasks), common.filter { !isOfMasks($0) })
    guard masks.count == 1, let image = images.first else { return nil }
    return (folder.path + "/*/" + image, folder.path + "/*/" + masks[0])
  }
}

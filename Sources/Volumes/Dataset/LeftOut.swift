import Foundation
import System

extension DatasetNotice {
  /// Why a file of a dataset's folders is in no case.
  package enum LeftOut: Hashable, Sendable {
    case name(wanted: String)
    case ending
    /// A volume's ending, in other letters than it is read in.
    case capitals
    case channel
    case macOS
    case hidden
    case folder
    case deadLink(DeadLink)
    case absent(wanted: String)
    case spelled(found: String)
    case unreadable(reason: String)
    /// In the folder that holds the one it belongs in.
    case beside(folder: String, isMask: Bool)
    /// Found by the patterns of images and of masks, of which the narrower one says what it is.
    case ofBothPatterns(isMask: Bool)
  }
}

extension DatasetNotice.LeftOut {
  /// Whether both are told in one line: links share one, wherever each leads.
  func isLike(_ other: Self) -> Bool {
    if case .deadLink(let link) = self, case .deadLink(let second) = other { return link.isCircle == second.isCircle }
    return self == other
  }

  /// - Parameter count: of how many files; they are alike, but for where links lead.
  func words(_ count: Int = 1) -> String {
    switch self {
    case .name(let wanted): "because not named as \(wanted)"
    case .ending:
      "because the name does not end in .nii, .nii.gz or .hdr (docs/interchange.md says what converts .mha and .nrrd)"
    case .capitals: "because the ending is in capitals (rename it to end in small letters: .nii, .nii.gz or .hdr)"
    case .channel:
      "because a further channel (\"channels\": [0, 1] below dataset reads two of nnU-Net's layout)"
    case .macOS: "because a hidden file of macOS (._), no image"
    case .hidden: "because hidden"
    case .folder: "because a folder (folders in it are not looked into)"
    case .deadLink(let link) where count > 1:
      link.isCircle
        ? "because links that lead in circles"
        : "because links to what is not there, such as \(link.target) (fetch them)"
    case .deadLink(let link): "because \(link.lead)\(link.isCircle ? "" : " (fetch it)")"
    case .absent(let wanted): "because without \(wanted)"
    case .spelled(let found): "because its file is spelled \(found)"
    case .unreadable(let reason): "because it cannot be read (\(reason))"
    case .beside(let folder, let isMask): "because not in \(folder), where \(isMask ? "masks" : "images") belong"
    case .ofBothPatterns(let isMask):
      isMask
        ? "of the images, because a mask (--masks finds it too)"
        : "of the masks, because an image (--images finds it too)"
    }
  }

  /// Why an entry of a folder of volumes is in no case; nil for what was never meant for one.
  ///
  /// - Parameter wanted: what the folder's files are called.
  init?(entry name: String, in folder: URL, wanted: String) {
    let file = folder.appendingPathComponent(name)
    if name.hasPrefix(".") {
      guard Self.looksLikeVolume(name) else { return nil }
      self = name.hasPrefix("._") ? .macOS : .hidden
    } else if let stem = NIfTIFiles.stem(name) {
      self = wanted.hasPrefix("NAME_0") && Self.isFurtherChannel(stem) ? .channel : .name(wanted: wanted)
    } else if NIfTIFiles.inSmallLetters(name) != nil {
      self = .capitals
    } else if Self.looksLikeVolume(name) {
      self = .ending
    } else {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), isFolder.boolValue else {
        return nil
      }
      self = .folder
    }
  }

  /// `NAME_0001` and on, as nnU-Net numbers channels.
  private static func isFurtherChannel(_ stem: String) -> Bool {
    let end = Array(stem.unicodeScalars.suffix(5))
    return end.count == 5 && end[0] == "_" && end.dropFirst().allSatisfy { ("0"..."9").contains($0) }
      && stem.unicodeScalars.count > 5
  }

  private static func looksLikeVolume(_ name: String) -> Bool {
    let small = name.lowercased()
    // The half of a pair that holds the voxels stands beside its header, which is listed.
    return small.contains(".nii") || small.hasSuffix(".hdr.gz")
      || [".hdr", ".mha", ".mhd", ".nrrd", ".mgz", ".mgh", ".dcm"].contains { small.hasSuffix($0) }
  }
}

import Foundation

extension Dataset {
  /// Volumes in the folder that holds those of images and masks: they are found, and left out.
  ///
  /// - Parameter isMask: whether a file with this stem is called as a mask is.
  mutating func noteVolumes(beside images: URL, and masks: URL, isMask: (String) -> Bool) {
    let root = images.deletingLastPathComponent()
    let names = ((try? VolumeFolder.names(in: root)) ?? []).filter { !$0.hasPrefix(".") }
    for name in names {
      let file = root.appendingPathComponent(name)
      guard let stem = NIfTIFiles.stem(name), !VolumeList.isFolder(file) else { continue }
      let folder = isMask(stem) ? masks : images
      if isMask(stem) { found.masks += 1 } else { found.images += 1 }
      notices.append(.leftOut(file: file.path, reason: .beside(folder: folder.lastPathComponent, isMask: isMask(stem))))
    }
  }
}

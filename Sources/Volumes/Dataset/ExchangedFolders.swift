import Foundation

extension VolumeFolder {
  /// Whether what is named as masks lies in the images' folder, and as images in the masks'; nil where any other name does.
  static func exchanged(
    images: VolumeFolder, labels: VolumeFolder, imageName: (String) -> String, labelName: (String) -> String
  ) -> DatasetProblem? {
    guard images.folder != labels.folder, Set(images.files.keys).isDisjoint(with: labels.files.keys) else { return nil }
    let (ofImages, ofLabels) = (stems(images.folder), stems(labels.folder))
    let names = ofImages.union(ofLabels).filter { name in
      guard let image = NIfTIFiles.stem(imageName(name)), let label = NIfTIFiles.stem(labelName(name)) else {
        return false
      }
      return image != label && ofLabels.contains(image) && ofImages.contains(label)
    }
    return names.isEmpty || names.count < ofImages.count
      ? nil : .exchangedFolders(images: images.folder.path, labels: labels.folder.path)
  }

  private static func stems(_ folder: URL) -> Set<String> {
    Set(((try? names(in: folder)) ?? []).filter { !$0.hasPrefix(".") }.compactMap { NIfTIFiles.stem($0) })
  }
}

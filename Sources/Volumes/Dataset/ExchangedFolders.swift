import Foundation
import Text

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

extension DatasetProblem {
  /// What gives two files each other's name, in a shell; of several cases the same for each.
  static func exchange(_ image: String, _ label: String) -> String {
    let (one, other, aside) = (ShellWord.quoted(image), ShellWord.quoted(label), ShellWord.quoted(label + ".other"))
    return ": mv \(other) \(aside) && mv \(one) \(other) && mv \(aside) \(one)"
  }

  /// What gives the images and the masks of two folders each other's names, in a shell; nil where a mask's name is no part of its
  /// image's.
  static func exchangeRule(_ image: String, _ label: String) -> String? {
    let (images, masks) = (URL(fileURLWithPath: image), URL(fileURLWithPath: label))
    guard let name = NIfTIFiles.stem(masks.lastPathComponent), let stem = NIfTIFiles.stem(images.lastPathComponent),
      let place = stem.range(of: name)
    else { return nil }
    let (before, behind) = (stem[..<place.lowerBound], stem[place.upperBound...])
    let ending = masks.lastPathComponent.dropFirst(name.count)
    let folder = ShellWord.quoted(images.deletingLastPathComponent().path)
    return "cd \(ShellWord.quoted(masks.deletingLastPathComponent().path)) && for m in *\(ending); do"
      + " i=\(folder)/\(before)\"${m%\(ending)}\"\(behind)\(images.lastPathComponent.dropFirst(stem.count)); mv \"$m\" \"$m.other\""
      + " && mv \"$i\" \"$m\" && mv \"$m.other\" \"$i\"; done"
  }
}

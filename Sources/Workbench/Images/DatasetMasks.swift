import Foundation
import Store
import Volumes

/// Masks that people drew, which no network's label map may replace: `--force` is for what `safnet predict` wrote.
enum DatasetMasks {
  /// How nnU-Net and MRSpineSeg call the folders of a dataset.
  private enum Part: CaseIterable {
    case images, masks

    var names: Set<String> {
      switch self {
      case .images: ["imagesTr", "imagesTs", "MR"]
      case .masks: ["labelsTr", "labelsTs", "Mask"]
      }
    }

    /// Which of them a folder is, by its name.
    static func of(_ folder: URL) -> Part? { allCases.first { $0.names.contains(folder.lastPathComponent) } }
  }

  /// So many folders above a mask a dataset begins at most: BIDS has derivatives/NAME/sub-01/anat.
  private static let depth = 5

  /// Whether a file is a mask of a dataset that it lies in, as the names there tell.
  static func hold(_ file: URL) -> Bool {
    var folder = file.deletingLastPathComponent().standardizedFileURL
    if areTests(folder) { return true }
    for _ in 0..<depth where folder.path != "/" {
      if let dataset = try? Dataset.open(folder, readsSplits: false),
        dataset.cases.contains(where: { SameFiles.areOne($0.label, file) })
      {
        return true
      }
      folder = folder.deletingLastPathComponent()
    }
    return false
  }

  /// Whether a folder is the one in which a dataset has its masks.
  static func are(_ folder: URL) -> Bool {
    if areTests(folder) { return true }
    guard Part.of(folder) == .masks,
      let dataset = try? Dataset.open(folder.deletingLastPathComponent(), readsSplits: false)
    else {
      return false
    }
    return dataset.cases.contains { SameFiles.areOne($0.label.deletingLastPathComponent(), folder) }
  }

  /// The folder of images to which a folder of masks belongs; nil where it is none, or has none beside it.
  static func images(of folder: URL) -> URL? {
    guard are(folder) else { return nil }
    let root = folder.standardizedFileURL.deletingLastPathComponent()
    if areTests(folder) {
      let tests = root.appendingPathComponent("imagesTs")
      return VolumeList.isFolder(tests) ? tests : nil
    }
    return (try? Dataset.open(root, readsSplits: false))?.cases.first?.image.deletingLastPathComponent()
  }

  /// Whether a folder has the masks of nnU-Net's test images, which are no cases of the dataset; and not what `safnet predict`
  /// has written there.
  private static func areTests(_ folder: URL) -> Bool {
    let (folder, parts) = (folder.standardizedFileURL, ["imagesTr", "imagesTs"])
    return folder.lastPathComponent == "labelsTs"
      && !PredictionFiles.exists(folder.appendingPathComponent(PredictionRecord.name))
      && parts.contains { VolumeList.isFolder(folder.deletingLastPathComponent().appendingPathComponent($0)) }
  }

  /// Whether a folder is that of a dataset, or of its images: what is written there would be taken for a part of it.
  static func belong(in folder: URL) -> Bool {
    let folder = folder.standardizedFileURL
    if Part.images.names.contains(where: { VolumeList.isFolder(folder.appendingPathComponent($0)) }) { return true }
    return Part.of(folder) == .images && Dataset.isOne(folder.deletingLastPathComponent())
  }

  /// Whether a file would lie among the images or masks of a dataset.
  static func wouldJoin(_ file: URL) -> Bool {
    let folder = file.standardizedFileURL.deletingLastPathComponent()
    return Part.of(folder) != nil && Dataset.isOne(folder.deletingLastPathComponent())
  }

  /// Whether a folder holds masks: by its name, or because most of the cases have label maps there, and `safnet predict` has
  /// written nothing into it.
  ///
  /// - Parameter names: of the cases.
  static func fill(_ folder: URL, of names: [String]) -> Bool {
    guard !PredictionFiles.exists(folder.appendingPathComponent(PredictionRecord.name)) else { return false }
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let maps = Dictionary(files.compactMap { file in NIfTIFiles.stem(file).map { ($0, file) } }) { first, _ in first }
    guard !maps.isEmpty else { return false }
    if Part.of(folder) == .masks { return true }
    let taken = names.compactMap { maps[$0] ?? maps["mask_\($0.lowercased())"] }
    return 2 * taken.count { !LabelMapSource.isNamed(in: folder.appendingPathComponent($0)) } > names.count
  }
}

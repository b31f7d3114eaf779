import Foundation
import Store
import Volumes

/// Masks that people drew, which no network's label map may replace: `--force` is for what `safnet predict` wrote.
enum DatasetMasks {
  /// So many folders above a mask a dataset begins at most: BIDS has derivatives/NAME/sub-01/anat.
  private static let depth = 5

  /// Whether a file is a mask of a dataset that it lies in, as the names there tell.
  static func hold(_ file: URL) -> Bool {
    var folder = file.deletingLastPathComponent().standardizedFileURL
    for _ in 0..<depth where folder.path != "/" {
      if let dataset = try? Dataset.open(folder), dataset.cases.contains(where: { SameFiles.areOne($0.label, file) }) {
        return true
      }
      folder = folder.deletingLastPathComponent()
    }
    return false
  }

  /// Whether a folder is the one in which a dataset has its masks.
  static func are(_ folder: URL) -> Bool {
    guard ["labelsTr", "labelsTs", "Mask"].contains(folder.lastPathComponent),
      let dataset = try? Dataset.open(folder.deletingLastPathComponent())
    else { return false }
    return dataset.cases.contains { SameFiles.areOne($0.label.deletingLastPathComponent(), folder) }
  }

  /// Whether a folder is that of a dataset, or of its images: what is written there would be taken for a part of it.
  static func belong(in folder: URL) -> Bool {
    let names = ["imagesTr", "imagesTs", "MR"], folder = folder.standardizedFileURL
    if names.contains(where: { VolumeList.isFolder(folder.appendingPathComponent($0)) }) { return true }
    return names.contains(folder.lastPathComponent) && Dataset.isOne(folder.deletingLastPathComponent())
  }

  /// Whether a file would lie among the images or masks of a dataset.
  static func wouldJoin(_ file: URL) -> Bool {
    let folder = file.standardizedFileURL.deletingLastPathComponent()
    return ["imagesTr", "imagesTs", "MR", "labelsTr", "labelsTs", "Mask"].contains(folder.lastPathComponent)
      && Dataset.isOne(folder.deletingLastPathComponent())
  }

  /// Whether a folder holds masks: by its name, as nnU-Net's layout and MRSpineSeg's have it, or because most of the cases
  /// have label maps there, and `safnet predict` has written nothing into it.
  ///
  /// - Parameter names: of the cases.
  static func fill(_ folder: URL, of names: [String]) -> Bool {
    guard !PredictionFiles.exists(folder.appendingPathComponent(PredictionRecord.name)) else { return false }
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let stems = Set(files.compactMap(NIfTIFiles.stem))
    guard !stems.isEmpty else { return false }
    if ["labelsTr", "labelsTs", "Mask"].contains(folder.lastPathComponent) { return true }
    return 2 * names.count { stems.contains($0) || stems.contains("mask_\($0.lowercased())") } > names.count
  }
}

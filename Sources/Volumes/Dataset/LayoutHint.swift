import Foundation
import Text

/// What a folder that is no dataset most probably is, and what makes one of it.
package enum LayoutHint: Hashable, Sendable {
  /// A part of a dataset: the folder above is one.
  case part(of: String)
  /// Folders in it that are datasets.
  case holds([String])
  /// nnU-Net's images and masks without the file that names the structures.
  case noMetadata(cases: Int)
  /// Several tables, of which any could be the list of cases.
  case tables([String])
  /// Volumes, and nothing that says which belong together; the last is a line of a table that would.
  case loose(volumes: Int, line: String)
  /// Nothing that is read as a volume, but what would be in other letters.
  case capitals(CapitalEndings)
  /// Volumes, in folders or in one, which patterns with a star for the case's name tell apart.
  case patterns(images: String, masks: String)
  /// Volumes of a format that is not read.
  case foreign(ForeignVolumes)
  /// One file for each structure in a folder for each case, as TotalSegmentator has them.
  case parts(StructureParts)
  case empty

  /// - Parameter isDataset: whether a folder is one, as far as its names tell.
  init?(_ folder: URL, isDataset: (URL) -> Bool) {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
      .filter { !$0.hasPrefix(".") }.sorted()
    let volumes = names.filter { NIfTIFiles.stem($0) != nil }
    let tables = names.filter { $0.lowercased().hasSuffix(".csv") }
    let inner = names.filter { name in
      let one = folder.appendingPathComponent(name)
      return VolumeList.isFolder(one) && isDataset(one)
    }
    if let whole = Self.whole(of: folder) {
      self = .part(of: whole.path)
    } else if names.contains("imagesTr") {
      let images = folder.appendingPathComponent("imagesTr").path
      let found = (try? FileManager.default.contentsOfDirectory(atPath: images)) ?? []
      self = .noMetadata(cases: found.count { NIfTIFiles.stem($0)?.hasSuffix("_0000") == true })
    } else if !inner.isEmpty {
      self = .holds(inner.map { folder.appendingPathComponent($0).path })
    } else if tables.count > 1 {
      self = .tables(tables.map { folder.appendingPathComponent($0).path })
    } else if let (images, masks) = VolumePatterns.flat(in: folder, volumes) {
      self = .patterns(images: images, masks: masks)
    } else if !volumes.isEmpty {
      self = .loose(volumes: volumes.count, line: Self.line(volumes))
    } else if let endings = CapitalEndings(in: folder) {
      self = .capitals(endings)
    } else if let parts = StructureParts(in: folder, names) {
      self = .parts(parts)
    } else if let (images, masks) = VolumePatterns.find(in: folder, names) {
      self = .patterns(images: images, masks: masks)
    } else if let foreign = ForeignVolumes(below: folder) {
      self = .foreign(foreign)
    } else if names.isEmpty {
      self = .empty
    } else {
      return nil
    }
  }

  /// The dataset that a folder is a part of, as its name and those above it tell; nil for all others.
  private static func whole(of folder: URL) -> URL? {
    ["imagesTr", "labelsTr", "MR", "Mask"].contains(folder.lastPathComponent)
      ? folder.deletingLastPathComponent() : subjects(above: folder)
  }

  /// The BIDS dataset that a folder is in: of a subject, its sessions and kinds of images, or of derivatives.
  static func subjects(above folder: URL) -> URL? {
    var one = folder.standardizedFileURL
    for _ in 0..<5 where one.pathComponents.count > 1 {
      let name = one.lastPathComponent
      one = one.deletingLastPathComponent()
      guard name.hasPrefix("sub-") || name == "derivatives", BIDSFolder.isOne(one) else { continue }
      if !one.pathComponents.contains("derivatives") { return one }
    }
    return nil
  }

  /// The first image with its mask: a mask by its name that has the image's in it, else one whose name begins with it.
  private static func line(_ volumes: [String]) -> String {
    let named = volumes.filter { !VolumePatterns.isOfMasks($0) }
    let images = named.isEmpty ? volumes : named
    for image in images {
      let name = VolumeList.caseName(of: URL(fileURLWithPath: "/" + image))
      let masks = volumes.filter { $0 != image && VolumePatterns.isOfMasks($0) && $0.contains(name) }
      if let mask = masks.min(by: { ($0.count, $0) < ($1.count, $1) }) { return "\(name),\(image),\(mask)" }
      guard let stem = NIfTIFiles.stem(image) else { continue }
      let longer = volumes.filter { $0 != image && $0.hasPrefix(stem) }
      // `p10` is another case than `p1`.
      guard let mask = longer.first(where: { $0.dropFirst(stem.count).first?.isNumber == false }) else { continue }
      // nnU-Net's number of a channel stands behind an image's name, not a mask's.
      let isExchanged = NIfTIFiles.stem(mask)?.hasSuffix("_0000") == true
      return isExchanged ? "\(stem),\(mask),\(image)" : "\(stem),\(image),\(mask)"
    }
    return "CASE,\(images[0]),ITS-MASK.nii.gz"
  }

  var words: String {
    switch self {
    case .part(let parent): "it is a part of one: give \(parent)"
    case .holds(let folders):
      folders.count == 1
        ? "one lies in it: give \(folders[0])"
        : "\(folders.count) lie in it: give one of them, such as \(folders[0])"
    case .noMetadata(let cases):
      "imagesTr is here without dataset.json, which names the structures of the masks; write it, such as"
        + #" { "channel_names": { "0": "MRI" }, "labels": { "background": 0, "L1": 1, "L2": 2 }, "#
        + #""numTraining": \#(cases), "file_ending": ".nii.gz" }"#
    case .tables(let files):
      "\(files.count) CSV files lie in it, of which one may be the list of cases (case,image,label); give that one itself:"
        + " \(DatasetNotice.shortList(files))"
    case .loose(let volumes, let line):
      "\(volumes) \(volumes == 1 ? "volume lies" : "volumes lie") here, and nothing says which is whose mask; write a CSV"
        + " file into this very folder (cases.csv; the same command then reads it), with the line case,image,label first and then one"
        + " for each case, such as \(line)"
    case .capitals(let endings): endings.words
    case .patterns(let images, let masks):
      "list its images and masks in a table, and give that: `safnet dataset import study.csv --images \(ShellWord.quoted(images))"
        + " --masks \(ShellWord.quoted(masks))`"
    case .foreign(let volumes): volumes.words
    case .parts(let parts): parts.words
    case .empty: "it is empty; give the folder that images and masks are in"
    }
  }
}

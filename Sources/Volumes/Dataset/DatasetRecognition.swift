import Foundation
import System
import Text

/// Which layout a folder has, as its names tell, and what is said where it has none.
extension Dataset {
  static func recognise(_ root: URL, isFolder: Bool) throws(DatasetErrors) -> DatasetLayout {
    guard isFolder else { return .manifest }
    if let layout = layout(of: root) { return layout }
    do { _ = try VolumeFolder.names(in: root) } catch { throw DatasetErrors([error]) }
    // One of the two folders is there: the other's absence is the problem to report.
    if has("MR", in: root) || has("Mask", in: root) { return .mrSpineSeg }
    throw unknownLayout(root)
  }

  /// The dataset that a file is probably of: a layout's own folders are parts of one.
  static func folder(around file: URL) -> URL {
    let folder = file.deletingLastPathComponent()
    return [folder, folder.deletingLastPathComponent()].first { layout(of: $0) != nil } ?? folder
  }

  /// What the names in a folder tell; nil: nothing.
  static func layout(of root: URL) -> DatasetLayout? { layout(of: root, table: manifest(in: root)) }

  private static func layout(of root: URL, table: @autoclosure () -> URL?) -> DatasetLayout? {
    if has("dataset.json", in: root) { return .nnUNet }
    if has("MR", "Mask", in: root) || has("train/MR", "train/Mask", in: root) { return .mrSpineSeg }
    if table() != nil { return .manifest }
    return BIDSFolder.isOne(root) ? .bids : nil
  }

  /// Whether a folder or a table looks like a dataset, by its name and those in it.
  package static func isOne(_ place: URL) -> Bool {
    VolumeList.isFolder(place)
      ? layout(of: place) != nil : isTable(place) && FileManager.default.fileExists(atPath: place.path)
  }

  /// Whether folders of images are in it, or subjects.
  static func hasImages(_ root: URL) -> Bool {
    has("imagesTr", in: root) || has("MR", "Mask", in: root) || has("train/MR", "train/Mask", in: root)
      || BIDSFolder.isOne(root)
  }

  static func has(_ names: String..., in root: URL) -> Bool {
    names.allSatisfy { FileManager.default.fileExists(atPath: root.appendingPathComponent($0).path) }
  }

  static func unknownLayout(_ root: URL) -> DatasetErrors {
    let hint = LayoutHint(root, isDataset: isWhole)
    return DatasetErrors([.unknownLayout(folder: root.path, hint: hint)])
  }

  /// A layout that is named, and of which nothing is there, while another one is, or a dataset lies in the folder: what is there is
  /// said, not everything that the named layout would have.
  static func refuseOtherLayout(_ root: URL, _ layout: DatasetLayout) throws(DatasetErrors) {
    guard layout != .automatic, !shows(layout, root) else { return }
    if folders(in: root).contains(where: { isWhole($0) && self.layout(of: $0) == layout }) { throw unknownLayout(root) }
    if let found = self.layout(of: root) {
      throw DatasetErrors([.otherLayout(folder: root.path, wanted: layout, found: found)])
    }
    if case .holds? = LayoutHint(root, isDataset: isWhole) { throw unknownLayout(root) }
  }

  /// Whether a folder is a dataset that can be read, as far as its names tell.
  private static func isWhole(_ folder: URL) -> Bool { layout(of: folder) != nil && !isPreprocessed(folder) }

  private static func folders(in root: URL) -> [URL] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    return names.filter { !$0.hasPrefix(".") }.map(root.appendingPathComponent).filter { VolumeList.isFolder($0) }
  }

  /// Whether anything of a layout is in a folder, as its names tell.
  private static func shows(_ layout: DatasetLayout, _ root: URL) -> Bool {
    switch layout {
    case .automatic: true
    case .mrSpineSeg: has("MR", in: root) || has("Mask", in: root) || has("train/MR", in: root)
    case .nnUNet: has("dataset.json", in: root) || has("imagesTr", in: root) || has("labelsTr", in: root)
    case .manifest: manifest(in: root) != nil
    case .bids: BIDSFolder.isOne(root)
    }
  }

  /// What nnU-Net makes of a dataset has a dataset.json too, and no images that anybody else reads.
  static func isPreprocessed(_ root: URL) -> Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    return !names.contains("imagesTr") && names.contains { $0.hasSuffix("Plans.json") || $0 == "gt_segmentations" }
  }

  static func manifestFile(_ root: URL) throws(DatasetErrors) -> URL {
    guard let file = manifest(in: root) else { throw unknownLayout(root) }
    return file
  }

  /// Whether a file is a list of cases, by its name: with commas, or with tabs.
  static func isTable(_ file: URL) -> Bool { ["csv", "tsv"].contains(file.pathExtension.lowercased()) }

  /// The CSV file itself, or the only one in the folder. Beside a dataset one that lists no files is about something else.
  static func manifest(in root: URL) -> URL? {
    if isTable(root) { return root }
    guard let table = onlyTable(in: root) else { return nil }
    if Manifest.listsFiles(table) { return table }
    // One level deep: links may lead in circles.
    let holdsDataset = folders(in: root).contains { inner in
      layout(of: inner, table: onlyTable(in: inner).flatMap { Manifest.listsFiles($0) ? $0 : nil }) != nil
        && !isPreprocessed(inner)
    }
    return holdsDataset ? nil : table
  }

  private static func onlyTable(in root: URL) -> URL? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    let tables = names.filter { $0.lowercased().hasSuffix(".csv") && !$0.hasPrefix(".") }
    return tables.count == 1 ? root.appendingPathComponent(tables[0]) : nil
  }
}

extension DatasetLayout {
  /// As people call it.
  var title: String {
    switch self {
    case .mrSpineSeg: "MRSpineSeg's layout (MR/ and Mask/)"
    case .nnUNet: "nnU-Net's layout (dataset.json)"
    case .manifest: "the layout of a table (a CSV file of case,image,label)"
    case .bids: "BIDS's layout (sub-*/)"
    case .automatic: "any layout"
    }
  }

  /// What an image is called in this layout.
  var pattern: String {
    switch self {
    case .mrSpineSeg: "MR/CaseN.nii.gz"
    case .nnUNet: "imagesTr/NAME_0000.nii.gz"
    case .manifest, .automatic: "in a line of the CSV file"
    case .bids: "sub-*_T2w.nii.gz"
    }
  }
}

extension Dataset {
  /// What stands beside a dataset that is not there, under a name like its own.
  package static func neighbour(of root: URL) -> String? {
    let folder = root.deletingLastPathComponent()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return root.lastPathComponent.nearest(in: names.filter { !$0.hasPrefix(".") }.sorted())
  }
}

extension DatasetErrors {
  /// Of a path that leads nowhere.
  package init(nothingAt root: URL) {
    let link = DeadLink(at: root).map { DatasetProblem.deadLink(file: root.path, $0) }
    self.init([link ?? .nothingThere(folder: root.path, nearest: Dataset.neighbour(of: root))])
  }

  /// Of one file that is no list of cases, in the place of a dataset; nil for a CSV file, a folder, and where nothing is.
  package init?(fileAt root: URL) {
    guard !VolumeList.isFolder(root), FileManager.default.fileExists(atPath: root.path),
      !Dataset.isTable(root)
    else { return nil }
    if let device = BlockedPath(root), !device.isMovable {
      let remedy = "give a dataset's folder, or a CSV file of case,image,label"
      self.init([.unreadable(file: root.path, reason: device.words, remedy: remedy)])
      return
    }
    if let errors = DatasetErrors(dicomAt: root) {
      self = errors
      return
    }
    // An image is of a dataset that can be named.
    let kind = NIfTIFiles.stem(root.lastPathComponent) == nil ? FileKind(of: root) : nil
    let folder = Dataset.folder(around: root)
    // What describes a dataset stands beside its images; another list of cases may have the same name.
    if kind == .json, Dataset.hasImages(folder) {
      self.init([.fileForDataset(file: root.path, folder: folder.path)])
      return
    }
    if kind == .json, let list = DataList.problem(fileAt: root) {
      self.init([list])
      return
    }
    self.init([.fileForDataset(file: root.path, kind: kind, folder: folder.path)])
  }
}

extension FileKind {
  /// Nil for a text, and for what cannot be read.
  package init?(of file: URL) {
    guard let (descriptor, length) = try? RegularFile.open(file) else { return nil }
    defer { close(descriptor) }
    func part(from offset: Int) -> [UInt8] {
      var bytes = [UInt8](repeating: 0, count: min(length - offset, Self.looked))
      let count = pread(descriptor, &bytes, bytes.count, off_t(offset))
      return Array(bytes.prefix(max(count, 0)))
    }
    let tail = max(length - Self.looked, min(length, Self.looked))
    guard let kind = FileKind(part(from: 0) + part(from: tail)) else { return nil }
    self = kind.named(file.lastPathComponent)
  }
}

import Foundation

extension Dataset {
  /// Lists a dataset's cases without reading them; throws everything that is wrong with its files' names and metadata.
  ///
  /// - Parameter root: the dataset's folder, or a manifest's CSV file.
  package static func open(_ root: URL, layout: DatasetLayout = .automatic) throws(DatasetErrors) -> Dataset {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: root.path, isDirectory: &isFolder) else {
      throw DatasetErrors([.unreadable(file: root.path, reason: String(cString: strerror(ENOENT)))])
    }
    var problems: [DatasetProblem] = []
    let dataset: Dataset =
      switch layout == .automatic ? try recognise(root, isFolder: isFolder.boolValue) : layout {
      case .mrSpineSeg: openMRSpineSeg(root, &problems)
      case .nnUNet: openNNUNet(root, &problems)
      case .manifest: openManifest(try manifestFile(root), &problems)
      case .automatic: preconditionFailure("recognise never answers automatic")
      }
    if dataset.cases.isEmpty && problems.isEmpty {
      problems.append(.noCases(folder: root.path, pattern: dataset.layout.pattern))
    }
    guard problems.isEmpty else { throw DatasetErrors(problems) }
    return dataset
  }

  private static func recognise(_ root: URL, isFolder: Bool) throws(DatasetErrors) -> DatasetLayout {
    guard isFolder || root.pathExtension.lowercased() == "csv" else {
      throw DatasetErrors([.unreadable(file: root.path, reason: String(cString: strerror(ENOTDIR)))])
    }
    guard isFolder else { return .manifest }
    func has(_ names: String...) -> Bool {
      names.allSatisfy { FileManager.default.fileExists(atPath: root.appendingPathComponent($0).path) }
    }
    if has("dataset.json") { return .nnUNet }
    if has("MR", "Mask") || has("train/MR", "train/Mask") { return .mrSpineSeg }
    if (try? manifestFile(root)) != nil { return .manifest }
    do { _ = try VolumeFolder.names(in: root) } catch { throw DatasetErrors([error]) }
    // One of the two folders is there: the other's absence is the problem to report.
    if has("MR") || has("Mask") { return .mrSpineSeg }
    throw DatasetErrors([.unknownLayout(folder: root.path)])
  }

  /// The CSV file itself, or the only one in the folder.
  private static func manifestFile(_ root: URL) throws(DatasetErrors) -> URL {
    if root.pathExtension.lowercased() == "csv" { return root }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    let tables = names.filter { $0.lowercased().hasSuffix(".csv") }
    guard tables.count == 1 else { throw DatasetErrors([.unknownLayout(folder: root.path)]) }
    return root.appendingPathComponent(tables[0])
  }

  private static func openMRSpineSeg(_ given: URL, _ problems: inout [DatasetProblem]) -> Dataset {
    let inner = given.appendingPathComponent("train")
    let hasInner = FileManager.default.fileExists(atPath: inner.appendingPathComponent("MR").path)
    let root = hasInner ? inner : given
    // The challenge writes Case12 and mask_case12; copies of it differ in capitals.
    func number(_ stem: String, after prefix: String) -> String? {
      guard stem.lowercased().hasPrefix(prefix) else { return nil }
      return "Case" + stem.dropFirst(prefix.count)
    }
    let cases = VolumeFolder.pair(
      images: VolumeFolder(root.appendingPathComponent("MR")) { number($0, after: "case") },
      labels: VolumeFolder(root.appendingPathComponent("Mask")) { number($0, after: "mask_case") },
      imageName: { $0 + ".nii.gz" }, labelName: { "mask_case" + $0.dropFirst(4) + ".nii.gz" }, problems: &problems)
    let splits = SplitsFile.readIfPresent(in: given, problems: &problems)
    return Dataset(root: given, layout: .mrSpineSeg, cases: cases, givenSplits: splits)
  }

  private static func openNNUNet(_ root: URL, _ problems: inout [DatasetProblem]) -> Dataset {
    let cases = VolumeFolder.pair(
      images: VolumeFolder(root.appendingPathComponent("imagesTr")) { stem in
        stem.hasSuffix("_0000") ? String(stem.dropLast(5)) : nil
      },
      labels: VolumeFolder(root.appendingPathComponent("labelsTr")) { $0 },
      imageName: { $0 + "_0000.nii.gz" }, labelName: { $0 + ".nii.gz" }, problems: &problems)
    let file = root.appendingPathComponent("dataset.json")
    let labels = NNUNetMetadata.read(file, cases: cases.count, problems: &problems)
    let splits = SplitsFile.readIfPresent(in: root, problems: &problems)
    return Dataset(root: root, layout: .nnUNet, cases: cases, labels: labels, givenSplits: splits)
  }

  private static func openManifest(_ file: URL, _ problems: inout [DatasetProblem]) -> Dataset {
    let cases = Manifest.read(file, problems: &problems)
    let splits = SplitsFile.readIfPresent(in: file.deletingLastPathComponent(), problems: &problems)
    return Dataset(root: file, layout: .manifest, cases: cases, givenSplits: splits)
  }
}

extension DatasetLayout {
  /// What an image is called in this layout.
  fileprivate var pattern: String {
    switch self {
    case .mrSpineSeg: "MR/CaseN.nii.gz"
    case .nnUNet: "imagesTr/NAME_0000.nii.gz"
    case .manifest, .automatic: "in a line of the CSV file"
    }
  }
}

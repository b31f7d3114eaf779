import Foundation
import System
import Text

extension Dataset {
  /// Lists a dataset's cases without reading them; throws everything that is wrong with its files' names and metadata.
  ///
  /// - Parameters:
  ///   - root: the dataset's folder, or a manifest's CSV file.
  ///   - channels: those that are read; only nnU-Net's layout and manifests have others than the first.
  ///   - readsSplits: whether folds may come from its file of splits; else it is not looked at, readable or not.
  ///   - learnsOwnLabels: whether the structures that its own file names are those to learn; else regions of it may overlap.
  package static func open(
    _ root: URL, layout: DatasetLayout = .automatic, channels: ChannelChoice = .unsaid, readsSplits: Bool = true,
    learnsOwnLabels: Bool = true
  ) throws(DatasetErrors) -> Dataset {
    do throws(DatasetErrors) {
      return try opened(root, layout, channels, readsSplits: readsSplits, learnsOwnLabels: learnsOwnLabels)
    } catch {
      // Whatever is missed there, it is missed because nothing was converted yet.
      throw DatasetErrors(dicomAt: root) ?? error
    }
  }

  private static func opened(
    _ root: URL, _ layout: DatasetLayout, _ channels: ChannelChoice, readsSplits: Bool, learnsOwnLabels: Bool
  ) throws(DatasetErrors) -> Dataset {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: root.path, isDirectory: &isFolder) else {
      throw DatasetErrors(nothingAt: root)
    }
    if let errors = DatasetErrors(fileAt: root) { throw errors }
    if isFolder.boolValue, let problem = DataList.problem(in: root) { throw DatasetErrors([problem]) }
    if isFolder.boolValue, isPreprocessed(root) { throw DatasetErrors([.preprocessed(folder: root.path)]) }
    let description = root.appendingPathComponent("dataset.json")
    if has("imagesTr", in: root), let link = DeadLink(at: description) {
      throw DatasetErrors([.deadLink(file: description.path, link)])
    }
    if layout == .automatic, isFolder.boolValue, Self.layout(of: root) == .bids, LayoutHint.subjects(above: root) != nil
    {
      throw unknownLayout(root)
    }
    // Where a layout is named, its own folders would be looked for in a part of it.
    if layout != .automatic, isFolder.boolValue, case .part? = LayoutHint(root, isDataset: { _ in false }),
      Self.layout(of: root) == nil
    {
      throw unknownLayout(root)
    }
    try refuseOtherLayout(root, layout)
    if layout == .nnUNet, isFolder.boolValue, has("imagesTr", in: root), !has("dataset.json", in: root) {
      throw unknownLayout(root)
    }
    var problems: [DatasetProblem] = []
    var dataset: Dataset =
      switch layout == .automatic ? try recognise(root, isFolder: isFolder.boolValue) : layout {
      case .mrSpineSeg: openMRSpineSeg(root, &problems)
      case .nnUNet: openNNUNet(root, channels, learnsOwnLabels: learnsOwnLabels, &problems)
      case .manifest: openManifest(try manifestFile(root), channels, &problems)
      case .bids: openBIDS(root, &problems)
      case .automatic: preconditionFailure("recognise never answers automatic")
      }
    if readsSplits { dataset.readSplits(problems: &problems) }
    let hasOne = dataset.layout != .nnUNet && dataset.channelNames.isEmpty && problems.isEmpty
    if hasOne, case .these(let wanted) = channels, wanted != [.number(0)] {
      problems.append(.channelsOfLayout(folder: root.path, layout: dataset.layout.rawValue))
    }
    if dataset.cases.isEmpty && problems.isEmpty {
      problems.append(
        dataset.layout == .manifest
          ? .badManifest(
            file: dataset.root.path, line: 0, reason: "names no case; write a line for each below the first one")
          : ForeignVolumes(below: root).map(DatasetProblem.foreign)
            ?? .noCases(folder: root.path, pattern: dataset.layout.pattern))
    }
    guard problems.isEmpty else { throw DatasetErrors(problems) }
    return dataset
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
    let images = VolumeFolder(root.appendingPathComponent("MR"), wanted: "CaseN.nii.gz") { number($0, after: "case") }
    let masks = VolumeFolder(root.appendingPathComponent("Mask"), wanted: "mask_caseN.nii.gz") {
      number($0, after: "mask_case")
    }
    let cases = VolumeFolder.pair(
      images: images, labels: masks, imageName: { $0 + ".nii.gz" },
      labelName: { "mask_case" + $0.dropFirst(4) + ".nii.gz" }, problems: &problems)
    var dataset = Dataset(
      root: given, layout: .mrSpineSeg, cases: cases, found: Found(images, masks),
      notices: images.notices + masks.notices)
    dataset.noteVolumes(beside: images.folder, and: masks.folder) { $0.lowercased().hasPrefix("mask") }
    return dataset
  }

  /// nnU-Net's `imagesTs` and `labelsTs`: cases that are never trained on, with the names of `dataset.json`, whose regions may
  /// overlap: they are not what is learnt.
  package static func openTestPart(_ root: URL, channels: ChannelChoice = .unsaid) throws(DatasetErrors) -> Dataset {
    var problems: [DatasetProblem] = []
    var dataset = openNNUNet(root, part: "Ts", channels, learnsOwnLabels: false, &problems)
    // How many of them there are, nobody claims.
    dataset.notices.removeAll {
      switch $0 {
      case .claimedCases, .lostCases: true
      default: false
      }
    }
    if dataset.cases.isEmpty && problems.isEmpty {
      problems.append(.noCases(folder: root.path, pattern: "imagesTs/NAME_0000.nii.gz"))
    }
    guard problems.isEmpty else { throw DatasetErrors(problems) }
    return dataset
  }

  private static func openNNUNet(
    _ root: URL, part: String = "Tr", _ channels: ChannelChoice, learnsOwnLabels: Bool,
    _ problems: inout [DatasetProblem]
  ) -> Dataset {
    let file = root.appendingPathComponent("dataset.json")
    let metadata = NNUNetMetadata(file, channels: channels)
    let folders = ChannelFolders(root.appendingPathComponent("images\(part)"), metadata.channels)
    let images = folders.first
    let masks = VolumeFolder(root.appendingPathComponent("labels\(part)"), wanted: "NAME.nii.gz") { $0 }
    var cases: [DatasetCase] = []
    if let absent = AbsentChannel(images, number: metadata.channels[0], names: metadata.allChannelNames) {
      problems += [.absentChannel(absent)] + masks.problems
    } else {
      cases = VolumeFolder.pair(
        images: images, labels: masks, imageName: { $0 + ChannelList.suffix(metadata.channels[0]) + ".nii.gz" },
        labelName: { $0 + ".nii.gz" }, problems: &problems)
    }
    var dataset = Dataset(
      root: root, layout: .nnUNet, cases: folders.completed(cases, masks: masks, &problems),
      found: Found(images, masks), notices: folders.notices + masks.notices)
    (dataset.channels, dataset.channelNames) = (metadata.channels, metadata.channelNames)
    // What lies beside the folders is told once, with the training cases.
    if part == "Tr" {
      dataset.noteVolumes(beside: images.folder, and: masks.folder) { $0.firstMatch(of: /_\d{4}$/) == nil }
    }
    dataset.labels = metadata.labels(
      cases: cases.map(\.name), areLearnt: learnsOwnLabels, problems: &problems, notices: &dataset.notices)
    return dataset
  }

  private static func openManifest(
    _ file: URL, _ channels: ChannelChoice, _ problems: inout [DatasetProblem]
  ) -> Dataset {
    var dataset = Dataset(root: file, layout: .manifest, cases: [])
    let read = Manifest.read(file, channels, problems: &problems, notices: &dataset.notices)
    (dataset.cases, dataset.channels, dataset.channelNames) = (read.cases, read.channels, read.names)
    dataset.found = Found(
      images: dataset.cases.count * dataset.channels.count, masks: dataset.cases.count)
    return dataset
  }

  private static func openBIDS(_ root: URL, _ problems: inout [DatasetProblem]) -> Dataset {
    do throws(DatasetErrors) {
      let folder = try BIDSFolder(root: root).withOnlyImages()
      var dataset = try folder.dataset()
      dataset.layout = .bids
      let others = try folder.kinds().subtracting([folder.images]).sorted()
      if folder.images != BIDSFolder.usualImages || !others.isEmpty {
        dataset.notices.append(.imageKinds(folder: root.path, taken: folder.images, left: others))
      }
      dataset.labels = try folder.labels()
      return dataset
    } catch {
      problems += error.problems
      return Dataset(root: root, layout: .bids, cases: [])
    }
  }

  private mutating func readSplits(problems: inout [DatasetProblem]) {
    guard let found = SplitsFile.readIfPresent(in: splitsFolder, problems: &problems) else {
      notices += SplitsFile.misnamed(in: splitsFolder, of: names).map { .unreadSplits(file: $0.path, isOne: $1) }
      return
    }
    (givenSplits, givenTests) = (found.splits, found.tests)
    if !found.unread.isEmpty {
      notices.append(.unreadParts(file: splitsFile.path, names: found.unread))
    }
  }
}

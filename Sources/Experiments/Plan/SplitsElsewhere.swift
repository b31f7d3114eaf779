import Foundation
import System
import Volumes

extension Specification {
  /// Lists of folds that lie where people put them and nobody reads them: beside the experiment, in a workspace, among the
  /// cases, or where nnU-Net keeps those of its preprocessed datasets.
  ///
  /// - Parameter root: the dataset's folder, or its manifest.
  private func splitsElsewhere(than own: URL, root: URL) -> [URL] {
    let beside = [file?.deletingLastPathComponent(), workingDirectory].compactMap(\.self)
    let preprocessed = root.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("nnUNet_preprocessed/\(root.lastPathComponent)")
    let within = ["imagesTr", "labelsTr", "preprocessed"].map { root.appendingPathComponent($0) }
    let folders = beside + beside.map { $0.appendingPathComponent("Workspace") } + [preprocessed] + within
    var found: [URL] = []
    for place in folders.map({ $0.appendingPathComponent(SplitsFile.name).standardizedFileURL }) {
      guard FileManager.default.fileExists(atPath: place.path), !RegularFile.areOne(place, own),
        !found.contains(where: { RegularFile.areOne($0, place) })
      else { continue }
      found.append(place)
    }
    return found
  }

  /// One that names cases of a dataset which has none itself, or that cannot be read; nil where there is none.
  func splitsElsewhere(than dataset: Dataset) -> URL? {
    guard dataset.givenSplits == nil else { return nil }
    let names = Set(dataset.names)
    return splitsElsewhere(than: dataset.splitsFile, root: dataset.root).first { file in
      guard let splits = try? SplitsFile.read(file) else { return true }
      return splits.contains { !names.isDisjoint(with: $0.train + $0.val) }
    }
  }

  /// Says it where folds are drawn, and nobody said that they are to be.
  func noteSplits(_ dataset: inout Dataset) {
    guard folds.source == .automatic, folds.by == nil else { return }
    let place = dataset.splitsFile
    if let file = splitsElsewhere(than: dataset) {
      dataset.notices.append(.splitsElsewhere(file: file.path, place: place.path))
    } else if dataset.givenSplits == nil, let pickle = Self.pickle(near: place) {
      dataset.notices.append(.pickledSplits(file: pickle.path, place: place.path))
    }
  }

  /// nnU-Net v1's list, where it stands beside the place of the one that is read.
  private static func pickle(near place: URL) -> URL? {
    let folder = place.deletingLastPathComponent()
    let names = ((try? Folder.names(in: folder)) ?? []).sorted()
    let name = names.first { $0.wholeMatch(of: /.*split.*\.(pkl|pickle)/.ignoresCase()) != nil }
    return name.map { folder.appendingPathComponent($0) }
  }

  /// Where folds were to come from a file, and the dataset has none.
  func noSplits(of dataset: Dataset) -> Conflict {
    func near(_ wanted: Bool) -> String? {
      dataset.notices.lazy.compactMap { notice -> String? in
        if case .unreadSplits(let file, wanted) = notice { file } else { nil }
      }.first
    }
    return .noSplits(
      dataset: dataset.root.path, place: dataset.splitsFile.path, elsewhere: splitsElsewhere(than: dataset)?.path,
      misnamed: near(true), pickle: Self.pickle(near: dataset.splitsFile)?.path, unread: near(false))
  }

  /// The same for those who look at no dataset: a line, or nothing. The cases' names are listed only where there is such a file.
  package var splitsNotices: [String] {
    guard folds.source == .automatic, folds.by == nil,
      !splitsElsewhere(than: datasetRoot.appendingPathComponent(SplitsFile.name), root: datasetRoot).isEmpty,
      let dataset = try? openDataset()
    else { return [] }
    return DatasetNotice.lines(
      dataset.notices.filter { if case .splitsElsewhere = $0 { true } else { false } })
  }
}

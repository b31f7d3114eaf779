import Foundation

/// A dataset laid out as BIDS: `sub-01/ses-a/anat/sub-01_ses-a_run-2_T2w.nii.gz`, with masks below `derivatives` whose names
/// have the same entities, and perhaps those that derivatives add: `sub-01_ses-a_run-2_space-orig_desc-x_dseg.nii.gz`.
///
/// Source: Brain Imaging Data Structure 1.10, "Common principles" and "Imaging data types" of derivatives.
package struct BIDSFolder: Hashable, Sendable {
  package var root: URL
  /// What image names end with: `T2w`.
  package var images: String
  /// What mask names end with: `dseg`, or several parts, `label-vertebrae_dseg`.
  package var masks: String

  package init(root: URL, images: String = "T2w", masks: String = "dseg") {
    (self.root, self.images, self.masks) = (root, images, masks)
  }

  /// Entities that derivatives add to the name of what they were made from.
  private static let added: Set<String> = ["space", "res", "den", "desc", "label", "seg", "hemi"]

  /// Volumes by the entities of the image they belong to: `sub-01_run-2`.
  private struct Volumes {
    var files: [String: URL] = [:]
    var found = 0
    var problems: [DatasetProblem] = []
    var notices: [DatasetNotice] = []
  }

  /// The images that have a mask, a case each, named by their entities; the subject is the patient.
  ///
  /// Images without a mask, and masks without an image, are left out and said: unlabelled subjects are usual in BIDS.
  package func dataset() throws(DatasetErrors) -> Dataset {
    let (files, others): ([URL], [DatasetNotice])
    do { (files, others) = try volumes() } catch { throw DatasetErrors([error]) }
    let pictures = collect(files.filter { !isDerived($0) }, ending: images, dropping: [])
    let labels = collect(files.filter(isDerived), ending: masks, dropping: Self.added)
    let problems = pictures.problems + labels.problems
    guard problems.isEmpty else { throw DatasetErrors(problems) }
    let inOrder = { (volumes: Volumes) in volumes.files.sorted { naturallyPrecedes($0.key, $1.key) } }
    let cases = inOrder(pictures).compactMap { name, image in
      labels.files[name].map { DatasetCase(name: name, image: image, label: $0, patient: Self.subject(of: name)) }
    }
    guard !cases.isEmpty else {
      throw DatasetErrors([
        .noCases(folder: root.path, pattern: "sub-*_\(images).nii.gz with derivatives/**/*_\(masks).nii.gz")
      ])
    }
    let alone = [(pictures, labels, masks), (labels, pictures, images)].flatMap { these, others, wanted in
      inOrder(these).filter { others.files[$0.key] == nil }.map { name, file in
        DatasetNotice.leftOut(file: file.path, reason: .absent(wanted: "\(name)_\(wanted).nii.gz"))
      }
    }
    return Dataset(
      root: root, layout: .manifest, cases: cases, found: .init(images: pictures.found, masks: labels.found),
      notices: others + pictures.notices + labels.notices + alone)
  }

  /// Every volume below a `sub-*` folder, here or in a folder of `derivatives`, in the order of their paths; and a notice for
  /// those of formats that are not read. Links to folders are not followed: a derivative may link to the whole dataset.
  private func volumes() throws(DatasetProblem) -> (files: [URL], notices: [DatasetNotice]) {
    _ = try VolumeFolder.names(in: root)
    guard let all = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) else {
      throw .unreadable(file: root.path, reason: "it cannot be listed")
    }
    let depth = root.standardizedFileURL.pathComponents.count
    let below = all.compactMap { $0 as? URL }.filter { file in
      let parts = file.standardizedFileURL.pathComponents.dropFirst(depth)
      return parts.dropLast().contains { $0.hasPrefix("sub-") }
        && (parts.first?.hasPrefix("sub-") == true || parts.first == "derivatives" || parts.first == "rawdata")
    }.sorted { $0.path < $1.path }
    let notices = below.compactMap { file -> DatasetNotice? in
      let reason = DatasetNotice.LeftOut(
        entry: file.lastPathComponent, in: file.deletingLastPathComponent(), wanted: "")
      return reason == .ending ? .leftOut(file: file.path, reason: .ending) : nil
    }
    return (below.filter { NIfTIFiles.stem($0.lastPathComponent) != nil }, notices)
  }

  private func isDerived(_ file: URL) -> Bool {
    let depth = root.standardizedFileURL.pathComponents.count
    return file.standardizedFileURL.pathComponents.dropFirst(depth).first == "derivatives"
  }

  private func collect(_ files: [URL], ending: String, dropping added: Set<String>) -> Volumes {
    var volumes = Volumes()
    for file in files {
      guard let stem = NIfTIFiles.stem(file.lastPathComponent), !stem.hasPrefix("."), stem.hasSuffix("_" + ending)
      else {
        continue
      }
      volumes.found += 1
      let parts = stem.dropLast(ending.count + 1).split(separator: "_").map(String.init)
      // A derivative may keep the suffix of what it was made from.
      let own = parts.filter { part in !added.contains(Self.key(part)) && (added.isEmpty || part != images) }
      let name = own.joined(separator: "_")
      if !FileManager.default.fileExists(atPath: file.path) {
        volumes.notices.append(.leftOut(file: file.path, reason: .deadLink))
      } else if let first = volumes.files[name] {
        volumes.problems.append(.twoFiles(name: name, first: first.path, second: file.path))
      } else if !VolumeFolder.isGoodName(name) {
        volumes.problems.append(.badName(name: name, file: file.path))
      } else {
        volumes.files[name] = file
      }
    }
    return volumes
  }

  /// `run` of `run-2`.
  private static func key(_ part: String) -> String { String(part.prefix { $0 != "-" }) }

  /// `sub-01` of `sub-01_ses-a_run-2`.
  private static func subject(of name: String) -> String { String(name.prefix { $0 != "_" }) }
}

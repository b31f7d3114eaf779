import Foundation
import Text

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

  /// What images are where nobody says it: spines are read in these.
  package static let usualImages = "T2w"

  /// What masks are.
  package static let usualMasks = "dseg"

  package init(root: URL, images: String = usualImages, masks: String = usualMasks) {
    (self.root, self.images, self.masks) = (root, images, masks)
  }

  /// Entities that derivatives add to the name of what they were made from.
  private static let added: Set<String> = ["space", "res", "den", "desc", "label", "seg", "hemi"]

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
    let inOrder = { (volumes: VolumeFolder) in volumes.files.sorted { naturallyPrecedes($0.key, $1.key) } }
    let cases = inOrder(pictures).compactMap { name, image in
      labels.files[name].map { DatasetCase(name: name, image: image, label: $0, patient: Self.subject(of: name)) }
    }
    guard !cases.isEmpty else {
      let capitals = others.compactMap { notice in
        if case .leftOut(let file, .capitals) = notice { URL(fileURLWithPath: file) } else { nil }
      }
      if let endings = CapitalEndings(capitals) { throw DatasetErrors([.capitalEndings(endings)]) }
      throw DatasetErrors([
        .noCases(
          folder: root.path,
          pattern: "sub-*_\(images).nii.gz with a mask derivatives/**/*_\(masks).nii.gz; \(otherEndings(files))")
      ])
    }
    let alone = [(pictures, labels, masks), (labels, pictures, images)].flatMap { these, others, wanted in
      inOrder(these).filter { others.files[$0.key] == nil }.map { name, file in
        DatasetNotice.leftOut(file: file.path, reason: .absent(wanted: "\(name)_\(wanted).nii.gz"))
      }
    }
    return Dataset(
      root: root, layout: .manifest, cases: cases, found: Dataset.Found(pictures, labels),
      notices: others + pictures.notices + labels.notices + alone + participants(example: cases[0].name))
  }

  /// How those are taken that have other endings.
  private func otherEndings(_ files: [URL]) -> String {
    func ends(_ files: [URL]) -> [String] {
      files.compactMap { NIfTIFiles.stem($0.lastPathComponent)?.split(separator: "_").last.map(String.init) }.distinct
    }
    let (own, derived) = (files.filter { !isDerived($0) }, files.filter(isDerived))
    let kinds = ends(own)
    // An image may be derived too.
    let all = kinds.flatMap { image in
      ends(derived).filter { !kinds.contains($0) }.map { BIDSFolder(root: root, images: image, masks: $0) }
    }
    let paired = all.filter { folder in
      let masks = folder.collect(derived, ending: folder.masks, dropping: Self.added).files
      return folder.collect(own, ending: folder.images, dropping: []).files.keys.contains { masks[$0] != nil }
    }
    let chosen = paired.contains { $0.images == images } ? paired.filter { $0.images == images } : paired
    guard let first = chosen.first else {
      return "`safnet dataset import --bids` has --image-ends and --mask-ends for others"
    }
    func options(_ one: BIDSFolder) -> String {
      (one.images == Self.usualImages ? "" : " --image-ends \(ShellWord.quoted(one.images))")
        + (one.masks == Self.usualMasks ? "" : " --mask-ends \(ShellWord.quoted(one.masks))")
    }
    let command = "safnet dataset import study.csv --bids \(ShellWord.quoted(root.path))"
    return "`\(command)\(options(first))` takes those that are there"
      + chosen.dropFirst().map { ", or those of\(options($0))" }.joined()
  }

  /// What `participants.tsv` says of subjects besides their names, which is not read.
  private func participants(example: String) -> [DatasetNotice] {
    ["", "rawdata/"].compactMap { place in
      let file = root.appendingPathComponent("\(place)participants.tsv")
      guard let data = try? VolumeFolder.content(of: file),
        let head = (try? DelimitedText(data, wanted: ["participant_id"]))?.rows.first
      else { return nil }
      let columns = head.fields.map { $0.trimmingCharacters(in: .whitespaces) }.filter {
        !$0.isEmpty && $0 != "participant_id"
      }
      return columns.isEmpty ? nil : .participants(file: file.path, columns: columns, example: example)
    }
  }

  /// Every volume below a `sub-*` folder, here or in a folder of `derivatives`, in the order of their paths; and a notice for
  /// those of formats that are not read. Links to folders are not followed: a derivative may link to the whole dataset.
  private func volumes() throws(DatasetProblem) -> (files: [URL], notices: [DatasetNotice]) {
    _ = try VolumeFolder.names(in: root)
    guard let all = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) else {
      throw .unreadable(file: root.path, reason: "it cannot be listed")
    }
    let below = all.compactMap { $0 as? URL }.filter { file in
      let parts = parts(of: file)
      return parts.dropLast().contains { $0.hasPrefix("sub-") }
        && (parts.first?.hasPrefix("sub-") == true || parts.first == "derivatives" || parts.first == "rawdata")
    }.sorted { $0.path < $1.path }
    let notices = below.compactMap { file -> DatasetNotice? in
      let reason = DatasetNotice.LeftOut(
        entry: file.lastPathComponent, in: file.deletingLastPathComponent(), wanted: "")
      return [.ending, .capitals].contains(reason) ? reason.map { .leftOut(file: file.path, reason: $0) } : nil
    }
    return (below.filter { NIfTIFiles.stem($0.lastPathComponent) != nil }, notices)
  }

  /// The same; where there are no T2w images, with those of the one kind that there is.
  func withOnlyImages() throws(DatasetErrors) -> BIDSFolder {
    let kinds = try kinds()
    guard !kinds.contains(images), kinds.count == 1, let only = kinds.first else { return self }
    return BIDSFolder(root: root, images: only, masks: masks)
  }

  /// The kinds of its images, by their names' ends: T1w, T2w, bold.
  func kinds() throws(DatasetErrors) -> Set<String> {
    let files: [URL]
    do { files = try volumes().files } catch { throw DatasetErrors([error]) }
    let stems = files.filter { !isDerived($0) }.compactMap { NIfTIFiles.stem($0.lastPathComponent) }
    return Set(stems.filter { !$0.hasPrefix(".") }.compactMap { $0.split(separator: "_").last.map(String.init) })
  }

  func isDerived(_ file: URL) -> Bool { parts(of: file).first == "derivatives" }

  /// Of its path, below the dataset's folder.
  private func parts(of file: URL) -> ArraySlice<String> {
    file.standardizedFileURL.pathComponents.dropFirst(root.standardizedFileURL.pathComponents.count)
  }

  /// Those whose names end so, by the entities of the image they belong to: `sub-01_run-2`.
  private func collect(_ files: [URL], ending: String, dropping added: Set<String>) -> VolumeFolder {
    let named = files.compactMap { file -> (caseName: String, file: URL)? in
      guard let stem = NIfTIFiles.stem(file.lastPathComponent), !stem.hasPrefix("."), stem.hasSuffix("_" + ending)
      else { return nil }
      let parts = stem.dropLast(ending.count + 1).split(separator: "_").map(String.init)
      // A derivative may keep the suffix of what it was made from.
      let own = parts.filter { part in !added.contains(Self.key(part)) && (added.isEmpty || part != images) }
      return (own.joined(separator: "_"), file)
    }
    return VolumeFolder(root, files: named)
  }

  /// `run` of `run-2`.
  private static func key(_ part: String) -> String { String(part.prefix { $0 != "-" }) }

  /// `sub-01` of `sub-01_ses-a_run-2`.
  private static func subject(of name: String) -> String { String(name.prefix { $0 != "_" }) }
}

import Foundation
import Text

/// A path with one `*` where the case's name stands: `scans/*/t2.nii.gz`, `labels/*_seg.nii`.
package struct CasePattern: Hashable, Sendable {
  /// What stands before the part with the star.
  let folder: URL
  /// Around the star in its part of the path.
  private var prefix: String
  private var suffix: String
  /// The parts after it, joined; empty where the part with the star is the file itself.
  private var rest: String

  /// Nil without exactly one star.
  package init?(_ path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard path.count(where: { $0 == "*" }) == 1, let index = parts.firstIndex(where: { $0.contains("*") }) else {
      return nil
    }
    let ends = parts[index].split(separator: "*", omittingEmptySubsequences: false).map(String.init)
    (prefix, suffix) = (ends[0], ends[1])
    rest = parts[(index + 1)...].joined(separator: "/")
    let before = parts[..<index].joined(separator: "/")
    folder = URL(fileURLWithPath: before.isEmpty ? (index == 0 ? "." : "/") : before, isDirectory: true)
  }

  /// What is wrong with a text that is no such path, and how it is written.
  package static func refusal(of path: String) -> String {
    let (stars, own) = (path.count { $0 == "*" }, URL(fileURLWithPath: path))
    if stars > 1 {
      return
        "it has \(stars) stars, and one stands for the case's name, by which images and masks are paired: write the folder's own"
        + " name in the place of the other"
    }
    guard VolumeList.isFolder(own) else {
      return FileManager.default.fileExists(atPath: path)
        ? "it is one file: write * in the place of the case's name, and quotes around all, or the shell puts files in its place"
        : "it has no *, which stands for the case's name, as in 'scans/*/t2.nii.gz' or 'labels/*_seg.nii'"
    }
    let names = ((try? VolumeFolder.names(in: own)) ?? []).filter { !$0.hasPrefix(".") && NIfTIFiles.stem($0) != nil }
    let isOfChannels = !names.isEmpty && names.allSatisfy { NIfTIFiles.stem($0)?.firstMatch(of: /_\d{4}$/) != nil }
    let ending = names.first.map { name in String(name.dropFirst(NIfTIFiles.stem(name)?.count ?? 0)) } ?? ".nii.gz"
    let meant = own.relativePath.hasSuffix("/") ? String(own.relativePath.dropLast()) : own.relativePath
    return "it is a folder: write * in the place of the case's name,"
      + " \(ShellWord.quoted("\(meant)/*\(isOfChannels ? ChannelList.suffix(0) : "")\(ending)"))"
  }

  /// The case whose file or folder has this name; nil for others.
  func caseName(of name: String) -> String? {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix), name.count > prefix.count + suffix.count else { return nil }
    return String(name.dropFirst(prefix.count).dropLast(suffix.count))
  }

  /// Whether a name matches only when capitals do not count.
  func almostFinds(_ name: String) -> Bool {
    let (small, before, after) = (name.lowercased(), prefix.lowercased(), suffix.lowercased())
    return (!prefix.isEmpty || !suffix.isEmpty) && small.hasPrefix(before) && small.hasSuffix(after)
      && small.count > before.count + after.count
  }

  /// Whether folders bear the cases' names, and a file of one name lies in each.
  var isOfFolders: Bool { !rest.isEmpty }

  /// The pattern in the capitals of a name that it almost finds.
  func spelled(as name: String) -> CasePattern? {
    guard almostFinds(name) else { return nil }
    var one = self
    (one.prefix, one.suffix) = (String(name.prefix(prefix.count)), String(name.suffix(suffix.count)))
    return one
  }

  /// The pattern for another file in each case's folder.
  func withFile(_ name: String) -> CasePattern {
    var one = self
    one.rest = (rest.split(separator: "/").dropLast().map(String.init) + [name]).joined(separator: "/")
    return one
  }

  /// The pattern with text of a case's name put beside the star.
  func narrowed(by text: String, isBefore: Bool) -> CasePattern {
    var one = self
    if isBefore { one.prefix += text } else { one.suffix = text + suffix }
    return one
  }

  /// The pattern without the text before the star.
  var startingAnywhere: CasePattern {
    var one = self
    one.prefix = ""
    return one
  }

  /// What the star takes of the names in the folder.
  var names: [String] { ((try? VolumeFolder.names(in: folder)) ?? []).compactMap(caseName) }

  /// As it is given, with the folder's whole path.
  var path: String { folder.appendingPathComponent(path(of: "*")).path }

  /// The path below `folder` of a case's file.
  func path(of caseName: String) -> String { prefix + caseName + suffix + (rest.isEmpty ? "" : "/" + rest) }
}

extension Dataset {
  /// The images and masks that two patterns find, paired by the cases' names; throws every file without its other half.
  ///
  /// - Returns: a dataset that no manifest lists yet, with what was left out among its notices.
  package static func matching(images: CasePattern, masks: CasePattern) throws(DatasetErrors) -> Dataset {
    var problems: [DatasetProblem] = [images, masks].compactMap { pattern in
      let file = pattern.folder.appendingPathComponent(pattern.path(of: "*"))
      return NIfTIFiles.stem(file.lastPathComponent) == nil ? .volume(.unknownExtension(file: file.path)) : nil
    }
    guard problems.isEmpty else { throw DatasetErrors(problems) }
    var (pictures, labels) = (VolumeFolder(images), VolumeFolder(masks))
    if let cut = CutPattern(images, pictures, masks, labels) { throw DatasetErrors([cut.problem]) }
    if let empty = EmptyPattern("--images", images, pictures) ?? EmptyPattern("--masks", masks, labels) {
      throw DatasetErrors([empty.problem])
    }
    pictures.leaveOut(allOf: labels, .ofBothPatterns(isMask: true))
    labels.leaveOut(allOf: pictures, .ofBothPatterns(isMask: false))
    if let wide = WidePattern(images, pictures, masks, labels) { throw DatasetErrors([wide.problem]) }
    let cases = VolumeFolder.pair(
      images: pictures, labels: labels, imageName: images.path, labelName: masks.path, problems: &problems)
    if cases.isEmpty && problems.isEmpty {
      problems.append(.noCases(folder: images.folder.path, pattern: images.path(of: "*")))
    }
    guard problems.isEmpty else { throw DatasetErrors(problems) }
    return Dataset(
      root: images.folder, layout: .manifest, cases: cases, found: Found(pictures, labels),
      // Both patterns may look into the same folders.
      notices: pictures.notices + labels.notices.filter { !pictures.notices.contains($0) })
  }
}

extension DatasetCase {
  /// Names the patient by the case's name up to `text`; left alone where the name does not hold it, or begins with it.
  package mutating func takePatient(endingAt text: String) {
    guard let end = name.range(of: text)?.lowerBound, end > name.startIndex else { return }
    patient = String(name[..<end])
  }
}

import Foundation
import System

/// NIfTI files that a person gave, one by one or by their folder, and the case that each is of.
///
/// The case is the file's name without its ending, and without `_0000`, by which nnU-Net marks an image's first channel.
package struct VolumeList: Sendable {
  package struct Entry: Hashable, Sendable {
    package var name: String
    package var file: URL

    package init(name: String, file: URL) { (self.name, self.file) = (name, file) }
  }

  /// As they were given; those of one folder in natural order.
  package private(set) var entries: [Entry] = []
  /// What lies in a folder and is not taken.
  package private(set) var notices: [DatasetNotice] = []

  /// - Throws: a folder that cannot be read or holds no image, two files of one case, a name that no case can have. That
  ///   a single file is there is not checked.
  package init(_ paths: [URL]) throws(DatasetErrors) {
    var problems: [DatasetProblem] = []
    for path in paths {
      if Self.isFolder(path) { add(folder: path, &problems) } else { add(path) }
    }
    problems +=
      repeated() + entries.filter { !Self.isUsable($0.name) }.map { .badName(name: $0.name, file: $0.file.path) }
    if !problems.isEmpty { throw DatasetErrors(problems) }
  }

  package static func isFolder(_ path: URL) -> Bool {
    var status = stat()
    return stat(path.path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The case that a file is of.
  package static func caseName(of file: URL) -> String {
    let stem = NIfTIFiles.stem(file.lastPathComponent) ?? file.lastPathComponent
    return stem.hasSuffix(firstChannel) && stem.count > firstChannel.count
      ? String(stem.dropLast(firstChannel.count)) : stem
  }

  private static let firstChannel = "_0000"

  private mutating func add(_ file: URL) { entries.append(Entry(name: Self.caseName(of: file), file: file)) }

  private mutating func add(folder: URL, _ problems: inout [DatasetProblem]) {
    let names: [String]
    do throws(DatasetProblem) { names = try VolumeFolder.names(in: folder) } catch {
      problems.append(error)
      return
    }
    let before = entries.count
    let stems = Set(names.compactMap(NIfTIFiles.stem))
    for name in names.sorted(by: naturallyPrecedes) {
      let file = folder.appendingPathComponent(name)
      if let reason = Self.reason(against: name, in: folder, stems) {
        notices.append(.leftOut(file: file.path, reason: reason))
      } else if !name.hasPrefix("."), NIfTIFiles.stem(name) != nil, !Self.isFolder(file) {
        add(file)
      }
    }
    if entries.count == before { problems.append(.noCases(folder: folder.path, pattern: Self.wanted)) }
  }

  private static let wanted = "CASE.nii.gz or CASE.nii"

  /// Why an entry of a folder is not taken; nil for what is, and for what was never meant for an image.
  private static func reason(
    against name: String, in folder: URL, _ stems: Set<String>
  ) -> DatasetNotice.LeftOut? {
    guard !name.hasPrefix("."), let stem = NIfTIFiles.stem(name) else {
      let reason = DatasetNotice.LeftOut(entry: name, in: folder, wanted: wanted)
      return reason == .folder ? nil : reason
    }
    let end = stem.suffix(firstChannel.count)
    let isFurther =
      end != firstChannel && end.count == firstChannel.count && end.first == "_"
      && end.dropFirst().allSatisfy { ("0"..."9").contains($0) }
      && stems.contains(stem.dropLast(firstChannel.count) + firstChannel)
    return isFurther ? .channel : nil
  }

  private func repeated() -> [DatasetProblem] {
    var first: [String: URL] = [:]
    return entries.compactMap { entry in
      guard let known = first.updateValue(first[entry.name] ?? entry.file, forKey: entry.name) else { return nil }
      return .twoFiles(name: entry.name, first: known.path, second: entry.file.path)
    }
  }

  /// A case's name becomes the name of its label map.
  private static func isUsable(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix(".") && !name.contains("/") && name.utf8.count <= VolumeFolder.longestName
      && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}

import Foundation
import System

/// NIfTI files that a person gave, one by one or by their folder, and the case that each is of.
///
/// The case is the file's name without its ending, and without `_0000`, by which nnU-Net marks an image's first channel.
/// Networks that see one other channel take that one's mark.
package struct VolumeList: Sendable {
  package struct Entry: Hashable, Sendable {
    package var name: String
    /// Of the first channel.
    package var file: URL
    /// Of the others.
    package var further: [URL] = []

    package init(name: String, file: URL) { (self.name, self.file) = (name, file) }

    /// Of all channels.
    package var files: [URL] { [file] + further }
  }

  /// As they were given; those of one folder in natural order.
  package private(set) var entries: [Entry] = []
  /// What lies in a folder and is not taken.
  package private(set) var notices: [DatasetNotice] = []
  /// Of files that were given by their names: what makes it doubtful that one is the image that is meant.
  package private(set) var doubts: [String] = []
  private let channels: [Int]

  /// - Throws: a folder that cannot be read or holds no image, two files of one case, a name that no case can have. That
  ///   a single file is there is not checked.
  /// - Parameter channels: the numbers of those that make an image. With several, files are named as nnU-Net does,
  ///   `CASE_0000` and on, and a file of any of them stands for all that lie beside it.
  package init(_ paths: [URL], channels: [Int] = [0]) throws(DatasetErrors) {
    self.channels = channels
    var problems: [DatasetProblem] = []
    for path in paths {
      switch (channels.count == 1, Self.isFolder(path)) {
      case (true, true): add(folder: path, &problems)
      case (true, false): add(path, &problems)
      case (false, true): add(several: path, &problems)
      case (false, false): add(single: path, &problems)
      }
    }
    problems +=
      repeated() + entries.filter { !Self.isUsable($0.name) }.map { .badName(name: $0.name, file: $0.file.path) }
    if !problems.isEmpty { throw DatasetErrors(problems) }
  }

  package static func isFolder(_ path: URL) -> Bool {
    var status = stat()
    return stat(path.path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether volumes lie in a folder itself, by their names.
  package static func holdsVolumes(_ folder: URL) -> Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.contains { NIfTIFiles.stem($0) != nil }
  }

  /// The case that a file is of.
  package static func caseName(of file: URL) -> String { caseName(of: file, without: ChannelList.suffix(0)) }

  private static func caseName(of file: URL, without suffix: String) -> String {
    let stem = NIfTIFiles.stem(file.lastPathComponent) ?? file.lastPathComponent
    return stem.hasSuffix(suffix) && stem.count > suffix.count ? String(stem.dropLast(suffix.count)) : stem
  }

  /// By what the one channel that makes an image is marked.
  private var suffix: String { ChannelList.suffix(channels[0]) }

  private mutating func add(_ file: URL) {
    entries.append(Entry(name: Self.caseName(of: file, without: suffix), file: file))
  }

  /// A file that a person gave is the image, unless its name says that it is another channel.
  private mutating func add(_ file: URL, _ problems: inout [DatasetProblem]) {
    if let endings = CapitalEndings([file]) { return problems.append(.capitalEndings(endings)) }
    guard let stem = NIfTIFiles.stem(file.lastPathComponent), isOther(stem) else { return add(file) }
    if channels == [0] { return add(numbered: file, stem) }
    problems.append(.otherChannel(file: file.path, channel: channels[0], pattern: Self.pattern(channels)))
  }

  /// A case may be called so, unless its first channel lies beside it, as nnU-Net names them.
  private mutating func add(numbered file: URL, _ stem: String) {
    let ending = file.lastPathComponent.dropFirst(stem.count)
    let first = "\(stem.dropLast(suffix.count))\(suffix)\(ending)"
    let place = file.deletingLastPathComponent().appendingPathComponent(first)
    if FileManager.default.fileExists(atPath: place.path) {
      doubts.append(
        "\(file.path): its name is a further channel's, and the networks see channel 0 alone, which is \(first) beside it; what"
          + " they make of another says little")
    }
    add(file)
  }

  /// Whether a name ends in the number of a channel that is not the one that makes an image.
  private func isOther(_ stem: String) -> Bool {
    let end = stem.suffix(5)
    guard end.count == 5, end.first == "_", end.dropFirst().allSatisfy({ ("0"..."9").contains($0) }) else {
      return false
    }
    // Many a name ends in a year.
    return end != suffix && Int(end.dropFirst()).map { $0 < ChannelName.most } == true
  }

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
      if let reason = reason(against: name, in: folder, stems) {
        notices.append(.leftOut(file: file.path, reason: reason))
      } else if !name.hasPrefix("."), NIfTIFiles.stem(name) != nil, !Self.isFolder(file) {
        add(file)
      }
    }
    let inside = FoldersInside(of: folder).words
    guard entries.count == before else {
      if let inside { notices.append(.notLookedInto(folder: folder.path, inside: inside)) }
      return
    }
    if let problem = Self.notThese(folder, names) {
      problems.append(problem)
    } else if let endings = CapitalEndings(in: folder) {
      problems.append(.capitalEndings(endings))
    } else if let inside {
      problems.append(.volumesInside(folder: folder.path, inside: inside))
    } else {
      let pattern = channels == [0] ? Self.wanted : "\(Self.pattern(channels)) or \(Self.wanted)"
      problems.append(.noCases(folder: folder.path, pattern: pattern))
    }
  }

  /// What is a folder without images most probably: of DICOM, or a dataset's, whose images and masks are one level further
  /// down.
  private static func notThese(_ folder: URL, _ names: [String]) -> DatasetProblem? {
    if let files = DICOMFiles(folder) { return .dicom(place: folder.path, files) }
    func inside(_ parts: [String]) -> [String] {
      parts.filter(names.contains).map { folder.appendingPathComponent($0).path }
    }
    let (images, masks) = (inside(["imagesTs", "imagesTr", "MR"]), inside(["labelsTs", "labelsTr", "Mask"]))
    return images.isEmpty && masks.isEmpty
      ? nil : .datasetForVolumes(folder: folder.path, images: images, masks: masks)
  }

  private static let wanted = "CASE.nii.gz or CASE.nii"

  /// Why an entry of a folder is not taken; nil for what is, and for what was never meant for an image.
  private func reason(
    against name: String, in folder: URL, _ stems: Set<String>
  ) -> DatasetNotice.LeftOut? {
    guard !name.hasPrefix("."), let stem = NIfTIFiles.stem(name) else {
      let reason = DatasetNotice.LeftOut(entry: name, in: folder, wanted: Self.wanted)
      return reason == .folder ? nil : reason
    }
    guard channels == [0] else { return isOther(stem) ? .channel : nil }
    let end = stem.suffix(suffix.count)
    let isFurther =
      end != suffix && end.count == suffix.count && end.first == "_"
      && end.dropFirst().allSatisfy { ("0"..."9").contains($0) }
      && stems.contains(stem.dropLast(suffix.count) + suffix)
    return isFurther ? .channel : nil
  }

  private func repeated() -> [DatasetProblem] {
    var first: [String: URL] = [:]
    return entries.compactMap { entry in
      guard let known = first.updateValue(first[entry.name] ?? entry.file, forKey: entry.name) else { return nil }
      if RegularFile.areOne(known, entry.file) { return .givenTwice(file: entry.file.path, first: known.path) }
      return .twoFiles(name: entry.name, first: known.path, second: entry.file.path)
    }
  }

  /// A case's name becomes the name of its label map.
  private static func isUsable(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix(".") && !name.contains("/") && name.utf8.count <= VolumeFolder.longestName
      && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}

// MARK: Images of several channels

extension VolumeList {
  /// Every image of the channels that are asked for; what lacks one is a problem, what is no such image is left out.
  private mutating func add(several folder: URL, _ problems: inout [DatasetProblem]) {
    let (before, earlier) = (entries.count, problems.count)
    let folders = ChannelFolders(folder, channels)
    notices += folders.notices
    problems += folders.first.problems
    add(folders.folders.map(\.files), &problems, in: folder)
    if entries.count == before, let names = try? VolumeFolder.names(in: folder),
      let problem = Self.notThese(folder, names)
    {
      problems = Array(problems.prefix(earlier)) + [problem]
    } else if entries.count == before, problems.count == earlier, let endings = CapitalEndings(in: folder) {
      problems.append(.capitalEndings(endings))
    } else if entries.count == before, problems.count == earlier {
      problems.append(.noCases(folder: folder.path, pattern: Self.pattern(channels)))
    }
  }

  private static func pattern(_ channels: [Int]) -> String {
    channels.map { "CASE\(ChannelList.suffix($0)).nii.gz" }.joined(separator: " with ")
  }

  private mutating func add(_ files: [[String: URL]], _ problems: inout [DatasetProblem], in folder: URL) {
    let names = Set(files.flatMap(\.keys)).sorted(by: naturallyPrecedes)
    for name in names {
      var found: [URL] = []
      for (number, files) in zip(channels, files) {
        if let file = files[name] {
          found.append(file)
        } else {
          let wanted = folder.appendingPathComponent("\(name)\(ChannelList.suffix(number)).nii.gz").path
          problems.append(.missingChannel(name: name, channel: number, wanted: wanted))
        }
      }
      guard found.count == channels.count else { continue }
      var entry = Entry(name: name, file: found[0])
      entry.further = Array(found.dropFirst())
      entries.append(entry)
    }
  }

  /// A file stands for its image: the other channels lie beside it.
  private mutating func add(single file: URL, _ problems: inout [DatasetProblem]) {
    let (folder, stem) = (file.deletingLastPathComponent(), NIfTIFiles.stem(file.lastPathComponent) ?? "")
    if let endings = CapitalEndings([file]) { return problems.append(.capitalEndings(endings)) }
    guard let own = channels.first(where: { stem.hasSuffix(ChannelList.suffix($0)) }) else {
      problems.append(.oneChannelOfMany(file: file.path, pattern: Self.pattern(channels)))
      return
    }
    let name = String(stem.dropLast(ChannelList.suffix(own).count))
    guard !entries.contains(where: { $0.files.map(\.path).contains(file.path) }) else { return }
    let ending = file.lastPathComponent.dropFirst(stem.count)
    let files = channels.map { number -> [String: URL] in
      let other = folder.appendingPathComponent("\(name)\(ChannelList.suffix(number))\(ending)")
      return FileManager.default.fileExists(atPath: other.path) ? [name: other] : [:]
    }
    add(files, &problems, in: folder)
  }
}

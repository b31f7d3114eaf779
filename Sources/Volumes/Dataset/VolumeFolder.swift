import Foundation
import System

/// The NIfTI files of one folder by the case they belong to, what is wrong with their names, and what is left out.
struct VolumeFolder {
  let folder: URL
  private(set) var files: [String: URL] = [:]
  private(set) var problems: [DatasetProblem] = []
  private(set) var notices: [DatasetNotice] = []
  /// Files that would be of a case if their endings were in small letters.
  private(set) var capitals: [String: URL] = [:]

  /// A folder beside one that is not there, of a name like its own: in other capitals, or a part of it.
  private static func likeName(of folder: URL) -> String? {
    let (parent, wanted) = (folder.deletingLastPathComponent(), folder.lastPathComponent.lowercased())
    let names = ((try? names(in: parent)) ?? []).filter { VolumeList.isFolder(parent.appendingPathComponent($0)) }
    let like =
      names.first { $0.lowercased() == wanted } ?? names.first { wanted.hasPrefix($0.lowercased()) }
      ?? names.first { $0.lowercased().hasPrefix(wanted) }
    return like.map { parent.appendingPathComponent($0).path }
  }

  /// - Parameters:
  ///   - wanted: what a file is called here, for those that are called otherwise.
  ///   - caseName: the case a file stem belongs to; nil for files that are none of this folder's business.
  init(_ folder: URL, wanted: String, caseName: (String) -> String?) {
    self.folder = folder
    var status = stat()
    if lstat(folder.path, &status) != 0, errno == ENOENT {
      problems.append(.missingFolder(folder: folder.path, wanted: wanted, nearest: Self.likeName(of: folder)))
      return
    }
    do {
      for name in try Self.names(in: folder) {
        if !name.hasPrefix("."), let stem = NIfTIFiles.stem(name), let one = caseName(stem) {
          add(one, folder.appendingPathComponent(name))
        } else if let reason = DatasetNotice.LeftOut(entry: name, in: folder, wanted: wanted) {
          leaveOut(folder.appendingPathComponent(name), reason)
          if reason == .capitals, let stem = NIfTIFiles.inSmallLetters(name).flatMap(NIfTIFiles.stem),
            let one = caseName(stem)
          {
            capitals[one] = folder.appendingPathComponent(name)
          }
        }
      }
    } catch {
      problems.append(error)
    }
  }

  /// The files that a pattern finds; a folder or link that matches it without its file is left out, and said.
  init(_ pattern: CasePattern) {
    folder = pattern.folder
    do {
      for name in try Self.names(in: folder) {
        guard let one = pattern.caseName(of: name) else {
          if pattern.almostFinds(name) {
            leaveOut(folder.appendingPathComponent(name), .name(wanted: pattern.path(of: "*")))
          }
          continue
        }
        let file = folder.appendingPathComponent(pattern.path(of: one))
        if name.hasPrefix(".") {
          let reason: DatasetNotice.LeftOut = name.hasPrefix("._") ? .macOS : .hidden
          if FileManager.default.fileExists(atPath: file.path) { leaveOut(file, reason) }
        } else if let reason = Self.absence(of: file) {
          leaveOut(folder.appendingPathComponent(name), reason)
        } else if FileManager.default.fileExists(atPath: file.path) {
          add(one, file)
        }
      }
    } catch {
      problems.append(error)
    }
  }

  /// Files that were found already, each with its case's name; a link to what is not there is left out, and said.
  init(_ folder: URL, files: [(caseName: String, file: URL)]) {
    self.folder = folder
    for (name, file) in files {
      if let link = DeadLink(at: file) { leaveOut(file, .deadLink(link)) } else { add(name, file) }
    }
  }

  /// Why a file that a pattern asks for is not there; nil where it is, or where what matches was never meant.
  private static func absence(of file: URL) -> DatasetNotice.LeftOut? {
    var status = stat()
    if stat(file.path, &status) == 0 { return nil }
    let code = errno
    if code == ENOTDIR { return nil }
    if let link = DeadLink(at: file) { return .deadLink(link) }
    guard code == ENOENT else { return .unreadable(reason: String(cString: strerror(code))) }
    let wanted = file.lastPathComponent
    let names = (try? FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent().path)) ?? []
    if let other = names.sorted().first(where: { $0.lowercased() == wanted.lowercased() }) {
      return .spelled(found: other)
    }
    return .absent(wanted: wanted)
  }

  /// Files that are there, taken or not.
  var found: Int {
    files.count
      + notices.count { notice in
        if case .leftOut(_, let reason) = notice { reason.isFile } else { false }
      }
  }

  private mutating func leaveOut(_ file: URL, _ reason: DatasetNotice.LeftOut) {
    notices.append(.leftOut(file: file.path, reason: reason))
  }

  /// Leaves out what another pattern finds too, where that pattern finds nothing else and this one does.
  mutating func leaveOut(allOf other: VolumeFolder, _ reason: DatasetNotice.LeftOut) {
    let others = Set(other.files.values.map(\.standardizedFileURL.path))
    let shared = files.filter { others.contains($0.value.standardizedFileURL.path) }
    guard shared.count == others.count, shared.count < files.count else { return }
    for (name, file) in shared.sorted(by: { naturallyPrecedes($0.key, $1.key) }) {
      files[name] = nil
      leaveOut(file, reason)
    }
  }

  /// Where a file that belongs here lies one folder further down.
  private func lower(_ name: String) -> String? {
    notices.lazy.compactMap { notice -> String? in
      guard case .leftOut(let inner, .folder) = notice else { return nil }
      let file = "\(inner)/\(name)"
      return FileManager.default.fileExists(atPath: file) ? file : nil
    }.first
  }

  /// What is in a folder, sorted.
  static func names(in folder: URL) throws(DatasetProblem) -> [String] {
    // Foundation's error would not say which of "absent", "no folder" and "no permission" it was, and it passes over names
    // that are no text.
    do throws(SystemError) { return try Folder.names(in: folder).sorted() } catch {
      throw .unread(error.file, reason: error.reason, remedy: error.advice)
    }
  }

  /// The bytes of a small file: a table or a description of a dataset, never an image.
  static func content(of file: URL) throws(DatasetProblem) -> Data {
    do { return try RegularFile.read(file, limit: 1 << 26) } catch {
      throw .unread(file, error)
    }
  }

  private mutating func add(_ name: String, _ file: URL) {
    if let first = files[name] {
      problems.append(.twoFiles(name: name, first: first.path, second: file.path))
    } else if !Self.isGoodName(name) {
      problems.append(.badName(name: name, file: file.path))
    } else {
      files[name] = file
    }
  }

  /// Bytes of a case's name: with what files are called while they are written it must fit the 255 of a file's name.
  static let longestName = 200

  /// Case names become file names of the cache and keys in tables: letters of any script with their marks, digits, and
  /// a few signs.
  static func isGoodName(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first, name.utf8.count <= longestName else { return false }
    let isGood = name.unicodeScalars.allSatisfy { isLetter($0) || isMark($0) || "._-+".unicodeScalars.contains($0) }
    return isGood && isLetter(first)
  }

  /// Of any script; digits too.
  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.generalCategory == .decimalNumber
  }

  /// Accents and vowel signs that follow a letter, and the two joiners that Indic and Persian spelling needs.
  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark: true
    default: scalar.value == 0x200C || scalar.value == 0x200D
    }
  }

  /// Pairs images with masks by case name; a file without its other half is a problem.
  static func pair(
    images: VolumeFolder, labels: VolumeFolder, imageName: @escaping (String) -> String,
    labelName: @escaping (String) -> String,
    problems: inout [DatasetProblem]
  ) -> [DatasetCase] {
    problems += images.problems + labels.problems
    // A folder that cannot be listed has one problem, not one for each file of the other folder.
    guard !(images.problems + labels.problems).contains(where: \.isUnreadable) else { return [] }
    if let one = exchanged(images: images, labels: labels, imageName: imageName, labelName: labelName) {
      problems.append(one)
      return []
    }
    var unpaired = Unpaired(images: images, labels: labels, imageName: imageName, labelName: labelName)
    unpaired.explain()
    problems += unpaired.problems
    let lone = images.files.filter { labels.files[$0.key] == nil }
    let isWhole = labels.files.keys.allSatisfy { images.files[$0] != nil }
    let left = isWhole ? nil : NearImages(images, among: labels.files.keys)
    for (name, label) in labels.files.sorted(by: { naturallyPrecedes($0.key, $1.key) })
    where images.files[name] == nil && !unpaired.told.contains(name) {
      let wanted = images.folder.appendingPathComponent(imageName(name)).path
      let longer = lone.filter { NearImages.ends($0.key, with: name) }
      problems.append(
        .missingImage(
          label: label.path, wanted: wanted, found: images.lower(imageName(name)),
          near: longer.map(\.value.path).min() ?? left?.near(name, called: imageName(name))))
    }
    return images.files.sorted(by: { naturallyPrecedes($0.key, $1.key) }).compactMap { name, image in
      guard let label = labels.files[name] else {
        guard !unpaired.told.contains(name) else { return nil }
        let wanted = labels.folder.appendingPathComponent(labelName(name)).path
        problems.append(.missingMask(image: image.path, wanted: wanted, found: labels.lower(labelName(name))))
        return nil
      }
      if RegularFile.areOne(image, label) {
        problems.append(.imageAsMask(image: image.path, label: label.path))
        return nil
      }
      return DatasetCase(name: name, image: image, label: label)
    }
  }
}

extension DatasetProblem {
  fileprivate var isUnreadable: Bool {
    switch self {
    case .unreadable, .deadLink, .missingFolder: true
    default: false
    }
  }
}

extension DatasetNotice.LeftOut {
  /// Whether a file of this name is there.
  fileprivate var isFile: Bool {
    switch self {
    case .folder, .absent, .macOS, .hidden, .ofBothPatterns: false
    case .name, .ending, .capitals, .channel, .deadLink, .spelled, .unreadable, .beside: true
    }
  }
}

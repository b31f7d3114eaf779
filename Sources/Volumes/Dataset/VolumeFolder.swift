import Foundation

/// The NIfTI files of one folder by the case they belong to, and what is wrong with their names.
struct VolumeFolder {
  let folder: URL
  private(set) var files: [String: URL] = [:]
  private(set) var problems: [DatasetProblem] = []

  /// - Parameters:
  ///   - caseName: the case a file stem belongs to; nil for files that are none of this folder's business.
  init(_ folder: URL, caseName: (String) -> String?) {
    self.folder = folder
    do {
      for name in try Self.names(in: folder) {
        // Hidden files are other programs' leftovers.
        guard !name.hasPrefix("."), let stem = NIfTIFiles.stem(name), let one = caseName(stem) else { continue }
        add(one, folder.appendingPathComponent(name))
      }
    } catch {
      problems.append(error)
    }
  }

  /// The files that a pattern finds.
  init(_ pattern: CasePattern) {
    folder = pattern.folder
    do {
      for name in try Self.names(in: folder) {
        guard let one = pattern.caseName(of: name) else { continue }
        let file = folder.appendingPathComponent(pattern.path(of: one))
        if FileManager.default.fileExists(atPath: file.path) { add(one, file) }
      }
    } catch {
      problems.append(error)
    }
  }

  /// What is in a folder, sorted.
  static func names(in folder: URL) throws(DatasetProblem) -> [String] {
    // Foundation's error would not say which of "absent", "no folder" and "no permission" it was.
    guard let handle = opendir(folder.path) else {
      throw .unreadable(file: folder.path, reason: String(cString: strerror(errno)))
    }
    closedir(handle)
    do { return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() } catch {
      throw .unreadable(file: folder.path, reason: error.localizedDescription)
    }
  }

  /// Says why a file cannot be opened, which Foundation's errors do not.
  static func checkReadable(_ file: URL) throws(DatasetProblem) {
    let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(file: file.path, reason: String(cString: strerror(errno))) }
    close(descriptor)
  }

  /// The bytes of a small file.
  static func content(of file: URL) throws(DatasetProblem) -> Data {
    try checkReadable(file)
    do { return try Data(contentsOf: file) } catch {
      throw .unreadable(file: file.path, reason: error.localizedDescription)
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

  /// Case names become file names of the cache and keys in tables.
  static func isGoodName(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first, name.unicodeScalars.count <= 128 else { return false }
    let letters = name.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || isDigit($0) || "._-+".unicodeScalars.contains($0)
    }
    return letters && (first.properties.isAlphabetic || isDigit(first))
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  /// Pairs images with masks by case name; a file without its other half is a problem.
  static func pair(
    images: VolumeFolder, labels: VolumeFolder, imageName: (String) -> String, labelName: (String) -> String,
    problems: inout [DatasetProblem]
  ) -> [DatasetCase] {
    problems += images.problems + labels.problems
    // A folder that cannot be listed has one problem, not one for each file of the other folder.
    guard !(images.problems + labels.problems).contains(where: \.isUnreadable) else { return [] }
    for (name, label) in labels.files.sorted(by: { naturallyPrecedes($0.key, $1.key) })
    where images.files[name] == nil {
      let wanted = images.folder.appendingPathComponent(imageName(name)).path
      problems.append(.missingImage(label: label.path, wanted: wanted))
    }
    return images.files.sorted(by: { naturallyPrecedes($0.key, $1.key) }).compactMap { name, image in
      guard let label = labels.files[name] else {
        let wanted = labels.folder.appendingPathComponent(labelName(name)).path
        problems.append(.missingMask(image: image.path, wanted: wanted))
        return nil
      }
      return DatasetCase(name: name, image: image, label: label)
    }
  }
}

extension DatasetProblem {
  fileprivate var isUnreadable: Bool {
    if case .unreadable = self { true } else { false }
  }
}

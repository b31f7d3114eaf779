import Foundation

/// What lies beside the files that are taken, and may be the one that a case lacks.
extension VolumeFolder {
  /// The first file of a case that another channel's number marks.
  func otherChannel(of name: String) -> String? {
    notices.lazy.compactMap { notice -> String? in
      guard case .leftOut(let file, .channel) = notice,
        let stem = NIfTIFiles.stem(URL(fileURLWithPath: file).lastPathComponent)
      else { return nil }
      return stem.dropLast(5) == name ? file : nil
    }.first
  }

  /// The first file that begins with a case's name, as `c1_T2.nii.gz`, and with no longer one.
  ///
  /// - Parameter names: of all cases.
  func begun(by name: String, among names: Dictionary<String, URL>.Keys) -> String? {
    notices.lazy.compactMap { notice -> String? in
      guard case .leftOut(let file, .name) = notice,
        let stem = NIfTIFiles.stem(URL(fileURLWithPath: file).lastPathComponent), Self.begins(stem, with: name),
        !names.contains(where: { $0.count > name.count && Self.begins(stem, with: $0) })
      else { return nil }
      return file
    }.first
  }

  private static func begins(_ stem: String, with name: String) -> Bool {
    guard stem.hasPrefix(name) else { return false }
    return stem.dropFirst(name.count).first.map { !$0.isLetter && !$0.isNumber } ?? false
  }
}

import Foundation

/// What lies beside the images that are taken, and may be one that a case lacks.
struct NearImages {
  /// Files that are left out, with their names without endings.
  private let left: [(file: String, stem: String)]
  private let byStem: [String: String]
  private let byCase: [String: String]
  private let byPlain: [String: String]
  private let names: Dictionary<String, URL>.Keys

  /// - Parameters:
  ///   - names: of all cases.
  ///   - taken: files that other channels have.
  init(_ folder: VolumeFolder, among names: Dictionary<String, URL>.Keys, taken: Set<String> = []) {
    let files = folder.notices.compactMap { notice -> (file: String, stem: String)? in
      switch notice {
      case .leftOut(let file, .name), .leftOut(let file, .ending), .leftOut(let file, .channel):
        taken.contains(file) ? nil : (file, Self.stem(file))
      default: nil
      }
    }
    (self.names, left) = (names, files)
    func index(_ key: (String) -> String) -> [String: String] {
      Dictionary(files.map { (key($0.stem), $0.file) }, uniquingKeysWith: { first, _ in first })
    }
    byStem = index { $0 }
    byCase = index { stem in stem.wholeMatch(of: /(?<name>.+)_[0-9]{4}/).map { String($0.name) } ?? "" }
    byPlain = index(Unpaired.plain)
  }

  /// The first file that is called as the wanted one but for its ending, or as the case alone; with another channel's number; in
  /// other letters; with more behind the case's name, as `c1_T2.nii.gz`, or before it, and with no longer name there.
  ///
  /// - Parameter file: what it would have to be called.
  func near(_ name: String, called file: String) -> String? {
    let wanted = NIfTIFiles.stem(file) ?? file
    return byStem[wanted] ?? byStem[name] ?? byCase[name] ?? byPlain[Unpaired.plain(name)]
      ?? first(Self.begins, name) ?? first(Self.ends, name)
  }

  private func first(_ holds: (String, String) -> Bool, _ name: String) -> String? {
    left.first { one in
      holds(one.stem, name) && !names.contains { $0.count > name.count && holds(one.stem, $0) }
    }?.file
  }

  private static func stem(_ path: String) -> String {
    let file = URL(fileURLWithPath: path)
    return NIfTIFiles.stem(file.lastPathComponent) ?? file.deletingPathExtension().lastPathComponent
  }

  private static func begins(_ stem: String, with name: String) -> Bool {
    guard stem.hasPrefix(name) else { return false }
    return stem.dropFirst(name.count).first.map { !$0.isLetter && !$0.isNumber } ?? false
  }

  /// As `sub-c1` or `T2_c1`.
  static func ends(_ stem: String, with name: String) -> Bool {
    guard stem.hasSuffix(name) else { return false }
    return stem.dropLast(name.count).last.map { !$0.isLetter && !$0.isNumber } ?? false
  }
}

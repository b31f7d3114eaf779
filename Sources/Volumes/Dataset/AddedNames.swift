import Foundation
import Text

/// Masks that are called as their images are, with a word before or behind: `c1_seg.nii.gz` of `c1_0000.nii.gz`.
struct AddedNames {
  typealias Mask = (name: String, file: URL)

  /// Those with one addition.
  struct Group {
    /// What all of them have: `_seg`, or `seg_` before the name.
    let addition: String
    let isBefore: Bool
    fileprivate(set) var masks: [Mask] = []
    /// The cases that they are of.
    fileprivate(set) var cases: Set<String> = []
  }

  let groups: [Group]
  /// Masks of an image of which there are more than one: parts, or opinions.
  let several: [String: [Mask]]

  /// - Parameters:
  ///   - masks: those without an image.
  ///   - images: the cases without a mask.
  init(_ masks: [Mask], of images: Set<String>) {
    var (groups, claims): ([String: Group], [String: [Mask]]) = ([:], [:])
    for mask in masks {
      guard let (name, addition, isBefore) = Self.match(mask.name, images) else { continue }
      let key = addition + (isBefore ? "*" : "") + Self.ending(of: mask.file)
      var group = groups[key] ?? Group(addition: addition, isBefore: isBefore)
      group.masks.append(mask)
      group.cases.insert(name)
      groups[key] = group
      claims[name, default: []].append(mask)
    }
    several = claims.filter { $0.value.count > 1 }
    let shared = Set(several.keys)
    self.groups = groups.sorted { $0.key < $1.key }.map(\.value).filter { $0.cases.isDisjoint(with: shared) }
  }

  fileprivate static func ending(of file: URL) -> Substring {
    let name = file.lastPathComponent
    return name.dropFirst(NIfTIFiles.stem(name)?.count ?? 0)
  }

  private static func match(_ mask: String, _ images: Set<String>) -> (String, addition: String, isBefore: Bool)? {
    let marks = "_-."
    let cuts = mask.indices.filter { marks.contains(mask[$0]) }
    for cut in cuts.reversed() where images.contains(String(mask[..<cut])) {
      return (String(mask[..<cut]), String(mask[cut...]), false)
    }
    for cut in cuts where images.contains(String(mask[mask.index(after: cut)...])) {
      return (String(mask[mask.index(after: cut)...]), String(mask[...cut]), true)
    }
    return nil
  }
}

extension AddedNames.Group {
  /// How they are renamed in a shell.
  var remedy: String {
    guard let file = masks.first?.file else { return "" }
    let folder = ShellWord.quoted(file.deletingLastPathComponent().path)
    let (ending, added) = (AddedNames.ending(of: file), ShellWord.quoted(addition))
    return isBefore
      ? "cd \(folder) && for f in \(added)*\(ending); do mv -n \"$f\" \"${f#\(addition)}\"; done"
      : "cd \(folder) && for f in *\(added)\(ending); do mv -n \"$f\" \"${f%\(addition)\(ending)}\(ending)\"; done"
  }
}

import Foundation

/// Images without a mask, and masks without an image: why that most probably is.
struct Unpaired {
  private let images: VolumeFolder
  private let labels: VolumeFolder
  private let imageName: (String) -> String
  private let labelName: (String) -> String
  private(set) var problems: [DatasetProblem] = []
  /// Names, of either, of which everything is said.
  private(set) var told: Set<String> = []

  /// - Parameter imageName, labelName: what the files of a case are called.
  init(
    images: VolumeFolder, labels: VolumeFolder, imageName: @escaping (String) -> String,
    labelName: @escaping (String) -> String
  ) {
    (self.images, self.labels, self.imageName, self.labelName) = (images, labels, imageName, labelName)
  }

  mutating func explain() {
    capitals()
    lonelyFolders()
    misnamedMasks()
    noMasks()
    channels()
    misnamedImages()
    additions()
    spellings()
  }

  /// Masks of which nothing was said.
  private var masks: [(name: String, file: URL)] {
    labels.files.filter { images.files[$0.key] == nil && !told.contains($0.key) }.map { (name: $0.key, file: $0.value) }
      .sorted { naturallyPrecedes($0.name, $1.name) }
  }

  /// Cases of images of which nothing was said.
  private var cases: [String] {
    images.files.keys.filter { labels.files[$0] == nil && !told.contains($0) }.sorted(by: naturallyPrecedes)
  }

  /// Files that are there but for the letters of their endings: what lacks one, or all of a dataset.
  private mutating func capitals() {
    let isAll = images.files.isEmpty && labels.files.isEmpty
    let found = [(images, labels), (labels, images)].flatMap { folder, others in
      folder.capitals.filter { folder.files[$0.key] == nil && (isAll || others.files[$0.key] != nil) }
    }
    guard let endings = CapitalEndings(found.map(\.value)) else { return }
    problems.append(.capitalEndings(endings))
    told.formUnion(found.map(\.key))
  }

  /// A folder in the place of each file.
  private mutating func lonelyFolders() {
    for (folder, others, name) in [(images, labels, imageName), (labels, images, labelName)] {
      let found = folder.notices.compactMap { notice -> (name: String, path: String)? in
        guard case .leftOut(let path, .folder) = notice else { return nil }
        let own = URL(fileURLWithPath: path).lastPathComponent
        return others.files[own] != nil && folder.files[own] == nil ? (own, path) : nil
      }.sorted { naturallyPrecedes($0.name, $1.name) }
      guard let first = found.first else { continue }
      let wanted = folder.folder.appendingPathComponent(name(first.name)).path
      problems.append(.foldersForFiles(folders: found.map(\.path), wanted: wanted))
      told.formUnion(found.map(\.name))
    }
  }

  /// Masks that are called as their images, or nearly as masks are. What a pattern leaves out is told by it.
  private mutating func misnamedMasks() {
    let left = labels.notices.compactMap { notice -> (file: String, name: String)? in
      guard case .leftOut(let file, .name(let pattern)) = notice, !pattern.contains("*") else { return nil }
      return NIfTIFiles.stem(URL(fileURLWithPath: file).lastPathComponent).map { (file, Self.plain($0)) }
    }
    guard !left.isEmpty else { return }
    let pairs = cases.compactMap { name -> (file: String, name: String)? in
      let wanted = NIfTIFiles.stem(labelName(name)).map(Self.plain)
      let like = left.filter { $0.name == Self.plain(name) || $0.name == wanted }
      return like.count == 1 ? (like[0].file, name) : nil
    }
    guard !pairs.isEmpty else { return }
    problems.append(.misnamedMasks(masks: pairs.map(\.file), wanted: pairs.map { labelName($0.name) }))
    told.formUnion(pairs.map(\.name))
  }

  private mutating func noMasks() {
    let waiting = cases
    guard labels.files.isEmpty, waiting.count > 1 else { return }
    let foreign = labels.notices.compactMap { notice -> String? in
      if case .leftOut(let file, .ending) = notice { file } else { nil }
    }
    problems.append(
      .noMasks(
        folder: labels.folder.path, wanted: labelName(waiting[0]), images: waiting.count, found: foreign.first))
    told.formUnion(waiting)
  }

  /// nnU-Net's images end in a channel's number, and its masks do not.
  private mutating func channels() {
    for mask in masks {
      let meant = VolumeList.caseName(of: mask.file)
      guard meant != mask.name, images.files[meant] != nil, labels.files[meant] == nil else { continue }
      problems.append(.misnamedMask(file: mask.file.path))
      told.formUnion([mask.name, meant])
    }
  }

  /// Images that are called as their masks, as version 1 of nnU-Net had it, or with another number behind the name.
  private mutating func misnamedImages() {
    // Where any image has its first channel, what lacks it lacks a file.
    let hasFirst = !images.files.isEmpty
    let left = images.notices.compactMap { notice -> (file: URL, pattern: String)? in
      switch notice {
      case .leftOut(let file, .name(let pattern)): (URL(fileURLWithPath: file), pattern)
      case .leftOut(let file, .channel) where !hasFirst:
        (URL(fileURLWithPath: file), "NAME\(ChannelList.suffix(0)).nii.gz")
      default: nil
      }
    }
    for mask in masks {
      let like = left.filter { one in
        guard let stem = NIfTIFiles.stem(one.file.lastPathComponent) else { return false }
        return stem == mask.name || stem.wholeMatch(of: /(?<name>.+)_[0-9]+/).map { $0.name == mask.name } == true
      }
      guard like.count == 1 else { continue }
      problems.append(.misnamedImage(file: like[0].file.path, pattern: like[0].pattern))
      told.insert(mask.name)
    }
  }

  private mutating func additions() {
    let names = AddedNames(masks, of: Set(cases))
    for group in names.groups {
      let first = group.cases.min(by: naturallyPrecedes) ?? ""
      problems.append(
        .addedNames(
          masks: group.masks.map(\.file.path), addition: group.addition, wanted: labelName(first), remedy: group.remedy)
      )
      told.formUnion(group.cases.union(group.masks.map(\.name)))
    }
    let parts = names.several.sorted { naturallyPrecedes($0.key, $1.key) }
    guard let (name, masks) = parts.first else { return }
    problems.append(.maskParts(masks: masks.map(\.file.path), wanted: labelName(name), images: parts.count))
    for (name, masks) in parts { told.formUnion([name] + masks.map(\.name)) }
  }

  /// Capitals, zeros before a number and joints do not tell cases apart.
  static func plain(_ name: String) -> String {
    let signs = name.lowercased().filter { $0.isLetter || $0.isNumber }
    return signs.replacing(/[0-9]+/) { $0.output.dropLast().drop { $0 == "0" } + $0.output.suffix(1) }
  }

  private mutating func spellings() {
    let (waiting, lonely) = (
      Dictionary(grouping: cases, by: Self.plain), Dictionary(grouping: masks) { Self.plain($0.name) }
    )
    let pairs = lonely.compactMap { key, masks -> (mask: (name: String, file: URL), name: String)? in
      guard masks.count == 1, let names = waiting[key], names.count == 1 else { return nil }
      return (masks[0], names[0])
    }.sorted { naturallyPrecedes($0.name, $1.name) }
    guard !pairs.isEmpty else { return }
    problems.append(
      .otherSpelling(masks: pairs.map(\.mask.file.path), wanted: pairs.map { labelName($0.name) }))
    told.formUnion(pairs.flatMap { [$0.name, $0.mask.name] })
  }
}

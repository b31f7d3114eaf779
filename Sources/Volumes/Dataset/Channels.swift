import Foundation
import JSON

/// One channel of a dataset's images, as an experiment names it.
package enum ChannelName: Hashable, Sendable {
  /// As files are numbered: `NAME_0001` is channel 1.
  case number(Int)
  /// As `channel_names` of dataset.json calls it.
  case name(String)

  /// Channels that an image can have.
  package static let most = 16
  /// The last number that four digits of a file's name hold.
  package static let largest = 9999
}

/// Which channels of a dataset's images are read.
package enum ChannelChoice: Hashable, Sendable {
  /// Nobody says: channel 0 of images that have one channel.
  case unsaid
  /// As many as dataset.json names.
  case all
  /// These, in this order.
  case these([ChannelName])
}

/// The channels of nnU-Net's `channel_names` (`modality` in version 1), by their numbers.
struct ChannelList {
  /// By number; nil where dataset.json has no such field.
  let names: [String]?
  /// What keeps the names from being counted; nil: nothing.
  private let flaw: String?

  init(_ content: JSONNode.Content?) {
    func text(_ node: JSONNode, _ number: String) -> String { node.text ?? number }
    switch content {
    case .object(let members)?:
      let numbers = members.map { Int($0.key) }
      let isCounted = !numbers.contains(nil)
      let sorted = members.sorted { (Int($0.key) ?? .max, $0.key) < (Int($1.key) ?? .max, $1.key) }
      // Version 1 of some has names for keys; then their order is the channels'.
      names = (isCounted ? sorted : members).map { text($0.node, $0.key) }
      // A single channel was always the first, whatever its key.
      let isWhole = !isCounted || members.count == 1 || sorted.map { Int($0.key) } == Array(0..<members.count)
      let keys = sorted.map(\.key).joined(separator: ", ")
      flaw =
        members.isEmpty
        ? Self.noName
        : isWhole
          ? nil
          : "the numbers \(keys), and nnU-Net counts from 0 without gaps, here and in the files (the first is NAME_0000.nii.gz);"
            + " number both so"
    case .array(let elements)?:
      names = elements.enumerated().map { text($0.element, "\($0.offset)") }
      flaw = elements.isEmpty ? Self.noName : nil
    default: (names, flaw) = (nil, nil)
    }
  }

  /// As they are called, in order; nil: one, of no name.
  init(named names: [String]?) { (self.names, flaw) = (names, nil) }

  private static let noName = "no channel; nnU-Net writes such as {\"0\": \"T2\"}"

  /// What `NNUNetMetadata` says of them: `0 T1, 1 T2`.
  static func words(_ names: [String]) -> String {
    DatasetNotice.shortList(names.enumerated().map { "\($0.offset) \($0.element)" })
  }

  /// The numbers that are meant, or why there are none such.
  func numbers(of choice: ChannelChoice) -> Result<[Int], Refusal> {
    if let flaw { return .failure(Refusal("it has \(flaw)")) }
    switch choice {
    case .unsaid:
      guard let names, names.count != 1 else { return .success([0]) }
      let all = names.indices.map { "\($0)" }.joined(separator: ", ")
      return .failure(
        Refusal(
          "\(names.count) channels (\(Self.words(names))), and nobody says which are read. In the experiment write \"channels\":"
            + " [\(all)] below dataset for all, or [0] for the first alone"))
    case .all: return .success(names.map { Array($0.indices) } ?? [0])
    case .these(let wanted):
      var numbers: [Int] = []
      for one in wanted {
        switch number(of: one) {
        case .success(let number) where numbers.contains(number):
          return .failure(Refusal("channel \(number) is asked for twice (dataset.channels)"))
        case .success(let number): numbers.append(number)
        case .failure(let refusal): return .failure(refusal)
        }
      }
      return .success(numbers)
    }
  }

  private func number(of one: ChannelName) -> Result<Int, Refusal> {
    let known = names.map(Self.words) ?? "none"
    switch one {
    case .number(let number):
      if let names, number >= names.count {
        return .failure(
          Refusal("has no channel \(number); it has \(known) (dataset.channels asks for it)", missing: number))
      }
      return .success(number)
    case .name(let name):
      guard let number = names?.firstIndex(of: name) else {
        return .failure(Refusal("has no channel \"\(name)\"; it has \(known) (dataset.channels asks for it)"))
      }
      return .success(number)
    }
  }

  struct Refusal: Error {
    let reason: String
    /// The number of a channel that is asked for and has no name.
    let missing: Int?

    init(_ reason: String, missing: Int? = nil) { (self.reason, self.missing) = (reason, missing) }
  }

  /// `_0001`: how the names of a channel's files end.
  static func suffix(_ number: Int) -> String {
    "_" + String(repeating: "0", count: max(0, 4 - "\(number)".count)) + "\(number)"
  }
}

/// The files of some channels of nnU-Net's images.
struct ChannelFolders {
  /// Of the channels in their order, at least one.
  let folders: [VolumeFolder]
  private let numbers: [Int]

  init(_ folder: URL, _ numbers: [Int]) {
    self.numbers = numbers
    folders = numbers.map { number in
      let suffix = ChannelList.suffix(number)
      return VolumeFolder(folder, wanted: "NAME\(suffix).nii.gz") { stem in
        stem.hasSuffix(suffix) ? String(stem.dropLast(suffix.count)) : nil
      }
    }
  }

  var first: VolumeFolder { folders[0] }

  /// What no channel that is read takes.
  var notices: [DatasetNotice] {
    guard folders.count > 1 else { return first.notices }
    let taken = Set(folders.flatMap { $0.files.values.map(\.path) })
    return first.notices.filter { if case .leftOut(let file, _) = $0 { !taken.contains(file) } else { true } }
  }

  /// The cases with their further channels; a case that lacks one is a problem.
  ///
  /// - Parameter masks: a case without its first channel whose mask is there has that problem already.
  func completed(
    _ cases: [DatasetCase], masks: VolumeFolder, _ problems: inout [DatasetProblem]
  ) -> [DatasetCase] {
    guard folders.count > 1, first.problems.isEmpty else { return cases }
    problems += folders.dropFirst().flatMap(\.problems)
    func file(_ name: String, _ channel: Int) -> String {
      first.folder.appendingPathComponent("\(name)\(ChannelList.suffix(numbers[channel])).nii.gz").path
    }
    let strays = Set(folders.dropFirst().flatMap(\.files.keys)).subtracting(first.files.keys)
    let lone = strays.filter { masks.files[$0] == nil }.sorted(by: naturallyPrecedes)
    let spelled = Dictionary(grouping: lone, by: Unpaired.plain)
    // Under a name much like a case's own, where that lacks this channel.
    func stray(of name: String, _ channel: Int) -> String? {
      let files = folders[channel].files
      return spelled[Unpaired.plain(name)]?.first { files[$0] != nil }
        ?? lone.first { files[$0] != nil && NearImages.ends($0, with: name) }
    }
    let lacking = cases.flatMap { one in
      (1..<folders.count).filter { folders[$0].files[one.name] == nil }.map { (one.name, $0) }
    }
    let taken = Set(folders.flatMap { $0.files.values.map(\.path) })
    let left = lacking.isEmpty ? nil : NearImages(first, among: first.files.keys, taken: taken)
    let claimed = Set(lacking.compactMap { stray(of: $0, $1) })
    for name in lone where first.capitals[name] == nil && !claimed.contains(name) {
      problems.append(.missingChannel(name: name, channel: numbers[0], wanted: file(name, 0)))
    }
    var capitals = strays.compactMap { masks.files[$0] == nil ? first.capitals[$0] : nil }
    let completed = cases.map { one in
      var one = one
      for channel in 1..<folders.count {
        guard let further = folders[channel].files[one.name] else {
          if let file = folders[channel].capitals[one.name] {
            capitals.append(file)
            continue
          }
          let wanted = file(one.name, channel)
          problems.append(
            .missingChannel(
              name: one.name, channel: numbers[channel], wanted: wanted,
              near: stray(of: one.name, channel).flatMap { folders[channel].files[$0]?.path }
                ?? left?.near(one.name, called: URL(fileURLWithPath: wanted).lastPathComponent)))
          continue
        }
        one.further.append(further)
      }
      return one
    }
    problems += CapitalEndings(capitals).map { [.capitalEndings($0)] } ?? []
    return completed
  }
}

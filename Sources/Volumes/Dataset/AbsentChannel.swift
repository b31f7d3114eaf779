import Foundation
import Text

/// A channel that no image of nnU-Net's folder has, while others of dataset.json's are there.
package struct AbsentChannel: Hashable, Sendable {
  let folder: String
  /// As dataset.json calls it: `1 (T2)`.
  let channel: String
  /// The names of its files, one for each case.
  let missing: [String]
  /// The channels that are there, by their numbers.
  let present: [Int]
  let names: [String]

  /// - Parameters:
  ///   - images: of the channel that is looked for first.
  ///   - number: of that channel.
  ///   - names: of all channels, as dataset.json has them.
  init?(_ images: VolumeFolder, number: Int, names: [String]) {
    // Of one channel, files of another number are misnamed.
    guard names.count > 1, names.indices.contains(number), images.files.isEmpty, images.capitals.isEmpty else {
      return nil
    }
    var cases: [Int: Set<String>] = [:]
    for case .leftOut(let file, .channel) in images.notices {
      guard let stem = NIfTIFiles.stem(URL(fileURLWithPath: file).lastPathComponent), let other = Int(stem.suffix(4)),
        other != number, names.indices.contains(other)
      else { continue }
      cases[other, default: []].insert(String(stem.dropLast(5)))
    }
    guard !cases.isEmpty else { return nil }
    (folder, self.names, present) = (images.folder.path, names, cases.keys.sorted())
    channel = Self.called(number, names)
    missing = Set(cases.values.joined()).sorted(by: naturallyPrecedes).map {
      "\($0)\(ChannelList.suffix(number)).nii.gz"
    }
  }

  private static func called(_ number: Int, _ names: [String]) -> String {
    names[number] == "\(number)" ? "\(number)" : "\(number) (\(names[number]))"
  }

  var words: String {
    let there = DatasetNotice.shortList(present.map { Self.called($0, names) })
    let only = present.count == 1 ? "channel \(there) alone is there" : "channels \(there) are there"
    return
      "\(folder): channel \(channel) of \(Quantity.of(missing.count, "case")) is missing (\(DatasetNotice.shortList(missing))), and"
      + " \(only); add these files, or write \"channels\": [\(present.map(String.init).joined(separator: ", "))] below dataset of"
      + " the experiment"
  }
}

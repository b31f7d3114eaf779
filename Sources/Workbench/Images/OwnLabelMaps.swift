import Foundation
import Volumes

/// Which label maps are `safnet predict`'s own, as their headers or the folder's record say: `--force` replaces these alone. What
/// says nothing of it may be a mask that somebody drew.
enum OwnLabelMaps {
  static func hold(_ file: URL) -> Bool {
    if let entry = entry(of: file) { return !isChanged(file, since: entry) }
    return LabelMapSource.isNamed(in: file)
  }

  /// Whether somebody has worked on a label map since it was written; what an older program wrote does not tell.
  static func isChanged(_ file: URL, since entry: PredictionRecord.Entry) -> Bool {
    guard let written = entry.labels, let now = try? PredictionInput.digest(of: [file]) else { return false }
    return now != written
  }

  /// The same of the record that lies beside it.
  static func isChanged(_ file: URL) -> Bool { entry(of: file).map { isChanged(file, since: $0) } ?? false }

  /// Of what would be replaced by one image's files: the first that is not this command's. What lies beside an own label map
  /// under its name was written with it.
  static func stranger(among files: PredictionFiles, _ wanted: [URL]) -> URL? {
    if PredictionFiles.exists(files.labels) { return hold(files.labels) ? nil : files.labels }
    return wanted.first { PredictionFiles.exists($0) && !hold($0) }
  }

  private static func entry(of file: URL) -> PredictionRecord.Entry? {
    guard let name = NIfTIFiles.stem(file.lastPathComponent) else { return nil }
    return (try? PredictionRecord(reading: file.deletingLastPathComponent()))?.cases[name]
  }
}

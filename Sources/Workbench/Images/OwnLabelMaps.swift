import Foundation
import Volumes

/// Which label maps are `safnet predict`'s own, as their headers or the folder's record say: `--force` replaces these alone. What
/// says nothing of it may be a mask that somebody drew.
enum OwnLabelMaps {
  static func hold(_ file: URL) -> Bool { LabelMapSource.isNamed(in: file) || isRecorded(file) }

  /// Of what would be replaced by one image's files: the first that is not this command's. What lies beside an own label map
  /// under its name was written with it.
  static func stranger(among files: PredictionFiles, _ wanted: [URL]) -> URL? {
    if PredictionFiles.exists(files.labels) { return hold(files.labels) ? nil : files.labels }
    return wanted.first { PredictionFiles.exists($0) && !hold($0) }
  }

  private static func isRecorded(_ file: URL) -> Bool {
    guard let name = NIfTIFiles.stem(file.lastPathComponent) else { return false }
    return (try? PredictionRecord(reading: file.deletingLastPathComponent()))?.cases[name] != nil
  }
}

import Foundation
import Volumes

/// Whether the second of what is scored is no truth of the first: another case's, or itself a prediction.
struct GivenOrder {
  /// What is surely not meant; nil where nothing is.
  private(set) var refusal: ImageUsageError?
  /// What must be said where it is not sure, or where nobody minds.
  private(set) var notices: [String] = []
  /// Why two files may be exchanged, where a person alone knows: up to what to type then.
  private(set) var doubt: String?

  /// - Parameter force: whether what is surely not meant is scored, and said.
  init(_ prediction: String, _ truth: String, force: Bool = false) {
    let (first, second) = (URL(fileURLWithPath: prediction), URL(fileURLWithPath: truth))
    let exchanged = Self.exchanged(first, second)
    let pair = exchanged == nil && !VolumeList.isFolder(second) ? CaseMatch(first, second) : nil
    if let exchanged, exchanged.isSure {
      refusal = .exchanged(prediction: prediction, truth: truth, words: exchanged.words)
    } else if let pair, let right = pair.right, let source = pair.source {
      refusal = .otherTruth(prediction: prediction, image: source, truth: truth, right: right)
    }
    var sure: String?
    if let exchanged { if exchanged.isSure { sure = exchanged.words } else { doubt = exchanged.words } }
    notices = [sure, pair?.words(prediction)].compactMap(\.self)
    if force { refusal = nil } else if refusal != nil { notices = [] }
  }

  private static func exchanged(_ first: URL, _ second: URL) -> (words: String, isSure: Bool)? {
    // In the other order these would be refused too.
    if VolumeList.isFolder(second), !VolumeList.holdsVolumes(second) { return nil }
    if !VolumeList.isFolder(first), NIfTIFiles.stem(first.lastPathComponent) == nil { return nil }
    let what = VolumeList.isFolder(second) ? "folder" : "file"
    let advice = "predictions come first, then the truth"
    if isRecorded(second), !isRecorded(first) {
      return ("the second \(what) was written by `safnet predict`: \(advice)", true)
    }
    // A prediction that somebody has corrected, and that is the truth now, says the same.
    if !VolumeList.isFolder(second), LabelMapSource.isNamed(in: second), !LabelMapSource.isNamed(in: first) {
      let made = "\(second.relativePath) was made by `safnet predict`, as its header says"
      return ("\(made), and \(advice): if nobody has corrected it", false)
    }
    guard VolumeList.isFolder(first) else {
      return isMask(first, second)
        ? ("\(first.relativePath) is a mask of a dataset, and \(advice): if it is the truth", false) : nil
    }
    guard DatasetMasks.are(first), !DatasetMasks.are(second), !isDataset(second) else { return nil }
    // In the other order its images would be refused too; what they are is told of each.
    if let images = DatasetMasks.images(of: first), SameFiles.areOne(images, second) { return nil }
    return ("the first folder holds the masks of a dataset: \(advice)", true)
  }

  /// Of one file: another reader's mask beside it may be meant, so that nothing is refused.
  private static func isMask(_ first: URL, _ second: URL) -> Bool {
    !VolumeList.isFolder(second) && !SameFiles.areOne(first, second) && DatasetMasks.hold(first)
      && !DatasetMasks.hold(second)
  }

  private static func isDataset(_ folder: URL) -> Bool { (try? Dataset.open(folder, readsSplits: false)) != nil }

  /// By the record that lies beside the label maps.
  private static func isRecorded(_ place: URL) -> Bool {
    let isFolder = VolumeList.isFolder(place)
    let folder = isFolder ? place : place.deletingLastPathComponent()
    guard let cases = try? PredictionRecord(reading: folder).cases else { return false }
    guard !isFolder else { return !cases.isEmpty }
    return NIfTIFiles.stem(place.lastPathComponent).map { cases[$0] != nil } ?? false
  }
}

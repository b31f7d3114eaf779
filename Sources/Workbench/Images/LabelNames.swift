import Experiments
import Foundation
import System
import Volumes

/// The structures that `--labels` names: a file as nnU-Net's dataset.json, or the folder that holds one.
enum LabelNames {
  static func read(_ given: String) throws -> LabelMap {
    let place = URL(fileURLWithPath: given)
    guard VolumeList.isFolder(place) else { return try read(place, given) }
    let inside = place.appendingPathComponent("dataset.json")
    guard PredictionFiles.exists(inside) || DeadLink(at: inside) != nil else {
      throw ImageUsageError.labelsInFolder(folder: given)
    }
    return try LabelMap.read(datasetJSON: inside)
  }

  /// What is surely something else is called by its name.
  private static func read(_ file: URL, _ given: String) throws -> LabelMap {
    // Of these two it is said which part of the path is to blame.
    guard PredictionFiles.exists(file) || DeadLink(at: file) != nil || BlockedPath(file) != nil else {
      throw ImageUsageError.labelsAreElsewhere(
        file: given,
        words:
          "there is no such file. Give a dataset.json, or a file with names and numbers, such as {\"L1\": 1, \"L2\": 2}"
      )
    }
    if let kind = ForeignFile(of: file) {
      throw ImageUsageError.labelsAreElsewhere(
        file: given, words: "\(kind.what). Give a dataset.json, in which labels have names.")
    }
    do { return try LabelMap.read(datasetJSON: file) } catch {
      guard (try? Specification.load(file)) != nil else { throw error }
      throw ImageUsageError.labelsAreElsewhere(
        file: given, words: "it is an experiment; give it as --experiment \(given)")
    }
  }
}

import Foundation
import System
import Training
import Volumes

/// Where what is predicted of one case goes.
struct PredictionFiles {
  let labels: URL
  let probabilities: URL
  let entropy: URL
  let disagreement: URL
  let overlay: URL

  /// `CASE.nii.gz` in the folder, everything else in folders of its own below it: what is in the folder itself can be
  /// handed on as it is.
  init(of name: String, in folder: URL) {
    labels = folder.appendingPathComponent("\(name).nii.gz")
    probabilities = folder.appendingPathComponent("probabilities/\(name).nii.gz")
    entropy = folder.appendingPathComponent("entropy/\(name).nii.gz")
    disagreement = folder.appendingPathComponent("disagreement/\(name).nii.gz")
    overlay = folder.appendingPathComponent("overlays/\(name).svg")
  }

  /// Beside a label map whose own name was given: `NAME_entropy.nii.gz` and so on.
  init(beside labels: URL) {
    let stem = NIfTIFiles.stem(labels.lastPathComponent) ?? labels.lastPathComponent
    let folder = labels.deletingLastPathComponent()
    let ending = labels.lastPathComponent.dropFirst(stem.count)
    self.labels = labels
    probabilities = folder.appendingPathComponent("\(stem)_probabilities\(ending)")
    entropy = folder.appendingPathComponent("\(stem)_entropy\(ending)")
    disagreement = folder.appendingPathComponent("\(stem)_disagreement\(ending)")
    overlay = folder.appendingPathComponent("\(stem)_overlay.svg")
  }

  var extras: [URL] { [probabilities, entropy, disagreement, overlay] }

  /// - Parameter networks: one network does not disagree with itself.
  func wanted(_ extras: Predictor.Extras, networks: Int) -> [URL] {
    var files: [URL] = []
    if extras.contains(.probabilities) { files.append(probabilities) }
    if extras.contains(.uncertainty) { files += networks > 1 ? [entropy, disagreement] : [entropy] }
    if extras.contains(.overlay) { files.append(overlay) }
    return files
  }

  static func exists(_ file: URL) -> Bool { access(file.path, F_OK) == 0 }

  /// Folders in which a folder of predictions holds files.
  static func folders(below folder: URL, _ extras: Predictor.Extras, networks: Int) -> [URL] {
    let files = PredictionFiles(of: "x", in: folder)
    return [folder] + files.wanted(extras, networks: networks).map { $0.deletingLastPathComponent() }
  }
}

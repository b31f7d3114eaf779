import Foundation

/// A label map that a run keeps and that is not the one whose scores it keeps: nothing may be shown of it, and no number
/// be made from it.
package struct ReplacedLabelMap: Error, Equatable, CustomStringConvertible {
  package let description: String

  /// - Parameters:
  ///   - file: the label map.
  ///   - run: whose it is.
  ///   - mender: what predicts it again, in words, where the run was trained here.
  package init(_ file: URL, of run: RunDirectory, mender: String? = nil) {
    let way =
      if run.isImported {
        "Move it to another place, take \(run.name) away with `safnet runs remove`, and import its maps again"
      } else if access(run.predictedFile.path, F_OK) == 0 {
        "Move it and \(run.evaluationFile.path) to another place, and \(RunFlaw.mender) predicts and scores again"
      } else {
        "Move it to another place, and \(mender ?? RunFlaw.mender) predicts the run's test cases again; where they then score"
          + " otherwise too, as by another processor, move \(run.evaluationFile.path) away as well, and the run is tested again"
      }
    description =
      "\(file.path) holds other voxels than the label map that was scored: it was edited or replaced since. \(way)"
  }
}

import Experiments
import Volumes

/// What runs were trained on, where nothing but their own plans tells it: the dataset's bytes and the label map.
struct TrainedContent: Hashable {
  let fingerprint: DatasetFingerprint
  let labels: LabelMap

  /// Of several contents, the one that is most likely meant has the highest: first, most finished runs on it are what the
  /// experiment asked for last, then most have finished at all. The rest only makes the same choice every time.
  ///
  /// - Parameters:
  ///   - claimed: how many of its finished runs the record of the experiment names.
  ///   - finished: how many there are.
  func rank(claimed: Int, finished: Int) -> (Int, Int, String, String) {
    let structures = labels.structures.map { "\($0.name) \($0.values)" }
    return (claimed, finished, fingerprint.digest, "\(structures) \(labels.background)")
  }

  /// Whether the two differ in their structures alone.
  func isSame(but other: TrainedContent) -> Bool {
    fingerprint == other.fingerprint && labels.structures != other.labels.structures
  }

  /// Of the one that is shown.
  func notice(besides others: [TrainedContent]) -> String {
    let names = others.map { $0.labels.names.joined(separator: ", ") }.sorted().joined(separator: "; or ")
    return
      "there are finished runs with other labels, too (\(names)), and no dataset that says which are meant: shown are"
      + " those with \(labels.names.joined(separator: ", ")). Write into dataset.labels which, or put the dataset back."
  }
}

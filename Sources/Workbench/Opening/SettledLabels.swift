import Experiments
import Foundation
import Store
import Volumes

/// The label map that an experiment's cases are prepared with.
///
/// An experiment may learn some of the structures that its dataset names. What it leaves out counts as background and is
/// written into its plans where a mask holds it; where no mask does, plans are as they were before there was leaving out,
/// so that finished runs are found. The masks decide, and what was prepared remembers.
struct SettledLabels {
  private let dataset: Dataset
  private let narrow: LabelMap
  private let wide: LabelMap
  private let more: [Int]
  /// Which of the two the cases were prepared with; nil: neither.
  private let prepared: LabelMap?

  init(_ specification: Specification, _ dataset: Dataset, digest: String, _ workspace: Workspace) throws {
    self.dataset = dataset
    narrow = try specification.labels(of: dataset)
    more = specification.leftOut(of: dataset, besides: narrow)
    wide = narrow.leavingOut(more)
    prepared = [narrow, wide].first { labels in
      PreparedCache(
        directory: workspace.cacheFolder, fingerprint: digest, labels: labels,
        preprocessing: specification.preprocessing
      ).readPresence(of: dataset) != nil
    }
  }

  /// Without reading a mask: as the cases were prepared, else as the experiment says.
  var known: LabelMap { prepared ?? narrow }

  /// Reads the masks where that decides, and nothing was prepared yet.
  func labels(workers: Int) -> LabelMap {
    if more.isEmpty { return narrow }
    return prepared ?? (dataset.masksHold(anyOf: more, workers: workers) ? wide : narrow)
  }
}

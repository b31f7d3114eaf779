import Experiments
import Foundation
import Store
import Volumes

/// What the dataset says as it lies there.
struct CurrentDataset {
  private let path: String
  let labels: LabelMap
  /// What it holds; nil for a phantom that is to be made.
  private let contents: DatasetContents?
  let patients: [String: String]
  let channelNames: [Int: String]
  let cache: PreparedCache
  /// Nil when its cases were never prepared, so that balanced folds are not known.
  let plan: ExperimentPlan?
  /// How many there will be.
  let folds: Int

  init(_ specification: Specification, _ workspace: Workspace, workers: Int) throws {
    let root = specification.datasetRoot
    path = root.path
    if specification.dataset.phantom != nil, !FileManager.default.fileExists(atPath: root.path),
      let known = specification.dataset.knownLabels
    {
      // It will be made by `safnet run`.
      (labels, contents, plan, folds, patients) = (known, nil, nil, specification.folds.count, [:])
      channelNames = [:]
      cache = Self.cache(specification, workspace, known, digest: "")
      return
    }
    let dataset = try specification.openDataset()
    let contents = try DatasetContents(of: dataset, workers: workers)
    let fingerprint = contents.fingerprint
    labels = try SettledLabels(specification, dataset, digest: fingerprint.digest, workspace).known
    (self.contents, patients) = (contents, dataset.patients)
    channelNames = Dictionary(uniqueKeysWithValues: zip(dataset.channels, dataset.channelNames))
    cache = Self.cache(specification, workspace, labels, digest: fingerprint.digest)
    plan = try cache.readSummary(of: dataset).map { [labels] summary in
      try ExperimentPlan(
        specification: specification, dataset: dataset, fingerprint: fingerprint, labels: labels,
        present: summary.present)
    }
    folds = try plan?.folds.count ?? specification.foldSizes(of: dataset).count
  }

  /// Nil for a phantom that is to be made.
  var fingerprint: DatasetFingerprint? { contents?.fingerprint }
  var digest: String? { fingerprint?.digest }

  /// Whether a plan is of this content.
  func `is`(_ plan: Plan) -> Bool { plan.dataset.digest == digest }

  /// The same, and of these labels. Of a phantom that is to be made nothing else is known.
  func fits(_ plan: Plan) -> Bool { (digest == nil || `is`(plan)) && plan.structures.learns(as: labels) }

  /// What has changed since other cases were prepared.
  ///
  /// - Parameter isRunning: whether a sweep trains on them now.
  func change(since earlier: PreparedCache, isRunning: Bool) -> String? {
    let change = contents.flatMap { now in
      earlier.readSummary().map { old in
        cache.readSummary().map { ContentChange(from: old, to: $0) } ?? ContentChange(from: old.sources, to: now.hashes)
      }
    }
    let what = change.map { $0.words.isEmpty ? "" : " (\($0.words))" } ?? ""
    if isRunning {
      return
        "the dataset \(path) has changed\(what) since the running sweep was started: it goes on with the earlier content,"
        + " which is what is shown. `safnet run` trains on what it holds now."
    }
    return
      "the dataset \(path) has changed since\(what): what is shown was trained on its earlier content. `safnet run`"
      + " trains on what it holds now."
      + (change?.mayBePacking == true
        ? " If files were only packed anew (gzip), their voxels are the same, but a run is of files to the byte: put the earlier"
          + " ones back to go on with what is finished." : "")
  }

  static func cache(
    _ specification: Specification, _ workspace: Workspace, _ labels: LabelMap, digest: String
  ) -> PreparedCache {
    PreparedCache(
      directory: workspace.cacheFolder, fingerprint: digest, labels: labels, preprocessing: specification.preprocessing)
  }
}

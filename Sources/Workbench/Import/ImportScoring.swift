import Compute
import Experiments
import Foundation
import Metrics
import Store
import System
import Training
import Volumes

/// Scores imported maps as a run's own are scored: on each image's own grid, and taken to the network's.
struct ImportScoring: Sendable {
  let target: ImportTarget
  let labels: ImportLabels

  /// One map, compared and ready to be stored.
  struct Scored: Sendable {
    let imageGrid, networkGrid: CaseEvaluation
    /// The Dice of the truth taken to the network's grid and back.
    let ceiling: [Double?]
    /// Whether it is the truth itself, voxel for voxel.
    let isTruth: Bool
    /// What is odd though it can be scored.
    let notice: String?
    fileprivate let map: Grid3<UInt8>
    fileprivate let networkMap: Grid3<UInt8>
    fileprivate let geometry: Geometry
    fileprivate let spacing: SIMD3<Double>
  }

  /// - Throws: every problem of every map; nothing is averaged before all are sound.
  func score(_ maps: [FoundMap], workers: Int) throws -> [Scored] {
    let results = parallelMap(maps, workers: workers) { map in Result { try score(map) } }
    var (scored, problems): ([Scored], [ImportProblem]) = ([], [])
    for (map, result) in zip(maps, results) {
      do {
        scored.append(try result.get())
      } catch let problem as ImportProblem {
        problems.append(problem)
      } catch let error as NIfTIError {
        problems.append(.unreadable(file: map.path, reason: "\(error)"))
      }
    }
    guard problems.isEmpty else { throw ImportProblems(problems) }
    return scored
  }

  private func score(_ map: FoundMap) throws -> Scored {
    let (truth, prepared) = (try target.cache.truth(map.name), try target.cache.load(map.name))
    let volume = try NIfTI.read(map.file)
    let notice = try place(volume, map, truth)
    let grid = try labels.grid(volume, file: map.path)
    let steps = PreprocessingSteps(target.specification.preprocessing, for: truth.geometry)
    let (network, classes) = (steps.labels(grid), target.labels.classes)
    let reached = Overlap(
      prediction: steps.restored(steps.labels(truth.labels)), truth: truth.labels, classes: classes)
    return Scored(
      imageGrid: evaluate(
        name: map.name, prediction: grid, truth: truth.labels, classes: classes, spacing: truth.geometry.spacing),
      networkGrid: evaluate(
        name: map.name, prediction: network, truth: prepared.labels, classes: classes, spacing: prepared.spacing),
      ceiling: (1..<classes).map(reached.dice),
      isTruth: grid.values == truth.labels.values && grid.values.contains { $0 != 0 }, notice: notice, map: grid,
      networkMap: network,
      geometry: truth.geometry, spacing: prepared.spacing)
  }

  /// Whether its voxels lie where the image's do; as `safnet evaluate` compares.
  private func place(_ volume: Volume, _ map: FoundMap, _ truth: TruthVolume) throws(ImportProblem) -> String? {
    switch GeometryMatch(volume.geometry, on: truth.geometry) {
    case .same: return nil
    case .turned:
      return "\(map.path) counts its voxels along \(volume.geometry.axes.codes), its image along"
        + " \(truth.geometry.axes.codes); they are compared where the headers say that they lie"
    case .away(let millimetres, let tolerance):
      throw .otherPlace(file: map.path, name: map.name, millimetres: millimetres, tolerance: tolerance)
    case .otherShape:
      throw .otherShape(
        file: map.path, name: map.name, found: "\(volume.grid.extent)", expected: "\(truth.labels.extent)")
    }
  }

  /// The maps as they were scored, under a run's names and with the experiment's numbers.
  func write(_ scored: [Scored], to folder: URL) throws {
    let networkGrid = folder.appending(path: "network-grid", directoryHint: .isDirectory)
    try Folder.create(networkGrid)
    for one in scored {
      let file = "\(one.imageGrid.name).nii.gz"
      try NIfTI.write(one.map, map: target.labels, geometry: one.geometry, to: folder.appending(path: file))
      try NIfTI.write(preparedGrid: one.networkMap, spacing: one.spacing, to: networkGrid.appending(path: file))
    }
  }
}

extension FoundMap {
  /// SHA-256 of its bytes; of a header and its image, of both.
  func digest() throws(ImportProblem) -> String {
    let files = NIfTIFiles(header: file)
    var bytes = Data()
    for url in [files.header] + [files.separateImage].compactMap(\.self) {
      do { bytes += try RegularFile.read(url, limit: 1 << 32) } catch {
        throw .unreadable(file: path, reason: error.reason)
      }
    }
    return GuardedFile.digest(bytes)
  }
}

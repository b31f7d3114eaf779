import Foundation
import Volumes

/// Predicted and true label maps of the same cases, by their names.
package struct CasePairs {
  package struct Pair: Equatable, Sendable {
    package var name: String
    package var prediction: URL
    package var truth: URL
  }

  /// In natural order.
  package let pairs: [Pair]
  /// Cases of the truth without a prediction, and the other way round.
  package let missing, extra: [String]
  /// What lies in the folders and is not taken.
  package let notices: [DatasetNotice]

  /// - Parameters:
  ///   - predictions: a folder of `CASE.nii.gz`.
  ///   - truths: the same, or a dataset of a known layout, whose masks are taken.
  /// - Throws: two files of one case, a folder without any, no case in both.
  package init(predictions: URL, truths: URL) throws {
    let predicted = try Self.volumes(predictions)
    let (true_, notices) = try Self.truths(truths)
    self.notices = predicted.notices + notices
    var masks = Dictionary(true_.map { ($0.name, $0.file) }, uniquingKeysWith: { first, _ in first })
    var (pairs, extra): ([Pair], [String]) = ([], [])
    for one in predicted.entries {
      guard
        let name = [one.name, Self.maskName(one.name, in: masks)].compactMap({ $0 }).first(where: { masks[$0] != nil }),
        let truth = masks.removeValue(forKey: name)
      else {
        extra.append(one.name)
        continue
      }
      pairs.append(Pair(name: one.name, prediction: one.file, truth: truth))
    }
    guard !pairs.isEmpty else {
      throw ImageUsageError.noPair(
        predictions: predictions.path, truths: truths.path, names: predicted.entries.map(\.name),
        trueNames: true_.map(\.name))
    }
    (self.pairs, self.extra) = (pairs, extra)
    missing = masks.keys.sorted(by: naturallyPrecedes)
  }

  /// As MRSpineSeg calls the mask of Case12, mask_case12, in whatever capitals.
  private static func maskName(_ name: String, in masks: [String: URL]) -> String? {
    let wanted = "mask_" + name.lowercased()
    return masks.keys.first { $0.lowercased() == wanted }
  }

  private static func volumes(_ folder: URL) throws -> VolumeList {
    do { return try VolumeList([folder]) } catch { throw refusal(error, folder) }
  }

  /// Of a folder without a volume: not that images are missing, as everywhere else.
  private static func refusal(_ errors: DatasetErrors, _ folder: URL) -> any Error {
    guard errors.problems.count == 1 else { return errors }
    switch errors.problems[0] {
    case .noCases: return ImageUsageError.nothingInFolder(folder: folder.path, inside: nil)
    case .volumesInside(_, let inside): return ImageUsageError.nothingInFolder(folder: folder.path, inside: inside)
    default: return errors
    }
  }

  private static func truths(_ folder: URL) throws -> ([VolumeList.Entry], [DatasetNotice]) {
    do {
      let list = try VolumeList([folder])
      return (list.entries, list.notices)
    } catch let error {
      guard error.problems.first?.isOfDataset == true,
        let dataset = try? Dataset.open(folder, channels: .these([.number(0)]), readsSplits: false)
      else { throw Self.refusal(error, folder) }
      return (dataset.cases.map { .init(name: $0.name, file: $0.label) }, [])
    }
  }
}

extension DatasetProblem {
  /// Whether a folder without volumes may be a dataset.
  fileprivate var isOfDataset: Bool {
    switch self {
    case .noCases, .datasetForVolumes, .volumesInside: true
    default: false
    }
  }
}

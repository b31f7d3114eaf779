/// Panoptic quality of one case: are the objects there, whatever they are called, and how well are they drawn?
///
/// Every structure is one object. A true and a predicted object match where their intersection over union exceeds 0.5,
/// so that none can match two (Kirillov et al., *Panoptic segmentation*, 2019):
///
///     RQ = TP / (TP + FP / 2 + FN / 2)    SQ = mean IoU of the matched    PQ = RQ SQ
///
/// Names do not matter here: a spine that is named one level too high has full PQ and no Dice. `LevelScores` counts that.
package struct InstanceScores: Sendable, Equatable {
  /// True objects, predicted objects, and how many pairs of them match.
  package let truth, predicted, matched: Int
  /// The mean intersection over union of matched objects; nil where none match.
  package let segmentationQuality: Double?

  /// - Parameters:
  ///   - confusion: voxels of true class t and predicted class p at `t * classes + p`.
  ///   - structures: the class indices that are objects; by default all but the background.
  package init(confusion: [Int], classes: Int, structures: [Int]? = nil) {
    precondition(confusion.count == classes * classes, "\(confusion.count) counts of \(classes) classes")
    let structures = structures ?? Array(1..<classes)
    let truth = (0..<classes).map { t in (0..<classes).reduce(0) { $0 + confusion[t * classes + $1] } }
    let predicted = (0..<classes).map { p in (0..<classes).reduce(0) { $0 + confusion[$1 * classes + p] } }
    var overlaps: [Double] = []
    for t in structures {
      for p in structures {
        let common = confusion[t * classes + p]
        let union = truth[t] + predicted[p] - common
        if 2 * common > union { overlaps.append(Double(common) / Double(union)) }
      }
    }
    self.truth = structures.count { truth[$0] > 0 }
    self.predicted = structures.count { predicted[$0] > 0 }
    matched = overlaps.count
    segmentationQuality = overlaps.isEmpty ? nil : overlaps.reduce(0, +) / Double(overlaps.count)
  }

  /// RQ, the F1 score of detection; nil where neither map holds an object.
  package var recognitionQuality: Double? {
    truth + predicted == 0 ? nil : 2 * Double(matched) / Double(truth + predicted)
  }

  /// PQ; nil where neither map holds an object, 0 where none match.
  package var panopticQuality: Double? {
    recognitionQuality.map { $0 * (segmentationQuality ?? 0) }
  }
}

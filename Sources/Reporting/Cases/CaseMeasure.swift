import Metrics
import Text

/// A score of a case, by structure, as tables for other programs name it.
package struct CaseMeasure: Sendable {
  package let name: String
  /// `1` is a share, 0 to 1.
  package let unit: String
  /// Empty where the program that scored the case did not know it.
  package let values: @Sendable (CaseEvaluation) -> [Double?]

  private init(_ name: String, _ unit: String = "1", values: @escaping @Sendable (CaseEvaluation) -> [Double?]) {
    (self.name, self.unit, self.values) = (name, unit, values)
  }

  /// Dice, and every distance.
  ///
  /// - Parameter tolerances: of the normalised surface Dice, mm, as the cases were scored.
  package static func scores(tolerances: [Double]) -> [CaseMeasure] {
    [
      CaseMeasure("dice") { $0.dice },
      CaseMeasure("msd", "mm") { $0.surfaceDistance },
      CaseMeasure("hd95", "mm") { $0.hausdorff95 },
      CaseMeasure("assd", "mm") { $0.elements?.average ?? [] },
      CaseMeasure("hd95_larger", "mm") { $0.elements?.hausdorff95 ?? [] },
      CaseMeasure("hd", "mm") { $0.elements?.hausdorff ?? [] },
    ]
      + tolerances.enumerated().map { index, tolerance in
        CaseMeasure("nsd_\(tolerance.fixed(tolerance == tolerance.rounded() ? 0 : 2))mm") { one in
          one.elements.flatMap { $0.normalizedDice.indices.contains(index) ? $0.normalizedDice[index] : nil } ?? []
        }
      }
  }

  /// What follows from Dice and the counts of voxels.
  package static let overlaps = [
    CaseMeasure("iou") { $0.intersectionOverUnion }, CaseMeasure("precision") { $0.precision },
    CaseMeasure("recall") { $0.recall }, CaseMeasure("volume_error") { $0.volumeError },
  ]
}

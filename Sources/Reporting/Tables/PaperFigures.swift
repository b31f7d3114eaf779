import Metrics

/// The figures of *A spine segmentation method based on scene aware fusion network* (BMC Neuroscience, 2023).
package enum PaperFigures {
  package struct Row: Equatable, Sendable {
    package var name: String
    /// Other names that variants of the same network go by.
    package var aliases: [String] = []
    /// Mean and deviation in percent, per column.
    package var values: [(mean: Double, deviation: Double)]

    package static func == (a: Row, b: Row) -> Bool {
      a.name == b.name && a.values.elementsEqual(b.values, by: ==)
    }
  }

  /// Its Table 1, per fold.
  package static let folds: [Row] = [
    Row(
      name: "3D UNet", aliases: ["UNet3D", "UNet"],
      values: [(74.42, 5.22), (72.45, 8.24), (75.68, 7.42), (74.22, 5.32), (78.35, 3.22)]),
    Row(name: "CFNet", values: [(78.95, 5.61), (77.02, 8.14), (78.31, 6.46), (74.46, 5.67), (80.13, 2.64)]),
    Row(
      name: "3D ResUNet", aliases: ["ResUNet3D", "ResUNet"],
      values: [(78.95, 5.41), (76.27, 9.07), (79.04, 6.38), (75.25, 5.76), (80.07, 4.49)]),
    Row(
      name: "3D DeepLabV3", aliases: ["DeepLabV3"],
      values: [(79.19, 6.52), (78.62, 8.48), (82.77, 3.46), (72.59, 5.88), (80.83, 3.48)]),
    Row(name: "SAFNet", values: [(79.46, 4.63), (78.82, 7.97), (81.32, 3.45), (80.56, 5.47), (81.45, 3.47)]),
  ]

  /// Its Table 2, over all folds.
  package static let ablation: [Row] = [
    Row(name: "Base", values: [(77.15, 7.63)]),
    Row(name: "Base + ASPP", aliases: ["ASPP"], values: [(81.12, 5.20)]),
    Row(name: "Base + Multiscale fusion", aliases: ["Base + Multiscale", "Multiscale"], values: [(80.53, 4.78)]),
    Row(
      name: "Base + Self-attention mechanism", aliases: ["Base + Self-attention", "Base + Attention", "Attention"],
      values: [(79.76, 4.96)]),
    Row(name: "SAFNet", values: [(81.37, 3.68)]),
  ]

  package static let contradictions =
    "Rows named (paper) quote the published figures (172 MRSpineSeg volumes, split not published; in Table 1, the mean "
    + "and deviation of the five published fold means are computed here). "
    + "The paper disagrees with itself: SAFNet's fold 5 is 81.45 in its Table 1 and 80.83 in its abstract and text, "
    + "where DeepLabV3 has the same figure; the mean of its Table 1 row for SAFNet is 80.32, its Table 2 gives 81.37."

  /// The published row for a variant, whatever the writing of its name.
  package static func row(of variant: String, in rows: [Row]) -> Row? {
    func plain(_ name: String) -> String { name.lowercased().filter { $0.isLetter || $0.isNumber } }
    return rows.first { row in ([row.name] + row.aliases).contains { plain($0) == plain(variant) } }
  }
}

extension PaperFigures.Row {
  /// The published figure of one column.
  func cell(_ column: Int) -> Cell { Self.cell(values[column].mean, values[column].deviation) }

  /// The mean and deviation of all its published means; the paper gives neither.
  var meanCell: Cell {
    let sample = Sample(values.map(\.mean))
    return sample.mean.map { Self.cell($0, sample.deviation) } ?? Cell(.missing)
  }

  private static func cell(_ mean: Double, _ deviation: Double?) -> Cell {
    Cell(.number(Number(mean, deviation: deviation, .fixed(2))))
  }
}

import Compute
import Foundation

/// Whether a mask's numbers are those of a label map's structures.
struct MaskCheck {
  let labels: LabelMap

  /// The mask's numbers as classes.
  func classes(of mask: Volume, _ one: DatasetCase, problems: inout [DatasetProblem]) -> MaskClasses {
    let file = one.label
    let read = MaskClasses(mask, labels)
    let before = problems.count
    do throws(DatasetProblem) { try CaseCheck.finite(mask, file: file) } catch { problems.append(error) }
    if let filling = read.strangers.first(where: { Self.fills($0, mask) }), let value = Int(exactly: filling) {
      problems.append(.filledMask(file: file.path, value: value))
      return read
    }
    problems += complaints(read.strangers, one)
    if problems.count == before && read.classes.values.allSatisfy({ $0 == 0 || $0 >= labels.classes }) {
      problems.append(.noStructure(file: file.path))
    }
    return read
  }

  /// Whether a number that the label map does not know takes most of a mask, as background does.
  private static func fills(_ value: Double, _ mask: Volume) -> Bool {
    let values = mask.grid.values
    return Double(values.count { $0 == value }) > FilledMasks.most * Double(values.count)
  }

  /// More different numbers than any mask holds: of a whole body there are a good hundred structures.
  private static let mostStructures = 150

  /// Whether these are more numbers than any mask holds.
  static func isImage(_ numbers: Set<Double>) -> Bool { numbers.count > mostStructures + 1 }

  private func complaints(_ strangers: Set<Double>, _ one: DatasetCase) -> [DatasetProblem] {
    let file = one.label
    if strangers.count > Self.mostStructures { return [.labelIsImage(file: file.path, most: Self.mostStructures)] }
    var found: [DatasetProblem] = []
    if let fraction = strangers.filter({ $0 != $0.rounded() }).min() {
      found.append(.fraction(fraction, in: file))
    }
    let whole = strangers.filter { $0 == $0.rounded() }.map { Int(exactly: $0) ?? .max }.sorted()
    if !whole.isEmpty {
      found.append(
        .unknownLabels(
          file: file.path, values: whole, known: labels.numbers.sorted(), names: one.namingFile,
          background: labels.background))
    }
    return found
  }
}

extension DatasetCase {
  /// The file of its dataset that says what the numbers of masks mean; nil where its layout, or a table, has none.
  package var namingFile: String? {
    if line != nil { return nil }
    if label.deletingLastPathComponent().lastPathComponent.hasPrefix("labels") { return "dataset.json" }
    return NIfTIFiles.stem(label.lastPathComponent)?.hasSuffix("_dseg") == true ? "dseg.tsv" : nil
  }
}

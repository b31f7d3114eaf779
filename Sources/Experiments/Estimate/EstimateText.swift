import Foundation

extension ExperimentEstimate {
  /// The table that `safnet plan` prints, and how its figures came about.
  package var text: String {
    let head = ["variant", "parameters", "multiply-adds", "memory", "runs", "steps", "disk", "step", "total"]
    let rows = variants.map(\.cells)
    let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max()! }
    let lines = ([head] + rows).map { row in
      row.indices.map { Self.padded(row[$0], to: widths[$0], left: $0 == 0) }.joined(separator: "  ")
    }
    return (lines + [""] + notes).joined(separator: "\n")
  }

  private static func padded(_ text: String, to width: Int, left: Bool) -> String {
    let space = String(repeating: " ", count: width - text.count)
    return left ? text + space : space + text
  }

  private var notes: [String] {
    let cases = folds.first.map { $0.train + $0.validation + $0.test } ?? 0
    let total = seconds.map { ", \(Quantity.seconds($0)) (\(Quantity.duration($0)))" } ?? ""
    return [
      "\(runs) runs\(total), one at a time on \(threads) \(threads == 1 ? "thread" : "threads").",
      "\(cases) cases in \(folds.count) folds; input \(extent), \(classes) classes with background.",
      "Multiply-adds: one case, forward. Memory: training at the variant's batch, from the memory plan.",
      "Disk: checkpoints of all runs, \(Quantity.bytes(checkpointBytes)); and "
        + "\(Quantity.bytes(cacheBytes)) for prepared volumes.",
    ] + timeNotes
  }

  private var timeNotes: [String] {
    guard seconds != nil else { return ["No times: nothing was measured."] }
    var seen: Set<String> = []
    let steps = variants.compactMap(\.measurement?.words).filter { seen.insert($0).inserted }
    return ["Times leave out reading and augmenting the images."] + steps + busyNote
  }

  private var busyNote: [String] {
    guard let load, load.isBusy else { return [] }
    let average = Quantity.rounded(load.average)
    return ["The machine was busy (load \(average) on \(load.processors) processors): times are too long."]
  }

  /// Layer by layer, for `--explain`.
  package var explanation: String {
    variants.map { estimate in
      let rows = estimate.cost.layers.map { layer in
        [layer.name, layer.kind, "\(layer.output)", "\(layer.parameters)", Quantity.count(layer.multiplyAdds)]
      }
      let table = [["layer", "operation", "output (NxDxHxWxC)", "parameters", "multiply-adds"]] + rows
      let widths = table[0].indices.map { column in table.map { $0[column].count }.max()! }
      let lines = table.map { row in
        row.indices.map { Self.padded(row[$0], to: widths[$0], left: $0 < 2) }.joined(separator: "  ")
      }
      let unused = estimate.cost.unusedParameters
      let note = unused.isEmpty ? [] : ["Never get a gradient: " + unused.joined(separator: ", ")]
      return ([estimate.variant.name] + lines + note).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }
}

extension ExperimentEstimate.VariantEstimate {
  fileprivate var cells: [String] {
    [
      variant.name, Quantity.grouped(cost.parameters), Quantity.count(cost.multiplyAdds),
      Quantity.bytes(cost.trainingBytes), "\(runs)", Quantity.grouped(steps), Quantity.bytes(checkpointBytes),
      measurement.map { Quantity.seconds($0.trainingSecondsPerCase * Double(variant.training.batch)) } ?? "-",
      seconds.map(Quantity.seconds) ?? "-",
    ]
  }
}

extension StepMeasurement {
  /// How the time of a step was found.
  package var words: String {
    let timed = "a measured training step at \(measuredExtent), batch \(measuredBatch)"
    return scale == 1 ? "Step: \(timed)." : "Step: \(timed), scaled by multiply-adds (x \(Quantity.rounded(scale)))."
  }
}

/// Figures for people: three significant digits and a unit; no locale.
package enum Quantity {
  package static func bytes(_ bytes: Int) -> String { scaled(Double(bytes), 1024, ["B", "KiB", "MiB", "GiB", "TiB"]) }

  package static func count(_ count: Int) -> String { scaled(Double(count), 1000, ["", "k", "M", "G", "T"]) }

  package static func seconds(_ seconds: Double) -> String {
    seconds < 1 ? rounded(seconds * 1000) + " ms" : grouped(seconds, decimals: seconds < 10 ? 2 : 0) + " s"
  }

  /// `3 d 4 h`, `5 min`: the two largest units.
  package static func duration(_ seconds: Double) -> String {
    let units: [(String, Double)] = [("d", 86400), ("h", 3600), ("min", 60), ("s", 1)]
    let first = units.firstIndex { seconds >= $0.1 } ?? units.count - 1
    let whole = (seconds / units[first].1).rounded(.down)
    guard first + 1 < units.count else { return "\(Int(seconds.rounded())) s" }
    let rest = ((seconds - whole * units[first].1) / units[first + 1].1).rounded(.down)
    return "\(Int(whole)) \(units[first].0)" + (rest > 0 ? " \(Int(rest)) \(units[first + 1].0)" : "")
  }

  /// `6,780,000`
  package static func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    let groups = stride(from: digits.count, to: 0, by: -3).map { String(digits[max(0, $0 - 3)..<$0]) }
    return (number < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
  }

  private static func grouped(_ number: Double, decimals: Int) -> String {
    decimals == 0 ? grouped(Int(number.rounded())) : String(format: "%.\(decimals)f", number)
  }

  /// Three significant digits.
  package static func rounded(_ number: Double) -> String {
    String(format: "%.*f", number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2, number)
  }

  private static func scaled(_ number: Double, _ base: Double, _ units: [String]) -> String {
    var (value, index) = (number, 0)
    while value >= base, index + 1 < units.count { (value, index) = (value / base, index + 1) }
    let unit = units[index].isEmpty ? "" : " " + units[index]
    return (index == 0 ? "\(Int(value))" : rounded(value)) + unit
  }
}

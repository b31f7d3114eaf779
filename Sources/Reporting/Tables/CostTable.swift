import Metrics

extension Table {
  /// What each method costs, from its graph and from the runs' own records.
  static func cost(_ context: TableContext) -> Table {
    Table(
      .cost,
      caption: "Cost: parameters and multiply-adds of one case's forward pass (from the model's graph), planned memory"
        + " of a training step, largest resident memory of a worker, and seconds per epoch (mean ± standard deviation"
        + " (n − 1) over the epochs of all runs).",
      notes: Machines(context.input).notes, rowTitle: "Method", columns: costColumns(context), rows: context.methods(),
      marksSecond: context.options.marksSecond)
  }

  package static func costColumns(_ context: TableContext) -> [Column<ReportInput.Variant>] {
    let machines = Machines(context.input)
    return [
      Column("Parameters (M)", .fixed(2)) { $0.cost.map { Double($0.parameters) / 1e6 } },
      Column("Multiply-adds (G)", .fixed(2)) { $0.cost.map { Double($0.multiplyAdds) / 1e9 } },
      Column("Planned (GiB)", .fixed(2)) { $0.cost.map { Double($0.trainingBytes) / gibibyte } },
      Column("Peak (GiB)", .fixed(2)) { $0.runs.compactMap(\.peakMemory).max().map { Double($0) / gibibyte } },
      Column("Epoch (s)", cell: epochSeconds),
      Column("Epochs", .fixed(0)) { variant in
        variant.isTrainedHere ? Double(variant.runs.reduce(0) { $0 + $1.epochs.count }) : nil
      },
      Column("Machine", cell: machines.cell),
    ]
  }

  private static let gibibyte = Double(1 << 30)

  private static func epochSeconds(_ variant: ReportInput.Variant) -> Cell {
    let runs = variant.runs.filter { !$0.epochs.isEmpty }
    let seconds = Sample(runs.flatMap(\.epochs).map(\.seconds))
    guard let mean = seconds.mean else { return Cell(.missing) }
    let source = Source(
      "mean ± standard deviation (n − 1) over epochs", count: seconds.count, runs: runs.map(\.identity))
    return Cell(.number(Number(mean, deviation: seconds.deviation, .fixed(1))), source: source)
  }
}

/// The machines that a report's runs were trained on, lettered in the order of its rows.
private struct Machines {
  private let list: [ReportInput.Machine]

  init(_ input: ReportInput) {
    list = input.rows.flatMap(\.runs).compactMap(\.machine).reduce(into: []) { list, machine in
      if !list.contains(machine) { list.append(machine) }
    }
  }

  func cell(_ variant: ReportInput.Variant) -> Cell {
    let used = list.indices.filter { index in variant.runs.contains { $0.machine == list[index] } }
    return used.isEmpty ? Cell(.missing) : Cell(.text(used.map(letter).joined(separator: ", ")))
  }

  var notes: [String] { list.indices.map { "\(letter($0)): \(list[$0].words)." } }

  private func letter(_ index: Int) -> String {
    index < 26 ? String(UnicodeScalar(UInt8(65 + index))) : "M\(index + 1)"
  }
}

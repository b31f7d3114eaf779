extension Table {
  /// What each method costs, from its graph and from the runs' own records.
  static func cost(_ context: TableContext) -> Table {
    var table = Table(
      kind: .cost,
      caption: "Cost: parameters and multiply-adds of one case's forward pass (from the model's graph), planned memory"
        + " of a training step, largest resident memory of a worker, and seconds per epoch (mean ± standard deviation"
        + " (n − 1) over the epochs of all runs).",
      notes: machineNotes(context.input), rowTitle: "Method",
      columns: [
        "Parameters (M)", "Multiply-adds (G)", "Planned (GiB)", "Peak (GiB)", "Epoch (s)", "Epochs", "Machine",
      ], rows: [])
    let machines = self.machines(context.input)
    table.rows = context.input.rows.map { variant in
      let used = machines.enumerated().filter { entry in variant.runs.contains { $0.machine == entry.element } }
      let letters = used.map { letter($0.offset) }.joined(separator: ", ")
      return Row(
        label: variant.name,
        cells: modelCells(variant) + runCells(variant) + [letters.isEmpty ? Cell(.missing) : Cell(.text(letters))])
    }
    return table
  }

  private static let gibibyte = Double(1 << 30)

  private static func modelCells(_ variant: ReportInput.Variant) -> [Cell] {
    guard let cost = variant.cost else { return Array(repeating: Cell(.missing), count: 3) }
    return [
      Cell(.number(Number(Double(cost.parameters) / 1e6, .fixed(2)))),
      Cell(.number(Number(Double(cost.multiplyAdds) / 1e9, .fixed(2)))),
      Cell(.number(Number(Double(cost.trainingBytes) / gibibyte, .fixed(2)))),
    ]
  }

  private static func runCells(_ variant: ReportInput.Variant) -> [Cell] {
    let runs = variant.runs.filter { !$0.epochs.isEmpty }
    let peak = variant.runs.compactMap(\.peakMemory).max()
    let seconds = Sample(runs.flatMap(\.epochs).map(\.seconds))
    let source = Source(
      "mean ± standard deviation (n − 1) over epochs", count: seconds.count, runs: runs.map(\.identity))
    return [
      peak.map { Cell(.number(Number(Double($0) / gibibyte, .fixed(2)))) } ?? Cell(.missing),
      seconds.mean.map { Cell(.number(Number($0, deviation: seconds.deviation, .fixed(1))), source: source) }
        ?? Cell(.missing),
      Cell(.number(Number(Double(seconds.count), .fixed(0)))),
    ]
  }

  private static func machines(_ input: ReportInput) -> [ReportInput.Machine] {
    input.rows.flatMap(\.runs).compactMap(\.machine).reduce(into: []) { list, machine in
      if !list.contains(machine) { list.append(machine) }
    }
  }

  private static func letter(_ index: Int) -> String {
    index < 26 ? String(UnicodeScalar(UInt8(65 + index))) : "M\(index + 1)"
  }

  private static func machineNotes(_ input: ReportInput) -> [String] {
    machines(input).enumerated().map { index, machine in
      "\(letter(index)): \(machine.words)."
    }
  }
}

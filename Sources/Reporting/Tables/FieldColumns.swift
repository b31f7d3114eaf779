/// A column for each field of model and training in which the rows differ, beside the ticks of the modules.
enum FieldColumns {
  static func columns(_ input: ReportInput) -> [Column<ReportInput.Variant>] {
    (input.variants.first?.fields ?? []).map(\.label).map { label in
      Column(label) { variant in
        variant.fields.first { $0.label == label }?.value.map { Cell(.text($0)) } ?? Cell(.missing)
      }
    }
  }
}

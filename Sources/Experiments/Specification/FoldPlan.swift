import JSON

/// How the cases are divided for cross-validation.
package struct FoldPlan: Hashable, Sendable {
  package enum Source: String, Codable, CaseIterable, Sendable {
    /// The dataset's `splits_final.json` when it has one, balanced folds otherwise.
    case automatic = "auto"
    /// Drawn by seed, so that rare structures are in every part.
    case balanced
    /// `splits_final.json`; its absence is an error.
    case file
  }

  package var count = 5
  package var validation = 4
  package var seed: UInt64 = 2023
  package var source = Source.automatic

  package init() {}

  static var form: Form<FoldPlan> {
    .record(
      "How the cases are divided", FoldPlan(),
      [
        Field("count", \.count, .integer(2...1000), "Parts; each is held out once"),
        Field(
          "validation", \.validation, .integer(1...10_000),
          "Of a held-out part, the cases that choose the checkpoint; the rest is tested"),
        Field("seed", \.seed, .seed, "For the division"),
        Field(
          "source", \.source, .choice(),
          "balanced by seed, the dataset's splits_final.json (file), or the file when there is one (auto)"),
      ])
  }
}

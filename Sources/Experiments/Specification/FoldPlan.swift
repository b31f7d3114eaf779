import JSON
import Volumes

/// How the cases are divided for cross-validation.
package struct FoldPlan: Hashable, Sendable {
  /// Where the division comes from.
  package enum Source: String, Codable, CaseIterable, Sendable {
    /// The dataset's `splits_final.json` when it has one, balanced folds otherwise.
    case automatic = "auto"
    /// Drawn by seed, so that rare structures are in every part.
    case balanced
    /// `splits_final.json`; its absence is an error.
    case file
  }

  /// Parts; each is held out once.
  package var count = 5
  /// How many cases choose the checkpoint. Of a held-out part the rest is tested.
  package var validation = 4
  /// Whether they are of the held-out part, as in the paper, or of those that train.
  package var validationFrom = ValidationSource.heldOut
  /// Decides the division where it is drawn.
  package var seed: UInt64 = 2023
  /// By default the dataset's own splits, where it has some.
  package var source = Source.automatic
  /// A column of the cases' table: each of its values is held out and tested once (leave-one-site-out), and `count` means
  /// nothing. Nil: parts are drawn.
  package var by: String?
  /// Columns of the cases' table whose values should be in every part alike, as structures are.
  package var stratify: [String] = []

  /// Whether the dataset's own file may say them; where it may not, it is not looked at.
  var readsSplits: Bool { source != .balanced && by == nil }

  /// Five folds, as the paper has.
  package init() {}

  static var form: Form<FoldPlan> {
    .record(
      "How the cases are divided", FoldPlan(),
      [
        Field("count", \.count, .integer(2...1000), "Parts; each is held out once"),
        Field(
          "validation", \.validation, .integer(1...10_000, of: "cases"),
          "How many cases choose the checkpoint; of a held-out part, the rest is tested"),
        Field(
          "validationFrom", \.validationFrom, .choice(), absentMeans: .heldOut,
          "Where these cases come from: heldOut, as in the paper, where no network tests them; or training, so that every"
            + " case is tested once"),
        Field("seed", \.seed, .seed, "For the division"),
        Field(
          "source", \.source, .choice(),
          "balanced by seed, the dataset's splits_final.json (file), or the file when there is one (auto)"),
        Field(
          "by", \.by, .optional(.text), absentMeans: nil,
          "A column of dataset.groups, such as site: each of its values is tested once by networks that saw none of it;"
            + " count is not used, validation cases come from the other values"),
        Field(
          "stratify", \.stratify, .list(ofDistinct: .text, count: 0...100), absentMeans: [],
          "Columns of dataset.groups whose values are in every part alike, where parts are drawn"),
      ])
  }
}

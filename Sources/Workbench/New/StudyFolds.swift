import Experiments
import JSON
import Text
import Volumes

/// How a new study divides its cases.
struct StudyFolds {
  private let cases: Int
  /// Cases that stay together count as one.
  private let patients: Int
  private let splits: [Split]?
  /// The dataset's file of splits, where it knows hardly a case of it and is not used.
  private let unused: StrangeSplits?
  /// What says which cases stay together; nil: nothing does.
  private let grouping: String?
  let columns: [String]

  /// - Throws: fewer patients than one each to train, to validate and to test with.
  init(_ dataset: Dataset) throws {
    cases = dataset.cases.count
    patients = Self.patients(of: dataset)
    unused = dataset.strangeSplits
    splits = unused == nil ? dataset.givenSplits : nil
    grouping = dataset.patients.isEmpty ? nil : dataset.layout == .bids ? "subject" : "patient"
    columns = dataset.columns.filter { $0 != "patient" }
    guard patients >= Self.fewest else {
      throw StudyRefusal.tooFewCases(folder: dataset.root.path, cases: cases, patients: patients)
    }
  }

  private static func patients(of dataset: Dataset) -> Int {
    let named = dataset.patients
    return Set(dataset.cases.map { named[$0.name].map { "patient \($0)" } ?? $0.name }).count
  }

  /// What is to be said of cases that cannot, or can hardly, be divided into training, validation and test.
  ///
  /// - Parameter batch: of a training, which must be left too.
  static func fewNotices(of dataset: Dataset, batch: Int) -> [String] {
    let (cases, patients) = (Quantity.of(dataset.cases.count, "case"), patients(of: dataset))
    let owners = patients < dataset.cases.count ? "\(cases) of \(Quantity.of(patients, "patient"))" : cases
    if patients < fewest {
      return [
        "\(owners) make no folds: one to train with, one to choose the checkpoint and one to test are the least, so that no"
          + " experiment can be trained and tested here; add cases"
      ]
    }
    guard patients < 2 * fewest else { return [] }
    let most =
      patients < dataset.cases.count
      ? "\(patients) folds are the most, as a patient's cases stay in one"
      : Conflict.mostFolds(dataset.cases.count, batch: batch)
    return [
      "\(owners) are few: a fold tests one of them and chooses the checkpoint by another, and scores of so few say little; \(most)."
        + " Add cases"
    ]
  }

  /// One trains, one chooses the checkpoint, one is tested.
  private static let fewest = Conflict.fewestCases
  private static let usual = 5

  /// At least two patients in each part, where there are enough for three parts.
  private var count: Int { splits?.count ?? min(Self.usual, max(Self.fewest, patients / 2)) }

  /// Training cases of the smallest fold, validation cases among them.
  private var training: Int {
    splits.flatMap { $0.map(\.train.count).min() } ?? cases - (cases + count - 1) / count
  }

  /// A tenth of the training cases, and so many that more do not choose better.
  private var validation: Int {
    training < 4 || choosesByOne ? 1 : min(max(Int((Double(training) / 10).rounded()), 2), 20)
  }

  /// Set where more would take every patient that a fold trains with.
  var choosesByOne = false

  /// What a file of splits that is left out is to be said of.
  var warning: String? {
    unused.map {
      "\($0.words). It is not used: the study draws its own folds (folds.source \"balanced\"). To use it, write all cases into it"
        + " and make the study anew"
    }
  }

  var choices: [StudyChoice] {
    let together = grouping.map { "; cases of one \($0) stay together" } ?? ""
    let why =
      count == Self.usual
      ? "each case is tested once, by networks that saw none of its fold\(together)"
      : "\(Quantity.of(patients, grouping ?? "case")) are too few for five parts of two\(together)"
    let source: [StudyChoice] =
      splits.map { given in
        [
          StudyChoice(
            "folds.source", "file", "splits_final.json divides the cases into \(Quantity.of(given.count, "fold"))")
        ]
      } ?? [
        StudyChoice("folds.count", .number(Double(count)), why),
        StudyChoice(
          "folds.source", "balanced",
          "rare structures are in every part" + (unused == nil ? "" : "; splits_final.json is not used")),
      ]
    return source + [
      StudyChoice("folds.seed", 2023, "divides the cases; any number will do"),
      StudyChoice(
        "folds.validation", .number(Double(validation)),
        choosesByOne
          ? "the smallest fold has few patients to train with"
          : "of \(Quantity.of(training, "training case")); about a tenth, 20 at most, choose the checkpoint"),
      StudyChoice("folds.validationFrom", "training", "so that every case is tested"),
    ]
  }

  /// - Parameter names: of the cases, for the one that shows what a pattern would be.
  func questions(_ names: [String]) -> [StudyQuestion] {
    var found: [StudyQuestion] = []
    if let grouping {
      found.append(
        StudyQuestion(
          "dataset.groups", "\(cases) cases are of \(patients) \(grouping)s: are these all different people?"))
    } else {
      found.append(
        StudyQuestion(
          "dataset.groups",
          "Are several cases of one patient (\(DatasetNotice.shortList(names)))? Say so by dataset.groups, or a network is"
            + " tested on patients that it was trained on."))
    }
    if !columns.isEmpty {
      found.append(
        StudyQuestion(
          "folds.by",
          "The table has \(DatasetNotice.shortList(columns)): should folds leave out one value at a time (folds.by), or the"
            + " report show each (report.subgroups)?"))
    }
    return found
  }
}

import JSON
import Metrics
import Text
import Volumes

/// Label maps whose numbers, over nearly all cases, mean other structures than the truth's, in words.
struct RenumberedMaps {
  private let renumbering: Renumbering
  /// Of the structures: their names, and the numbers that stand for them in the maps; nil: none does.
  private let (names, numbers): ([String], [Int?])
  /// The numbers that do once they are read otherwise.
  private let found: [Int?]
  /// Those that the predictions hold.
  private let held: Set<Int>
  /// Numbers that are background, besides 0.
  private let background: [Int]
  /// Whether somebody called the numbers by names.
  private let isNamed: Bool

  /// Nil where the numbers mean what the truth's do, as far as the cases tell.
  ///
  /// - Parameter cases: with the structures that their scores are of, by name.
  init?(_ cases: [(structures: [String], scores: CaseEvaluation)], labels: LabelMap?) {
    let names = labels?.names ?? cases.flatMap(\.structures).distinct.sorted { (Int($0) ?? 0) < (Int($1) ?? 0) }
    self.init(
      cases, names: names, numbers: labels?.structures.map(\.value) ?? names.map { Int($0) },
      background: labels?.background ?? [], isNamed: labels != nil)
  }

  /// - Parameter labels: what the maps' numbers were taken for.
  init?(_ cases: [CaseEvaluation], _ labels: ImportLabels, of structures: LabelMap) {
    self.init(
      cases.map { (structures.names, $0) }, names: structures.names, numbers: labels.numbers(for: structures),
      background: labels.background, isNamed: true)
  }

  private init?(
    _ cases: [(structures: [String], scores: CaseEvaluation)], names: [String], numbers: [Int?], background: [Int],
    isNamed: Bool
  ) {
    let places = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let known = cases.map { one in (scores: one.scores, structures: one.structures.compactMap { places[$0] }) }
    let spine = SpineLevels(names: names)
    guard let renumbering = Renumbering(known, structures: names.count, spine: spine) else { return nil }
    (self.renumbering, self.names, self.numbers, self.isNamed) = (renumbering, names, numbers, isNamed)
    self.background = background.filter { $0 != 0 }
    let sources = renumbering.sources.map { $0.flatMap { numbers[$0] } }
    held = Set(
      known.flatMap { one in
        zip(one.structures, one.scores.predictedVoxels).filter { $0.1 > 0 }.compactMap { numbers[$0.0] }
      })
    let step = Self.step(sources, numbers)
    // Nothing is known of where a number of the background lies, but in a row of others it is one of them.
    self.found = zip(sources, numbers).map { source, own in
      source ?? step.flatMap { step in own.map { $0 + step } }.flatMap { background.contains($0) && $0 != 0 ? $0 : nil }
    }
  }

  /// By how much every number that is another structure's is too large; nil where they differ in that.
  private static func step(_ found: [Int?], _ own: [Int?]) -> Int? {
    let steps = changes(found, own).map { $0.from - $0.to }
    return Set(steps).count == 1 ? steps.first : nil
  }

  /// What was found.
  private var finding: String {
    "in \(renumbering.fitting) of \(Quantity.of(renumbering.cases, "case")) the numbers of the predictions \(order):"
      + " mean Dice \(renumbering.diceBefore.percent) as they are, \(renumbering.diceAfter.percent) with them read so"
  }

  /// How they lie.
  private var order: String {
    if renumbering.isReversed { return "lie in the reverse order of the truth's" }
    guard let step = Self.step(found, numbers) else { return "mean other structures than the truth's" }
    return "are \(abs(step)) \(step > 0 ? "above" : "below") the truth's"
  }

  /// For two that are compared, where `--labels` names the structures of both.
  var words: String {
    let reading = Self.changes(found, numbers).filter { held.contains($0.from) }.map { "\($0.from) as \($0.to)" }
      .joined(separator: ", ")
    return "\(finding). If they mean that, write in the predictions \(reading)"
      + (isNamed ? "; `safnet import predictions` reads them as they are with --labels FILE, FILE holding \(file)" : "")
  }

  /// For maps that were imported.
  var importWords: String {
    "\(finding). If they mean that, import them again with --replace --labels FILE, FILE holding \(file)"
  }

  /// What every number that is another structure's should be, by what it is.
  private static func changes(_ found: [Int?], _ own: [Int?]) -> [(from: Int, to: Int)] {
    zip(found, own).compactMap { from, to -> (from: Int, to: Int)? in
      guard let from, let to, from != to else { return nil }
      return (from, to)
    }.sorted { $0.from < $1.from }
  }

  /// What `--labels` must be given: every number with the structure that it means, and what is then nothing's.
  private var file: String {
    let outside = (background + numbers.compactMap(\.self)).filter { !found.contains($0) }.sorted()
    let entries = zip(names, found).compactMap { name, number in number.map { "\(CanonicalJSON.quoted(name)): \($0)" } }
    let zero = "\"background\": [\(([0] + outside).map(String.init).joined(separator: ", "))]"
    let first = outside.isEmpty ? [] : [zero]
    return "{\((first + entries).joined(separator: ", "))}"
  }
}

/// Whether predictions are numbered otherwise than their truths.
enum OtherNumbers {
  /// What must be said; nil where nothing is. Which number means which structure says more than that none is in both.
  static func words(_ cases: [(structures: [String], scores: CaseEvaluation)], labels: LabelMap?) -> String? {
    RenumberedMaps(cases, labels: labels)?.words
      ?? (labels == nil ? DisjointNumbers(cases.map { ($0.structures, $0.scores) }).words : nil)
  }
}

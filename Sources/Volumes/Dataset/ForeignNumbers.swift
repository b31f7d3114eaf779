import Foundation
import JSON
import Text

/// A label map of which no mask of a dataset holds any number: the map is wrong, and not the masks.
package struct ForeignNumbers: Hashable, Sendable {
  /// Where the map is given, as messages begin.
  let place: String
  /// Those of its structures.
  let numbers: [Int]
  let masks: Int
  /// Those that the masks hold, above 0.
  let held: [Int]
  /// What to write.
  let remedy: String
  /// What the dataset calls those that are held, and where.
  let known: [LabelMap.Structure]
  let source: String

  /// Nil where a mask holds a number of the map, and where none holds any number at all.
  ///
  /// - Parameter dataset: its cases that are taken.
  init?(_ labels: LabelMap, of dataset: Dataset, at place: String, workers: Int) {
    let ofMasks = dataset.structureNumbersOfMasks(workers: workers)
    let found = ofMasks.reduce(into: Set<Int>()) { $0.formUnion($1) }
    numbers = labels.structures.flatMap(\.values).sorted()
    guard !found.isEmpty, found.isDisjoint(with: numbers) else { return nil }
    (self.place, masks, held) = (place, dataset.cases.count, found.sorted())
    let isOwn = dataset.labels?.structures == labels.structures
    known = isOwn ? [] : (dataset.ownLabels?.structures ?? []).filter { !found.isDisjoint(with: $0.values) }
    let isNNUNet = dataset.layout == .nnUNet
    source = isNNUNet ? "dataset.json" : dataset.layout == .bids ? "dseg.tsv" : "MRSpineSeg"
    if known.isEmpty {
      let example =
        isOwn ? Self.ownExample(labels, held, inTable: dataset.layout == .bids) : Self.example(labels, held, ofMasks)
      remedy = "give each structure the number that the masks hold for it, such as \(example)"
    } else {
      let rest = found.subtracting(known.flatMap(\.values))
      let entries =
        known.map { "\(CanonicalJSON.quoted($0.name)): \($0.written)" }
        + Self.entries(of: rest, beside: known.flatMap(\.values), ofMasks)
      // The dataset's own names say nothing of the numbers that they do not name.
      let isAll = rest.isSubset(of: dataset.ownLabels?.background ?? [])
      let way = isAll ? " or \"labels\": \"\(isNNUNet ? "dataset.json" : "auto")\"" : ""
      remedy = "write \"labels\": {\(entries.joined(separator: ", "))}\(way) below dataset"
    }
  }

  /// The map's names, or, where they are MRSpineSeg's, none that may be taken for true ones; and as many more as are wanted.
  private static func names(_ labels: LabelMap, _ held: [Int]) -> [String] {
    labels.structures == LabelMap.mrSpineSeg.structures ? held.map(stranger) : labels.names
  }

  private static func stranger(_ number: Int) -> String { "structure \(number)" }

  /// For the dataset's own file, which takes a name for each number.
  private static func ownExample(_ labels: LabelMap, _ held: [Int], inTable: Bool) -> String {
    let names = names(labels, held)
    let named = zip(names + held.dropFirst(names.count).map(stranger), held)
    return named.map { inTable ? "index \($1) with name \($0)" : "\(CanonicalJSON.quoted($0)): \($1)" }
      .joined(separator: ", ")
  }

  private static func example(_ labels: LabelMap, _ held: [Int], _ ofMasks: [Set<Int>]) -> String {
    let named = zip(names(labels, held), held).map { (name: $0, number: $1) }
    let rest = entries(of: Set(held.dropFirst(named.count)), beside: named.map(\.number), ofMasks)
    let all = named.map { "\(CanonicalJSON.quoted($0.name)): \($0.number)" } + rest
    return "\"labels\": {\(all.joined(separator: ", "))} below dataset"
  }

  /// What becomes of the numbers that are left over, which would be refused next: an entry that leaves them out, or, where a mask
  /// would then have no structure, a name for each; none where there are none.
  private static func entries(of rest: Set<Int>, beside named: [Int], _ ofMasks: [Set<Int>]) -> [String] {
    if rest.isEmpty { return [] }
    let isEnough = ofMasks.allSatisfy { $0.isEmpty || !$0.isDisjoint(with: named) }
    return isEnough ? ["\"background\": \(([0] + rest.sorted()))"] : rest.sorted().map { "\"\(stranger($0))\": \($0)" }
  }

  var words: String {
    let called = held.map { number in
      known.first { $0.values.contains(number) }.map { "\(number) (\($0.name) in \(source))" } ?? "\(number)"
    }
    return
      "\(place): none of its numbers (\(DatasetNotice.shortList(numbers.map(String.init)))) is in any of"
      + " \(Quantity.of(masks, "mask")), which hold \(DatasetNotice.shortList(called)): \(remedy)"
  }
}

extension LabelMap.Structure {
  /// Its number, or the list of them.
  fileprivate var written: String {
    others.isEmpty ? "\(value)" : "[\(values.sorted().map(String.init).joined(separator: ", "))]"
  }
}

extension Dataset {
  /// Where its own files name the structures, as messages begin; nil where they do not.
  package var labelsPlace: String? {
    guard labels != nil else { return nil }
    guard layout == .nnUNet else { return "dseg.tsv in \(root.path)" }
    let file = root.appendingPathComponent("dataset.json")
    let whole = (try? VolumeFolder.content(of: file)).flatMap {
      try? JSONParser.parse(Array($0), origin: .file(file.path))
    }
    let place = whole?["labels"].map { ":\($0.place.line):\($0.place.column)" } ?? ""
    return "\(file.path)\(place): labels"
  }

  /// The problems of its masks; where none holds a number of the map, those of numbers are one, the map's: sound masks must
  /// not be blamed for it.
  ///
  /// - Parameter place: where the map is given.
  package func blamingMap(
    _ labels: LabelMap, at place: String, _ problems: [DatasetProblem], workers: Int
  ) -> [DatasetProblem] {
    func isOfNumbers(_ problem: DatasetProblem) -> Bool {
      switch problem {
      case .noStructure, .unknownLabels: true
      default: false
      }
    }
    guard let first = problems.firstIndex(where: isOfNumbers) else { return problems }
    var taken = self
    taken.cases.removeAll { excludedNames.contains($0.name) }
    // A mask whose ground is not 0 says nothing of the map.
    let isFilled = problems.contains { if case .filledMask = $0 { true } else { false } }
    guard !isFilled, let foreign = ForeignNumbers(labels, of: taken, at: place, workers: workers) else {
      return problems
    }
    var told = problems
    told[first] = .foreignNumbers(foreign)
    return told.filter { !isOfNumbers($0) }
  }
}

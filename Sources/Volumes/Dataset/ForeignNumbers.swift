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
    let found = dataset.structureNumbers(workers: workers)
    numbers = labels.structures.flatMap(\.values).sorted()
    guard !found.isEmpty, found.isDisjoint(with: numbers) else { return nil }
    (self.place, masks, held) = (place, dataset.cases.count, found.sorted())
    let isOwn = dataset.labels?.structures == labels.structures
    known = isOwn ? [] : (dataset.ownLabels?.structures ?? []).filter { !found.isDisjoint(with: $0.values) }
    let isNNUNet = dataset.layout == .nnUNet
    source = isNNUNet ? "dataset.json" : dataset.layout == .bids ? "dseg.tsv" : "MRSpineSeg"
    if known.isEmpty {
      remedy =
        "give each structure the number that the masks hold for it, such as \(Self.example(labels, held, isOwn: isOwn))"
    } else {
      let rest = found.subtracting(known.flatMap(\.values))
      let entries = known.map { "\(CanonicalJSON.quoted($0.name)): \($0.written)" } + Self.background(rest)
      // The dataset's own names say nothing of the numbers that they do not name.
      let isAll = rest.isSubset(of: dataset.ownLabels?.background ?? [])
      let way = isAll ? " or \"labels\": \"\(isNNUNet ? "dataset.json" : "auto")\"" : ""
      remedy = "write \"labels\": {\(entries.joined(separator: ", "))}\(way) below dataset"
    }
  }

  /// The map's names, or, where they are MRSpineSeg's, none that may be taken for true ones. Numbers that are left over would
  /// be refused next: a dataset's own file takes a name for each, an experiment leaves them out.
  private static func example(_ labels: LabelMap, _ held: [Int], isOwn: Bool) -> String {
    let isMRSpineSeg = labels.structures == LabelMap.mrSpineSeg.structures
    let names = isMRSpineSeg ? held.map { "structure \($0)" } : labels.names
    let more = isOwn ? held.dropFirst(names.count).map { "structure \($0)" } : []
    let named = zip(names + more, held).map { "\(CanonicalJSON.quoted($0)): \($1)" }
    if isOwn { return named.joined(separator: ", ") }
    let entries = named + background(Set(held.dropFirst(names.count)))
    return "\"labels\": {\(entries.joined(separator: ", "))} below dataset"
  }

  /// An entry that leaves numbers out; none where there are none.
  private static func background(_ rest: Set<Int>) -> [String] {
    rest.isEmpty ? [] : ["\"background\": \(([0] + rest.sorted()))"]
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

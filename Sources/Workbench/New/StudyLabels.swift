import Experiments
import JSON
import Text
import Volumes

/// Which structures a new study learns: those that the dataset names and its masks hold, and unnamed numbers by a name
/// that says so.
struct StudyLabels {
  let map: LabelMap
  /// Numbers of the masks that nothing names.
  let unnamed: [Int]
  /// Those of them that are learnt.
  private let learnt: [Int]
  /// The others: in too few masks beside structures that have names.
  private let strays: [Int]
  /// Structures that the dataset names and no mask holds.
  let absent: [String]
  /// Who names them; nil: nobody.
  private let source: String?

  /// - Throws: a mask that is an image, by its numbers.
  init(_ dataset: Dataset, _ survey: DatasetSurvey) throws(StudyRefusal) {
    let (own, numbers) = (dataset.ownLabels, survey.numbers)
    let named = own?.structures ?? []
    let there = named.filter { !numbers.isDisjoint(with: $0.values) }
    absent = named.filter { numbers.isDisjoint(with: $0.values) }.map(\.name)
    unnamed = numbers.subtracting(own?.numbers ?? []).sorted()
    try Self.refuseImages(dataset, survey, unnamed)
    let counts = Dictionary(survey.labels.map { ($0.number, $0.cases) }, uniquingKeysWith: { first, _ in first })
    let isLearnt = { (number: Int) in
      there.isEmpty || counts[number, default: 0] >= min(Self.fewest, survey.cases.count)
    }
    (learnt, strays) = (unnamed.filter(isLearnt), unnamed.filter { !isLearnt($0) })
    let strangers = learnt.map { LabelMap.Structure(name: "label \($0)", value: $0) }
    map = LabelMap(
      structures: there + strangers, background: (own?.background ?? [0]) + strays, ignore: own?.ignore)
    source =
      switch dataset.layout {
      case .nnUNet: "dataset.json"
      case .mrSpineSeg: "MRSpineSeg's"
      case .bids: own == nil ? nil : "dseg.tsv"
      case .manifest, .automatic: nil
      }
  }

  var choice: StudyChoice {
    let named = map.structures.count - learnt.count
    let parts = [
      source.map { "\(named) named by \($0)" }, learnt.isEmpty ? nil : "\(learnt.count) without a name",
      strays.isEmpty ? nil : "\(strays.count) without a name, left out",
      absent.isEmpty ? nil : "\(DatasetNotice.shortList(absent)) in no mask, left out",
    ].compactMap(\.self)
    return StudyChoice(
      "dataset.labels", Form<LabelMap>.written.write(map) ?? .object([]), parts.joined(separator: "; "),
      short: Quantity.of(map.structures.count, "structure"))
  }

  func questions(_ survey: DatasetSurvey, folds: Int) -> [StudyQuestion] {
    var found = strangers(
      learnt, survey, "learnt as \"label N\"; give a name, or list under \"background\" to leave out")
    found += strangers(
      strays, survey,
      "left out, being in so few masks; correct the masks, or give a name instead of listing under \"background\"")
    if let ignore = map.ignore {
      let count = survey.labels.first { $0.number == ignore }?.voxels ?? 0
      found.append(
        StudyQuestion(
          "dataset.labels.ignore",
          "Are the \(count) voxels of number \(ignore) (ignore) really not annotated? They have no loss and no score."))
    }
    let present = survey.present(map)
    let rare = map.structures.indices.map { index in
      (name: map.structures[index].name, cases: present.values.count { $0[index] })
    }.filter { $0.cases < folds }
    if !rare.isEmpty {
      let list = DatasetNotice.shortList(rare.map { "\($0.name) (\($0.cases))" })
      found.append(
        StudyQuestion(
          "dataset.labels",
          "Are \(list) to be learnt? They are in fewer cases than there are folds, so that some fold has none to test; list"
            + " their numbers under \"background\" to leave them out."))
    }
    return found
  }

  /// Masks that a number without a name must be in to be learnt, where others have names.
  private static let fewest = 3
  /// So many numbers that no name and no other mask has are grey values.
  private static let greyValues = 20
  /// So many numbers in one mask are grey values, whatever other masks hold, as `dataset check` has it: the largest atlases in
  /// use have a good hundred.
  private static let tooMany = 151

  private static func refuseImages(
    _ dataset: Dataset, _ survey: DatasetSurvey, _ unnamed: [Int]
  ) throws(StudyRefusal) {
    let alone = Set(unnamed).intersection(survey.labels.filter { $0.cases == 1 }.map(\.number))
    for one in survey.cases {
      let own = one.voxels.keys.count { alone.contains($0) }
      let all = one.voxels.keys.count { unnamed.contains($0) }
      guard own >= greyValues || all >= tooMany else { continue }
      let file = dataset.cases.first { $0.name == one.name }?.label.path ?? one.name
      throw own >= greyValues
        ? .imageAmongMasks(file: file, numbers: own) : .tooManyNumbers(file: file, numbers: all)
    }
  }

  private func strangers(_ numbers: [Int], _ survey: DatasetSurvey, _ answer: String) -> [StudyQuestion] {
    guard !numbers.isEmpty else { return [] }
    let holders = survey.cases.filter { one in numbers.contains { one.voxels[$0] != nil } }.map(\.name)
    let place = holders.count < survey.cases.count ? " (in \(DatasetNotice.shortList(holders)))" : ""
    let subject = numbers.count == 1 ? "is the number" : "are the numbers"
    let list = DatasetNotice.shortList(numbers.map(String.init))
    let verb = numbers.count == 1 ? "It is" : "They are"
    return [StudyQuestion("dataset.labels", "What \(subject) \(list) of the masks\(place)? \(verb) \(answer).")]
  }
}

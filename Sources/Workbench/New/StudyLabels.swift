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
  /// Structures that the dataset names and no mask holds.
  let absent: [String]
  /// Who names them; nil: nobody.
  private let source: String?

  init(_ dataset: Dataset, _ survey: DatasetSurvey) {
    let (own, numbers) = (dataset.ownLabels, survey.numbers)
    let named = own?.structures ?? []
    let there = named.filter { !numbers.isDisjoint(with: $0.values) }
    absent = named.filter { numbers.isDisjoint(with: $0.values) }.map(\.name)
    unnamed = numbers.subtracting(own?.numbers ?? []).sorted()
    let strangers = unnamed.map { LabelMap.Structure(name: "label \($0)", value: $0) }
    map = LabelMap(structures: there + strangers, background: own?.background ?? [0], ignore: own?.ignore)
    source =
      switch dataset.layout {
      case .nnUNet: "dataset.json"
      case .mrSpineSeg: "MRSpineSeg's"
      case .bids: own == nil ? nil : "dseg.tsv"
      case .manifest, .automatic: nil
      }
  }

  var choice: StudyChoice {
    let named = map.structures.count - unnamed.count
    let parts = [
      source.map { "\(named) named by \($0)" }, unnamed.isEmpty ? nil : "\(unnamed.count) without a name",
      absent.isEmpty ? nil : "\(DatasetNotice.shortList(absent)) in no mask, left out",
    ].compactMap(\.self)
    return StudyChoice(
      "dataset.labels", Form<LabelMap>.written.write(map) ?? .object([]), parts.joined(separator: "; "),
      short: Quantity.of(map.structures.count, "structure"))
  }

  func questions(_ survey: DatasetSurvey, folds: Int) -> [StudyQuestion] {
    var found: [StudyQuestion] = []
    if !unnamed.isEmpty {
      let list = DatasetNotice.shortList(unnamed.map(String.init))
      let holders = survey.cases.filter { one in unnamed.contains { one.voxels[$0] != nil } }.map(\.name)
      let place = holders.count < survey.cases.count ? " (in \(DatasetNotice.shortList(holders)))" : ""
      found.append(
        StudyQuestion(
          "dataset.labels",
          "What are the numbers \(list) of the masks\(place)? They are learnt as \"label N\"; give them names, or list them under"
            + " \"background\" to leave them out."))
    }
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
}

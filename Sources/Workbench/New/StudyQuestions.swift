import Foundation
import Text
import Volumes

extension StudyQuestion {
  /// A factor between spacings from which images are of different kinds.
  private static let unequal = 2.0

  /// What the images and the structures' names leave open.
  static func all(_ dataset: Dataset, _ survey: DatasetSurvey, _ labels: StudyLabels, isPatched: Bool)
    -> [StudyQuestion]
  {
    [
      sides(labels), groups(labels.map), test(dataset), spacings(survey, isPatched), slices(survey, isPatched),
      channels(dataset),
      kind(survey),
    ].compactMap(\.self) + order(survey)
  }

  /// Masks that are numbered the other way round than most.
  private static func order(_ survey: DatasetSurvey) -> [StudyQuestion] {
    StructureOrder.notices(StructureOrder.reversed(survey.cases.map { ($0.name, $0.centres) })).map {
      StudyQuestion("dataset", "Is this right? \($0).")
    }
  }

  private static func sides(_ labels: StudyLabels) -> StudyQuestion {
    let sided = labels.map.sidedNames
    return StudyQuestion(
      "augmentation.mirroring",
      !sided.isEmpty
        ? "Are \(DatasetNotice.shortList(sided)) of one side of the body? If not, mirroring would help."
        : labels.unnamed.isEmpty
          ? "Does any structure tell left from right? No name says so; where one does, set mirroring to false."
          : "Do the numbers without a name tell left from right? Mirroring is off; where none does, set it to true.")
  }

  /// Networks here halve H and W most: they are made for sagittal slices.
  private static func slices(_ survey: DatasetSurvey, _ isPatched: Bool) -> StudyQuestion? {
    let sides = survey.spacing.map(\.median)
    guard max(sides[1], sides[2]) > unequal * sides[0] else { return nil }
    return StudyQuestion(
      isPatched ? "preprocessing.spacing" : "preprocessing.size",
      "Are these slices not sagittal? They are \(StudyGrid.text(max(sides[1], sides[2]))) mm apart along"
        + " \(sides[1] > sides[2] ? "H" : "W"), which Base and SAFNet halve four times; nnU-Net's network follows the spacing."
    )
  }

  private static func groups(_ map: LabelMap) -> StudyQuestion? {
    let discs = map.names.filter { $0.contains("/") }
    guard map.structures.count > 1, discs.isEmpty || discs.count == map.names.count else { return nil }
    return StudyQuestion(
      "report.groups",
      "Which of the \(map.structures.count) structures are averaged together, such as vertebrae and discs?")
  }

  private static func test(_ dataset: Dataset) -> StudyQuestion {
    let held = ["imagesTs", "labelsTs"].allSatisfy { VolumeList.isFolder(dataset.root.appendingPathComponent($0)) }
    return StudyQuestion(
      "test",
      dataset.layout == .nnUNet && held
        ? "imagesTs and labelsTs are there and not used: test on them as well (\"test\": { \"cases\": \"imagesTs\" })?"
        : "Are there cases of another source to test on? Folds tell how networks do on more images of this dataset alone."
    )
  }

  private static func spacings(_ survey: DatasetSurvey, _ isPatched: Bool) -> StudyQuestion? {
    let apart = zip(["D", "H", "W"], survey.spacing).filter { $1.factor > unequal }
    guard !apart.isEmpty else { return nil }
    let list = apart.map { axis, spread in
      "\(axis) \(StudyGrid.text(spread.least)) to \(StudyGrid.text(spread.most)) mm"
    }
    return StudyQuestion(
      isPatched ? "preprocessing.spacing" : "preprocessing.size",
      "Do these images belong together? Spacings differ more than twofold (\(list.joined(separator: ", "))), and all are"
        + " resampled to one \(isPatched ? "of them" : "size").")
  }

  /// Files of further channels are left out of a dataset without being read.
  private static func channels(_ dataset: Dataset) -> StudyQuestion? {
    let further = dataset.notices.filter {
      if case .leftOut(_, .channel) = $0 { true } else { false }
    }
    guard !further.isEmpty else { return nil }
    return StudyQuestion(
      "dataset",
      "Is channel 0 (_0000) the one to learn from? dataset.json names one channel; \(Quantity.of(further.count, "file"))"
        + " of others left out (\"channels\": [0, 1] below dataset reads two).")
  }

  /// Hounsfield units begin at -1024.
  private static func kind(_ survey: DatasetSurvey) -> StudyQuestion? {
    let low = survey.cases.count { ([$0.lowest] + ($0.furtherLowest ?? [])).contains { $0 <= -500 } }
    guard low > 0 else { return nil }
    return StudyQuestion(
      "preprocessing.normalise",
      "Are these CT? \(Quantity.of(low, "image")) with values of -500 and below. nnU-Net clips CT to the range of its foreground; here each"
        + " image is normalised by itself.")
  }
}

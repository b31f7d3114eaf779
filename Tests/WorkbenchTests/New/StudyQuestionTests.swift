import Experiments
import Foundation
import TestSupport
import Testing
import Volumes

import Workbench

/// What `safnet new` cannot know, and asks.
@Suite struct StudyQuestionTests {
  @Test func mirroringIsOnUnlessANameHasASide() throws {
    let data = try TinyDataset()
    try data.write(cases: 3)
    let open = try data.study()
    #expect(try data.specification().augmentation?.mirroring != nil)
    #expect(open.asked("augmentation.mirroring").first?.hasPrefix("Does any structure tell left from right?") == true)
    try data.describe(#"{"background": 0, "rib_left": 1, "rib_right": 2}"#)
    let sided = try data.study("sided.json")
    #expect(try data.specification("sided.json").augmentation?.mirroring == nil)
    #expect(sided.because("augmentation").contains("without mirroring: rib_left, rib_right have a side"))
    #expect(sided.asked("augmentation.mirroring").first?.hasPrefix("Are rib_left, rib_right of one side") == true)
  }

  @Test func numbersWithoutANameAreLearntAndAskedAbout() throws {
    let data = try TinyDataset()
    try data.write(cases: 3, numbers: [1, 2, 9])
    let report = try data.study()
    let labels = try #require(data.specification().dataset.knownLabels)
    #expect(labels.names == ["L1", "L2", "label 9"] && labels.structures.map(\.value) == [1, 2, 9])
    #expect(report.asked("dataset.labels").first?.hasPrefix("What is the number 9 of the masks? It is learnt") == true)
    #expect(report.because("dataset.labels") == "2 named by dataset.json; 1 without a name")
    // Nobody knows whether it has a side.
    #expect(report.asked("augmentation.mirroring").first?.hasPrefix("Do the numbers without a name tell left") == true)
    #expect(try data.specification().augmentation?.mirroring == nil)
  }

  /// A slip of a pen is no structure.
  @Test func numbersOfFewMasksBesideNamedOnesAreLeftOutAndAskedAbout() throws {
    let data = try TinyDataset()
    try data.write(cases: 4)
    try data.write("c5", seed: 5, numbers: [1, 2, 9])
    let report = try data.study()
    #expect(
      report.asked("dataset.labels").first?.hasPrefix("What is the number 9 of the masks (in c5)? It is left out")
        == true)
    #expect(report.because("dataset.labels") == "2 named by dataset.json; 1 without a name, left out")
    let labels = try #require(data.specification().dataset.knownLabels)
    #expect(labels.names == ["L1", "L2"] && labels.background == [0, 9])
    // The census says what becomes of its voxels.
    #expect(report.check.census.apart.map(\.number) == [9])
  }

  @Test func numbersOfFewMasksAreLearntWhereNothingHasAName() throws {
    let data = try TinyDataset()
    try data.write(cases: 4, names: #"{"background": 0, "L7": 7}"#)
    try data.write("c5", seed: 5, numbers: [1, 2, 9])
    _ = try data.study()
    #expect(try data.specification().dataset.knownLabels?.names == ["label 1", "label 2", "label 9"])
  }

  @Test func aMaskThatIsNumberedUpsideDownIsAskedAbout() throws {
    let data = try TinyDataset()
    try data.write(cases: 5, numbers: [1, 2, 3], names: #"{"background": 0, "L1": 1, "L2": 2, "L3": 3}"#)
    #expect(try data.study().asked("dataset").isEmpty)
    try data.write("c6", seed: 6, numbers: [3, 2, 1])
    let words =
      "c6: the structures lie from head to foot in the reverse order of 5 other masks; correct the numbers,"
      + " or the orientation of image and mask"
    let report = try data.study("again.json")
    #expect(report.asked("dataset") == ["Is this right? \(words)."])
    // Whoever wrote the experiment by hand is warned by the check.
    #expect(report.check.census.notices.contains(words))
  }

  @Test func structuresInNoMaskAreLeftOutAndRareOnesAskedAbout() throws {
    let data = try TinyDataset()
    try data.write(cases: 4)
    try data.write("c5", seed: 5, numbers: [1, 2, 3])
    try data.describe(#"{"background": 0, "L1": 1, "L2": 2, "L3": 3, "L4": 4}"#)
    let report = try data.study()
    #expect(try data.specification().dataset.knownLabels?.names == ["L1", "L2", "L3"])
    #expect(report.because("dataset.labels") == "3 named by dataset.json; L4 in no mask, left out")
    #expect(report.asked("dataset.labels").first?.hasPrefix("Are L3 (1) to be learnt?") == true)
  }

  @Test func ignoredVoxelsAreCounted() throws {
    let data = try TinyDataset()
    try data.write(cases: 3, numbers: [1, 2, 5])
    try data.describe(#"{"background": 0, "L1": 1, "L2": 2, "ignore": 5}"#)
    let report = try data.study()
    // A third of H, ten columns, six slices, three cases.
    #expect(
      report.asked("dataset.labels.ignore") == [
        "Are the \(8 * 10 * 6 * 3) voxels of number 5 (ignore) really not annotated? They have no loss and no score."
      ])
    #expect(try data.specification().dataset.knownLabels?.ignore == 5)
  }

  @Test func furtherChannelsAreCounted() throws {
    let data = try TinyDataset()
    try data.write(cases: 3)
    try data.put([Float](repeating: 1, count: data.extent.reduce(1, *)), "imagesTr/c1_0001.nii.gz")
    let report = try data.study()
    #expect(
      report.asked("dataset") == [
        "Is channel 0 (_0000) the one to learn from? dataset.json names one channel; 1 file of others left out (\"channels\":"
          + " [0, 1] below dataset reads two)."
      ])
    #expect(report.text.contains("warning: left out, because a further channel"))
  }

  @Test func allChannelsOfTheDatasetAreProposed() throws {
    let data = try TinyDataset()
    try data.write(cases: 3)
    for name in ["c1", "c2", "c3"] {
      try data.put((0..<data.extent.reduce(1, *)).map { Float($0 % 17) }, "imagesTr/\(name)_0001.nii.gz")
    }
    try data.folder.write(
      "data/dataset.json", #"{"channel_names": {"0": "T1", "1": "T2"}, "labels": {"background": 0, "L1": 1, "L2": 2}}"#)
    let report = try data.study()
    #expect(report.because("dataset.channels") == "all that dataset.json names: 0 T1, 1 T2; each normalised by itself")
    #expect(report.asked("dataset").isEmpty)
    #expect(try data.specification().variants.allSatisfy { $0.model.channels == 2 })
  }

  @Test func spacingsThatDifferMoreThanTwofoldAreAskedAbout() throws {
    var data = try TinyDataset()
    try data.write(cases: 3)
    data.spacing = [8, 1, 1]
    try data.write("c2", seed: 2)
    #expect(try data.study().asked("preprocessing.size").isEmpty)
    data.spacing = [8.5, 1, 1]
    try data.write("c2", seed: 2)
    let report = try data.study("far.json")
    #expect(report.asked("preprocessing.size").first?.contains("(D 4 to 8.5 mm)") == true)
  }

  @Test func slicesThatAreNotSagittalAreAskedAbout() throws {
    var data = try TinyDataset()
    data.spacing = [0.5, 3, 0.5]
    try data.write(cases: 3)
    #expect(
      try data.study().asked("preprocessing.size").first?.hasPrefix("Are these slices not sagittal? They are 3 mm")
        == true)
    data.spacing = [0.5, 1, 0.5]
    try data.write(cases: 3)
    #expect(try data.study("near.json").asked("preprocessing.size").isEmpty)
  }

  @Test func computedTomographyAndAHeldOutSetAreAskedAbout() throws {
    var data = try TinyDataset()
    data.lowest = -1000
    try data.write(cases: 3)
    for name in ["imagesTs", "labelsTs"] { try data.folder.write("data/\(name)/note.txt", "x") }
    let report = try data.study()
    #expect(report.asked("preprocessing.normalise").first?.hasPrefix("Are these CT? 3 images") == true)
    #expect(report.asked("test").first?.contains(#""test": { "cases": "imagesTs" }"#) == true)
    #expect(report.asked("dataset.groups").first?.hasPrefix("Are several cases of one patient (c1, c2, c3)?") == true)
  }

  /// Vertebrae and discs are told apart by the slash of a disc's name.
  @Test func groupsAreAskedForWhereNamesDoNotTellThem() throws {
    let data = try TinyDataset()
    try data.write(cases: 3)
    #expect(try !data.study().asked("report.groups").isEmpty)
    try data.describe(#"{"background": 0, "L1": 1, "L1/L2": 2}"#)
    #expect(try data.study("other.json").asked("report.groups").isEmpty)
  }
}

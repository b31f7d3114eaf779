import Foundation
import TestSupport
import Testing
import Volumes

/// Forms of nnU-Net's dataset.json that are read, and those that are refused by name and place.
@Suite struct MetadataFormTests {
  static func dataset(_ json: String) throws -> SmallDataset {
    let small = try SmallDataset(nnUNet: ["a"])
    try small.writeText("dataset.json", json)
    return small
  }

  @Test(arguments: [
    #"{"labels": {"A": 1, "B": 3}, "file_ending": "nii.gz"}"#, #"{"labels": {"A": 1.0, "B": 3}, "file_ending": "nii"}"#,
    #"{"labels": {"A": 1, "B": 3}, "channel_names": ["T2"]}"#, "\u{FEFF}" + #"{"labels": {"1": "A", "3": "B"}}"#,
    #"{"labels": {"A": 1, "B": 3}, "modality": "MR"}"#,
  ])
  func isRead(json: String) throws {
    let small = try Self.dataset(json)
    let labels = try Dataset.open(small.root).labels
    withExtendedLifetime(small) { #expect(labels == SmallDataset.map) }
  }

  /// Of a count that is none: read, and said.
  @Test(arguments: [#""many""#, "2.5", "null", "[2]"]) func aCountThatIsNoneIsSaid(count: String) throws {
    let small = try Self.dataset(#"{"labels": {"A": 1, "B": 3}, "numTraining": \#(count)}"#)
    let dataset = try Dataset.open(small.root)
    let file = small.folder.file("dataset.json").path
    #expect(
      DatasetNotice.lines(dataset.notices) == [
        "\(file): numTraining is \(count), which is no whole number; write \"numTraining\": \(dataset.cases.count), as many"
          + " images with masks are here"
      ])
  }

  /// The object that a list of names stands for is written out, and is read when it is followed.
  @Test(arguments: [
    (#"["background", "A", "B"]"#, #"{"background": 0, "A": 1, "B": 2}"#), (#"["A"]"#, #"{"background": 0, "A": 1}"#),
  ]) func aListOfNamesIsToldItsObject(list: String, object: String) throws {
    let small = try Self.dataset("{\"labels\": \(list)}")
    let error = #expect(throws: DatasetErrors.self) { try Dataset.open(small.root) }
    #expect(error?.description.hasSuffix("; here: \(object)") == true, "\(error!)")
    try small.writeText("dataset.json", "{\"labels\": \(object)}")
    #expect(try Dataset.open(small.root).labels?.names.first == "A")
  }

  @Test(arguments: [
    (
      "{}",
      #":1:1: labels: is missing, which says what the numbers of the masks mean; write an object of names and whole"#
    ),
    (#"{"labels": {"A": "1"}}"#, #":1:18: labels: "A" is a text; numbers stand without quotes: "A": 1"#),
  ]) func whatLabelsLackIsSaid(json: String, words: String) throws {
    let small = try Self.dataset(json)
    let error = #expect(throws: DatasetErrors.self) { try Dataset.open(small.root) }
    #expect(
      error?.description.replacing(small.folder.file("dataset.json").path, with: "").hasPrefix(words) == true,
      "\(error!)")
  }

  @Test(arguments: [
    ("{ // made by me\n\"labels\": {}}", ":1:3: content: JSON has no comments"),
    (
      #"{"labels": {"A": 1}, "numTraining": NaN}"#,
      ":1:37: content: NaN is not JSON; the words are true, false and null, texts stand in double quotes: write a number, or"
        + " leave the field out"
    ),
    (
      "{'labels': {'A': 1}}",
      #":1:2: content: texts and keys stand in double quotes, not in single ones: write "labels""#
    ),
    (#"{"labels": {"A": 1,}}"#, ":1:19: content: a comma before a closing bracket; JSON has no trailing commas"),
    (
      #"{"labels": {"whole": [3, 1, 2], "core": [2, 3], "A": 4}, "regions_class_order": [1, 2, 4]}"#,
      #":1:12: labels: "whole" and "core" overlap: both take 2, 3, and a voxel is learnt as one structure only; take 2, 3"#
        + #" out of one of them, such as "whole": 1, or learn them in two experiments, each with its own dataset.labels"#
    ),
    (
      #"{"labels": {"background": 0, "whole": [1, 2, 3], "lower": [2, 3]}, "regions_class_order": [1, 5]}"#,
      #":1:12: labels: "whole" and "lower" overlap: both take 2, 3, and a voxel is learnt as one structure only; take 2, 3"#
        + #" out of one of them, such as "whole": 1, or learn them in two experiments, each with its own dataset.labels"#
    ),
    (
      #"{"labels": {"whole": [1, 2], "A": 3}, "regions_class_order": [1]}"#,
      ":1:62: regions_class_order: is not a list of 2 numbers, one for each name in labels"
    ),
    (
      #"{"labels": {"whole": [1, 2], "A": 3}, "regions_class_order": [3, 3]}"#,
      #":1:63: regions_class_order: 3 stands for "whole", which is [1,2]; write a number of each name's own, such as [1, 3]"#
    ),
    (
      #"{"labels": {"A": 1, "ignore": [2, 3]}}"#,
      #":1:31: labels: "ignore" is one number, that of voxels which nobody has annotated"#
    ),
    (
      #"{"labels": {"background": 1, "A": 0, "B": 3}}"#,
      #":1:27: labels: "background" is 1, and "A" 0; 0 is background in every mask: give the structure its number in the"#
        + #" masks, and write "background": 0"#
    ),
    (
      #"{"labels": {"background": [0, 5], "A": 1}}"#,
      #":1:27: labels: "background" is [0,5], and here it is 0 alone; to leave numbers out, write 0, and name all labels in"#
        + #" dataset.labels of the experiment, with "background": [0,5]"#
    ),
    (
      #"{"labels": {"A": 1, "ignore": 1}}"#,
      #":1:12: labels: the value 1 is given twice, to "A" and ignore; leave it to one of them"#
    ),
    (
      #"{"labels": {"lumbar": "1-5"}}"#,
      #":1:23: labels: "lumbar" is a text; several numbers are a list of them: "lumbar": [1,2,3,4,5]"#
    ),
    (
      #"{"labels": {"A": 1.5}}"#,
      #":1:18: labels: "A" is 1.5; what stands here is an object of names and whole numbers, or lists of them, such as"#
        + #" {"background": 0, "L1": 1, "discs": [2, 3]}"#
    ),
    (
      #"{"labels": {"A": 1}, "channel_names": ["T1", "T2"]}"#,
      ":1:39: channel_names: 2 channels (0 T1, 1 T2), and nobody says which are read. In the experiment write \"channels\":"
        + " [0, 1] below dataset for all, or [0] for the first alone"
    ),
    (#"{"labels": {"A": -1}}"#, ":1:12: labels: the value -1 of \"A\" is not in 1 to 2147483647"),
    (#"{"labels": {" ": 1}}"#, ":1:12: labels: the name of the value 1 is blank"),
    (#"{"labels": {"A\u0000": 1}}"#, ":1:12: labels: the name of the value 1 holds a control character"),
    (#"{"labels": {"A": 2147483648}}"#, ":1:12: labels: the value 2147483648 of \"A\" is not in 1 to 2147483647"),
  ])
  func isRefusedByPlace(json: String, words: String) throws {
    #expect(try Self.dataset(json).openingProblems() == ["dataset.json" + words])
  }

  @Test(arguments: ["Ignore", " IGNORE "]) func theIgnoreLabelIsKnownInAnySpelling(name: String) throws {
    for json in [#"{"labels": {"A": 1, "\#(name)": 2}}"#, #"{"labels": {"1": "A", "2": "\#(name)"}}"#] {
      let small = try Self.dataset(json)
      let labels = try Dataset.open(small.root).labels
      withExtendedLifetime(small) {
        #expect(labels == LabelMap(structures: [.init(name: "A", value: 1)], ignore: 2))
      }
    }
  }

  /// Regions that share no number are merged structures; nnU-Net's order says which number a prediction holds.
  @Test func disjointRegionsAreMergedStructures() throws {
    let small = try Self.dataset(
      #"{"labels": {"background": 0, "V": [1, 2, 3], "S": 6, "D": [4, 5]}, "regions_class_order": [2, 6, 4]}"#)
    let labels = try #require(try Dataset.open(small.root).labels)
    #expect(
      labels.structures == [
        .init(name: "V", value: 2, others: [1, 3]), .init(name: "D", value: 4, others: [5]), .init(name: "S", value: 6),
      ])
    try small.writeText("dataset.json", #"{"labels": {"background": 0, "V": [3, 1]}}"#)
    let unordered = try Dataset.open(small.root).labels?.structures
    withExtendedLifetime(small) { #expect(unordered == [.init(name: "V", value: 3, others: [1])]) }
  }

  @Test func splitsAreRefusedByPlace() throws {
    let small = try SmallDataset(nnUNet: ["a"])
    for (text, place) in [
      (
        "[{\"train\": [],\n \"val\": [7]}]",
        ":2:10: \"val\" of fold 1 (nnU-Net's fold 0) holds 7, and names of cases in quotes are wanted, as [{"
      ),
      ("[{\"train\": [],\n \"val\": \"a\"}]", ":2:9: \"val\" of fold 1 (nnU-Net's fold 0) is no list of cases; folds"),
      ("[\n{\"train\": []}]", ":2:1: fold 1 (nnU-Net's fold 0) has no \"val\"; folds are written as [{"),
      (
        "[{\"train\": [], \"val\": []},\n{\"train\": [], \"validation\": []}]",
        ":2:1: fold 2 (nnU-Net's fold 1) has no \"val\"; rename \"validation\" to that, if it is meant; folds are"
      ),
      ("\n", ": is empty; write folds as [{"), ("[7]", ":1:2: is not"),
      ("[{\"train\": [],\n'val': []}]", ":2:1: texts and keys stand in double quotes"),
      ("[]", ":1:1: holds no folds; write them as [{"),
    ] {
      try small.writeText("splits_final.json", text)
      #expect(
        small.openingProblems().first?.hasPrefix("splits_final.json" + place) == true, "\(small.openingProblems())")
    }
  }
}

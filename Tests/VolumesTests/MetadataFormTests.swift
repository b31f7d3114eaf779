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
    #"{"labels": {"A": 1, "B": 3}, "numTraining": "many", "modality": "MR"}"#,
  ])
  func isRead(json: String) throws {
    let small = try Self.dataset(json)
    let labels = try Dataset.open(small.root).labels
    withExtendedLifetime(small) { #expect(labels == SmallDataset.map) }
  }

  @Test(arguments: [
    ("{ // made by me\n\"labels\": {}}", ":1:3: content: JSON has no comments"),
    (
      #"{"labels": {"A": 1}, "numTraining": NaN}"#,
      ":1:37: content: NaN is not JSON; the words are true, false and null, texts stand in double quotes"
    ),
    ("{'labels': {'A': 1}}", ":1:2: content: found ' where a key in double quotes or } should stand"),
    (#"{"labels": {"A": 1,}}"#, ":1:19: content: a comma before a closing bracket; JSON has no trailing commas"),
    (
      #"{"labels": {"whole": [1, 2], "A": 1}}"#,
      #":1:22: labels: "whole" is a region, the list [1,2]; regions are not read: give each structure its own number and"#
        + " take the region out, or write the region's voxels into the masks as a structure of their own"
    ),
    (
      #"{"labels": {"A": 1, "ignore": 2}}"#,
      #":1:31: labels: "ignore" (2) is nnU-Net's label for voxels that nobody has annotated, and would be learnt as a"#
        + " structure here: set these voxels to 0 (they then count as background) or leave their cases out, and take it"
        + " out of labels"
    ),
    (
      #"{"labels": {"A": 1.5}}"#,
      #":1:18: labels: "A" is 1.5; what stands here is an object of names and whole numbers, such as {"background": 0,"#
        + #" "L1": 1}"#
    ),
    (
      #"{"labels": {"A": 1}, "channel_names": ["T1", "T2"]}"#,
      ":1:39: channel_names: 2 channels; images of one channel are read"
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
    #expect(
      try Self.dataset(#"{"labels": {"A": 1, "\#(name)": 2}}"#).openingProblems().first?.contains(
        "nobody has annotated")
        == true)
    #expect(
      try Self.dataset(#"{"labels": {"1": "A", "2": "\#(name)"}}"#).openingProblems().first?
        .contains("nobody has annotated") == true)
  }

  @Test func splitsAreRefusedByPlace() throws {
    let small = try SmallDataset(nnUNet: ["a"])
    for (text, place) in [
      ("[{\"train\": [],\n \"val\": [7]}]", ":1:2: is not"), ("[\n{\"train\": []}]", ":2:1: is not"),
      ("[{\"train\": [],\n'val': []}]", ":2:1: found '"), ("[]", ":1:1: is not"),
    ] {
      try small.writeText("splits_final.json", text)
      #expect(
        small.openingProblems().first?.hasPrefix("splits_final.json" + place) == true, "\(small.openingProblems())")
    }
  }
}

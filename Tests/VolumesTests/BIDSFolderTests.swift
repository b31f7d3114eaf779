import Foundation
import TestSupport
import Testing

import Volumes

@Suite struct BIDSFolderTests {
  private func folder(_ paths: [String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for path in paths { try folder.write(path, [1]) }
    return folder
  }

  private func cases(_ folder: TemporaryFolder, images: String = "T2w", masks: String = "dseg") throws -> Dataset {
    try BIDSFolder(root: folder.url, images: images, masks: masks).dataset()
  }

  /// Sessions, runs, entities that derivatives add, the suffix that some keep, and sagittal beside axial images.
  @Test func imagesFindTheirMasksByEntities() throws {
    let folder = try folder([
      "dataset_description.json", "sub-2/anat/sub-2_T2w.nii.gz", "sub-2/anat/sub-2_T1w.nii.gz",
      "sub-10/ses-a/anat/sub-10_ses-a_acq-sag_run-1_T2w.nii.gz", "sub-10/ses-a/anat/sub-10_ses-a_acq-sag_run-2_T2w.nii",
      "derivatives/x/sub-2/anat/sub-2_space-orig_dseg.nii.gz",
      "derivatives/x/sub-10/ses-a/anat/sub-10_ses-a_acq-sag_run-1_desc-man_dseg.nii.gz",
      "derivatives/x/sub-10/ses-a/anat/sub-10_ses-a_acq-sag_run-2_T2w_dseg.nii.gz",
    ])
    let dataset = try cases(folder)
    try #require(dataset.cases.map(\.name) == ["sub-2", "sub-10_ses-a_acq-sag_run-1", "sub-10_ses-a_acq-sag_run-2"])
    #expect(dataset.cases.map(\.patient) == ["sub-2", "sub-10", "sub-10"])
    #expect(dataset.cases[0].image.lastPathComponent == "sub-2_T2w.nii.gz")
    #expect(dataset.cases[2].label.lastPathComponent == "sub-10_ses-a_acq-sag_run-2_T2w_dseg.nii.gz")
    #expect(dataset.notices.isEmpty && dataset.found == .init(images: 3, masks: 3))
  }

  @Test func whichImagesAreTakenIsSaid() throws {
    let parts = ["sub-1/anat/sub-1_T1w.nii.gz", "derivatives/x/sub-1/anat/sub-1_dseg.nii.gz"]
    let only = try folder(parts)
    #expect(
      try Dataset.open(only.url).notices == [.imageKinds(folder: only.url.path, taken: "T1w", left: [])])
    let both = try folder(parts + ["sub-1/anat/sub-1_T2w.nii.gz", "sub-1/func/sub-1_bold.nii.gz"])
    let dataset = try Dataset.open(both.url)
    #expect(dataset.notices == [.imageKinds(folder: both.url.path, taken: "T2w", left: ["T1w", "bold"])])
    #expect(dataset.cases.map(\.image.lastPathComponent) == ["sub-1_T2w.nii.gz"])
  }

  /// What is advised is taken.
  @Test(arguments: [
    (["sub-1/anat/sub-1_T2w.nii.gz"], ["sub-1_T2w_seg"], " --mask-ends seg` takes those that are there;"),
    (["sub-1/anat/sub-1_T2w.nii.gz"], ["sub-1_seg", "sub-1_mask"], "are there, or those of --mask-ends "),
    (["sub-1/ct/sub-1_ct.nii.gz"], ["sub-1_msk"], " --image-ends ct --mask-ends msk` takes"),
    (["sub-1/anat/sub-1_T2w.nii.gz"], ["sub-1_desc-x_T2w"], "has --image-ends and --mask-ends for others;"),
  ]) func otherEndingsAreNamed(images: [String], masks: [String], words: String) throws {
    let folder = try folder(images + masks.map { "derivatives/x/sub-1/\($0).nii.gz" })
    let error = #expect(throws: DatasetErrors.self) { try cases(folder) }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    let taken = try? cases(
      folder, images: words.contains("ct") ? "ct" : "T2w", masks: words.contains("msk") ? "msk" : "seg")
    #expect(masks[0].hasSuffix("T2w") == (taken == nil))
  }

  /// What is known of subjects stands in a table that is not read.
  @Test func columnsOfSubjectsAreNamed() throws {
    let folder = try folder(["sub-1/anat/sub-1_T2w.nii.gz", "derivatives/x/sub-1/anat/sub-1_dseg.nii.gz"])
    try folder.write("participants.tsv", "participant_id\tsite\tsex\nsub-1\tnorth\tF\n")
    let file = folder.file("participants.tsv").path
    let lines = DatasetNotice.lines(try Dataset.open(folder.url).notices)
    #expect(
      lines == [
        "\(file): columns site, sex not read; write them into a CSV file that begins with the line case,site,sex and has one for each"
          + " case (sub-1,...), which dataset.groups names: {\"file\": \"FILE.csv\"}, or add them to a manifest that"
          + " `safnet dataset import` writes; folds.by, folds.stratify and report.subgroups then name them"
      ])
    try folder.write("participants.tsv", "participant_id\nsub-1\n")
    #expect(try Dataset.open(folder.url).notices.isEmpty)
  }

  @Test func theTableOfSubjectsMayLieAmongTheImages() throws {
    let folder = try folder(["rawdata/sub-1/anat/sub-1_T2w.nii.gz", "derivatives/x/sub-1/anat/sub-1_dseg.nii.gz"])
    let table = try folder.write("rawdata/participants.tsv", "participant_id\tsite\nsub-1\tnorth\n")
    let notices = try cases(folder).notices
    #expect(notices == [.participants(file: table.path, columns: ["site"], example: "sub-1")])
  }

  /// A mask of another acquisition is no mask of this image.
  @Test func whatHasNoOtherHalfIsLeftOutAndSaid() throws {
    let folder = try folder([
      "sub-1/anat/sub-1_T2w.nii.gz", "derivatives/x/sub-1/anat/sub-1_dseg.nii.gz",
      "sub-2/anat/sub-2_acq-sag_T2w.nii.gz",
      "derivatives/x/sub-2/anat/sub-2_acq-ax_dseg.nii.gz",
    ])
    let dataset = try cases(folder)
    #expect(dataset.cases.map(\.name) == ["sub-1"] && dataset.found == .init(images: 2, masks: 2))
    let root = folder.url.path
    #expect(
      dataset.notices == [
        .leftOut(
          file: root + "/sub-2/anat/sub-2_acq-sag_T2w.nii.gz", reason: .absent(wanted: "sub-2_acq-sag_dseg.nii.gz")),
        .leftOut(
          file: root + "/derivatives/x/sub-2/anat/sub-2_acq-ax_dseg.nii.gz",
          reason: .absent(wanted: "sub-2_acq-ax_T2w.nii.gz")),
      ])
  }

  /// A dataset that was cloned without its content has links to nothing.
  @Test func aFileThatWasNotFetchedIsSaid() throws {
    let folder = try folder([
      "sub-1/anat/sub-1_T2w.nii.gz", "derivatives/x/sub-1/sub-1_dseg.nii.gz", "derivatives/x/sub-2/sub-2_dseg.nii.gz",
    ])
    let link = folder.url.appending(path: "sub-2/anat/sub-2_T2w.nii.gz")
    try FileManager.default.createDirectory(at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "../../.git/annex/none")
    let dataset = try cases(folder)
    #expect(dataset.cases.map(\.name) == ["sub-1"])
    let words = try #require(DatasetNotice.lines(dataset.notices, below: folder.url).first)
    #expect(
      words.hasPrefix("left out, because a link to ") && words.hasSuffix(": sub-2/anat/sub-2_T2w.nii.gz"), "\(words)")
    #expect(words.contains(".git/annex/none, which is not there (fetch it)"), "\(words)")
  }

  /// The error leads out: a longer ending chooses one.
  @Test func twoMasksOfAnImageAreRefusedAndALongerEndingChooses() throws {
    let folder = try folder([
      "sub-1/anat/sub-1_T2w.nii.gz", "derivatives/x/sub-1/sub-1_label-discs_dseg.nii.gz",
      "derivatives/x/sub-1/sub-1_label-bodies_dseg.nii.gz",
    ])
    let error = try #require(#expect(throws: DatasetErrors.self) { try cases(folder) })
    let masks = folder.url.path + "/derivatives/x/sub-1/sub-1_label-"
    #expect(
      error.problems == [
        .twoFiles(name: "sub-1", first: masks + "bodies_dseg.nii.gz", second: masks + "discs_dseg.nii.gz")
      ])
    let chosen = try cases(folder, masks: "label-discs_dseg").cases
    #expect(chosen.map(\.label.path) == [masks + "discs_dseg.nii.gz"])
  }

  @Test func otherFormatsAreSaid() throws {
    let folder = try folder([
      "sub-1/anat/sub-1_T2w.nii.gz", "derivatives/x/sub-1/sub-1_dseg.nii.gz", "sub-2/anat/sub-2_T2w.mha",
      "sub-2/anat/sub-2_T2w.json",
    ])
    let dataset = try cases(folder)
    #expect(dataset.notices == [.leftOut(file: folder.url.path + "/sub-2/anat/sub-2_T2w.mha", reason: .ending)])
  }

  /// VerSe's folders: `rawdata`, CT, masks called `msk`.
  @Test func versesFoldersAreRead() throws {
    let folder = try folder([
      "rawdata/sub-verse4/sub-verse4_ct.nii.gz", "derivatives/sub-verse4/sub-verse4_seg-vert_msk.nii.gz",
      "derivatives/sub-verse4/sub-verse4_seg-subreg_ctd.json",
    ])
    let found = try cases(folder, images: "ct", masks: "seg-vert_msk").cases
    #expect(found.map(\.name) == ["sub-verse4"] && found.first?.patient == "sub-verse4")
  }

  @Test func nothingFoundAndNoFolderAreErrors() throws {
    let folder = try folder(["sub-1/anat/sub-1_T2w.nii.gz"])
    #expect(throws: DatasetErrors.self) { try cases(folder) }
    #expect(throws: DatasetErrors.self) { try BIDSFolder(root: folder.url.appending(path: "no")).dataset() }
  }
}

@Suite struct LabelSchemeTests {
  /// The tables of both publications at their ends and turns.
  @Test func numbersHaveTheNamesOfThePublications() {
    let spider = [1, 5, 6, 17, 18, 24, 100, 201, 202, 205, 206, 224].map { LabelScheme.spider.name(of: $0) }
    #expect(spider == ["L5", "L1", "T12", "T1", "C7", "C1", "canal", "L5/S", "L4/L5", "L1/L2", "T12/L1", "C1/C2"])
    let verse = [1, 7, 8, 19, 20, 25, 26, 27, 28].map { LabelScheme.verse.name(of: $0) }
    #expect(verse == ["C1", "C7", "T1", "T12", "L1", "L6", "sacrum", "coccyx", "T13"])
    for number in [0, 25, 99, 101, 200, 225] { #expect(LabelScheme.spider.name(of: number) == nil) }
    for number in [0, -1, 29] { #expect(LabelScheme.verse.name(of: number) == nil) }
  }
}

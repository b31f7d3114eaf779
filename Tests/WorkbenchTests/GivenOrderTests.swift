import Foundation
import TestSupport
import Testing
import Training
import Volumes
import Workbench

/// What is given to `safnet evaluate` in the wrong order, or of two cases.
@Suite struct GivenOrderTests {
  let sweep: SmallSweep

  init() throws {
    sweep = try SmallSweep.trained()
    try FileManager.default.copyItem(atPath: sweep.path("phantom/Mask"), toPath: sweep.path("pp"))
    let record =
      #"{"format": 1, "methods": [], "cases": {"mask_case1": {"image": "Case1.nii.gz", "content": "00", "method": 0}}}"#
    try Data(record.utf8).write(to: URL(fileURLWithPath: sweep.path("pp/predictions.json")))
  }

  private func evaluation(_ prediction: String, _ truth: String) throws -> ImageEvaluation {
    try ImageEvaluation(
      prediction: sweep.path(prediction), truth: sweep.path(truth), names: .numbers, in: sweep.workspace)
  }

  private func notices(_ prediction: String, _ truth: String) throws -> String {
    try evaluation(prediction, truth).notices.joined(separator: "\n")
  }

  private func errors(_ predictions: String, _ truths: String, force: Bool = false) throws -> String {
    let console = RecordedConsole()
    _ = try FolderEvaluation(
      predictions: sweep.path(predictions), truths: sweep.path(truths), labels: nil, force: force, console: console)
    return console.errors
  }

  @Test func predictionsInThePlaceOfTheTruthAreRefused() throws {
    let words = "was written by `safnet predict`: predictions come first, then the truth"
    let refusal = ImageUsageError.exchanged(
      prediction: sweep.path("phantom/Mask"), truth: sweep.path("pp"), words: "the second folder \(words)")
    #expect(throws: refusal) { try errors("phantom/Mask", "pp") }
    #expect(
      refusal.description == "the second folder \(words); --force scores them in the order in which they were given.")
    #expect(try errors("phantom/Mask", "pp", force: true).contains("warning: the second folder \(words)\n"))
    #expect(!(try errors("pp", "phantom/Mask")).contains(words))
    // Two networks may be compared.
    #expect(!(try errors("pp", "pp")).contains(words))
    let one = "mask_case1.nii.gz"
    #expect(
      throws: ImageUsageError.exchanged(
        prediction: sweep.path("phantom/Mask/\(one)"), truth: sweep.path("pp/\(one)"), words: "the second file \(words)"
      )
    ) { try notices("phantom/Mask/\(one)", "pp/\(one)") }
    #expect(!(try notices("pp/\(one)", "phantom/Mask/\(one)")).contains(words))
    // What no volume is called is in no order.
    #expect(throws: NIfTIError.self) { try notices("small.json", "pp/\(one)") }
  }

  /// Neither as a prediction nor as a truth.
  @Test func whatNamesStructuresIsNotScored() throws {
    let names = sweep.path("names.json")
    try Data(#"{"L1": 1, "L2": 2}"#.utf8).write(to: URL(fileURLWithPath: names))
    for (file, kind, words) in [
      (sweep.path("small.json"), NamesFile.experiment, "an experiment and no label map"),
      (names, NamesFile.labels, "a list of structures and no label map"),
    ] {
      let refusal = ImageUsageError.namesToScore(file: file, kind)
      for paths in [[file, sweep.path("pp")], [sweep.path("pp"), file]] {
        #expect(throws: refusal) { try ImageEvaluation.check(paths, in: sweep.workspace) }
      }
      #expect(
        refusal.description
          == "\(file) is \(words): give the prediction and its truth, and this file by \(kind.option) \(file)")
    }
  }

  /// Whoever wrote the second folder: a dataset's own masks are the truth, unless both are.
  @Test func masksOfADatasetInThePlaceOfPredictionsAreRefused() throws {
    try FileManager.default.copyItem(atPath: sweep.path("phantom/Mask"), toPath: sweep.path("others"))
    let error = #expect(throws: ImageUsageError.self) { try errors("phantom/Mask", "others") }
    #expect(
      error?.description.hasPrefix("the first folder holds the masks of a dataset: predictions come first") == true)
    #expect(try errors("phantom/Mask", "others", force: true).contains("warning: the first folder holds the masks"))
    #expect(!(try errors("others", "phantom/Mask")).contains("the first folder"))
    try FileManager.default.copyItem(atPath: sweep.path("phantom"), toPath: sweep.path("second"))
    #expect(!(try errors("phantom/Mask", "second/Mask")).contains("the first folder"))
  }

  /// Who only looks for masks has no need of splits.
  @Test func masksBesideDamagedSplitsAreKnownToo() throws {
    let files = FileManager.default
    for folder in ["nn/imagesTr", "nn/labelsTr"] {
      try files.createDirectory(atPath: sweep.path(folder), withIntermediateDirectories: true)
    }
    for number in 1...2 {
      try files.copyItem(
        atPath: sweep.path("phantom/MR/Case\(number).nii.gz"),
        toPath: sweep.path("nn/imagesTr/Case\(number)_0000.nii.gz"))
      try files.copyItem(
        atPath: sweep.path("phantom/Mask/mask_case\(number).nii.gz"),
        toPath: sweep.path("nn/labelsTr/Case\(number).nii.gz"))
    }
    try files.copyItem(atPath: sweep.path("nn/labelsTr"), toPath: sweep.path("others"))
    let described =
      #"{"channel_names": {"0": "MRI"}, "labels": {"background": 0, "L1": 1, "L2": 2}, "numTraining": 2, "file_ending": ".nii.gz"}"#
    try Data(described.utf8).write(to: URL(fileURLWithPath: sweep.path("nn/dataset.json")))
    try Data("[".utf8).write(to: URL(fileURLWithPath: sweep.path("nn/splits_final.json")))
    let error = #expect(throws: ImageUsageError.self) { try errors("nn/labelsTr", "others") }
    #expect(
      error?.description.hasPrefix("the first folder holds the masks of a dataset: predictions come first") == true)
    // In the other order the images would be refused too.
    #expect(try !errors("nn/labelsTr", "nn/imagesTr").contains("predictions come first"))
  }

  /// One file tells as much as a folder of them.
  @Test func aMaskOfADatasetInThePlaceOfAPredictionIsSaid() throws {
    let (mask, map) = ("phantom/Mask/mask_case1.nii.gz", "theirs.nii.gz")
    let words =
      "\(sweep.path(mask)) is a mask of a dataset, and predictions come first, then the truth: if it is the truth"
    for copy in [map, "mask_case1.nii.gz"] {
      try FileManager.default.copyItem(atPath: sweep.path(mask), toPath: sweep.path(copy))
      #expect(try evaluation(mask, copy).doubt == words)
      #expect(try evaluation(copy, mask).doubt == nil)
    }
    // Two of one dataset, or one twice, are compared as they are given.
    #expect(try evaluation(mask, "phantom/Mask/mask_case1.nii.gz").doubt == nil)
    try FileManager.default.createSymbolicLink(atPath: sweep.path("link.nii.gz"), withDestinationPath: sweep.path(mask))
    #expect(try evaluation(mask, "link.nii.gz").doubt == nil)
    // So are those of two datasets.
    try FileManager.default.copyItem(atPath: sweep.path("phantom"), toPath: sweep.path("second"))
    #expect(try evaluation(mask, "second/Mask/mask_case1.nii.gz").doubt == nil)
  }

  /// nnU-Net's test images are no cases of the dataset, and their masks are the truth.
  @Test func masksOfTestImagesAreTruthsToo() throws {
    for folder in ["n/imagesTr", "n/labelsTr", "n/imagesTs", "n/labelsTs", "q"] {
      try FileManager.default.createDirectory(atPath: sweep.path(folder), withIntermediateDirectories: true)
    }
    for number in 1...2 {
      let (image, mask) = ("phantom/MR/Case\(number).nii.gz", "phantom/Mask/mask_case\(number).nii.gz")
      try FileManager.default.copyItem(
        atPath: sweep.path(image), toPath: sweep.path("n/imagesTr/c\(number)_0000.nii.gz"))
      try FileManager.default.copyItem(atPath: sweep.path(mask), toPath: sweep.path("n/labelsTr/c\(number).nii.gz"))
      for folder in ["n/labelsTs", "q"] {
        try FileManager.default.copyItem(atPath: sweep.path(mask), toPath: sweep.path("\(folder)/t\(number).nii.gz"))
      }
    }
    let doubt = try evaluation("n/labelsTs/t1.nii.gz", "q/t1.nii.gz").doubt
    #expect(doubt?.contains("n/labelsTs/t1.nii.gz is a mask of a dataset") == true)
    #expect(try evaluation("q/t1.nii.gz", "n/labelsTs/t1.nii.gz").doubt == nil)
    let error = #expect(throws: ImageUsageError.self) { try errors("n/labelsTs", "q") }
    #expect(error?.description.hasPrefix("the first folder holds the masks of a dataset") == true)
    #expect(!(try errors("q", "n/labelsTs")).contains("the first folder"))
    // What `safnet predict` wrote there is no truth.
    try Data().write(to: URL(fileURLWithPath: sweep.path("n/labelsTs/predictions.json")))
    #expect(try evaluation("n/labelsTs/t1.nii.gz", "q/t1.nii.gz").doubt == nil)
  }

  @Test func twoFilesOfDifferentCasesAreNamed() throws {
    let first = "phantom/Mask/mask_case1.nii.gz"
    for (name, isOther) in [("mask_case2", true), ("Case2", true), ("Case01", false), ("vertebrae", false)] {
      let copy = "\(name).nii.gz"
      try FileManager.default.copyItem(atPath: sweep.path(first), toPath: sweep.path(copy))
      let said = try notices(copy, first)
      #expect(
        said.contains("\(name) is scored against mask_case1: are both of one case?") == isOther, "\(name): \(said)")
      let right = sweep.path("phantom/Mask/mask_case2.nii.gz")
      let remedy = "The truth of \(name) lies beside: safnet evaluate \(sweep.path(copy)) \(right)"
      #expect(said.contains(remedy) == isOther, "\(name): \(said)")
    }
  }

  /// Names of which nobody can say more.
  @Test(arguments: [
    ("p01", "vb3_02", true), ("prediction", "truth", false), ("patient-labels", "patient-truth", false),
    ("p01", "truth", true), ("sub-01_desc-x_dseg", "sub-01_dseg", false), ("Spine", "spine_0000", false),
  ]) func namesThatShowNothingAreSaid(prediction: String, truth: String, isSaid: Bool) throws {
    for name in [prediction, truth] {
      try FileManager.default.copyItem(
        atPath: sweep.path("phantom/Mask/mask_case1.nii.gz"), toPath: sweep.path("\(name).nii.gz"))
    }
    let words = "\(prediction) is compared with \(truth) as one case; the names do not show that they belong together"
    let said = try notices("\(prediction).nii.gz", "\(truth).nii.gz")
    #expect(said.contains(words) == isSaid && said.contains("as one case") == isSaid, "\(said)")
  }
}

/// What the header of a predicted label map says of its image.
@Suite struct LabelMapSourceTests {
  let sweep: SmallSweep

  init() throws {
    sweep = try SmallSweep.trained()
    for (image, map) in [("Case2", "p01"), ("Case3", "mask_case3")] {
      var session = PredictionSession(
        runs: .named([try sweep.workspace.runDirectories()[0].name]),
        inputs: [sweep.path("phantom/MR/\(image).nii.gz")],
        output: sweep.path("\(map).nii.gz"))
      session.threads = 1
      _ = try session.run(in: sweep.workspace, program: SmallSweep.program, console: RecordedConsole())
    }
  }

  private func evaluate(_ map: String, _ mask: String, force: Bool = false) throws -> [String] {
    // What so short a training predicts may hold no structure.
    try ImageEvaluation(
      prediction: sweep.path(map), truth: sweep.path(mask), names: .numbers, force: force, in: sweep.workspace
    ).notices.filter { !$0.contains("no voxel of any structure") }
  }

  @Test func theTruthOfAnotherCaseIsRefusedAndTheRightOneNamed() throws {
    #expect(try NIfTI.description(of: URL(fileURLWithPath: sweep.path("p01.nii.gz"))) == "safnet predict: image Case2")
    let (wrong, right) = ("phantom/Mask/mask_case1.nii.gz", "phantom/Mask/mask_case2.nii.gz")
    let refusal = ImageUsageError.otherTruth(
      prediction: sweep.path("p01.nii.gz"), image: "Case2", truth: sweep.path(wrong), right: sweep.path(right))
    #expect(throws: refusal) { try evaluate("p01.nii.gz", wrong) }
    #expect(refusal.description.contains("safnet evaluate \(sweep.path("p01.nii.gz")) \(sweep.path(right));"))
    // It is tried, and their grids differ.
    #expect(throws: LabelMapComparison.Problem.self) { try evaluate("p01.nii.gz", wrong, force: true) }
    #expect(try evaluate("p01.nii.gz", right).isEmpty)
  }

  /// The image and another network's map beside it are no truth of it.
  @Test func aMaskCalledAfterItsCaseIsItsTruth() throws {
    let (files, beside) = (FileManager.default, sweep.path("Case2.nii.gz"))
    try files.copyItem(atPath: sweep.path("phantom/MR/Case2.nii.gz"), toPath: beside)
    for number in 1...2 {
      try files.copyItem(
        atPath: sweep.path("phantom/Mask/mask_case\(number).nii.gz"), toPath: sweep.path("Case\(number)_mask.nii.gz"))
    }
    #expect(try evaluate("p01.nii.gz", "Case2_mask.nii.gz").isEmpty)
    try files.removeItem(atPath: beside)
    try files.copyItem(atPath: sweep.path("p01.nii.gz"), toPath: beside)
    try files.removeItem(atPath: sweep.path("Case2_mask.nii.gz"))
    // Nothing is proposed; they are tried, and their grids differ.
    #expect(throws: LabelMapComparison.Problem.self) { try evaluate("p01.nii.gz", "Case1_mask.nii.gz") }
  }

  /// One file is not written among a dataset's, as a folder of them is not.
  @Test func aLabelMapDoesNotJoinADataset() throws {
    for place in ["phantom/MR", "phantom/Mask"] {
      let session = PredictionSession(
        runs: .named([try sweep.workspace.runDirectories()[0].name]), inputs: [sweep.path("phantom/MR/Case2.nii.gz")],
        output: sweep.path("\(place)/new.nii.gz"))
      #expect(throws: ImageUsageError.outputIsDataset(folder: sweep.path(place))) {
        try session.run(in: sweep.workspace, program: SmallSweep.program, console: RecordedConsole())
      }
    }
  }

  /// Where the right one is not there, or the map has the truth's name, there is nothing to propose.
  @Test func whatIsNotThereIsNotProposed() throws {
    try FileManager.default.copyItem(
      atPath: sweep.path("phantom/Mask/mask_case2.nii.gz"), toPath: sweep.path("patient.nii.gz"))
    #expect(
      try evaluate("p01.nii.gz", "patient.nii.gz") == [
        "Case2, the image that the label map was made of, is compared with patient as one case; the names do not show that they"
          + " belong together"
      ])
    try FileManager.default.moveItem(atPath: sweep.path("p01.nii.gz"), toPath: sweep.path("patient_label.nii.gz"))
    #expect(try evaluate("patient_label.nii.gz", "patient.nii.gz").count == 1)
    try FileManager.default.moveItem(atPath: sweep.path("patient_label.nii.gz"), toPath: sweep.path("copy.nii.gz"))
    try FileManager.default.createDirectory(atPath: sweep.path("maps"), withIntermediateDirectories: false)
    try FileManager.default.moveItem(atPath: sweep.path("copy.nii.gz"), toPath: sweep.path("maps/patient.nii.gz"))
    #expect(try evaluate("maps/patient.nii.gz", "patient.nii.gz").isEmpty)
  }

  @Test func aFolderOfRenamedMapsIsWarnedOf() throws {
    try FileManager.default.createDirectory(atPath: sweep.path("maps"), withIntermediateDirectories: false)
    for (map, name) in [("p01", "Case1"), ("mask_case3", "Case3")] {
      try FileManager.default.copyItem(atPath: sweep.path("\(map).nii.gz"), toPath: sweep.path("maps/\(name).nii.gz"))
    }
    try FileManager.default.copyItem(atPath: sweep.path("p01.nii.gz"), toPath: sweep.path("maps/Case2.nii.gz"))
    let console = RecordedConsole()
    _ = try FolderEvaluation(
      predictions: sweep.path("maps"), truths: sweep.path("phantom/Mask"), labels: nil, console: console)
    #expect(
      console.errors.contains(
        "warning: 1 label map of 3 was made of another case's image, as the headers say (Case1 of Case2): the scores are of"
      ),
      "\(console.errors)")
  }
}

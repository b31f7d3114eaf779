import Foundation
import Testing
import Training
import Workbench

/// nnU-Net's masks of test images are no images either.
@Suite struct TestMasksTests {
  /// A copy of a dataset may have its test images only.
  @Test(arguments: [true, false]) func masksOfTestImagesLeadToTheImages(hasTraining: Bool) throws {
    let sweep = try SmallSweep.trained()
    for folder in ["n/imagesTs", "n/labelsTs"] + (hasTraining ? ["n/imagesTr"] : []) {
      try FileManager.default.createDirectory(atPath: sweep.path(folder), withIntermediateDirectories: true)
    }
    try FileManager.default.copyItem(
      atPath: sweep.path("phantom/MR/Case1.nii.gz"), toPath: sweep.path("n/imagesTs/t1_0000.nii.gz"))
    try FileManager.default.copyItem(
      atPath: sweep.path("phantom/Mask/mask_case1.nii.gz"), toPath: sweep.path("n/labelsTs/t1.nii.gz"))
    var session = PredictionSession(
      runs: .named([try sweep.workspace.runNames()[0]]), inputs: [sweep.path("n/labelsTs")],
      output: sweep.path("labels"))
    session.threads = 1
    let refusal = ImageUsageError.inputIsMasks(
      folder: sweep.path("n/labelsTs"), images: sweep.path("n/imagesTs"), output: sweep.path("labels"))
    #expect(throws: refusal) {
      try session.run(in: sweep.workspace, program: SmallSweep.program, console: RecordedConsole())
    }
  }
}

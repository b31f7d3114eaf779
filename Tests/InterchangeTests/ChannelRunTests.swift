import Compute
import Foundation
import TestSupport
import Testing
import Volumes

/// Images of two channels as their user meets them: trained, tested, predicted, and what is not exported.
@Suite struct ChannelRunTests {
  private let program: TrainedSweep
  private let folder: URL

  /// nnU-Net's layout; the second channel is the square of the first.
  init() throws {
    program = try TrainedSweep()
    folder = program.folder
    let source = folder.appending(path: "phantom")
    for name in ["imagesTr", "labelsTr"] {
      try FileManager.default.createDirectory(
        at: folder.appending(path: "set/\(name)"), withIntermediateDirectories: true)
    }
    for number in 1...8 {
      let image = source.appending(path: "MR/Case\(number).nii.gz")
      let volume = try NIfTI.read(image)
      let values = volume.geometry.axes.file(
        from: Grid3(volume.grid.extent, values: volume.grid.values.map { Float($0 * $0 / 100) }),
        shape: volume.geometry.shape)
      try NIfTI.write(
        values, geometry: volume.geometry, to: folder.appending(path: "set/imagesTr/c\(number)_0001.nii.gz"))
      for (from, to) in [
        (image, "set/imagesTr/c\(number)_0000.nii.gz"),
        (source.appending(path: "Mask/mask_case\(number).nii.gz"), "set/labelsTr/c\(number).nii.gz"),
      ] {
        try FileManager.default.copyItem(at: from, to: folder.appending(path: to))
      }
    }
    let labels = LabelMap.mrSpineSeg.structures.map { #""\#($0.name)": \#($0.value)"# }.joined(separator: ", ")
    try write(
      "set/dataset.json", #"{"channel_names": {"0": "T1", "1": "T2"}, "labels": {"background": 0, \#(labels)}}"#)
    try write(
      "two.json",
      """
      {"name": "two", "dataset": {"path": "set", "channels": ["T1", 1]}, "preprocessing": {"size": [6, 32, 16]},
       "folds": {"count": 2, "validation": 1}, "model": {"kind": "safnet", "width": 16, "stem": [8, 16]},
       "training": {"epochs": 1, "batch": 2}, "variants": [{"name": "SAFNet"}]}
      """)
  }

  private func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: folder.appending(path: name))
  }

  @Test func itIsTrainedTestedAndPredictedAndNoPipelineIsExported() throws {
    let trained = try program("run", "two.json", "--threads", "1", "--workspace", "W")
    #expect(trained.status == 0, "\(trained.errors)")
    #expect((trained.output + trained.errors).contains("8 cases of 2 channels (0 T1, 1 T2)"))
    let run = try #require(try program.names("W/runs").first { $0.contains("fold1") } ?? program.names("W/runs").first)
    let predicted = try program(
      "predict", "--run", run, "set/imagesTr", "-o", "maps", "--workspace", "W", "--threads", "2")
    #expect(predicted.status == 0, "\(predicted.errors)")
    // What the run tested itself is what is predicted of the same files.
    let own = try program.names("W/runs/\(run)/predictions").filter { $0.hasSuffix(".nii.gz") }
    #expect(own.count == 3, "of four cases one chose the checkpoint")
    for name in own {
      let maps = try ["W/runs/\(run)/predictions/\(name)", "maps/\(name)"].map {
        try NIfTI.read(folder.appending(path: $0)).grid
      }
      #expect(maps[0] == maps[1], "\(name)")
    }
    let single = try program(
      "predict", "--run", run, "phantom/MR/Case1.nii.gz", "-o", "one", "--workspace", "W")
    #expect(single.status != 0 && single.errors.contains("the networks see several channels"), "\(single.errors)")
    for format in ["onnx", "pytorch"] {
      let refused = try program("export", run, "--format", format, "-o", format, "--workspace", "W")
      #expect(
        refused.status == 2 && refused.errors.contains("\(run) sees images of 2 channels (dataset.channels)"),
        "\(refused.errors)")
    }
  }

  /// Before anything is prepared.
  @Test func aMissingChannelIsOneError() throws {
    try FileManager.default.removeItem(at: folder.appending(path: "set/imagesTr/c3_0001.nii.gz"))
    let refused = try program("run", "two.json", "--workspace", "W")
    #expect(refused.status != 0 && refused.errors.contains("channel 1 of the case c3 is missing"), "\(refused.errors)")
    #expect(try ["W/cache", "W/runs"].allSatisfy { try !program.exists($0) || program.names($0).isEmpty })
  }
}

import Compute
import Foundation
import TestSupport
import Testing
import Volumes

/// Images of two channels as their user meets them: trained, tested, predicted, exported.
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

  @Test func itIsTrainedTestedPredictedAndExported() throws {
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
    try recordIsWhole()
    for format in ["onnx", "pytorch", "nnunet"] {
      let exported = try program("export", run, "--format", format, "-o", format, "--workspace", "W")
      #expect(exported.status == 0, "\(exported.errors)")
    }
    for format in ["onnx", "pytorch"] {
      let pipeline = try json("\(format)/pipeline.json")
      #expect(pipeline["channels"] as? [Int] == [0, 1])
      #expect(((pipeline["input"] as? [String: Any])?["shape"] as? [Any])?[1] as? Int == 2)
    }
    #expect(try program.text("pytorch/model.py").contains("torch.zeros(1, 2, 6, 32, 16)"))
    #expect(
      try json("nnunet/dataset.json")["channel_names"] as? [String: String] == ["0": "channel 0", "1": "channel 1"])
    try scriptPredictsTheSame(run)
    try reportNamesThem()
  }

  private func json(_ file: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(try program.text(file).utf8)) as? [String: Any])
  }

  /// Every channel's file with its hash; the image's own are those of before.
  private func recordIsWhole() throws {
    let cases = try #require(try json("maps/predictions.json")["cases"] as? [String: [String: Any]])
    let one = try #require(cases["c3"])
    let hashes = try (0...1).map {
      try DatasetContents.hash(ofVolume: folder.appending(path: "set/imagesTr/c3_000\($0).nii.gz"))
    }
    #expect((one["image"] as? String)?.hasSuffix("imagesTr/c3_0000.nii.gz") == true)
    #expect(one["content"] as? String == hashes.joined(separator: "+"))
    let further = try #require(one["further"] as? [[String: String]])
    #expect(further.count == 1 && further[0]["content"] == hashes[1])
    #expect(further[0]["image"]?.hasSuffix("imagesTr/c3_0001.nii.gz") == true)
  }

  /// Where Python has what the exported script needs.
  private func scriptPredictsTheSame(_ run: String) throws {
    guard ["numpy", "nibabel", "onnxruntime"].allSatisfy(Python.has) else { return }
    let script = try program.text("onnx/predict.py").replacingOccurrences(
      of: "Path(__file__).resolve()", with: "Path(sys.argv.pop(1)).resolve()")
    func place(_ name: String) -> String { folder.appending(path: name).path }
    _ = try Python.run(script, place("onnx/predict.py"), place("set/imagesTr/c2_0001.nii.gz"), place("script"))
    let maps = try ["script", "maps"].map { try NIfTI.read(folder.appending(path: "\($0)/c2.nii.gz")).grid }
    #expect(zip(maps[0].values, maps[1].values).count { $0 != $1 } <= 2, "scores differ by single roundings")
  }

  private func reportNamesThem() throws {
    let report = try program("report", "two.json", "--workspace", "W", "--output", "report")
    #expect(report.status == 0, "\(report.errors)")
    let methods = try program.text("report/methods.md")
    #expect(methods.contains("Of every image the channels 0 T1, 1 T2 were read, on one grid."))
    #expect(methods.contains("Each of the 2 channels was resampled, and its intensities normalised, by itself."))
  }

  /// The second channel alone, predicted of a file that no other channel lies beside.
  @Test func aSingleOtherChannelTakesAPlainFile() throws {
    let text = try program.text("two.json").replacingOccurrences(of: #"["T1", 1]"#, with: "[1]")
    try write("one.json", text)
    let trained = try program("run", "one.json", "--threads", "1", "--workspace", "V", "--folds", "1")
    #expect(trained.status == 0, "\(trained.errors)")
    let run = try #require(try program.names("V/runs").first { $0.contains("f1-") })
    try FileManager.default.copyItem(
      at: folder.appending(path: "set/imagesTr/c1_0001.nii.gz"), to: folder.appending(path: "plain.nii.gz"))
    let plain = try program("predict", "--run", run, "plain.nii.gz", "-o", "plain", "--workspace", "V")
    #expect(plain.status == 0, "\(plain.errors)")
    let numbered = try program("predict", "--run", run, "set/imagesTr", "-o", "numbered", "--workspace", "V")
    #expect(numbered.status == 0, "\(numbered.errors)")
    #expect(
      try NIfTI.read(folder.appending(path: "plain/plain.nii.gz")).grid
        == NIfTI.read(folder.appending(path: "numbered/c1.nii.gz")).grid)
  }

  /// The same cases by a table: the runs see the same images, and so are the same runs.
  @Test func aManifestNamesItsChannelsByColumns() throws {
    let rows = (1...8).map {
      "c\($0),set/imagesTr/c\($0)_0000.nii.gz,set/imagesTr/c\($0)_0001.nii.gz,set/labelsTr/c\($0).nii.gz\n"
    }
    try write("set.csv", "case,image:T1,image:T2,label\n" + rows.joined())
    let labels = LabelMap.mrSpineSeg.structures.map { #""\#($0.name)": \#($0.value)"# }.joined(separator: ", ")
    let text = try program.text("two.json").replacingOccurrences(
      of: #""path": "set""#, with: #""path": "set.csv", "labels": {\#(labels)}"#)
    try write("table.json", text)
    let check = try program("dataset", "check", "table.json")
    #expect(check.status == 0 && check.output.contains("8 cases of 2 channels (0 T1, 1 T2)"), "\(check.errors)")
    func planned(_ file: String) throws -> [String] {
      let result = try program("run", file, "--threads", "1", "--workspace", "W", "--dry-run")
      #expect(result.status == 0, "\(result.errors)")
      return result.output.split(separator: "\n").filter { $0.contains("fold") }.map(String.init).sorted()
    }
    let same = try planned("two.json")
    #expect(try planned("table.json") == same && !same.isEmpty)
  }

  /// Before anything is prepared.
  @Test func aMissingChannelIsOneError() throws {
    try FileManager.default.removeItem(at: folder.appending(path: "set/imagesTr/c3_0001.nii.gz"))
    let refused = try program("run", "two.json", "--workspace", "W")
    #expect(
      refused.status != 0 && refused.errors.contains("c3_0001.nii.gz: channel 1 of this"),
      "\(refused.errors)")
    #expect(try ["W/cache", "W/runs"].allSatisfy { try !program.exists($0) || program.names($0).isEmpty })
  }
}

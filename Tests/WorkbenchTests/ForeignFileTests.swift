import Foundation
import Store
import TestSupport
import Testing
import Training
import Volumes
import Workbench

/// What belongs to another run, or lies in another place, is not taken.
@Suite struct ForeignFileTests {
  let sweep: SmallSweep
  let console = RecordedConsole()

  init() throws { sweep = try SmallSweep.trained() }

  func run(_ prefix: String) throws -> RunDirectory {
    try #require(sweep.workspace.runDirectories().first { $0.name.hasPrefix(prefix) })
  }

  /// `best.h5` of another fold, of another variant, and `last.h5`.
  @Test(arguments: [("safnet-base-f2", "best"), ("safnet-f1", "best"), ("safnet-base-f2", "last")])
  func aNetworkOfAnotherRunIsRefused(other: String, choice: String) throws {
    let (own, foreign) = (try run("safnet-base-f1"), try run(other))
    let choice = try #require(TrainedNetworks.Choice(rawValue: choice))
    func file(_ run: RunDirectory) -> URL { choice == .best ? run.bestCheckpoint : run.lastCheckpoint }
    try Data(contentsOf: file(foreign)).write(to: file(own))
    var session = PredictionSession(
      runs: .named([own.name]), inputs: [sweep.path("phantom/MR/Case1.nii.gz")], output: sweep.path("out.nii.gz"))
    (session.checkpoint, session.threads) = (choice, 1)
    let error = #expect(throws: RunError.self) {
      try session.run(in: sweep.workspace, program: SmallSweep.program, console: console)
    }
    let named: String
    switch error {
    case .foreignCheckpoint(let file, _)? where choice == .best: named = file
    // Nothing rests on it, so that no sweep makes it again.
    case .networkLost(let file, "it belongs to another plan", "best", _)? where choice == .last: named = file
    default:
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(named == file(own).path && !FileManager.default.fileExists(atPath: sweep.path("out.nii.gz")))
  }

  @Test func anImageOfAnotherKindIsWarnedOf() throws {
    let image = try NIfTI.read(URL(fileURLWithPath: sweep.path("phantom/MR/Case1.nii.gz")))
    var geometry = image.geometry
    for row in 0..<3 { geometry.affine.rows[row] *= SIMD4(3, 3, 3, 1) }
    let values = geometry.axes.file(from: image.grid, shape: geometry.shape).map { Float($0) - 1024 }
    try NIfTI.write(values, geometry: geometry, to: URL(fileURLWithPath: sweep.path("ct.nii.gz")))
    func predict(_ name: String, to output: String) throws {
      var session = PredictionSession(
        runs: .named([try run("safnet-base-f1").name]), inputs: [sweep.path(name)], output: sweep.path(output))
      session.threads = 1
      _ = try session.run(in: sweep.workspace, program: SmallSweep.program, console: console)
    }
    let unseen = try #require(try run("safnet-base-f1").plan().fold.test.first)
    try predict("phantom/MR/\(unseen).nii.gz", to: "a.nii.gz")
    #expect(console.errors.isEmpty)
    try predict("ct.nii.gz", to: "b.nii.gz")
    #expect(
      console.errors.hasPrefix("warning: ct.nii.gz is unlike the training images: left to right the network sees"))
    #expect(console.errors.contains("it has values below 0 (-1024.0), as CT has"))
    #expect(
      console.errors.contains("crop the image to what the training images show, or train with images such as this"))
  }

  @Test func labelMapsInOtherPlacesAreRefusedOrSaid() throws {
    let mask = sweep.path("phantom/Mask/mask_case1.nii.gz")
    let volume = try NIfTI.read(URL(fileURLWithPath: mask))
    func evaluate(_ change: (inout Affine) -> Void) throws -> ImageEvaluation {
      var affine = volume.geometry.affine
      change(&affine)
      let geometry = Geometry(shape: volume.geometry.shape, affine: affine)
      let values = volume.geometry.axes.file(from: volume.grid, shape: geometry.shape).map { UInt8($0) }
      let file = sweep.path("case1-moved.nii.gz")
      try? FileManager.default.removeItem(atPath: file)
      try NIfTI.write(values, geometry: geometry, to: URL(fileURLWithPath: file))
      return try ImageEvaluation(prediction: file, truth: mask, names: .numbers, in: sweep.workspace)
    }
    let changes: [(inout Affine) -> Void] = [
      { $0.rows[2][3] += 50 }, { $0 = Affine(spacing: SIMD3(1, 1, 1)) },
      { affine in for row in 0..<3 { affine.rows[row] *= SIMD4(2, 2, 2, 1) } },
    ]
    for change in changes {
      let error = #expect(throws: LabelMapComparison.Problem.self) { try evaluate(change) }
      #expect(error.map { "\($0)".contains(" mm off ") } == true)
    }
    #expect(try evaluate { _ in }.notices.map { $0.hasPrefix("every prediction equals its truth") } == [true])
    // Mirrored along its first axis: the same grid in the patient.
    let length = Double(volume.geometry.shape[0] - 1)
    let mirrored = try evaluate { affine in
      for row in 0..<3 {
        affine.rows[row][3] += affine.rows[row][0] * length
        affine.rows[row][0] *= -1
      }
    }
    #expect(mirrored.notices.first?.contains("they are compared where the headers say that they lie") == true)
  }

  /// An image of few grey values can be scored like any label map.
  @Test func anImageInALabelMapsPlaceIsSaid() throws {
    let mask = sweep.path("phantom/Mask/mask_case1.nii.gz")
    let image = try NIfTI.read(URL(fileURLWithPath: sweep.path("phantom/MR/Case1.nii.gz")))
    let highest = try #require(image.grid.values.max())
    let values = image.geometry.axes.file(from: image.grid, shape: image.geometry.shape).map {
      UInt8(min(max($0 / highest * 120, 0), 120))
    }
    let (file, count) = (sweep.path("case1-grey.nii.gz"), Set(values).count)
    try #require(count > 100)
    try NIfTI.write(values, geometry: image.geometry, to: URL(fileURLWithPath: file))
    func notices(_ prediction: String, _ truth: String) throws -> [String] {
      try ImageEvaluation(prediction: prediction, truth: truth, names: .numbers, in: sweep.workspace).notices
    }
    for found in [try notices(file, mask), try notices(mask, file)] {
      let last = try #require(found.last)
      #expect(last.hasPrefix("\(file) holds \(count) different numbers and \(mask) "))
      #expect(last.hasSuffix("it looks like an image, not like a label map"))
    }
    // More numbers than any label map of a spine has are those of an image.
    let grey = image.geometry.axes.file(from: image.grid, shape: image.geometry.shape).map {
      UInt8(min(max($0 / highest * 250, 0), 250))
    }
    try NIfTI.write(grey, geometry: image.geometry, to: URL(fileURLWithPath: file))
    #expect(throws: LabelMapComparison.Problem.looksLikeImage(file: file, numbers: Set(grey).count)) {
      try notices(file, mask)
    }
    #expect(try notices(mask, mask).map { $0.hasPrefix("prediction and truth are the same file") } == [true])
  }

  /// A label that the named structures lack is refused; without names it is a structure like any other.
  @Test func structuresAreCalledByWhoIsNamedOrByTheirNumbers() throws {
    let mask = sweep.path("phantom/Mask/mask_case1.nii.gz")
    let volume = try NIfTI.read(URL(fileURLWithPath: mask))
    let values = volume.geometry.axes.file(from: volume.grid, shape: volume.geometry.shape).map {
      UInt8($0 == 1 ? 99 : $0)
    }
    let strange = sweep.path("strange.nii.gz")
    try NIfTI.write(values, geometry: volume.geometry, to: URL(fileURLWithPath: strange))
    func evaluate(_ names: ImageEvaluation.Names, prediction: String? = nil) throws -> ImageEvaluation {
      try ImageEvaluation(prediction: prediction ?? mask, truth: mask, names: names, in: sweep.workspace)
    }
    let numbers = Set(volume.grid.values).subtracting([0]).sorted().map { "\(Int($0))" }
    #expect(try evaluate(.numbers).structures == numbers)
    #expect(try evaluate(.numbers, prediction: strange).structures == numbers + ["99"])
    let run = try run("safnet-base-f1").name
    #expect(try evaluate(.run(run)).structures == LabelMap.mrSpineSeg.names)
    #expect(throws: LabelMapComparison.Problem.self) { try evaluate(.run(run), prediction: strange) }
    #expect(try evaluate(.experiment(sweep.specification())).structures == LabelMap.mrSpineSeg.names)
    let file = sweep.path("dataset.json")
    let pairs = numbers.map { "\"level \($0)\": \($0)" }.joined(separator: ", ")
    try Data(#"{"channel_names": {"0": "MR"}, "labels": {"background": 0, \#(pairs)}, "file_ending": ".nii.gz"}"#.utf8)
      .write(to: URL(fileURLWithPath: file))
    #expect(try evaluate(.file(file)).structures == numbers.map { "level \($0)" })
    let error = #expect(throws: LabelMapComparison.Problem.self) {
      try evaluate(.numbers, prediction: sweep.path("phantom/MR/Case1.nii.gz"))
    }
    #expect(error.map { "\($0)".contains("it is an image, not a label map") } == true)
  }
}

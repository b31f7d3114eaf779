import CPU
import Compute
import Experiments
import Foundation
import System
import TestSupport
import Volumes

import Workbench

/// A dataset of tiny noise images with blocks of labels, in nnU-Net's layout, and a study of it.
struct TinyDataset {
  let folder: TemporaryFolder
  /// D, H, W of an image.
  var extent = [6, 24, 20]
  var spacing = [4.0, 1, 1]
  /// The columns of W that hold labels.
  var columns = 5..<15
  var lowest: Float = 0

  static let machine = Machine(cores: 2, freeMemory: 64 << 30)
  static let names = #"{"background": 0, "L1": 1, "L2": 2}"#

  init() throws { folder = try TemporaryFolder() }

  var root: URL { folder.file("data") }

  /// The file's axes are R, S, A: D, H from the foot, W from the back.
  private var geometry: Geometry {
    Geometry(
      shape: [extent[0], extent[1], extent[2]],
      affine: Affine(rows: [
        SIMD4(spacing[0], 0, 0, 0), SIMD4(0, 0, spacing[2], 0), SIMD4(0, spacing[1], 0, 0),
      ]))
  }

  /// One image with its mask.
  ///
  /// - Parameter numbers: of the mask; each takes a part of H.
  func write(_ name: String, seed: Int, numbers: [Int] = [1, 2]) throws {
    var stream = RandomStream(seed: UInt64(seed), purpose: .test)
    let count = extent.reduce(1, *)
    var (values, labels) = ([Float](), [UInt8]())
    for index in 0..<count {
      let (h, w) = (index / extent[0] % extent[1], index / (extent[0] * extent[1]))
      // The file counts W from back to front.
      let isInside = columns.contains(extent[2] - 1 - w)
      values.append(lowest + 100 * stream.nextUniform())
      labels.append(isInside ? UInt8(numbers[h * numbers.count / extent[1]]) : 0)
    }
    try put(values, "imagesTr/\(name)_0000.nii.gz")
    try put(labels, "labelsTr/\(name).nii.gz")
  }

  func put(_ values: [Float], _ name: String) throws {
    try FileManager.default.createDirectory(
      at: root.appending(path: name).deletingLastPathComponent(), withIntermediateDirectories: true)
    try NIfTI.write(values, geometry: geometry, to: root.appending(path: name))
  }

  func put(_ values: [UInt8], _ name: String) throws {
    try FileManager.default.createDirectory(
      at: root.appending(path: name).deletingLastPathComponent(), withIntermediateDirectories: true)
    try NIfTI.write(values, geometry: geometry, to: root.appending(path: name))
  }

  /// So many cases and the file that names their structures.
  func write(cases: Int, numbers: [Int] = [1, 2], names: String = names) throws {
    for number in 1...cases { try write("c\(number)", seed: number, numbers: numbers) }
    try describe(names)
  }

  func describe(_ names: String) throws {
    try folder.write(
      "data/dataset.json", #"{"channel_names": {"0": "T2"}, "labels": \#(names), "file_ending": ".nii.gz"}"#)
  }

  /// What `safnet new` makes of it, without times.
  func study(
    _ output: String = "study.json", memory: Int? = nil, recipe: NewStudy.Recipe = .images, of place: URL? = nil,
    console: RecordedConsole = RecordedConsole()
  ) throws -> NewStudyReport {
    try Self.study((place ?? root).path, folder.file(output).path, memory: memory, recipe: recipe, console: console)
  }

  static func study(
    _ dataset: String, _ output: String, memory: Int? = nil, recipe: NewStudy.Recipe = .images,
    console: RecordedConsole = RecordedConsole()
  ) throws -> NewStudyReport {
    var study = try NewStudy(dataset: dataset, output: output, engine: CPUEngine(), console: console)
    (study.memory, study.measures, study.recipe) = (memory, false, recipe)
    return try study.write(on: machine)
  }

  func specification(_ name: String = "study.json") throws -> Specification {
    try Specification.load(folder.file(name))
  }
}

extension NewStudyReport {
  /// Why a field is what it is.
  func because(_ key: String) -> String { choices.first { $0.key == key }?.because ?? "" }
  /// What is asked about a field.
  func asked(_ key: String) -> [String] { questions.filter { $0.key == key }.map(\.text) }
}

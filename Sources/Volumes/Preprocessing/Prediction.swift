import Compute
import Crypto
import Foundation
import System

/// An image without a mask, ready for a network, and the way its prediction goes back to the image's own grid.
package struct PredictionInput: Sendable {
  /// Of all channels.
  private let files: [URL]
  /// SHA-256 of the bytes of every channel's file as they were read.
  package let digests: [String]
  package let image: Grid3<Float>
  /// The other channels, each normalised by itself.
  package let further: [Grid3<Float>]
  /// Millimetres between voxel centres of `image` along D, H, W.
  package let spacing: SIMD3<Double>
  package let geometry: Geometry
  /// The image on its own grid; nil unless it was asked for.
  package let original: Grid3<Float>?
  /// The smallest value of each channel.
  private let lowest: [Double]
  /// To which side the values of each channel lean.
  private let skews: [Double?]
  /// The files whose values are few whole numbers, as a label map's are and an image's are not.
  package let resemblingLabels: [URL]
  private let steps: PreprocessingSteps
  private let placement: Placement

  /// - Parameter keepsOriginal: for a picture of the image beside what is prepared of it.
  package init(_ file: URL, preprocessing: Preprocessing, keepsOriginal: Bool = false) throws(DatasetErrors) {
    try self.init([file], preprocessing: preprocessing, keepsOriginal: keepsOriginal)
  }

  /// - Parameter files: of all channels, at least one.
  package init(_ files: [URL], preprocessing: Preprocessing, keepsOriginal: Bool = false) throws(DatasetErrors) {
    let file = files[0]
    let first = try VolumeContent(file)
    let volume = first.volume
    let others = try CaseCheck.channels(
      Array(files.dropFirst()), beside: volume.geometry, of: file, \.volume.geometry
    ) { file throws(DatasetErrors) in try VolumeContent(file) }
    let all = [first] + others
    (self.files, digests, geometry) = (files, all.map(\.digest), volume.geometry)
    placement = volume.placement
    lowest = all.map { $0.volume.grid.values.min() ?? 0 }
    skews = all.map { ChannelFacts.skew(of: $0.volume.grid.values) }
    resemblingLabels = zip(files, all).filter { Self.areFewWholeNumbers($1.volume.grid.values) }.map(\.0)
    original = keepsOriginal ? Grid3(volume.grid.extent, values: volume.grid.values.map { Float($0) }) : nil
    steps = PreprocessingSteps(preprocessing, for: volume.geometry)
    spacing = steps.spacing(of: volume.geometry.spacing)
    do {
      try CaseCheck.finite(volume, file: file)
      image = try steps.image(volume.grid, file: file.path)
      var prepared: [Grid3<Float>] = []
      for (channel, file) in zip(others, files.dropFirst()) {
        try CaseCheck.finite(channel.volume, file: file)
        prepared.append(try steps.image(channel.volume.grid, file: file.path))
      }
      further = prepared
    } catch {
      throw DatasetErrors([error])
    }
  }

  /// Of the first channel; what is written takes its header.
  package var file: URL { files[0] }

  /// Of all its files: what says whether an image is the one that was segmented.
  package var digest: String { Self.joined(digests) }

  /// The same of files that are not read otherwise.
  package static func digest(of files: [URL]) throws(DatasetErrors) -> String {
    var digests: [String] = []
    for file in files { digests.append(try DatasetContents.hash(ofVolume: file)) }
    return joined(digests)
  }

  private static func joined(_ digests: [String]) -> String { digests.joined(separator: "+") }

  static func areFewWholeNumbers(_ values: [Double]) -> Bool {
    var seen: Set<Double> = []
    return values.allSatisfy { value in
      seen.contains(value)
        || (value >= 0 && value == value.rounded() && seen.insert(value).inserted && seen.count <= 32)
    }
  }

  /// The predicted classes on the image's own grid, in D, H, W.
  package func restored(_ labels: Grid3<UInt8>) -> Grid3<UInt8> { steps.restored(labels) }

  /// Writes classes on the image's own grid as a mask with the image's header geometry and the label map's numbers.
  ///
  /// - Parameter description: what the header says of the mask.
  package func write(
    _ labels: Grid3<UInt8>, map: LabelMap, describing description: String = "", to output: URL
  ) throws(NIfTIError) {
    let inFile = geometry.axes.file(from: labels, shape: geometry.shape)
    let numbers = [0] + map.structures.map(\.value)
    switch numbers.max() ?? 0 {
    case ...255:
      try NIfTI.write(inFile.map { UInt8(numbers[Int($0)]) }, like: file, describing: description, to: output)
    case ...Int(Int16.max):
      try NIfTI.write(inFile.map { Int16(numbers[Int($0)]) }, like: file, describing: description, to: output)
    case ...LabelMap.numbers.upperBound:
      try NIfTI.write(inFile.map { Int32(numbers[Int($0)]) }, like: file, describing: description, to: output)
    case let largest:
      throw .refusedBySystem(
        file: output.path, reason: "No mask holds the label number \(largest)",
        remedy: "Give this structure a smaller number in dataset.labels.")
    }
  }

  /// Writes a number for each voxel of the network's grid as float32 on the image's own, with its header geometry.
  ///
  /// - Parameter filler: what stands where the network sees nothing.
  package func write(_ values: Grid3<Float>, outside filler: Float, to output: URL) throws(NIfTIError) {
    try NIfTI.write(inFile(values, outside: filler), like: file, to: output)
  }

  /// Writes the probabilities of all classes, the background first, as one file of four dimensions; where the network sees
  /// nothing the background has 1.
  ///
  /// - Parameter map: of a class, on the network's grid.
  package func write(
    probabilities map: (_ class: Int) -> Grid3<Float>, classes: Int, to output: URL
  ) throws(NIfTIError) {
    try NIfTI.writeSeries(like: file, count: classes, to: output) {
      inFile(map($0), outside: $0 == 0 ? 1 : 0)
    }
  }

  private func inFile(_ values: Grid3<Float>, outside filler: Float) -> [Float] {
    geometry.axes.file(from: steps.restored(values, outside: filler), shape: geometry.shape)
  }
}

extension PredictionInput {
  /// SHA-256 (hex) of what the network sees, as `CaseFacts.imageDigest` has it: equal for two files of one picture.
  package var imageDigest: String { channels.digest }

  /// All of them, in the order of the networks' input.
  package var channels: [Grid3<Float>] { [image] + further }

  /// How far outside the training images' range a spacing or a field of view may lie.
  private static let margin = 1.25

  /// In what this image differs from all of the given ones, in words: spacing, field of view, values below zero.
  package func strangeness(among known: [CaseFacts]) -> [String] {
    guard !known.isEmpty else { return [] }
    var found: [String] = []
    for axis in 0..<3 {
      // Of the network's grid: its number of voxels is fixed, so its spacing is the field of view that it sees. Where
      // the spacing is fixed, the field of view is the number of voxels.
      let range = known.compactMap { facts in
        steps.preprocessing.spacing == nil
          ? facts.spacing[axis] : facts.grid.map { $0.sides[axis] * facts.spacing[axis] }
      }
      let own = steps.preprocessing.spacing == nil ? spacing[axis] : image.extent.sides[axis] * spacing[axis]
      guard let least = range.min(), let most = range.max() else { continue }
      guard own < least / Self.margin || own > most * Self.margin else { continue }
      found.append(
        "\(VoxelAxes.directions[axis]) the network sees "
          + (steps.preprocessing.spacing == nil
            ? "a voxel each \(own.shown) mm of it, of the training images one each"
            : "\(own.shown) mm of it, of the training images")
          + " \(least.shown) to \(most.shown) mm")
    }
    found += strangeDepth(among: known)
    for (place, lowest) in lowest.enumerated() {
      guard lowest < 0, let usual = known.compactMap({ $0.channel(place)?.lowest }).min(), usual >= 0 else { continue }
      let name = place == 0 ? "it" : files[place].lastPathComponent
      found.append("\(name) has values below 0 (\(lowest.shown)), as CT has; the training images have none")
    }
    for (place, skew) in skews.enumerated() {
      let usual = known.compactMap { $0.channel(place)?.skew }
      guard let skew, usual.count == known.count,
        let sign = [1.0, -1.0].first(where: { sign in usual.allSatisfy { sign * $0 >= OddCases.leaning } }),
        -sign * skew >= OddCases.leaning
      else { continue }
      found.append(
        "\(place == 0 ? "in it" : "in \(files[place].lastPathComponent)") \(sign > 0 ? "bright" : "dark") voxels outweigh the"
          + " others, in all training images \(sign > 0 ? "dark" : "bright") ones, as if its contrast were inverted")
    }
    return found.isEmpty
      ? [] : ["\(file.lastPathComponent) is unlike the training images: " + found.joined(separator: "; ")]
  }

  /// What is odd about its header, each in words that follow its name.
  package func headerOddities(among known: [CaseFacts]) -> [String] {
    OddHeaders.notices(placement, voxel: [geometry.spacing.x, geometry.spacing.y, geometry.spacing.z], among: known)
  }

  /// Where slices are taken as they are, their spacing does not tell how many there are.
  private func strangeDepth(among known: [CaseFacts]) -> [String] {
    guard steps.preprocessing.spacing == nil, steps.preprocessing.depth == .padOrCrop else { return [] }
    let range = known.map { Double($0.extent.depth) * $0.spacing[0] }
    let own = Double(steps.original.depth) * spacing[0]
    guard let least = range.min(), let most = range.max(), own < least / 2 || own > 2 * most else { return [] }
    return [
      "\(VoxelAxes.directions[0]) it shows \(own.shown) mm, the training images \(least.shown) to \(most.shown) mm"
    ]
  }
}

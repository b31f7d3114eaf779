import Compute
import Experiments
import Foundation
import Networks
import Volumes

/// Trained networks as a tool: a NIfTI image in, a label map in the image's own geometry out.
package struct Predictor {
  /// What is made of what the networks say.
  package struct Options: Codable, Hashable, Sendable {
    /// Whether each network also sees the image with left and right exchanged.
    package var mirror = false
    /// How levels of the spine are named; nil: voxel by voxel, and in records of programs that knew nothing else.
    package var levels: PredictionPlan.Levels?
    /// The structures of which only the largest piece stays.
    package var largestOnly: [String] = []

    package init(mirror: Bool = false, levels: PredictionPlan.Levels? = nil, largestOnly: [String] = []) {
      (self.mirror, self.levels, self.largestOnly) = (mirror, levels, largestOnly)
    }
  }

  /// What is written beside the label map.
  package struct Extras: OptionSet, Hashable, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }
    package static let probabilities = Extras(rawValue: 1)
    package static let uncertainty = Extras(rawValue: 2)
    package static let overlay = Extras(rawValue: 4)
  }

  package let networks: TrainedNetworks
  package let options: Options
  /// Nil where levels are named voxel by voxel.
  private let naming: ConsecutiveLevels?

  /// - Throws: `Refusal` for options that the structures do not allow.
  package init(_ networks: TrainedNetworks, options: Options = Options()) throws {
    let structures = networks.plan.structures
    if options.mirror, let sided = Refusal(sided: structures.sidedNames) { throw sided }
    for name in options.largestOnly where !structures.names.contains(name) {
      throw Refusal.unknownStructure(name: name, known: structures.names)
    }
    naming = options.levels == nil ? nil : ConsecutiveLevels(structures: structures.names)
    if options.levels != nil, naming == nil { throw Refusal.noLevels(structures.names) }
    (self.networks, self.options) = (networks, options)
  }

  /// An image as these networks see it.
  ///
  /// - Parameter files: of all its channels.
  package func input(_ files: [URL], for extras: Extras = []) throws(DatasetErrors) -> PredictionInput {
    try PredictionInput(
      files, preprocessing: networks.plan.preprocessing, keepsOriginal: extras.contains(.overlay))
  }

  /// - Parameter extras: what will be written; nothing else is worked out.
  package func predict(_ input: PredictionInput, for extras: Extras = []) throws -> Prediction {
    try predict(input.channels, for: extras, restoring: input.restored)
  }

  /// - Parameters:
  ///   - image: as the networks see it.
  ///   - restoring: takes labels from the networks' grid to the image's own.
  func predict(
    _ image: [Grid3<Float>], for extras: Extras = [], restoring restored: (Grid3<UInt8>) -> Grid3<UInt8>
  ) throws -> Prediction {
    let isSingle = networks.members.count == 1 && !options.mirror
    let wantsMean = !isSingle || naming != nil || extras.contains(.probabilities) || extras.contains(.uncertainty)
    var labels: Grid3<UInt8>?
    // Of one network the label map is the very one that the run itself makes: by its class scores, not by their softmax,
    // which may round two of them to one number.
    let readsScores = isSingle && naming != nil
    let mean =
      wantsMean
      ? try mean(of: image, countsEntropy: extras.contains(.uncertainty)) { session, scores in
        if readsScores { labels = session.classes(of: scores, image[0].extent) }
      } : nil
    if isSingle, !readsScores { try networks.forEach { labels = try $0.predict(image) } }
    let drawn = labels ?? mean?.labels ?? Grid3(image[0].extent, repeating: 0)
    let seen = mean.flatMap { naming?.naming(drawn, $0.probability) } ?? drawn
    let whole = restored(seen)
    let renamed = seen == drawn ? [] : Prediction.Renaming.all(from: restored(drawn), to: whole)
    let wanted = networks.plan.structures.names.indices.filter {
      options.largestOnly.contains(networks.plan.structures.names[$0])
    }
    guard !wanted.isEmpty else {
      return Prediction(labels: whole, seen: seen, renamed: renamed, removed: [], mean: mean)
    }
    let classes = Set(wanted.map { UInt8($0 + 1) })
    let (kept, removed) = LabelComponents(of: whole, classes: classes).keepingLargest()
    return Prediction(labels: kept, seen: seen, renamed: renamed, removed: removed, mean: mean)
  }

  /// - Parameter see: is given each network's class scores of the image itself.
  private func mean(
    of image: [Grid3<Float>], countsEntropy: Bool, see: (any NetworkSession, [Float]) -> Void
  ) throws -> EnsembleMean {
    let classes = networks.plan.structures.classes
    var mean = EnsembleMean(extent: image[0].extent, classes: classes, countsEntropy: countsEntropy)
    try networks.forEach { session in
      let scores = try session.logits(image)
      see(session, scores)
      var probabilities = EnsembleMean.softmax(scores, classes: classes)
      if options.mirror {
        let twin = EnsembleMean.softmax(try session.logits(image.map(\.mirrored)), classes: classes)
        probabilities = EnsembleMean.mean(
          probabilities, EnsembleMean.mirrored(twin, classes: classes, extent: image[0].extent))
      }
      mean.add(probabilities)
    }
    return mean
  }
}

/// What the networks made of one image.
package struct Prediction: Sendable {
  /// Classes on the image's own grid.
  package let labels: Grid3<UInt8>
  /// Classes on the networks' grid, with every piece.
  let seen: Grid3<UInt8>
  /// What levels are called otherwise than voxel by voxel, on the image's own grid.
  package let renamed: [Renaming]
  /// Pieces of structures that were taken away.
  package let removed: [LabelComponents.Piece]
  fileprivate let mean: EnsembleMean?

  /// Voxels of one class that bear another's name, or none's (0), since levels follow each other.
  package struct Renaming: Hashable, Sendable {
    package var from: UInt8
    package var to: UInt8
    package var voxels: Int

    /// In the order of the classes.
    static func all(from before: Grid3<UInt8>, to after: Grid3<UInt8>) -> [Renaming] {
      var counts = [Int](repeating: 0, count: 1 << 16)
      for (old, new) in zip(before.values, after.values) where old != new { counts[Int(old) << 8 | Int(new)] += 1 }
      return counts.indices.filter { counts[$0] > 0 }.map {
        Renaming(from: UInt8($0 >> 8), to: UInt8($0 & 255), voxels: counts[$0])
      }
    }
  }
}

extension Predictor {
  /// - Parameter description: what the file's header says of it.
  package func writeLabels(
    _ prediction: Prediction, of input: PredictionInput, describing description: String = "", to file: URL
  ) throws {
    try input.write(prediction.labels, map: networks.plan.structures, describing: description, to: file)
  }

  package func writeProbabilities(_ prediction: Prediction, of input: PredictionInput, to file: URL) throws {
    guard let mean = prediction.mean else { return }
    try input.write(probabilities: mean.probabilities(of:), classes: mean.classes, to: file)
  }

  /// The entropy of the mean, and how much several networks disagree; both 0 where the networks see nothing.
  ///
  /// - Parameter disagreement: nil for a single network, which contradicts nobody.
  package func writeUncertainty(
    _ prediction: Prediction, of input: PredictionInput, entropy: URL, disagreement: URL?
  ) throws {
    guard let mean = prediction.mean else { return }
    try input.write(mean.entropy, outside: 0, to: entropy)
    if let disagreement { try input.write(mean.disagreement, outside: 0, to: disagreement) }
  }

  /// What must not be asked of these structures.
  package enum Refusal: Error, Equatable, CustomStringConvertible {
    case sided(names: [String])
    case unknownStructure(name: String, known: [String])
    case noLevels([String])

    init?(sided names: [String]) {
      guard !names.isEmpty else { return nil }
      self = .sided(names: names)
    }

    package var description: String {
      switch self {
      case .sided(let names):
        "--mirror: a mirrored image exchanges left and right, and these structures are of one side:"
          + " \(names.joined(separator: ", ")). Leave --mirror out."
      case .unknownStructure(let name, let known):
        "--components: there is no structure '\(name)'; there are \(known.joined(separator: ", "))."
      case .noLevels(let names):
        "--levels: the names of the structures (\(names.joined(separator: ", "))) tell no spine: two levels or more, such as"
          + " L4 and L5, or L3/L4 and L4/L5, and each once. Leave --levels out."
      }
    }
  }
}

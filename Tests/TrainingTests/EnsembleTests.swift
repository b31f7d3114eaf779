import CPU
import Compute
import Experiments
import Foundation
import Models
import Networks
import Store
import TestSupport
import Testing
import Training
import Volumes

/// Two runs of one architecture and one of another, trained once.
private enum Runs {
  /// Enough to find something.
  static let epochs = 12

  static let all = Result {
    let fixture = try Fixture().keptUntilExit()
    let first = Fixture.plan(epochs: epochs) { $0.training.learningRate = 0.01 }
    let other = Fixture.plan(epochs: epochs) { ($0.training.learningRate, $0.training.seed) = (0.01, 8) }
    let narrow = Fixture.plan(epochs: epochs) {
      var model = SAFNet()
      (model.width, model.stem, model.aspp) = (16, [8, 16], false)
      $0.model = ModelConfiguration(model).resolved
      $0.training.learningRate = 0.01
    }
    return (
      fixture: fixture,
      runs: [
        try fixture.undisturbed(first, name: "a"), try fixture.undisturbed(other, name: "b"),
        try fixture.undisturbed(narrow, name: "c"),
      ]
    )
  }
}

@Suite struct EnsembleTests {
  let folder: TemporaryFolder
  let runs: [RunDirectory]
  let image: URL
  static let classes = 3

  init() throws {
    folder = try TemporaryFolder()
    runs = try Runs.all.get().runs
    image = folder.file("image.nii.gz")
    try Self.write(MadeUpCases().load("Case9").image, to: image)
  }

  /// What the network sees, in the middle half of an image of twice the width.
  static func write(_ seen: Grid3<Float>, to file: URL) throws {
    let extent = seen.extent
    var whole = Grid3<Float>(Extent3(extent.depth, extent.height, 2 * extent.width), repeating: 0)
    for d in 0..<extent.depth {
      for h in 0..<extent.height {
        for w in 0..<extent.width { whole[d, h, w + extent.width / 2] = seen[d, h, w] }
      }
    }
    let geometry = Geometry(
      shape: [extent.depth, extent.height, 2 * extent.width],
      affine: Affine(rows: [SIMD4(4, 0, 0, 0), SIMD4(0, 0, -1.5, 0), SIMD4(0, -1, 0, 0)]))
    try NIfTI.write(geometry.axes.file(from: whole, shape: geometry.shape), geometry: geometry, to: file)
  }

  func predictor(_ places: [Int], _ options: Predictor.Options = .init()) throws -> Predictor {
    try Predictor(
      TrainedNetworks(places.map { runs[$0] }, choice: .best, engine: CPUEngine(), threads: 1), options: options)
  }

  func labels(_ places: [Int], _ options: Predictor.Options = .init()) throws -> Grid3<UInt8> {
    let predictor = try predictor(places, options)
    return try predictor.predict(predictor.input([image])).labels
  }

  /// The probabilities as they are written: a list of volumes in the file's order.
  func probabilities(_ places: [Int], _ name: String) throws -> [[Float]] {
    let predictor = try predictor(places)
    let input = try predictor.input([image])
    let file = folder.file("\(name).nii")
    try predictor.writeProbabilities(
      predictor.predict(input, for: .probabilities), of: input, to: file)
    let bytes = try Data(contentsOf: file).dropFirst(352)
    let values = bytes.withUnsafeBytes { raw in
      (0..<raw.count / 4).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
    let voxels = input.geometry.extent.count
    #expect(values.count == Self.classes * voxels)
    return (0..<Self.classes).map { Array(values[$0 * voxels..<($0 + 1) * voxels]) }
  }

  @Test func anEnsembleOfOneIsThatRun() throws {
    let predictor = try predictor([0])
    let input = try predictor.input([image])
    let plan = try runs[0].plan()
    let session = try CPUEngine().session(
      SessionRequest(
        model: plan.model, extent: plan.preprocessing.size, classes: Self.classes, trainingBatches: [], threads: 1))
    try session.importState(SessionState(CheckpointFile.read(runs[0].bestCheckpoint)))
    let own = input.restored(try session.predict([input.image]))
    #expect(try predictor.predict(input).labels == own)
    // Asking for probabilities beside it changes no voxel.
    #expect(try predictor.predict(input, for: [.probabilities, .uncertainty]).labels == own)
  }

  @Test(arguments: [[0, 1], [0, 2], [0, 1, 2]])
  func anEnsembleIsTheMeanOfItsMembers(places: [Int]) throws {
    let members = try places.map { try probabilities([$0], "\($0)") }
    let mean = try probabilities(places, "mean")
    let together = try predictor(places)
    let input = try together.input([image])
    let labels = input.geometry.axes.file(from: try together.predict(input).labels, shape: input.geometry.shape)
    for voxel in labels.indices {
      let expected = (0..<Self.classes).map { k in
        members.reduce(0.0) { $0 + Double($1[k][voxel]) } / Double(members.count)
      }
      #expect((0..<Self.classes).map { mean[$0][voxel] } == expected.map { Float($0) })
      #expect(Int(labels[voxel]) == expected.firstIndex(of: expected.max() ?? 0))
    }
    #expect(Set(labels).count > 1, "something is found")
  }

  @Test func probabilitiesAddUpToOneAndAgreeWithTheLabelMap() throws {
    let maps = try probabilities([0], "one")
    let predictor = try predictor([0])
    let input = try predictor.input([image])
    let labels = input.geometry.axes.file(from: try predictor.predict(input).labels, shape: input.geometry.shape)
    for voxel in labels.indices {
      let all = maps.map { $0[voxel] }
      #expect(abs(all.reduce(0, +) - 1) <= 3 * Float.ulpOfOne)
      #expect(all[Int(labels[voxel])] == all.max())
    }
  }

  @Test func networksThatAgreeDoNotDisagree() throws {
    func maps(_ places: [Int]) throws -> (entropy: [Double], disagreement: [Double]) {
      let predictor = try predictor(places)
      let input = try predictor.input([image])
      let (entropy, other) = (folder.file("e\(places).nii"), folder.file("d\(places).nii"))
      try predictor.writeUncertainty(
        predictor.predict(input, for: .uncertainty), of: input, entropy: entropy, disagreement: other)
      return (try NIfTI.read(entropy).grid.values, try NIfTI.read(other).grid.values)
    }
    let (same, different) = (try maps([0]), try maps([0, 2]))
    #expect(same.disagreement.allSatisfy { $0 < 1e-15 })
    #expect(same.entropy.allSatisfy { (0...1).contains($0) } && same.entropy.contains { $0 > 0.1 })
    #expect(different.disagreement.allSatisfy { (0...1).contains($0) } && different.disagreement.contains { $0 > 1e-4 })
    // Outside of what the networks see, nothing is doubtful: the crop takes a quarter on either side.
    let grid = try NIfTI.read(folder.file("e[0].nii")).grid
    #expect(grid[2, 20, 7] == 0 && grid[2, 20, 24] == 0 && grid[2, 20, 16] > 0)
  }

  @Test func entropyAndDisagreementAreThoseOfTheFormulas() throws {
    let (a, b) = (try probabilities([0], "a"), try probabilities([2], "b"))
    let predictor = try predictor([0, 2])
    let input = try predictor.input([image])
    let (entropy, disagreement) = (folder.file("e.nii"), folder.file("d.nii"))
    try predictor.writeUncertainty(
      predictor.predict(input, for: .uncertainty), of: input, entropy: entropy, disagreement: disagreement)
    func read(_ file: URL) throws -> [Double] {
      let volume = try NIfTI.read(file)
      return volume.geometry.axes.file(from: volume.grid, shape: volume.geometry.shape)
    }
    func h(_ p: [Double]) -> Double { -p.reduce(0) { $1 > 0 ? $0 + $1 * log($1) : $0 } }
    for (voxel, found) in zip(try read(entropy), try read(disagreement)).enumerated() {
      let (p, q) = (a.map { Double($0[voxel]) }, b.map { Double($0[voxel]) })
      let mean = h(zip(p, q).map { ($0 + $1) / 2 })
      // Rounded to float once; the sums of three terms differ in their last bits.
      #expect(abs(found.0 - mean / log(3)) <= 1e-7)
      #expect(abs(found.1 - max(0, mean - (h(p) + h(q)) / 2) / log(3)) <= 1e-7)
    }
  }

  @Test func aMirroredImageGivesTheMirroredMap() throws {
    // Left and right alike, on a grid that needs no padding.
    let seen = try MadeUpCases().load("Case9").image
    let plane = seen.extent.height * seen.extent.width
    func write(_ name: String, _ slices: [Int]) throws -> URL {
      let values = slices.flatMap { Array(seen.values[$0 * plane..<($0 + 1) * plane]) }
      try Self.write(Grid3(seen.extent, values: values), to: folder.file(name))
      return folder.file(name)
    }
    let predictor = try predictor([0], .init(mirror: true))
    func labels(_ file: URL) throws -> Grid3<UInt8> { try predictor.predict(predictor.input([file])).labels }
    let symmetric = try labels(write("symmetric.nii", [1, 2, 2, 1]))
    #expect(symmetric == symmetric.mirrored)
    let (left, right) = (try labels(write("left.nii", [1, 2, 3, 2])), try labels(write("right.nii", [2, 3, 2, 1])))
    #expect(left == right.mirrored)
    #expect(Set(symmetric.values).count > 1)
  }

  @Test func whatCannotBeMeantIsRefused() throws {
    let sided = Fixture.plan(epochs: 1) { $0.structures.structures[0].name = "Left rib" }
    let fixture = try Runs.all.get().fixture
    let run = try fixture.undisturbed(sided, name: "sided-\(UUID())")
    let networks = try TrainedNetworks([run], choice: .best, engine: CPUEngine(), threads: 1)
    #expect(throws: Predictor.Refusal.sided(names: ["Left rib"])) {
      try Predictor(networks, options: .init(mirror: true))
    }
    #expect(throws: TrainedNetworks.Mismatch.structures(first: "a", second: run.name)) {
      try TrainedNetworks([runs[0], run], choice: .best, engine: CPUEngine(), threads: 1)
    }
    #expect(throws: Predictor.Refusal.noLevels(["upper", "lower"])) {
      try predictor([0], .init(levels: .consecutive))
    }
    #expect(throws: Predictor.Refusal.unknownStructure(name: "L9", known: ["upper", "lower"])) {
      try predictor([0], .init(largestOnly: ["L9"]))
    }
  }

  /// Of one network and of two, of an image whose two bodies look alike, so that there is something to rename: the mean's
  /// probabilities decide which names the pieces bear, and the image's own grid has them; what changed is counted there.
  @Test func levelsAreNamedByTheMeansProbabilities() throws {
    let fixture = try Runs.all.get().fixture
    let named = try (0..<2).map { seed in
      try fixture.undisturbed(
        Fixture.plan(epochs: Runs.epochs) {
          ($0.training.learningRate, $0.training.seed) = (0.01, UInt64(seed))
          ($0.structures.structures[0].name, $0.structures.structures[1].name) = ("L4", "L5")
        }, name: "levels-\(seed)-\(UUID())")
    }
    let levels = try #require(ConsecutiveLevels(structures: ["L4", "L5"]))
    var seen = Grid3<Float>(Fixture.extent, repeating: 0)
    for d in 1..<seen.extent.depth {
      for h in Array(3..<10) + Array(18..<25) { for w in 4..<12 { seen[d, h, w] = 1.5 } }
    }
    let twins = folder.file("twins.nii.gz")
    try Self.write(seen, to: twins)
    for members in [[named[0]], named] {
      let networks = try TrainedNetworks(members, choice: .best, engine: CPUEngine(), threads: 1)
      let plain = try Predictor(networks)
      let input = try plain.input([twins])
      let drawn = try plain.predict(input)
      var sums = [Double](repeating: 0, count: Self.classes * input.image.extent.count)
      try networks.forEach { session in
        for (index, p) in Self.softmax(try session.logits(input.channels)).enumerated() { sums[index] += Double(p) }
      }
      let voxels = input.image.extent.count
      let seen = (0..<voxels).map { voxel in
        UInt8((0..<Self.classes).reduce(0) { sums[$1 * voxels + voxel] > sums[$0 * voxels + voxel] ? $1 : $0 })
      }
      let expected = input.restored(
        levels.naming(Grid3(input.image.extent, values: seen)) { sums[$0 * voxels + $1] / Double(members.count) })
      let predicted = try Predictor(networks, options: .init(levels: .consecutive)).predict(input)
      #expect(predicted.labels == expected)
      #expect(drawn.labels != expected && drawn.renamed.isEmpty)
      #expect(
        predicted.renamed.reduce(0) { $0 + $1.voxels }
          == zip(drawn.labels.values, expected.values).count { $0 != $1 })
      for one in predicted.renamed {
        #expect(
          one.voxels == zip(drawn.labels.values, expected.values).count { $0 == one.from && $1 == one.to })
      }
    }
  }

  private static func softmax(_ logits: [Float]) -> [Float] {
    let voxels = logits.count / classes
    return (0..<logits.count).map { index in
      let row = (0..<classes).map { Double(logits[$0 * voxels + index % voxels]) }
      let largest = row.max() ?? 0
      let powers = row.map { exp($0 - largest) }
      return Float(powers[index / voxels] / powers.reduce(0, +))
    }
  }

  @Test func onlyTheLargestPieceStays() throws {
    let all = try labels([0])
    let largest = try labels([0], .init(largestOnly: ["upper"]))
    let expected = LabelComponents(of: all, classes: [1]).keepingLargest()
    #expect(largest == expected.labels && LabelComponents(of: largest, classes: [1]).pieces.count <= 1)
  }
}

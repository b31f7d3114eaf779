import Compute
import Foundation
import Testing
import Training
import Volumes

/// What a network that sees patches says of an image of any size.
@Suite struct WindowedScoresTests {
  static let patch = Extent3(3, 8, 6)
  static let images = [
    Extent3(3, 8, 6), Extent3(5, 21, 7), Extent3(1, 3, 2), Extent3(4, 5, 30), Extent3(3, 9, 6), Extent3(9, 8, 3),
  ]

  static func image(_ extent: Extent3) -> Grid3<Float> {
    var stream = RandomStream(seed: 4, purpose: .test)
    return Grid3(extent, values: (0..<extent.count).map { _ in stream.nextUniform(in: -3...3) })
  }

  @Test(arguments: images) func constantScoresStayWhatTheyAre(extent: Extent3) throws {
    let scores: [Float] = [0.1, -3.3e-7, 12.345678]
    let network = MadeUpNetwork(Self.patch, classes: 3) { patch in
      scores.flatMap { Array(repeating: $0, count: patch.extent.count) }
    }
    let found = try network.logits([Self.image(extent)])
    #expect(found == scores.flatMap { Array(repeating: $0, count: extent.count) })
    #expect(try network.predict([Self.image(extent)]) == Grid3(extent, repeating: 2))
  }

  /// Windows that agree leave exactly what they say, every voxel in its own place.
  @Test(arguments: images) func everyVoxelKeepsItsPlace(extent: Extent3) throws {
    let image = Self.image(extent)
    let network = MadeUpNetwork(Self.patch, classes: 3) { patch in
      patch.values.map { -$0 } + patch.values.map { _ in 0.5 } + patch.values.map { 2 * $0 }
    }
    #expect(
      try network.logits([image]) == image.values.map { -$0 } + image.values.map { _ in 0.5 }
        + image.values.map { 2 * $0 })
    let labels = image.values.map { value -> UInt8 in
      2 * value > max(-value, 0.5) ? 2 : -value >= 0.5 ? 0 : 1
    }
    #expect(try network.predict([image]) == Grid3(extent, values: labels))
  }

  /// Windows that contradict each other: the weighted mean, in double.
  @Test func theMeanIsThatOfTheDefinition() throws {
    let (extent, patch) = (Extent3(5, 21, 7), Self.patch)
    let image = Self.image(extent)
    let network = MadeUpNetwork(patch, classes: 2) { patch in
      patch.values.map { $0 + patch.values[0] } + patch.values.map { $0 * patch.values[1] }
    }
    let found = try network.logits([image])
    let windows = Windows(of: patch, in: extent)
    let weights = windows.weights
    var (sums, all) = ([Double](repeating: 0, count: 2 * extent.count), [Double](repeating: 0, count: extent.count))
    for place in windows.places {
      let seen = image.part(from: place, patch, outside: 0)
      for d in 0..<patch.depth {
        for h in 0..<patch.height {
          for w in 0..<patch.width {
            let voxel = ((place.depth + d) * extent.height + place.height + h) * extent.width + place.width + w
            let weight = Double(weights[d, h, w])
            all[voxel] += weight
            sums[voxel] += weight * Double(seen[d, h, w] + seen.values[0])
            sums[extent.count + voxel] += weight * Double(seen[d, h, w] * seen.values[1])
          }
        }
      }
    }
    #expect(network.calls == windows.count && windows.count == 30)
    for index in sums.indices {
      // At most eight windows, each with a few roundings of numbers below 10.
      #expect(abs(Double(found[index]) - sums[index] / all[index % extent.count]) < 8 * 4 * 10 * 0x1p-24)
    }
  }

  /// An image may have hundreds of windows, and a worker that is to leave has seconds.
  @Test func aStopIsHeardBetweenTwoWindows() throws {
    let stop = StopFlag()
    var seen = 0
    let network = MadeUpNetwork(Self.patch, classes: 2) { patch in
      seen += 1
      if seen == 3 { stop.request("test") }
      return patch.values + patch.values.map { -$0 }
    }
    #expect(try network.predict([Self.image(Extent3(5, 21, 7))], stop: stop) == nil && network.calls == 3)
    let image = Self.image(Extent3(3, 9, 6))
    #expect(try network.predict([image], stop: StopFlag()) == network.predict([image]))
  }

  @Test func oneWindowIsAskedOnce() throws {
    let network = MadeUpNetwork(Self.patch, classes: 2) { $0.values + $0.values.map { -$0 } }
    _ = try network.predict([Self.image(Self.patch)])
    #expect(network.calls == 1)
  }
}

import Compute
import Foundation
import Testing
import Volumes

@Suite struct PatchDrawTests {
  /// One voxel of the first structure in a corner, twenty of the third.
  static let one: PreparedCase = {
    let extent = Extent3(5, 12, 7)
    var labels = Grid3<UInt8>(extent, repeating: 0)
    labels[4, 11, 0] = 1
    for h in 2..<7 { for w in 1..<5 { labels[1, h, w] = 3 } }
    return PreparedCase(
      name: "a", image: Grid3(extent, values: (0..<extent.count).map { Float($0) }), labels: labels,
      spacing: SIMD3(4, 1, 2), present: [true, false, true])
  }()

  static func place(_ patch: Extent3, _ holdsForeground: Bool, _ index: Int) -> Offset3 {
    var stream = RandomStream(seed: 5, purpose: .patches, index: index)
    return one.patchPlace(patch, holdsForeground: holdsForeground, &stream)
  }

  @Test func patchesLieInTheImageAndEverywhereInIt() {
    let places = (0..<2000).map { Self.place(Extent3(3, 8, 6), false, $0) }
    #expect(Set(places.map(\.depth)) == [0, 1, 2])
    #expect(Set(places.map(\.height)) == [0, 1, 2, 3, 4])
    #expect(Set(places.map(\.width)) == [0, 1])
    // 2000 draws of 30 equally likely places: 67 each, five standard deviations are 40.
    let counts = Dictionary(grouping: places) { $0 }.mapValues(\.count)
    #expect(counts.count == 30 && counts.values.allSatisfy { (27...107).contains($0) })
  }

  @Test func foregroundIsHeldAndEveryStructureIsAsLikely() {
    let patch = Extent3(2, 3, 3)
    var found = [0, 0]
    for index in 0..<1000 {
      let part = Self.one.part(from: Self.place(patch, true, index), patch)
      #expect(part.present[0] != part.present[2])
      found[part.present[0] ? 0 : 1] += 1
    }
    // The structure of one voxel as often as that of twenty; five standard deviations are 79.
    #expect(abs(found[0] - 500) < 79)
  }

  @Test func anImageSmallerThanThePatchIsInItsMiddle() {
    for holdsForeground in [false, true] {
      let first = Self.place(Extent3(8, 12, 4), holdsForeground, 3)
      #expect(first.depth == -1 && first.height == 0 && (0...3).contains(first.width))
      let part = Self.one.part(from: first, Extent3(8, 12, 4))
      #expect(part.image[0, 0, 0] == 0 && part.image[1, 0, 0] == Float(first.width))
      #expect(part.image.extent == Extent3(8, 12, 4) && part.labels.extent == Extent3(8, 12, 4))
    }
  }

  @Test func aCaseWithoutStructuresIsDrawnAnywhere() {
    var empty = Self.one
    empty.labels = Grid3(empty.labels.extent, repeating: 0)
    empty.present = [false, false, false]
    var (one, other) = (
      RandomStream(seed: 5, purpose: .patches), RandomStream(seed: 5, purpose: .patches)
    )
    let patch = Extent3(3, 8, 6)
    #expect(
      empty.patchPlace(patch, holdsForeground: true, &one) == empty.patchPlace(patch, holdsForeground: false, &other))
  }

  /// What augmentation brings into a patch of an image that has 1 everywhere is 1, where the context is taken along, and
  /// not where the patch alone is augmented.
  @Test func theContextLeavesNoEmptyCorners() {
    var augmentation = Augmentation(
      rotation: .init(probability: 1, degrees: 40), contrast: .init(probability: 0),
      elastic: .init(probability: 1, millimetres: 3, controlSpacing: 20))
    augmentation.scaling = .init()
    augmentation.scaling?.probability = 1
    let patch = Extent3(2, 20, 8)
    let spacing = SIMD3(4.0, 0.7, 1.6)
    func smallest(_ extent: Extent3) -> Float {
      let one = PreparedCase(
        name: "a", image: Grid3(extent, repeating: 1), labels: Grid3(extent, repeating: 0), spacing: spacing,
        present: [])
      return (0..<50).map { index in
        let stream = RandomStream(seed: 2, purpose: .augmentation, index: index)
        let margin = Offset3(centring: patch, in: extent)
        return augmentation.applied(to: one, stream: stream).part(from: margin, patch).image.values.min() ?? 0
      }.min() ?? 0
    }
    let context = augmentation.context(of: patch, spacing: spacing)
    #expect(smallest(context) > 0.9999)
    #expect(smallest(patch) == 0)
    #expect(smallest(Extent3(2, context.height - 16, context.width)) < 0.9999, "less is not enough")
    #expect(
      Augmentation(rotation: .init(probability: 0), elastic: .init(probability: 0))
        .context(of: patch, spacing: spacing) == patch)
  }
}

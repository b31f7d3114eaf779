import Compute
import Metrics
import Testing

@Suite struct DistanceTransformTests {
  @Test(arguments: Golden.shared.transforms.indices)
  func equalsSciPy(_ index: Int) {
    let golden = Golden.shared.transforms[index]
    let marked = Grid3(golden.shape, values: golden.marked.utf8.map { $0 == 49 })
    let squared = squaredDistances(to: marked, spacing: SIMD3(golden.spacing))
    expectClose(squared.values.map { $0.squareRoot() }, golden.distances, "distance")
  }

  @Test func isInfiniteWithoutAMark() {
    let distances = squaredDistances(to: Grid3(Extent3(2, 3, 4), repeating: false), spacing: SIMD3(1, 1, 1))
    #expect(distances.values.allSatisfy { $0 == .infinity })
  }

  @Test func followsEachAxisSpacing() {
    var marked = Grid3(Extent3(3, 4, 5), repeating: false)
    marked[0, 0, 0] = true
    let distances = squaredDistances(to: marked, spacing: SIMD3(5, 0.5, 0.25))
    #expect(distances[2, 0, 0] == 100)
    #expect(distances[0, 3, 0] == 2.25)
    #expect(distances[0, 0, 4] == 1)
    #expect(distances[1, 2, 4] == 27)
  }

  @Test func refusesAVoxelWithoutThickness() async {
    await #expect(processExitsWith: .failure) {
      _ = squaredDistances(to: Grid3(Extent3(1, 1, 1), repeating: true), spacing: SIMD3(1, 0, 1))
    }
  }
}

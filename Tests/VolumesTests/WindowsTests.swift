import Compute
import Foundation
import TestSupport
import Testing
import Volumes

/// See Golden/make_windows.py.
struct GoldenWindows: Decodable, Sendable, CustomTestStringConvertible {
  var image: Extent3
  var patch: Extent3
  var starts: [[Int]]
  var weights: [Double]
  var testDescription: String { "\(patch) in \(image)" }
}

@Suite struct WindowsTests {
  @Test(arguments: golden("windows", [GoldenWindows].self))
  func placesAndWeightsAreThoseOfNNUNet(_ known: GoldenWindows) {
    let windows = Windows(of: known.patch, in: known.image)
    let places = known.starts[0].flatMap { d in
      known.starts[1].flatMap { h in known.starts[2].map { Offset3(d, h, $0) } }
    }
    #expect(windows.places == places && windows.count == places.count)
    let weights = windows.weights
    #expect(weights.extent == known.patch && weights.values.count == known.weights.count)
    // Rounded to single precision; SciPy's kernel is normalised and scaled back.
    for (weight, wanted) in zip(weights.values, known.weights) {
      #expect(abs(Double(weight) - wanted) <= wanted * 0x1p-23)
    }
  }

  @Test func anImageSmallerThanThePatchIsInItsMiddle() {
    let windows = Windows(of: Extent3(5, 8, 8), in: Extent3(2, 20, 7))
    #expect(windows.padded == Extent3(5, 20, 8))
    #expect(windows.margin == Offset3(1, 0, 0))
    #expect(windows.places == [0, 4, 8, 12].map { Offset3(0, $0, 0) })
  }

  @Test func aPartThatReachesOutsideIsFilled() {
    let grid = Grid3<Float>(Extent3(2, 2, 3), values: (1...12).map { Float($0) })
    let part = grid.part(from: Offset3(1, -1, 2), Extent3(2, 2, 2), outside: 0)
    #expect(part.values == [0, 0, 9, 0, 0, 0, 0, 0])
    #expect(grid.part(from: Offset3(0, 0, 0), grid.extent, outside: 9) == grid)
    #expect(grid.part(from: Offset3(5, 0, 0), Extent3(1, 1, 2), outside: 9).values == [9, 9])
    #expect(grid.part(from: Offset3(0, 1, 1), Extent3(1, 1, 2), outside: 9).values == [5, 6])
  }
}

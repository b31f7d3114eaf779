import Testing

import Text

@Suite struct NearestTests {
  static let distances: [(String, String, Int)] = [
    ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("epohcs", "epochs", 1), ("epoch", "epochs", 1),
    ("kitten", "sitting", 3),
    ("learning_rate", "learningRate", 1), ("ca", "abc", 3), ("Batch", "batch", 0), ("größe", "grösse", 2),
  ]

  @Test(arguments: distances) func countsEditsAndSwaps(a: String, b: String, distance: Int) {
    #expect(a.editDistance(to: b) == distance)
    #expect(b.editDistance(to: a) == distance)
  }

  @Test func namesTheNearestOrNone() {
    let keys = ["epochs", "batch", "learningRate", "weightDecay"]
    #expect("epohcs".nearest(in: keys) == "epochs")
    #expect("weight_decay".nearest(in: keys) == "weightDecay")
    #expect("optimizer".nearest(in: keys) == nil)
    #expect("x".nearest(in: []) == nil)
  }
}

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

  static let kinds = ["safnet", "unet3d", "resunet3d", "deeplabv3", "cfnet", "nnunet"]

  /// Letters in another order, and a beginning, say more than letters that happen to be alike.
  @Test(arguments: [
    ("3dunet", "unet3d"), ("3D-UNet", "unet3d"), ("3d_resunet", "resunet3d"), ("cfnet3d", "cfnet"),
    ("nnunetv2", "nnunet"), ("deeplab", "deeplabv3"), ("unet", "unet3d"), ("cfnet", "cfnet"), ("cfent", "cfnet"),
  ])
  func otherOrdersAndBeginningsComeBeforeDistance(word: String, meant: String) {
    #expect(word.nearest(in: Self.kinds) == meant)
  }

  @Test func wordsInAnotherOrderAreOneName() {
    #expect("ASPP + Base".nearest(in: ["Base", "Base + ASPP", "Base + Self-attention"]) == "Base + ASPP")
    #expect("rate_learning".nearest(in: ["learningRate", "batch"]) == "learningRate")
  }

  /// A slip of one letter is nearer than either, and a short beginning is none.
  @Test func slipsComeFirst() {
    #expect("folds1".nearest(in: ["fol", "folds"]) == "folds")
    #expect("T21".nearest(in: ["T12", "T22"]) == "T12")
    #expect("unet".nearest(in: ["tune", "unets"]) == "unets")
    #expect("base2d".nearest(in: ["base", "base3d"]) == "base3d")
    #expect("Dice".nearest(in: ["D", "Di"]) == nil)
  }

  /// Any other letter would be as near.
  @Test func aNameOfOneLetterIsNearToThatLetterAlone() {
    #expect("a".nearest(in: ["B", "A"]) == "A")
    #expect("Z".nearest(in: ["A", "B"]) == nil)
    #expect("AB".nearest(in: ["A"]) == nil)
    #expect("A".nearest(in: ["AB", ""]) == nil)
    #expect("".nearest(in: ["A", "AB"]) == nil)
  }

  @Test func fewLettersInAnotherOrderAreNoName() {
    #expect("abc".nearest(in: ["cab"]) == nil)
    #expect("tune".nearest(in: ["unet"]) == "unet")
  }

  @Test func aPathIsNoOtherWordForItsBeginning() {
    #expect("data_old".nearest(in: ["data"]) == "data")
    #expect("data/old".nearest(in: ["data"]) == nil)
    #expect("data:old".nearest(in: ["data"]) == nil)
  }
}

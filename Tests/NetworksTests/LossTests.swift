import Networks
import Testing

/// What losses say of themselves.
struct LossTests {
  @Test func everyLossHasAName() {
    let names = losses.map { $0.name }
    #expect(names == ["pixelwise", "crossEntropy", "dice", "diceCrossEntropy"])
    #expect(losses.allSatisfy { !$0.summary.isEmpty })
  }

  @Test func lossesWithEqualFieldsAreEqual() {
    #expect(AnyLoss(DiceLoss()) == AnyLoss(DiceLoss()))
    #expect(AnyLoss(DiceLoss(over: .batch)) != AnyLoss(DiceLoss()))
    #expect(AnyLoss(DiceLoss()) != AnyLoss(DiceCrossEntropyLoss()))
    #expect(Set([AnyLoss.pixelwise, .crossEntropy, .pixelwise]).count == 2)
  }

  @Test func anotherWordChangesNothing() {
    var loss = DiceLoss()
    loss.over.word = "batch"
    #expect(loss.over == .batch)
    loss.over.word = "volume"
    #expect(loss.over == .batch)
  }

  /// Two cases and three classes, of which nobody has or predicts the last.
  static let sums = [
    OverlapSums(common: [6, 2, 0], predicted: [8, 4, 0], labelled: [9, 3, 0], crossEntropy: 5),
    OverlapSums(common: [4, 1, 0], predicted: [5, 7, 0], labelled: [6, 6, 0], crossEntropy: 7),
  ]

  @Test func diceIsTheFraction() {
    let (first, second, empty) = (5.0 / 8, 3.0 / 14, 1.0)
    let byCase = DiceLoss(over: .case, smoothing: 1).loss(Self.sums).value
    #expect(abs(byCase - (1 - (first + second + 2 * empty) / 4)) < 1e-15)
    let batch = DiceLoss(over: .batch, smoothing: 1).loss(Self.sums).value
    #expect(abs(batch - (1 - (7.0 / 21 + empty) / 2)) < 1e-15)
    let background = DiceLoss(over: .batch, smoothing: 1, background: true).loss(Self.sums).value
    #expect(abs(background - (1 - (21.0 / 29 + 7.0 / 21 + empty) / 3)) < 1e-15)
  }

  @Test func weightsWeighDiceAndCrossEntropy() {
    var loss = DiceCrossEntropyLoss()
    (loss.diceWeight, loss.crossEntropyWeight) = (3, 2)
    let dice = DiceLoss().loss(Self.sums)
    let both = loss.loss(Self.sums)
    #expect(abs(both.value - (3 * dice.value + 2 * 12 / 24)) < 1e-14)
    #expect(both.derivatives.map(\.crossEntropy) == [2.0 / 24, 2.0 / 24])
    #expect(both.derivatives[1].common == dice.derivatives[1].common.map { 3 * $0 })
  }

  /// The derivatives by every sum are differences of the value, whatever is counted; up to step² / smoothing³, the third
  /// derivative where the fraction is steepest, at a class that is empty.
  @Test(arguments: DiceLoss.Region.allCases, [false, true])
  func derivativesAreDifferences(_ over: DiceLoss.Region, _ background: Bool) {
    let loss = DiceLoss(over: over, smoothing: 0.5, background: background)
    let derivatives = loss.loss(Self.sums).derivatives
    let step = 0x1p-12
    for index in Self.sums.indices {
      for c in 0..<3 {
        for (path, expected) in [
          (\OverlapSums.common[c], derivatives[index].common[c]),
          (\OverlapSums.predicted[c], derivatives[index].predicted[c]),
        ] {
          let values = [step, -step].map { step in
            var sums = Self.sums
            sums[index][keyPath: path] += step
            return loss.loss(sums).value
          }
          #expect(abs((values[0] - values[1]) / (2 * step) - expected) < 0x1p-21)
        }
      }
    }
  }

  /// Without smoothing, a class that is neither predicted nor there scores nothing, and gives no gradient.
  @Test func emptyClassesDivideByNothing() {
    let result = DiceLoss(smoothing: 0).loss(Self.sums)
    #expect(result.value.isFinite)
    #expect(result.derivatives.allSatisfy { $0.common.allSatisfy(\.isFinite) && $0.predicted[2] == 0 })
  }
}

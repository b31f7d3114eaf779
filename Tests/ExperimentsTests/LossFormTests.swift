import Experiments
import Networks
import Testing

/// Losses as experiments and plans write them.
struct LossFormTests {
  private func loss(_ json: String) throws -> AnyLoss {
    let folder = try ExperimentFolder(["x.json": experiment(#""training":{"loss":\#(json)}"#)])
    return try #require(try folder.load().variants.first).training.loss
  }

  @Test func namesAreLossesWithTheirDefaults() throws {
    #expect(try loss(#""dice""#) == AnyLoss(DiceLoss()))
    #expect(try loss(#""diceCrossEntropy""#) == AnyLoss(DiceCrossEntropyLoss()))
    #expect(try loss(#""pixelwise""#) == .pixelwise)
    #expect(try loss(#"{"kind":"crossEntropy"}"#) == .crossEntropy)
  }

  @Test func objectsSetFields() throws {
    #expect(try loss(#"{"kind":"dice","over":"batch"}"#) == AnyLoss(DiceLoss(over: .batch)))
    var both = DiceCrossEntropyLoss()
    (both.diceWeight, both.dice.background, both.dice.smoothing) = (0.5, true, 1)
    let json = #"{"kind":"diceCrossEntropy","diceWeight":0.5,"background":true,"smoothing":1}"#
    #expect(try loss(json) == AnyLoss(both))
  }

  @Test(arguments: [
    (
      #"{"kind":"dice","over":"case "}"#,
      "x.json:4:42: training.loss.over: found \"case \", did you mean case?; allowed: batch, case"
    ),
    (
      #"{"kind":"dice","smoothing":-1}"#,
      "x.json:4:47: training.loss.smoothing: found -1, allowed: at least 0"
    ),
    (
      #"{"kind":"dise"}"#,
      "x.json:4:28: training.loss.kind: found \"dise\", did you mean dice?; "
        + "allowed: pixelwise, crossEntropy, dice, diceCrossEntropy"
    ),
    (
      #"{"kind":"pixelwise","over":"case"}"#,
      "x.json:4:40: training.loss.over: unknown key, did you mean kind \"dice\" or \"diceCrossEntropy\", which has it?; known here: kind"
    ),
  ])
  func mistakesNameTheirPlace(_ json: String, _ words: String) throws {
    let folder = try ExperimentFolder(["x.json": experiment(#""training":{"loss":\#(json)}"#)])
    #expect(folder.mistakes() == [words])
  }

  /// "DiceCE" is nearer to "dice" by its letters, which is another loss.
  @Test(arguments: [
    ("DiceCE", "diceCrossEntropy"), ("DiceCELoss", "diceCrossEntropy"), ("DC_and_CE_loss", "diceCrossEntropy"),
    ("dice_ce", "diceCrossEntropy"), ("CE", "crossEntropy"), ("NLLLoss", "crossEntropy"), ("DiceLoss", "dice"),
    ("CrossEntropyLoss", "crossEntropy"),
  ])
  func otherProgramsWordsAreKnown(_ word: String, _ meant: String) throws {
    let folder = try ExperimentFolder(["x.json": experiment(#""training":{"loss":"\#(word)"}"#)])
    #expect(
      folder.mistakes() == [
        "x.json:4:20: training.loss: found \"\(word)\", did you mean \(meant)?; allowed: pixelwise, crossEntropy, dice, diceCrossEntropy"
      ])
  }

  /// A field that a loss gets later must not change the identity of runs that were trained without it.
  @Test func plansHoldWhatIsNotTheDefault() throws {
    func text(_ loss: AnyLoss) throws -> String {
      let plan = PlanTests.plan.changed { $0.training.loss = loss }
      #expect(try Plan(json: plan.canonicalJSON, file: "plan") == plan)
      return String(decoding: plan.canonicalJSON, as: UTF8.self)
    }
    #expect(try text(.pixelwise).contains(#""loss":"pixelwise","#))
    #expect(try text(AnyLoss(DiceLoss())).contains(#""loss":"dice","#))
    #expect(try text(AnyLoss(DiceLoss(over: .batch))).contains(#""loss":{"kind":"dice","over":"batch"},"#))
  }
}

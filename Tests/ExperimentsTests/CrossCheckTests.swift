import Compute
import Testing

import Experiments

/// Rules between values: each broken once, and its message.
@Suite struct CrossCheckTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var messages: [String]
    var testDescription: String { messages.first ?? text }

    init(
      _ fields: String = "", variants: String = #"[{"name":"A"}]"#, dataset: String = #"{"path":"data"}"#,
      _ messages: String...
    ) {
      (text, self.messages) = (experiment(fields, variants: variants, dataset: dataset), messages)
    }
  }

  static let cases: [Case] = [
    Case(
      variants: #"[{"name":"A"},{"name":"B","model":{"aspp":false}},{"name":"A","model":{"gate":false}}]"#,
      "x.json:3:70: variants[2].name: the name \"A\" is already that of variants[0]; give each its own"),
    Case(
      variants: #"[{"name":"A","model":{"gate":true}},{"name":"B","training":{"epochs":50}}]"#,
      "x.json:3:48: variants[1]: the same model and training as \"A\"; change one of the two or take it out"),
    Case(
      #""report":{"baseline":"Bas"}"#, variants: #"[{"name":"Base"}]"#,
      "x.json:4:22: report.baseline: no variant is named \"Bas\", did you mean Base?; there are Base"),
    Case(
      #""report":{"groups":{"low":["L5","L55","discs"]}}"#, dataset: #"{"path":"d","labels":{"L4":1,"L5":2}}"#,
      "x.json:4:33: report.groups.low[1]: no structure is named \"L55\", did you mean L5?; there are L4, L5",
      "x.json:4:39: report.groups.low[2]: no structure is named \"discs\"; there are L4, L5"),
    Case(
      dataset: #"{"path":"d","labels":{"L4":1,"L5":1}}"#,
      "x.json:2:32: dataset.labels: the value 1 is given twice, to \"L4\" and \"L5\"; give each the number that"
        + " the masks hold for it, or write one name for both; correct the label map"),
    Case(
      #""augmentation":{"elastic":{"millimetres":10}}"#,
      "x.json:4:27: augmentation.elastic.controlSpacing: 32.0 is not above four times millimetres (10.0): space could fold"
    ),
    Case(
      #""training":{"schedule":{"minimum":0.01}}"#,
      "x.json:4:24: training.schedule: the schedule's minimum 0.01 is above the learning rate 0.001; lower the minimum"),
    Case(
      #""training":{"momentum":0.9,"schedule":{"kind":"poly","patience":3}}"#,
      "x.json:4:24: training.momentum: momentum does nothing with the optimiser adam; leave it out, or set it to 0.99",
      "x.json:4:39: training.schedule: schedule.patience does nothing with the schedule poly; leave it out, or set it to 10"
    ),
    Case(
      #""training":{"optimiser":"sgd","beta1":0.8,"momentum":0,"epochs":3,"schedule":{"exponent":1,"warmUp":3}}"#,
      "x.json:4:39: training.beta1: beta1 does nothing with the optimiser sgd; leave it out, or set it to 0.9",
      "x.json:4:54: training.momentum: there is nothing to look ahead along without momentum; set momentum above 0, or nesterov to false",
      "x.json:4:78: training.schedule: schedule.exponent does nothing with the schedule plateau; leave it out, or set it to 0.9",
      "x.json:4:78: training.schedule: a warm-up of 3 epochs leaves none of the 3 to the schedule; lower schedule.warmUp"
    ),
    Case(
      #""preprocessing":{"size":[18,100,48]},"model":{"kind":"nnunet"}"#,
      "x.json:4:25: preprocessing.size: 18x100x48 cannot be halved as often as the rules of nnunet say; take 20x112x48"
    ),
    Case(
      #""folds":{"validation":16,"validationFrom":"training"}"#, dataset: #"{"path":"d","phantom":{"cases":20}}"#,
      "x.json:4:23: folds.validation: 16 validation cases of 16 training cases leave none to train; lower folds.validation to 8"
        + " or less, which leaves a batch of 8 its cases"
    ),
    Case(
      #""folds":{"validation":16,"validationFrom":"training"},"training":{"batch":1}"#,
      dataset: #"{"path":"d","phantom":{"cases":20}}"#,
      "x.json:4:23: folds.validation: 16 validation cases of 16 training cases leave none to train; lower folds.validation to 15"
        + " or less"
    ),
    Case(
      #""folds":{"validation":16,"validationFrom":"training"}"#,
      variants: #"[{"name":"A"},{"name":"B","training":{"batch":16}}]"#,
      dataset: #"{"path":"d","phantom":{"cases":20}}"#,
      "x.json:4:23: folds.validation: 16 validation cases of 16 training cases leave none to train; lower folds.validation to 1"
        + " and training.batch to 15 or less"
    ),
    Case(
      #""training":{"batch":2,"microBatch":2}"#,
      "x.json:4:36: training.microBatch: parts of 2 are the whole of a batch of 2, which is computed whole without them; leave"
        + " microBatch out, or lower it to 1"
    ),
    Case(
      #""training":{"microBatch":9}"#,
      "x.json:4:26: training.microBatch: parts of 9 are larger than a batch of 8, which is computed whole without them; leave"
        + " microBatch out, or lower it to 7 or less"
    ),
    Case(
      #""training":{"batch":1,"microBatch":1}"#,
      "x.json:4:36: training.microBatch: a batch of 1 has no parts; leave microBatch out"
    ),
    Case(
      #""report":{"groups":{"low":[3,"L4",9]}}"#, dataset: #"{"path":"d","labels":{"L4":1,"L5":3}}"#,
      "x.json:4:28: report.groups.low[0]: found 3, a number, where the name of a structure stands; 3 is L5: write \"L5\"",
      "x.json:4:35: report.groups.low[2]: found 9, a number, where the name of a structure stands; no structure has 9, there are"
        + " L4, L5: write such as \"L4\""
    ),
    Case(
      #""report":{"groups":{"low":1}},"prediction":{"components":[1]}"#,
      dataset: #"{"path":"d","labels":{"L4":1,"L5":3}}"#,
      "x.json:4:27: report.groups.low: found 1, a number, where a list of structures' names stands; 1 is L4: write [\"L4\"]",
      "x.json:4:59: prediction.components[0]: found 1, a number, where the name of a structure stands; 1 is L4: write \"L4\""
    ),
    Case(
      #""report":{"groups":{"low":[1]}}"#,
      "x.json:4:28: report.groups.low[0]: found 1, a number, where the name of a structure stands; write the name that the"
        + " dataset's labels give it, in double quotes"
    ),
    // The letters are nearer to another one.
    Case(
      #""report":{"groups":{"low":["1"]}},"training":{"classWeights":{"3":2}}"#,
      dataset: #"{"path":"d","labels":{"L1":3,"L3":1}}"#,
      "x.json:4:28: report.groups.low[0]: no structure is named \"1\", did you mean L3?; there are L1, L3",
      "x.json:4:62: training.classWeights: no structure is named \"3\", did you mean L1?; there are background, L1, L3"
    ),
    Case(
      #""training":{"loss":"dice","classWeights":{"sacrum":2}}"#,
      dataset: #"{"path":"d","labels":{"femur":1,"sacrum":2}}"#,
      "x.json:4:42: training.classWeights: classWeights does nothing with the loss dice; leave it out, or set it to {}"
    ),
    Case(
      #""training":{"classWeights":{"sacrun":2}}"#, dataset: #"{"path":"d","labels":{"femur":1,"sacrum":2}}"#,
      "x.json:4:28: training.classWeights: no structure is named \"sacrun\", did you mean sacrum?; there are background, femur, sacrum"
    ),
    Case(
      #""training":{"classWeights":{"background":0,"femur":0}}"#, dataset: #"{"path":"d","labels":{"femur":1}}"#,
      "x.json:4:28: training.classWeights: every class has the weight 0, so that nothing is learnt; give one of them more"
    ),
    Case(
      #""augmentation":{"mirroring":true}"#, dataset: #"{"path":"d","labels":{"Left femur":1,"sacrum":2}}"#,
      "x.json:4:29: augmentation.mirroring: mirroring would exchange left and right, which the structures \"Left femur\" tell apart; set augmentation.mirroring to false"
    ),
    Case(
      #""augmentation":{"gamma":{"lower":2},"lowResolution":{"upper":1.5}}"#,
      "x.json:4:25: augmentation.gamma.upper: 1.5 is below lower (2.0)",
      "x.json:4:62: augmentation.lowResolution.upper: 1.5 is above 1, the image itself"),
    Case(
      variants: #"[{"name":"A","model":{"splice":"plain","gate":true}}]"#,
      "x.json:3:43: variants[0].model.splice: found \"plain\", must be another where gate is true, or leave the gate out"
    ),
    Case(
      #""model":{"width":36}"#,
      "x.json:4:18: model.width: found 36, must be a multiple of 4 (the number of fusionRates, each with two channels or more) and"
        + " of 8 (attentionReduction), such as 32, 40, 48"),
    Case(
      variants: #"[{"name":"A","model":{"width":18,"attention":false}}]"#,
      "x.json:3:42: variants[0].model.width: found 18, must be a multiple of 4 (the number of fusionRates, each with"
        + " two channels or more), such as 16, 20, 24"),
    Case(
      variants: #"[{"name":"A","model":{"fusionRates":[1,2,3],"attention":false}}]"#,
      "x.json:3:13: variants[0]: found 128, must be a multiple of 3 (the number of fusionRates, each with two channels or more),"
        + " such as 126, 129, 132"),
    Case(
      #""preprocessing":{"size":[18,256,15]}"#,
      "x.json:4:25: preprocessing.size: 18x256x15 (D x H x W: slices, rows, columns) is too small for the strides of safnet; take at least 1x16x16"
    ),
    Case(
      #""preprocessing":{"size":[224,224,12]}"#,
      "x.json:4:25: preprocessing.size: 224x224x12 (D x H x W: slices, rows, columns) is too small for the strides of safnet; take at least 1x16x16. It stands for"
        + " [D, H, W], slices first: [12, 224, 224] where images have 12 slices"),
    Case(
      dataset: #"{"path":"d","layout":"nnunet","labels":"dataset.json","phantom":{"cases":40}}"#,
      "x.json:2:32: dataset.layout: a phantom is written as mrspineseg, not nnunet; leave layout at auto",
      "x.json:2:50: dataset.labels: a phantom has no dataset.json; take mrspineseg"),
    Case(
      #""folds":{"validation":1}"#, dataset: #"{"path":"d","phantom":{"cases":4}}"#,
      "x.json:4:9: folds.count: 5 folds of 4 cases; lower folds.count; what 4 cases always make is \"folds\": {\"count\": 4, \"validation\": 1, \"validationFrom\": \"training\"}, with training.batch at most 2"
    ),
    Case(
      #""folds":{"validation":4}"#, dataset: #"{"path":"d","phantom":{"cases":20}}"#,
      "x.json:4:23: folds.validation: 4 validation cases of 4 held out leave none to test; lower folds.validation to 3 or less, lower folds.count to 4 or less,"
        + " or take validation cases from those that train (folds.validationFrom: \"training\")"
    ),
    Case(
      #""folds":{"validation":1}"#, variants: #"[{"name":"A"},{"name":"B","training":{"batch":20,"epochs":1}}]"#,
      dataset: #"{"path":"d","phantom":{"cases":18}}"#,
      "x.json:3:58: variants[1].training.batch: a batch of 20 is more than the 14 training cases of fold 1; lower the batch"
    ),
  ]

  @Test(arguments: cases) func valuesThatDoNotFitAreNamedTogether(example: Case) throws {
    #expect(try ExperimentFolder(["x.json": example.text]).mistakes() == example.messages)
  }

  /// Of an option the usual value is no remedy either: it does nothing, whatever it says.
  @Test(arguments: [
    ("training.nesterov=true", "training.nesterov: nesterov does nothing with the optimiser adam"),
    ("training.nesterov=false", "training.nesterov: nesterov does nothing with the optimiser adam"),
    (
      "variants.SAFNet.training.momentum=0.9",
      "variants[0].training.momentum: momentum does nothing with the optimiser adam"
    ),
    (
      "training.schedule.exponent=0.9",
      "training.schedule.exponent: schedule.exponent does nothing with the schedule plateau"
    ),
    ("training.foreground=0.33", "training.foreground: foreground does nothing with whole images"),
  ])
  func anOptionThatDoesNothingIsRefused(option: String, words: String) throws {
    let folder = try ExperimentFolder(["x.json": experiment()])
    #expect(
      folder.mistakes(set: [option]) == [
        "--set \(option): \(words); leave the option out, or give null to take away what a file says"
      ])
  }

  /// Where a variant uses it, where a file says it, and where null takes it away.
  @Test func aSettingThatSomeVariantUsesIsNoMistake() throws {
    let variants = #"[{"name":"A"},{"name":"B","training":{"optimiser":"sgd"}}]"#
    #expect(
      try ExperimentFolder(["x.json": experiment(variants: variants)]).mistakes(set: ["training.nesterov=true"]) == [])
    let written = try ExperimentFolder(["x.json": experiment(#""training":{"nesterov":false}"#)])
    #expect(written.mistakes().count == 1 && written.mistakes(set: ["training.nesterov=null"]) == [])
    #expect(try ExperimentFolder(["x.json": experiment(#""training":{"nesterov":true}"#)]).mistakes() == [])
  }
}

import Compute
import Foundation
import Models
import Testing
import Volumes

import Experiments

@Suite struct SpecificationTests {
  @Test func defaultsAreThePapers() throws {
    let specification = try ExperimentFolder(["x.json": experiment()]).load()
    let training = specification.variants[0].training
    #expect(training.epochs == 50 && training.batch == 8 && training.learningRate == 1e-3)
    #expect(training.adam.weightDecay == 1e-4 && training.adam.beta1 == 0.9 && training.adam.beta2 == 0.999)
    #expect(training.schedule.factor == 0.5 && training.schedule.patience == 10)
    #expect(training.loss == .pixelwise && training.monitor == .meanDice && training.evaluate == .best)
    #expect(specification.preprocessing == Preprocessing() && specification.preprocessing.size == Extent3(18, 256, 128))
    #expect(specification.augmentation == Augmentation())
    #expect(specification.folds.count == 5 && specification.folds.validation == 4)
    #expect(specification.dataset.labels == .automatic && specification.dataset.layout == .automatic)
    #expect(specification.variants[0].model == ModelConfiguration(SAFNet()))
    #expect(specification.title == "x" && specification.baseline == "SAFNet")
  }

  @Test func sixMistakesAreSixMessages() throws {
    let text = """
      {"name": "six mistakes",
       "dataset": {"path": "data", "layuot": "auto"},
       "folds": {"count": 1},
       "training": {"learningRate": "fast", "epochs": 0.5},
       "variants": [{"name": "A", "model": {"kind": "safnet", "widht": 8}}]}
      """
    let known =
      "kind, width, stem, aspp, attention, multiscale, gate, splice, asppRates, fusionRates, attentionReduction"
    #expect(
      try ExperimentFolder(["x.json": text]).mistakes() == [
        "x.json:1:10: name: found \"six mistakes\", allowed: letters a to z, digits, . _ and -, beginning with a letter or digit",
        "x.json:2:30: dataset.layuot: unknown key, did you mean layout?; known here: path, layout, channels, labels,"
          + " phantom, exclude, groups",
        "x.json:3:21: folds.count: found 1, allowed: 2 to 1000",
        "x.json:4:31: training.learningRate: found \"fast\", expected a number",
        "x.json:4:49: training.epochs: found 0.5, expected a whole number",
        "x.json:5:57: variants[0].model.widht: unknown key, did you mean width?; known here: \(known)",
      ])
  }

  /// Each rule of a single value, broken once: fields after the required ones, and the message.
  static let single: [(String, String)] = [
    (#""training":7"#, #"x.json:4:12: training: found 7, expected an object such as {"epochs":7}"#),
    (#""training":"adam""#, #"x.json:4:12: training: found "adam", expected an object such as {"optimiser":"adam"}"#),
    (
      #""training":{"schedule":"cosine"}"#,
      #"x.json:4:24: training.schedule: found "cosine", expected an object such as {"kind":"cosine"}"#
    ),
    (#""model":"unet3d""#, #"x.json:4:9: model: found "unet3d", expected an object such as {"kind":"unet3d"}"#),
    (#""training":{"batch":0}"#, "x.json:4:21: training.batch: found 0, allowed: 1 to 4096"),
    (#""training":{"learningRate":0}"#, "x.json:4:28: training.learningRate: found 0, allowed: above 0"),
    (#""training":{"beta1":1}"#, "x.json:4:21: training.beta1: found 1, allowed: at least 0 and below 1"),
    (#""training":{"weightDecay":-1e-9}"#, "x.json:4:27: training.weightDecay: found -1e-9, allowed: at least 0"),
    (
      #""training":{"loss":"tversky"}"#,
      "x.json:4:20: training.loss: found \"tversky\"; allowed: pixelwise, crossEntropy, dice, diceCrossEntropy"
    ),
    (
      #""training":{"loss":"crossentropy"}"#,
      "x.json:4:20: training.loss: found \"crossentropy\", did you mean crossEntropy?; allowed: pixelwise, crossEntropy, dice, diceCrossEntropy"
    ),
    (
      #""training":{"evaluate":true}"#,
      "x.json:4:24: training.evaluate: found true, expected one of \"best\" or \"last\""
    ),
    (#""training":{"seed":-1}"#, "x.json:4:20: training.seed: found -1, allowed: 0 to 9007199254740991"),
    (
      #""training":{"schedule":{"factor":1.5}}"#,
      "x.json:4:34: training.schedule.factor: found 1.5, allowed: above 0 and at most 1"
    ),
    (
      #""preprocessing":{"size":[18,256]}"#,
      "x.json:4:25: preprocessing.size: found 2 elements, expected 3: slices, rows and columns"
    ),
    (
      #""preprocessing":{"size":[18,"a",128]}"#,
      "x.json:4:29: preprocessing.size[1]: found \"a\", expected a whole number"
    ),
    (#""preprocessing":{"size":18}"#, "x.json:4:25: preprocessing.size: found 18, expected a list; write [18,18,18]"),
    (
      #""augmentation":"none""#,
      "x.json:4:16: augmentation: found \"none\", expected an object, true or false; write false"
    ),
    (
      #""augmentation":{"rotation":{"probability":1.5}}"#,
      "x.json:4:43: augmentation.rotation.probability: found 1.5, allowed: at least 0 and at most 1"
    ),
    (#""title":" ""#, "x.json:4:9: title: a text that says something should stand here"),
    (#""title":["a"]"#, "x.json:4:9: title: found [\"a\"], expected a text"),
    (
      #""model":{"kind":"safent"}"#,
      "x.json:4:17: model.kind: found \"safent\", did you mean safnet?; allowed: safnet, unet3d, resunet3d, deeplabv3, cfnet, nnunet"
    ),
    (
      #""model":{"kind":3}"#,
      "x.json:4:17: model.kind: found 3, expected one of \"safnet\", \"unet3d\", \"resunet3d\", \"deeplabv3\", \"cfnet\" or \"nnunet\""
    ),
    (#""model":{"aspp":1}"#, "x.json:4:17: model.aspp: found 1, expected true or false; write true"),
    (#""model":{"asppRates":[]}"#, "x.json:4:22: model.asppRates: found 0 elements, expected 1 to 8"),
    (
      #""report":{"tables":["fold"]}"#,
      "x.json:4:21: report.tables[0]: found \"fold\", did you mean folds?; allowed: folds, ablation, structures, surfaces, cost, levels, uncertainty, overlap, failures, partition, test, subgroups"
    ),
    (#""report":{"tables":[]}"#, "x.json:4:20: report.tables: found 0 elements, expected 1 to 12"),
    (
      #""report":{"tables":["cost","folds","cost"]}"#,
      "x.json:4:36: report.tables[2]: found \"cost\" again; once is enough"
    ),
    (
      #""report":{"groups":{"all":"L1"}}"#,
      "x.json:4:27: report.groups.all: found \"L1\", expected a list; write [\"L1\"]"
    ),
    (
      #""report":{"groups":["L1"]}"#,
      "x.json:4:20: report.groups: found [\"L1\"], expected an object: group name and its structures"
    ),
  ]

  @Test(arguments: single) func oneWrongValueIsOneMessage(fields: String, message: String) throws {
    #expect(try ExperimentFolder(["x.json": experiment(fields)]).mistakes() == [message])
  }

  /// A text where an object with that text belongs: the object is shown.
  @Test(arguments: [
    (
      #""exclude":["c7"]"#,
      #"x.json:2:34: dataset.exclude[0]: found "c7", expected an object such as {"case":"c7","reason":"..."}"#
    ),
    (#""groups":"g.csv""#, #"x.json:2:32: dataset.groups: found "g.csv", expected an object such as {"file":"g.csv"}"#),
  ])
  func theObjectThatIsMeantIsShown(field: String, message: String) throws {
    let text = experiment(dataset: #"{"path":"d",\#(field)}"#)
    #expect(try ExperimentFolder(["x.json": text]).mistakes() == [message])
  }

  @Test func missingKeysAreNamedWithTheirObject() throws {
    #expect(
      try ExperimentFolder(["x.json": "{\"dataset\":{}}"]).mistakes() == [
        #"x.json:1:1: the key name is missing; write it, such as "name": "study""#,
        #"x.json:1:1: the key variants is missing; write it, such as "variants": [{"model":{"kind":"safnet"},"name":"SAFNet"}]"#,
        "x.json:1:12: dataset: the key path is missing",
      ])
  }

  @Test func augmentationCanBeSwitchedOffAndOn() throws {
    #expect(try ExperimentFolder(["x.json": experiment(#""augmentation":false"#)]).load().augmentation == nil)
    #expect(try ExperimentFolder(["x.json": experiment(#""augmentation":true"#)]).load().augmentation == Augmentation())
    let some = experiment(#""augmentation":{"rotation":{"degrees":5}}"#)
    #expect(try ExperimentFolder(["x.json": some]).load().augmentation == Augmentation(rotation: .init(degrees: 5)))
  }

  @Test func labelsKeepTheOrderOfTheFile() throws {
    let folder = try ExperimentFolder([
      "x.json": experiment(dataset: #"{"path":"data","labels":{"L5":7,"L1":2}}"#)
    ])
    let labels = LabelMap(structures: [.init(name: "L5", value: 7), .init(name: "L1", value: 2)])
    #expect(try folder.load().dataset.labels == .map(labels))
  }

  @Test func variantsStartFromWhatAllShare() throws {
    let variants = #"[{"name":"A"},{"name":"B","model":{"aspp":false},"training":{"epochs":2}}]"#
    let shared = #""training":{"epochs":7,"batch":3},"model":{"width":16}"#
    let specification = try ExperimentFolder(["x.json": experiment(shared, variants: variants)]).load()
    #expect(specification.variants.map(\.training.epochs) == [7, 2])
    #expect(specification.variants.map(\.training.batch) == [3, 3])
    var model = SAFNet()
    model.width = 16
    #expect(specification.variants[0].model == ModelConfiguration(model))
    model.aspp = false
    #expect(specification.variants[1].model == ModelConfiguration(model))
  }

  @Test func pathsAreRelativeToTheirFileOrToTheWorkingDirectory() throws {
    let folder = try ExperimentFolder([
      "sub/base.json": experiment(), "x.json": #"{"name":"x","extends":"sub/base.json"}"#,
    ])
    #expect(try folder.load().datasetRoot.path == folder.url.path + "/sub/data")
    #expect(try folder.load(set: ["dataset.path=other"]).datasetRoot.path == folder.url.path + "/other")
    #expect(try folder.load(set: ["dataset.path=/abs/olute"]).datasetRoot.path == "/abs/olute")
  }
}

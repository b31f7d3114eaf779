import Compute
import Foundation
import Models
import Testing
import Volumes

import Experiments
import JSON

@Suite struct PlanTests {
  static let plan = Plan(
    model: ModelConfiguration(SAFNet()), structures: .mrSpineSeg,
    dataset: DatasetFingerprint(digest: "0123abcd", cases: 6), preprocessing: Preprocessing(),
    augmentation: Augmentation(), fold: Fold(number: 2, train: ["a", "b"], validation: ["c"], test: ["d", "é\n"]),
    training: TrainingPlan())

  /// A changed default, a renamed field or another number form would make all finished work look new.
  @Test func theIdentityIsPinned() {
    #expect(Self.plan.identity == "7fe97ba3ccae437f8e3054406c3c4ca0150da9cc632293b2596edaf70509a46f")
    var base = SAFNet()
    (base.aspp, base.attention, base.multiscale) = (false, false, false)
    let plan = Self.plan.changed { ($0.model, $0.augmentation) = (ModelConfiguration(base).resolved, nil) }
    #expect(plan.identity == "1c76ddcb3d1c079d3a1ac69e6cb4e3805cbb88ce0762cdfa28b0bcef3cc309e4")
  }

  @Test func theCanonicalTextIsPinned() throws {
    let expected = #"""
      {"augmentation":{"contrast":{"lower":0.75,"probability":0.5,"upper":1.25},\#
      "elastic":{"controlSpacing":32,"millimetres":6,"probability":0.5},"rotation":{"degrees":15,\#
      "probability":0.5}},"dataset":{"cases":6,"digest":"0123abcd"},"fold":{"number":2,"test":["d","é\n"],\#
      "train":["a","b"],"validation":["c"]},"format":1,"model":{"aspp":true,"asppRates":[6,12,18],\#
      "attention":true,"attentionReduction":8,"fusionRates":[2,4,8,16],"gate":true,"kind":"safnet",\#
      "multiscale":true,"stem":[32,64],"width":128},"preprocessing":{"crop":"halfWidth",\#
      "depth":"padOrCrop","normalise":"volume","size":[18,256,128]},"structures":{"background":[0,10,19],\#
      "structures":[{"name":"S","value":1},{"name":"L5","value":2},{"name":"L4","value":3},{"name":"L3",\#
      "value":4},{"name":"L2","value":5},{"name":"L1","value":6},{"name":"T12","value":7},{"name":"T11",\#
      "value":8},{"name":"T10","value":9},{"name":"L5/S","value":11},{"name":"L4/L5","value":12},\#
      {"name":"L3/L4","value":13},{"name":"L2/L3","value":14},{"name":"L1/L2","value":15},\#
      {"name":"T12/L1","value":16},{"name":"T11/T12","value":17},{"name":"T10/T11","value":18}]},\#
      "training":{"batch":8,"beta1":0.9,"beta2":0.999,"epochs":50,"epsilon":1e-8,"evaluate":"best",\#
      "lastBatch":"keep","learningRate":0.001,"loss":"pixelwise","monitor":"meanDice",\#
      "precision":"float32","schedule":{"factor":0.5,"minimum":0,"patience":10,"threshold":0.0001},\#
      "seed":2023,"weightDecay":0.0001}}
      """#
    #expect(String(decoding: Self.plan.canonicalJSON, as: UTF8.self) == expected)
  }

  /// As the next field of training will be added: at its default it is in no plan, so no identity changes.
  @Test func aLaterFieldAtItsDefaultChangesNoText() {
    let later = Form<TrainingPlan>.record(
      "", TrainingPlan(),
      TrainingPlan.fields() + [Field("warmUp", \.warmUp, .integer(0...1000), absentMeans: 0, "Not in any program yet")])
    for change in Self.changes {
      let training = Self.plan.changed(change.change).training
      #expect(later.write(training) == TrainingPlan.form().write(training))
    }
    #expect(later.schema(TrainingPlan())["properties"]?["warmUp"] != nil)
  }

  @Test func readsBackFromItsTextAndInsideOtherRecords() throws {
    for plan in Self.changes.map({ Self.plan.changed($0.change) }) + [Self.plan] {
      #expect(try Plan(json: plan.canonicalJSON, file: "plan.json") == plan)
      #expect(try JSONDecoder().decode([Plan].self, from: JSONEncoder().encode([plan])) == [plan])
    }
  }

  struct Change: Sendable, CustomTestStringConvertible {
    var path: String
    var values: String
    var change: @Sendable (inout Plan) -> Void
    var testDescription: String { path }
  }

  static let changes: [Change] = [
    Change(path: "model.width", values: "was 128, is 64") { plan in
      var model = SAFNet()
      model.width = 64
      plan.model = ModelConfiguration(model).resolved
    },
    Change(path: "structures.background", values: "was [0,10,19], is [0]") { $0.structures.background = [0] },
    Change(path: "dataset.digest", values: "was \"0123abcd\", is \"f00\"") { $0.dataset.digest = "f00" },
    Change(path: "preprocessing.size", values: "was [18,256,128], is [18,128,128]") {
      $0.preprocessing.size = Extent3(18, 128, 128)
    },
    Change(path: "augmentation.contrast.upper", values: "was 1.25, is 1.5") { $0.augmentation?.contrast.upper = 1.5 },
    Change(
      path: "augmentation.noise", values: #"was absent, is {"largest":0.2,"probability":0.1}"#
    ) {
      $0.augmentation?.noise = .init()
      $0.augmentation?.noise?.largest = 0.2
    },
    Change(path: "augmentation.mirroring", values: #"was absent, is {"probability":0.5}"#) {
      $0.augmentation?.mirroring = .init()
    },
    Change(path: "fold.number", values: "was 2, is 3") { $0.fold.number = 3 },
    Change(path: "fold.train", values: "was [\"a\",\"b\"], is [\"b\",\"a\"]") { $0.fold.train = ["b", "a"] },
    Change(path: "training.epochs", values: "was 50, is 51") { $0.training.epochs = 51 },
    Change(path: "training.learningRate", values: "was 0.001, is 0.0010000000000000002") {
      $0.training.learningRate = 1e-3.nextUp
    },
    Change(path: "training.beta2", values: "was 0.999, is 0.99") { $0.training.adam.beta2 = 0.99 },
    Change(path: "training.optimiser", values: "was absent, is \"sgd\"") { $0.training.optimiser.rule = .sgd },
    Change(path: "training.momentum", values: "was absent, is 0.9") { $0.training.optimiser.momentum = 0.9 },
    Change(path: "training.nesterov", values: "was absent, is false") { $0.training.optimiser.nesterov = false },
    Change(path: "training.microBatch", values: "was absent, is 2") { $0.training.parts.largest = 2 },
    Change(path: "training.clip", values: "was absent, is 12") { $0.training.optimiser.clip = 12 },
    Change(path: "training.average", values: "was absent, is 0.999") { $0.training.optimiser.average = 0.999 },
    Change(path: "training.earlyStopping", values: "was absent, is 20") { $0.training.earlyStopping = 20 },
    Change(path: "training.initialWeights", values: "was absent, is \"byName\"") {
      $0.training.initialWeights = .byName
    },
    Change(path: "training.classWeights", values: #"was absent, is {"L5":2,"background":0.5}"#) {
      $0.training.classWeights = ["background": 0.5, "L5": 2]
    },
    Change(path: "training.start", values: "was absent, is \"sha256:ab\"") {
      $0.training = $0.training.starting(with: "ab")
    },
    Change(path: "training.schedule.kind", values: "was absent, is \"poly\"") { $0.training.schedule.kind = .poly },
    Change(path: "training.schedule.exponent", values: "was absent, is 2") { $0.training.schedule.exponent = 2 },
    Change(path: "training.schedule.warmUp", values: "was absent, is 5") { $0.training.schedule.warmUp = 5 },
    Change(path: "training.schedule.patience", values: "was 10, is 9") { $0.training.schedule.patience = 9 },
    Change(path: "training.loss", values: "was \"pixelwise\", is \"crossEntropy\"") {
      $0.training.loss = .crossEntropy
    },
    Change(path: "training.monitor", values: "was \"meanDice\", is \"voxelAccuracy\"") {
      $0.training.monitor = .voxelAccuracy
    },
    Change(path: "training.precision", values: "was \"float32\", is \"fast\"") { $0.training.precision = .fast },
    Change(path: "training.evaluate", values: "was \"best\", is \"last\"") { $0.training.evaluate = .last },
    Change(path: "training.lastBatch", values: "was \"keep\", is \"drop\"") { $0.training.lastBatch = .drop },
    Change(path: "training.seed", values: "was 2023, is 2024") { $0.training.seed = 2024 },
  ]

  @Test(arguments: changes) func everyChangeIsAnotherRunAndIsNamed(example: Change) {
    let other = Self.plan.changed(example.change)
    #expect(other.identity != Self.plan.identity)
    #expect(differences(between: Self.plan, and: other).map(\.description) == ["\(example.path): \(example.values)"])
  }

  @Test func equalPlansDifferNowhere() {
    #expect(differences(between: Self.plan, and: Self.plan).isEmpty)
    var gated = SAFNet()
    gated.gate = true
    let spelt = Plan(
      model: ModelConfiguration(gated), structures: .mrSpineSeg, dataset: Self.plan.dataset,
      preprocessing: Preprocessing(),
      augmentation: Augmentation(), fold: Self.plan.fold, training: TrainingPlan())
    #expect(spelt.identity == Self.plan.identity, "the gate that three modules bring, spelt out")
  }

  @Test func longListsShowWhatTheOtherLacks() {
    let names = (1...138).map { "Case\($0)" }
    let old = Self.plan.changed { $0.fold.train = names }
    let new = Self.plan.changed { $0.fold.train = Array(names.dropFirst()) + ["Case150"] }
    let expected = #"fold.train: was a list of 138 with "Case1", is a list of 138 with "Case150""#
    #expect(differences(between: old, and: new).map(\.description) == [expected])
    #expect(
      differences(between: Self.plan.changed { $0.augmentation = nil }, and: Self.plan).map(\.path) == ["augmentation"])
  }

  @Test func newerFormatsAreRefusedFirst() {
    let text = #"{"format":2,"future":"yes"}"#
    #expect {
      try Plan(json: Data(text.utf8), file: "runs/a/plan.json")
    } throws: { error in
      "\(error)"
        == "runs/a/plan.json:1:11: format: this plan has format 2, this program knows up to 1; use a newer safnet"
    }
  }

  @Test func damagedPlansAreRefusedWithTheirFile() {
    let damaged: [(String, String)] = [
      (
        "{\"format\":1",
        "plan.json:1:12: the text ends where a comma or } should follow; it was cut off, or what opens at 1:1 is not closed"
      ),
      ("[]", "plan.json:1:1: found [], expected an object"),
    ]
    for (text, message) in damaged {
      #expect {
        try Plan(json: Data(text.utf8), file: "plan.json")
      } throws: { "\($0)" == message }
    }
    #expect(throws: SpecificationErrors.self) { try Plan(json: Data("{\"format\":1}".utf8), file: "plan.json") }
    #expect(throws: SpecificationErrors.self) { try JSONDecoder().decode(Plan.self, from: Data("{}".utf8)) }
  }
}

extension Plan {
  func changed(_ change: (inout Plan) -> Void) -> Plan {
    var plan = self
    change(&plan)
    return plan
  }
}

extension TrainingPlan {
  fileprivate var warmUp: Int {
    get { 0 }
    set {}
  }
}

import CPU
import Compute
import Foundation
import Measurement
import Models
import Networks
import Testing
import Volumes

import Experiments
import Text

@Suite struct EstimateTests {
  static let small = #""preprocessing":{"size":[4,32,16]},"model":{"width":8,"stem":[4,8]},"folds":{"validation":1}"#
  static let two = #"[{"name":"Base","model":{"aspp":false,"attention":false,"multiscale":false}},{"name":"SAFNet"}]"#

  func estimate(_ fields: String, cases: Int, measure: Bool = false) throws -> ExperimentEstimate {
    let specification = try experiment(fields, variants: Self.two)
    return try ExperimentEstimate(
      specification, classes: 18, folds: specification.foldSizes(cases: cases), engine: CPUEngine(), threads: 1,
      measure: measure)
  }

  @Test func runsStepsAndDiskFollowFromThePlan() throws {
    let estimate = try estimate(Self.small + #","training":{"epochs":3,"batch":4}"#, cases: 20)
    #expect(estimate.variants.map(\.runs) == [5, 5])
    #expect(estimate.variants.map(\.steps) == [60, 60], "5 folds x 3 epochs x 16/4 steps")
    #expect(estimate.runs == 10 && estimate.seconds == nil)
    for variant in estimate.variants { #expect(variant.checkpointBytes == 5 * 3 * 3 * 4 * variant.cost.parameters) }
    #expect(estimate.cacheBytes == 20 * 4 * 32 * 16 * 5)
  }

  /// What a second channel adds beside the network: its voxels of every kept case and of three batches, and on the disk.
  @Test func channelsCountInMemoryAndOnTheDisk() throws {
    func estimate(_ channels: String) throws -> ExperimentEstimate {
      let specification = try experiment(
        Self.small + #","training":{"epochs":3,"batch":4}"#, dataset: #"{"path":"d","channels":\#(channels)}"#)
      return try ExperimentEstimate(
        specification, classes: 18, folds: specification.foldSizes(cases: 20), engine: CPUEngine(), threads: 1,
        measure: false)
    }
    let (one, two) = (try estimate("[0]"), try estimate("[0, 1]"))
    let voxels = 4 * 32 * 16
    #expect(two.cacheBytes - one.cacheBytes == 20 * voxels * 4)
    let network = two.variants[0].cost.trainingBytes - one.variants[0].cost.trainingBytes
    #expect(network > 0)
    #expect(
      two.variants[0].workerBytes - one.variants[0].workerBytes - network == (20 + 3 * 4) * voxels * 4)
  }

  /// safnet.md, "Nominal cost of one forward pass at paper size"; figures of the reference program.
  @Test func thePapersNetworksCostWhatTheReferenceCounts() throws {
    let estimate = try estimate("", cases: 172)
    #expect(estimate.variants.map(\.cost.parameters) == [4_814_130, 6_775_286])
    // The reference program leaves out channel attention: 2 C² products at each of 18x16x8 positions, and at the gate's.
    let channelAttention = 2 * 128 * 128 * (18 * 16 * 8 + 1)
    #expect(estimate.variants.map(\.cost.multiplyAdds) == [90_587_529_216, 105_630_437_520 + channelAttention])
    #expect(estimate.variants[1].cost.trainingBytes < 24 << 30, "SAFNet at batch 8 fits 24 GiB")
    #expect(estimate.variants.map(\.steps) == [5 * 50 * 18, 5 * 50 * 18])
  }

  @Test func shortStepsAreTimedAsTheyAre() throws {
    let estimate = try estimate(Self.small + #","training":{"epochs":3,"batch":4}"#, cases: 20, measure: true)
    for variant in estimate.variants {
      let speed = try #require(variant.measurement)
      #expect(speed.scale == 1 && speed.measuredExtent == Extent3(4, 32, 16) && speed.measuredBatch == 4)
      #expect(speed.words == "Step: a measured training step at 4x32x16, batch 4.")
      let seconds = 5 * 3 * 16 * speed.trainingSecondsPerCase + 5 * (3 * 1 + 3) * speed.predictionSeconds
      #expect(abs(try #require(variant.seconds) - seconds) < 1e-9 * seconds)
      #expect(speed.trainingSecondsPerCase > speed.predictionSeconds)
    }
  }

  /// 2 windows of one image and 3 of the other.
  @Test func patchesCountTheirWindows() throws {
    let fields =
      #""preprocessing":{"spacing":[4,1,1]},"model":{"width":8,"stem":[4,8]},"folds":{"validation":1},"#
      + #""training":{"epochs":3,"batch":4,"patch":[4,32,16]}"#
    let specification = try experiment(fields)
    func estimate(_ images: [Extent3], measure: Bool = false) throws -> ExperimentEstimate {
      try ExperimentEstimate(
        specification, classes: 18, folds: specification.foldSizes(cases: 20),
        images: ImageGrids(images.map { .init(name: "a", extent: $0) }), engine: CPUEngine(), threads: 1,
        measure: measure)
    }
    let two = try estimate([Extent3(4, 48, 16), Extent3(8, 32, 16)], measure: true)
    let speed = try #require(two.variants[0].measurement)
    #expect(speed.measuredExtent == Extent3(4, 32, 16) && two.variants[0].windows == 2.5)
    let seconds = 5 * 3 * 16 * speed.trainingSecondsPerCase + 5 * (3 * 1 + 3) * 2.5 * speed.predictionSeconds
    #expect(abs(try #require(two.seconds) - seconds) < 1e-9 * seconds)
    #expect(two.cacheBytes == 20 * 5 * (4 * 48 * 16 + 8 * 32 * 16) / 2)
    #expect(two.text.contains("20 cases in 5 folds; input 4x32x16, 18 classes with background.\n"))
    let patches = "\nPatches: of images of up to 8x48x16; predicting one takes 2.50 of 4x32x16 windows in the mean"
    #expect(two.text.contains(patches))
    // As large in the mean, and one larger: the scores of 18 classes and the weights, twice, and image and labels, twice.
    let bytes = try [[Extent3(8, 32, 16), Extent3(8, 32, 16)], [Extent3(4, 32, 16), Extent3(12, 32, 16)]].map {
      try estimate($0).variants[0].workerBytes
    }
    #expect(bytes[1] - bytes[0] == (2 * 4 * 19 + 2 * 5) * 4 * 32 * 16)
    let short = specification.memoryShortages(classes: 18, folds: two.folds, free: 1, engine: CPUEngine())
    #expect(
      short.map { "\($0)".hasSuffix("not even batch 1 fits: lower training.patch or the model's widths") } == [true])
    #expect(try estimate([]).text.contains("Patches: what the images become at preprocessing.spacing is not known"))
  }

  @Test func busyMachinesAreMentionedWithTheirTimes() throws {
    let specification = try experiment(Self.small)
    func notes(load: Double, measure: Bool = true) throws -> String {
      try ExperimentEstimate(
        specification, classes: 3, folds: specification.foldSizes(cases: 50), engine: CPUEngine(), threads: 1,
        measure: measure, load: MachineLoad(average: load, processors: 2)
      ).text
    }
    let note = "The machine was busy (load 11.2 on 2 processors): times are uncertain."
    #expect(try notes(load: 11.24).hasSuffix("\n" + note))
    #expect(try !notes(load: 1.5).contains("busy"))
    #expect(try !notes(load: 11.24, measure: false).contains("busy"))
  }

  /// What would not fit this machine is not tried, though it fits the one that is planned for.
  @Test func whatDoesNotFitIsNotTimed() throws {
    let specification = try experiment(Self.small, variants: Self.two)
    let all = try estimate(Self.small, cases: 20)
    let between = (all.variants[0].cost.trainingBytes + all.variants[1].cost.trainingBytes) / 2
    let plan = try ExperimentEstimate(
      specification, classes: 18, folds: specification.foldSizes(cases: 20), engine: CPUEngine(), threads: 1, cores: 2,
      measure: true, freeMemory: 1 << 50, memory: between)
    #expect(plan.variants[0].measurement != nil && plan.variants[1].measurement == nil)
    #expect(plan.seconds == nil && plan.throughput == nil && plan.shortages.isEmpty)
    #expect(plan.text.contains("\nNot timed, for a step takes more memory than there is here: SAFNet.\n"))
  }

  @Test func longStepsAreTimedSmallerAndScaledByTheirMultiplyAdds() throws {
    let model = ModelConfiguration(SAFNet())
    var training = TrainingPlan()
    training.batch = 2
    let speed = try StepMeasurement(
      model, extent: Extent3(4, 64, 32), classes: 18, training: training, engine: CPUEngine(), threads: 1,
      largestStep: 500_000_000)
    #expect(speed.measuredBatch == 1 && speed.measuredExtent.count < 4 * 64 * 32)
    #expect(speed.measuredExtent.height >= 16 && speed.measuredExtent.width >= 16)
    #expect(speed.scale > 8, "twice the cases, and at least four times the voxels")
    #expect(speed.words.hasSuffix("scaled by multiply-adds (x \(Quantity.rounded(speed.scale)))."))
  }

  @Test func theTableNamesItsUnits() throws {
    let text = try estimate(Self.small + #","training":{"epochs":3,"batch":4}"#, cases: 20).text
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      lines[0].split(separator: " ").joined(separator: " ")
        == "variant parameters multiply-adds memory runs steps disk step total")
    #expect(lines[1].hasPrefix("Base  ") && lines[2].hasPrefix("SAFNet"))
    #expect(lines[3] == "" && lines[4] == "10 runs, one at a time on 1 thread.")
    #expect(lines[5] == "20 cases in 5 folds; input 4x32x16, 18 classes with background.")
    #expect(lines.last == "No times: nothing was measured.")
    #expect(Set(lines[0...2].map(\.count)).count == 1, "columns are aligned")
  }

  /// An empty object leaves the paper's three changes on, as a file that says nothing does.
  @Test(arguments: [
    ("", "Training cases are augmented, each change with its probability: rotation 0.5, contrast 0.5, elastic 0.5."),
    (
      #","augmentation":{}"#,
      "Training cases are augmented, each change with its probability: rotation 0.5, contrast 0.5, elastic 0.5."
    ),
    (
      #","augmentation":{"elastic":{"probability":0},"rotation":{"probability":0.25},"noise":{},"gamma":{}}"#,
      "Training cases are augmented, each change with its probability: rotation 0.25, contrast 0.5, noise 0.1, gamma 0.3,"
        + " gamma of the negative 0.1."
    ),
    (
      #","augmentation":{"elastic":{"probability":0},"rotation":{"probability":0},"contrast":{"probability":0}}"#,
      "Training cases are not augmented."
    ),
    (#","augmentation":false"#, "Training cases are not augmented."),
  ]) func whatIsChangedInTrainingCasesIsSaid(fields: String, line: String) throws {
    let lines = try estimate(Self.small + fields, cases: 20).text.split(separator: "\n").map(String.init)
    #expect(lines.filter { $0.hasPrefix("Training cases") } == [line])
  }

  @Test func explanationsNameEveryLayerAndTheIdleParameters() throws {
    let estimate = try estimate(Self.small, cases: 20)
    let text = estimate.explanation
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    for layer in estimate.variants[1].cost.layers where !layer.name.isEmpty {
      let line = "\(layer.name) \(layer.kind) \(layer.output) \(layer.parameters) "
      #expect(lines.contains { $0.hasPrefix(line) }, "\(line)")
    }
    #expect(text.contains("Never get a gradient: gate.position.query.weight"))
  }

  @Test func convolutionsNameTheirKernel() throws {
    let estimate = try estimate(Self.small, cases: 20)
    let lines = estimate.explanation.split(separator: "\n").map(String.init)
    #expect(lines[1].hasPrefix("layer ") && lines[1].hasSuffix("  kernel"))
    let layers = estimate.variants[1].cost.layers
    #expect(layers.allSatisfy { ($0.kernel != nil) == ($0.kind == "convolution") })
    let stem = try #require(layers.first { $0.name == "stem.0.conv" })
    let kernel = try #require(stem.kernel)
    let geometry = ConvolutionGeometry(
      input: Shape(batch: 1, Extent3(4, 32, 16), channels: 1), outChannels: 4, kernel: 3, stride: 1, dilation: 1)
    #expect(kernel == ConvolutionKernel(geometry, workers: 1).chosenKernel)
    #expect(lines.contains { $0.hasPrefix("stem.0.conv ") && $0.hasSuffix("  " + kernel) })
    #expect(lines.contains { $0.hasPrefix("stem.0.norm ") && $0.hasSuffix("  -") })
  }

  @Test func whatDoesNotFitIsNamedWithTheBatchThatDoes() throws {
    let specification = try experiment(Self.small, variants: Self.two)
    let folds = try specification.foldSizes(cases: 50)
    func shortages(_ free: Int, batch: Int = 8) -> [MemoryShortage] {
      var specification = specification
      for index in specification.variants.indices { specification.variants[index].training.batch = batch }
      return specification.memoryShortages(classes: 18, folds: folds, free: free, engine: CPUEngine())
    }
    let none = shortages(1)
    #expect(none.map(\.variant) == ["Base", "SAFNet"] && none.allSatisfy { $0.fitting == nil && $0.batch == 8 })
    let needed = none[1].needed
    #expect(needed > none[0].needed, "SAFNet takes more than Base")
    #expect(shortages(needed).isEmpty)
    let short = shortages(needed - 1)
    #expect(short.map(\.variant) == ["SAFNet"])
    let fitting = try #require(short[0].fitting)
    #expect(fitting.batch == 7 && fitting.needed < needed)
    // A plan with the advice fits; one case more would not.
    #expect(shortages(fitting.needed, batch: fitting.batch).isEmpty)
    #expect(shortages(fitting.needed).last?.fitting == fitting)
    #expect(short[0].description.hasSuffix(": --set 'variants.SAFNet.training.batch=7'"))
    #expect(none[0].description.hasSuffix("not even batch 1 fits: lower preprocessing.size or the model's widths"))
  }

  @Test func thePlanSaysWhetherItFits() throws {
    let specification = try experiment(Self.small)
    func estimate(_ free: Int?) throws -> ExperimentEstimate {
      try ExperimentEstimate(
        specification, classes: 3, folds: specification.foldSizes(cases: 50), engine: CPUEngine(), threads: 1,
        measure: false, freeMemory: free)
    }
    #expect(try estimate(nil).text.hasSuffix("No times: nothing was measured."))
    #expect(try estimate(1 << 40).text.hasSuffix("\nEvery variant fits the 1.00 TiB of free memory."))
    let short = try estimate(1 << 20)
    #expect(short.text.hasSuffix("\n\(short.shortages[0])") && short.shortages.count == 1)
    guard case .array(let listed)? = short.json["shortages"] else { return #expect(Bool(false), "no shortages") }
    #expect(listed[0]["variant"] == "SAFNet" && listed[0]["fittingBatch"] == .null && listed[0]["batch"] == 8)
    #expect(short.json["freeMemory"] == 1_048_576)
  }

  @Test func scriptsGetPlainNumbers() throws {
    let estimate = try estimate(Self.small, cases: 20)
    let json = estimate.json
    #expect(json["runs"] == 10 && json["seconds"] == .null && json["size"] == [4, 32, 16])
    guard case .array(let variants)? = json["variants"] else { return #expect(Bool(false), "no variants") }
    #expect(variants[1]["parameters"] == .number(Double(estimate.variants[1].cost.parameters)))
    #expect(variants[0]["name"] == "Base" && variants[0]["measurement"] == .null)
  }
}

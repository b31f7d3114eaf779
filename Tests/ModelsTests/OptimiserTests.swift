import CPU
import Compute
import Models
import Networks
import TestSupport
import Testing

/// Twenty steps of a small Base by each recipe against PyTorch in double: `Golden/make_optimisers.py`.
struct OptimiserTests {
  struct Recipe: Sendable, CustomTestStringConvertible {
    let name: String
    var rate: Float = 0.05
    let optimiser: Optimiser
    /// Cases that are computed at once, of three; 0: all of two.
    let parts: BatchParts
    var testDescription: String { name }

    init(_ name: String, rate: Float = 0.05, parts: Int = 0, _ change: (inout Optimiser) -> Void) {
      var optimiser = Optimiser()
      change(&optimiser)
      (self.name, self.rate, self.optimiser) = (name, rate, optimiser)
      self.parts = BatchParts(largest: parts)
    }
  }

  static let recipes = [
    Recipe("adamw", rate: 1e-3) { ($0.rule, $0.adam.weightDecay, $0.average) = (.adamw, 0.5, 0.9) },
    Recipe("sgd") { ($0.rule, $0.momentum, $0.nesterov, $0.adam.weightDecay) = (.sgd, 0.5, false, 0.02) },
    Recipe("nesterov") { ($0.rule, $0.momentum, $0.adam.weightDecay, $0.average) = (.sgd, 0.9, 0.02, 0.75) },
    Recipe("parts", parts: 2) { ($0.rule, $0.momentum, $0.adam.weightDecay) = (.sgd, 0.9, 0.02) },
    Recipe("clipped") { ($0.rule, $0.momentum, $0.adam.weightDecay, $0.clip) = (.sgd, 0.9, 0.02, 0.03) },
  ]

  static func network(_ recipe: Recipe) -> GoldenNetwork {
    let hasParts = recipe.parts.largest > 0
    return GoldenNetwork(
      model: smallVariants[0], file: "optimiser-\(recipe.name)", batch: hasParts ? 3 : 2,
      extent: hasParts ? Extent3(7, 32, 24) : Extent3(7, 48, 40), loss: .pixelwise)
  }

  static func session(_ recipe: Recipe, threads: Int = 2) throws -> CPUSession {
    try network(recipe).session(threads: threads, optimiser: recipe.optimiser, parts: recipe.parts)
  }

  private static func bounds(_ golden: [Float], error: Float) -> [Float] {
    golden.map { GoldenNetwork.allowance * error + $0.magnitude * 0x1p-23 }
  }

  @Test(arguments: recipes) func twentySteps(_ recipe: Recipe) throws {
    let network = Self.network(recipe)
    let golden = try network.golden()
    let session = try Self.session(recipe)
    let (images, labels) = (network.images, network.labels)
    let records = try (0..<20).map { _ in
      try session.step(images: images, labels: labels, batch: network.batch, learningRate: recipe.rate)
    }
    for (key, found) in [("losses", records.map(\.loss)), ("norms", records.map(\.gradientNorm))] {
      let expected = try golden[key].values
      let error = try golden["error." + key].values.max()!
      expectClose(found.map { Float($0) }, expected, bounds: Self.bounds(expected, error: error), key)
    }
    let state = session.exportState()
    try Self.expect(state.parameters, "after", golden)
    let averages = state.averagedParameters + state.averagedStatistics
    #expect(averages.isEmpty == (recipe.optimiser.average == 0))
    try Self.expect(averages.filter { !$0.name.hasSuffix("num_batches_tracked") }, "average", golden)
    #expect(state.secondMoments.isEmpty == (recipe.optimiser.rule == .sgd))
  }

  private static func expect(_ tensors: [NamedTensor], _ key: String, _ golden: GoldenFile) throws {
    #expect(tensors.count == golden.tensors.keys.count { $0.hasPrefix(key + "/") })
    let errors = golden.tensors.filter { $0.key.hasPrefix("error." + key + "/") }.map { $0.value.values[0] }.sorted()
    for tensor in tensors {
      let expected = try golden[key + "/" + tensor.name].values
      // A tensor of a few numbers may have been lucky in three runs.
      let error = max(errors[errors.count / 2], try golden["error.\(key)/" + tensor.name].values[0])
      expectClose(
        GoldenNetwork.sampled(tensor.values), expected, bounds: bounds(expected, error: error), tensor.name + ", " + key
      )
    }
  }

  /// Shortened gradients, averages and all: one thread's bits are three threads'.
  @Test func bitsDoNotDependOnThreads() throws {
    let recipe = Recipe("all", parts: 2) { ($0.rule, $0.clip, $0.average) = (.adamw, 0.01, 0.9) }
    let network = Self.network(recipe)
    let states = try [1, 2, 3].map { threads in
      let session = try Self.session(recipe, threads: threads)
      for _ in 0..<3 { _ = try network.step(session) }
      return session.exportState()
    }
    #expect(states[1] == states[0] && states[2] == states[0])
  }

  @Test func aRestoredSessionContinuesBitForBit() throws {
    for recipe in Self.recipes {
      let network = Self.network(recipe)
      let (original, restored) = (
        try Self.session(recipe), try Self.session(recipe)
      )
      _ = try network.step(original)
      try restored.importState(original.exportState())
      #expect(try network.step(original) == network.step(restored))
      #expect(original.exportState() == restored.exportState())
    }
  }

  /// A state of another rule, or without the averages that this one needs, is refused by name.
  @Test func statesOfOtherOptimisersAreRefused() throws {
    let (adam, descent) = (Self.recipes[0], Self.recipes[1])
    let session = try Self.session(adam)
    let name = session.exportState().parameters[0].name
    let foreign = try Self.session(descent).exportState()
    #expect(throws: SessionStateError.missing(section: "second moments", name: name)) {
      try session.importState(foreign)
    }
    var state = session.exportState()
    state.averagedParameters = []
    #expect(throws: SessionStateError.missing(section: "averaged parameters", name: name)) {
      try session.importState(state)
    }
  }

  /// A batch that is bad in its second part changes nothing, running statistics included; gradients alone neither.
  @Test func partsCountTogetherOrNotAtAll() throws {
    let recipe = Self.recipes[3]
    let (network, session) = (Self.network(recipe), try Self.session(recipe))
    let before = session.exportState()
    var images = network.images
    images[images.count - 1] = .nan
    #expect(throws: TrainingError.self) {
      try session.step(images: images, labels: network.labels, batch: 3, learningRate: 0.1)
    }
    #expect(session.exportState() == before)
    _ = try session.gradients(images: network.images, labels: network.labels, batch: 3)
    #expect(session.exportState() == before)
  }

  @Test func partsAreAsLargeAsTheyMay() {
    #expect(BatchParts(largest: 3).sizes(of: 8) == [3, 3, 2] && BatchParts(largest: 4).sizes(of: 8) == [4, 4])
    #expect(BatchParts(largest: 8).sizes(of: 8) == [8] && BatchParts().sizes(of: 8) == [8])
  }

  @Test func onlyLongGradientsAreShortened() {
    var optimiser = Optimiser()
    #expect(optimiser.clipFactor(norm: 1e9) == nil)
    optimiser.clip = 2
    #expect(optimiser.clipFactor(norm: 1.5) == nil)
    #expect(optimiser.clipFactor(norm: 8) == Float(2 / 8.000001))
  }

  @Test func whatPredictsIsTheAverageWhereThereIsOne() throws {
    let state = try Self.session(Self.recipes[2]).exportState()
    var other = state
    other.averagedParameters[0].values[0] += 1
    #expect(other.forPrediction.parameters == other.averagedParameters && other.forPrediction.step == state.step)
    other.averagedParameters = []
    #expect(other.forPrediction == other)
  }
}

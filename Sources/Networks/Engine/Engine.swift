import Compute

/// What trains networks and predicts with them: the processor, or a device.
///
/// A value that whoever starts the program hands down; no code below asks for a particular one. A second engine is one
/// target that implements this protocol and `NetworkSession`, and one entry in the program's list of engines.
package protocol Engine: Sendable {
  /// How a command names it.
  var name: String { get }

  /// What of this machine decides the bits of a result besides the plan, in a word: the processor's instruction set, or
  /// a card with its library. Every run records it.
  var hardware: String { get }

  /// What it computes with, in a word or two, for the help of commands; found without opening a device.
  var summary: String { get }

  /// The same engine on another of its devices, which are numbered from 0 and train one run at a time each; nil where it
  /// has no devices of its own, and cores and memory decide how many runs train at once.
  func numbered(_ device: Int) -> (any Engine)?

  /// Every device that there is, by its number, found by opening them; empty where `numbered` is nil.
  var devices: [any Engine] { get }

  /// What `cost` does not tell of memory, in a sentence; nil where it tells all.
  var memoryNote: String? { get }

  /// Why it cannot serve a request, in words; nil where it can.
  func obstacle(to request: SessionRequest) -> String?

  /// The same with threads that take turns, each with a clock of its own, so that more of them than processors can be timed;
  /// nil where it has no threads.
  var simulatingThreads: (any Engine)? { get }

  /// Parameters, multiply-adds and bytes of a session, before any memory is taken for it.
  func cost(of request: SessionRequest) -> SessionCost

  /// What a session takes on a device of its own, found by compiling it there; nil where the engine has no memory but this
  /// machine's.
  ///
  /// - Throws: the engine's own failures. A request with an obstacle is a programming error.
  func deviceMemory(of request: SessionRequest) throws -> DeviceMemory?

  /// - Throws: the engine's own failures. A request with an obstacle is a programming error.
  func session(_ request: SessionRequest) throws -> any NetworkSession

  /// Multiply-adds per second that this engine could do at most, measured for a moment; nil where it does not tell.
  func peakMultiplyAddsPerSecond(threads: Int) -> Double?

  /// Bytes per second that this engine copies at most, those read and those written counted, measured for a moment; nil where
  /// it does not tell.
  func peakBytesPerSecond(threads: Int) -> Double?

  /// What every call of a training step does to memory, in the order of `NetworkSession.timings`; empty where the engine does
  /// not tell.
  func traffic(of request: SessionRequest, batch: Int) -> [CallTraffic]
}

extension Engine {
  /// `hardware`, where that is known without asking.
  package var summary: String { hardware }

  /// Nil: one device, without a number.
  package func numbered(_ device: Int) -> (any Engine)? { nil }
  /// None.
  package var devices: [any Engine] { [] }
  /// Nil: nothing is left out.
  package var memoryNote: String? { nil }

  /// Nil: it has no threads.
  package var simulatingThreads: (any Engine)? { nil }

  /// Nil: this machine's, which `cost` tells.
  package func deviceMemory(of request: SessionRequest) throws -> DeviceMemory? { nil }

  /// A session for a request that it can serve.
  ///
  /// - Throws: `EngineRefusal` where it cannot, or the engine's own failures.
  package func checkedSession(_ request: SessionRequest) throws -> any NetworkSession {
    if let obstacle = obstacle(to: request) { throw EngineRefusal(engine: name, obstacle: obstacle) }
    return try session(request)
  }

  /// Nil: this engine does not tell.
  package func peakMultiplyAddsPerSecond(threads: Int) -> Double? { nil }
  /// Nil: this engine does not tell.
  package func peakBytesPerSecond(threads: Int) -> Double? { nil }
  /// Empty: this engine does not tell.
  package func traffic(of request: SessionRequest, batch: Int) -> [CallTraffic] { [] }
}

/// What an engine cannot do: another engine, or another plan, could.
package struct EngineRefusal: Error, Equatable, CustomStringConvertible {
  /// The engine's name, as a command gives it.
  package let engine: String
  /// What stands in the way, in words that end a sentence.
  package let obstacle: String

  /// A refusal in words; nothing is checked.
  package init(engine: String, obstacle: String) { (self.engine, self.obstacle) = (engine, obstacle) }

  /// One line: which engine cannot serve the request, and why.
  package var description: String { "the engine \(engine) cannot serve this: \(obstacle)" }
}

/// The session that an engine is asked for: a network at one size, and how it is trained.
package struct SessionRequest: Sendable {
  /// The network; it writes its graph at the extent and batches below.
  package var model: any NetworkModel
  /// Depth, height and width of an image in voxels.
  package var extent: Extent3
  /// Channels of an image.
  package var channels = 1
  /// Number of classes with the background, from 2 to 256: labels are bytes.
  package var classes: Int
  /// Sizes of the batches that will be trained; without any the session can only predict.
  package var trainingBatches: [Int]
  /// What training lowers; the paper's `pixelwise` unless said otherwise.
  package var loss: AnyLoss
  /// How much the voxels of every class count in it; nil: all alike.
  package var classWeights: ClassWeights?
  /// The optimiser, but for the learning rate, which every step is given.
  package var optimiser: Optimiser
  /// What initial values depend on, besides the seed.
  package var initialWeights: InitialWeights
  /// How batches are divided where they are not computed whole.
  package var parts: BatchParts
  /// How far convolutions may round; decides the bits of a result.
  package var precision: Precision
  /// Threads of this process that the engine may use; they change the speed, never a bit.
  package var threads: Int

  /// A request with the paper's loss, Adam as PyTorch has it, and float32 unless said otherwise.
  package init(
    model: any NetworkModel, extent: Extent3, channels: Int = 1, classes: Int, trainingBatches: [Int],
    loss: AnyLoss = .pixelwise, classWeights: ClassWeights? = nil, optimiser: Optimiser = Optimiser(),
    initialWeights: InitialWeights = .byPlace, parts: BatchParts = BatchParts(), precision: Precision = .float32,
    threads: Int
  ) {
    (self.model, self.extent, self.classes, self.trainingBatches) = (model, extent, classes, trainingBatches)
    (self.loss, self.classWeights, self.optimiser) = (loss, classWeights, optimiser)
    self.channels = channels
    (self.initialWeights, self.parts) = (initialWeights, parts)
    (self.precision, self.threads) = (precision, threads)
  }
}

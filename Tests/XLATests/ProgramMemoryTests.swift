import Compute
import Networks
import TestSupport
import Testing

import XLA

/// What programs take on a device, as their compiler counts it: of the right program, and all of it.
@Suite(.needsDevicePlugin) struct ProgramMemoryTests {
  private static let network = OperationNetwork("memory", [5]) {
    $0[0].convolved(6, "c").batchNormalized("n").relu()
  }

  private static func memory(
    batch: Int, change: (inout SessionRequest) -> Void = { _ in }
  ) throws -> (request: SessionRequest, need: DeviceMemory) {
    var request = SessionRequest(
      model: network, extent: Extent3(3, 5, 7), classes: 4, trainingBatches: [batch], threads: 1)
    change(&request)
    let engine = XLAEngine(PluginPlaces(environment: ["SAFNET_PJRT_PLUGIN": devicePlugin ?? ""]))
    return (request, try #require(try engine.deviceMemory(of: request)))
  }

  /// Numbers of parameters and of running statistics: counted from the graph, not from a program.
  private static func tensors(_ request: SessionRequest) -> (parameters: Int, statistics: Int) {
    let layout = ParameterLayout(request.model.graph(batch: 1, extent: request.extent, classes: request.classes))
    return (layout.parameterCount, layout.statistics.reduce(0) { $0 + $1.count })
  }

  /// Parameters and two moments, statistics, images, labels and five numbers of the step go in; at least the gradients of this
  /// step and of the one before are there too.
  @Test(arguments: [1, 2, 3]) func aStepTakesItsTensorsAndItsBatch(_ batch: Int) throws {
    let (request, need) = try Self.memory(batch: batch)
    let (parameters, statistics) = Self.tensors(request)
    let training = try #require(need.training)
    let voxels = batch * request.extent.count
    #expect(training.inputs == 4 * (3 * parameters + statistics + 5) + 5 * voxels)
    #expect(training.total >= training.inputs + 2 * 4 * parameters)
  }

  /// Masters, moments and images are in single precision whatever the precision is.
  @Test func inBfloat16TheSameTensorsGoIn() throws {
    let plain = try Self.memory(batch: 3).need
    let rounded = try Self.memory(batch: 3) { $0.precision = .bfloat16 }.need
    #expect(try #require(rounded.training).inputs == #require(plain.training).inputs)
    #expect(try #require(rounded.inference).inputs == #require(plain.inference).inputs)
    #expect(rounded.training?.total != plain.training?.total, "is anything rounded?")
  }

  @Test func aPredictionTakesParametersAndOneCase() throws {
    let (request, need) = try Self.memory(batch: 3)
    let (parameters, statistics) = Self.tensors(request)
    let inference = try #require(need.inference)
    #expect(inference.inputs == 4 * (parameters + statistics + request.extent.count))
    #expect(inference.total >= inference.inputs + request.extent.count)
    #expect(try #require(need.training).total > inference.total)
  }

  /// Averages of all stay on the device; a larger batch needs more.
  @Test func moreTensorsAndLargerBatchesTakeMore() throws {
    let (request, plain) = try Self.memory(batch: 2)
    let averaged = try Self.memory(batch: 2) { $0.optimiser.average = 0.9 }.need
    let (parameters, statistics) = Self.tensors(request)
    let (less, more) = (try #require(plain.training), try #require(averaged.training))
    #expect(more.inputs == less.inputs + 4 * (parameters + statistics))
    #expect(try #require(try Self.memory(batch: 3).need.training).total > less.total)
  }
}

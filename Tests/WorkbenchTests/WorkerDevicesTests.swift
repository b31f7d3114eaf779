import CPU
import Networks
import Testing
import Workbench

/// Which devices a sweep takes, for an engine that has three: two alike and another.
@Suite struct WorkerDevicesTests {
  private static func devices(
    _ engine: any Engine = Cards(0), jobs: Int? = nil, numbers: [Int]? = nil, here: Bool = true
  ) throws -> WorkerDevices {
    try WorkerDevices(of: engine, jobs: jobs, numbers: numbers, executor: (here ? "local" : "slurm", here))
  }

  private static func names(
    _ engine: any Engine = Cards(0), jobs: Int? = nil, numbers: [Int]? = nil, here: Bool = true
  ) throws -> [String] { try devices(engine, jobs: jobs, numbers: numbers, here: here).engines.map(\.name) }

  @Test func oneIsTakenUnlessMoreAreAskedFor() throws {
    #expect(try Self.names() == ["card"])
    #expect(try Self.names(jobs: 2) == ["card", "card:1"])
    #expect(try Self.names(numbers: [2, 0]) == ["card:2", "card"])
    #expect(try Self.names(jobs: 1, numbers: [2, 0]) == ["card:2"])
    #expect(try Self.names(Cards(1)) == ["card:1"])
    #expect(try Self.names(CPUEngine(), jobs: 2).isEmpty)
  }

  /// There every job has a node's card to itself, so neither the number of jobs is one, nor a numbered device the only one.
  @Test func onAClusterADeviceLimitsNoJobs() throws {
    for engine in [Cards(0), Cards(1)] {
      for jobs in [nil, 1, 4] { #expect(try Self.devices(engine, jobs: jobs, here: false).engines.isEmpty) }
    }
  }

  @Test func whatCannotBeHandedOutIsRefused() {
    #expect(throws: DeviceUsageError.tooFew(devices: 2, jobs: 3)) { try Self.names(jobs: 3, numbers: [0, 1]) }
    #expect(throws: DeviceUsageError.twice(1)) { try Self.names(numbers: [1, 0, 1]) }
    #expect(throws: DeviceUsageError.isOne(engine: "card:1")) { try Self.names(Cards(1), jobs: 2) }
    #expect(throws: DeviceUsageError.isOne(engine: "card:1")) { try Self.names(Cards(1), numbers: [0]) }
    #expect(throws: DeviceUsageError.noDevices(engine: "cpu")) { try Self.names(CPUEngine(), numbers: [0]) }
    #expect(throws: DeviceUsageError.elsewhere(executor: "slurm")) { try Self.names(numbers: [0], here: false) }
    #expect("\(DeviceUsageError.isOne(engine: "pjrt:1"))".hasSuffix("give --engine pjrt --device 0,1."))
    let few = "\(DeviceUsageError.tooFew(devices: 1, jobs: 2))"
    #expect(few.contains("--jobs 2 is more than the 1 device of --device"))
  }

  @Test func theyAreNamedBeforeTheSweep() throws {
    #expect(try Self.devices().lines == ["One run at a time on card (A)."])
    #expect(try Self.devices(jobs: 2).lines == ["One run at a time on each of card, card:1 (A)."])
    let different = try Self.devices(jobs: 3).lines
    #expect(
      different.prefix(4) == ["One run at a time on each of these:", "  card (A)", "  card:1 (A)", "  card:2 (B)"])
    #expect(different.last?.hasPrefix("notice: they are not alike.") == true)
    #expect(try Self.devices(CPUEngine()).lines.isEmpty)
  }
}

/// Has devices, and does nothing with them.
private struct Cards: Engine {
  let device: Int

  init(_ device: Int) { self.device = device }

  var name: String { device == 0 ? "card" : "card:\(device)" }
  var hardware: String { ["A", "A", "B"][device] }
  func numbered(_ device: Int) -> (any Engine)? { Cards(device) }
  var devices: [any Engine] { (0..<3).map { Cards($0) } }
  func obstacle(to request: SessionRequest) -> String? { "it does nothing" }
  func cost(of request: SessionRequest) -> SessionCost {
    SessionCost(parameters: 0, multiplyAdds: 0, trainingBytes: 0, inferenceBytes: 0, layers: [], unusedParameters: [])
  }
  func session(_ request: SessionRequest) throws -> any NetworkSession {
    throw EngineRefusal(engine: name, obstacle: "it does nothing")
  }
}

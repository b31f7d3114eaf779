import Measurement
import Models
import TestSupport
import Testing

@Suite struct BenchmarkModelTests {
  private let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  @Test func aKindIsItsStandardNetwork() throws {
    #expect(try BenchmarkModel.named("safnet") == ModelConfiguration(SAFNet()))
  }

  @Test func aFileIsTheConfigurationInIt() throws {
    let file = try temporary.write("model.json", #"{"kind": "safnet", "width": 16}"#)
    var network = SAFNet()
    network.width = 16
    #expect(try BenchmarkModel.named(file.path) == ModelConfiguration(network))
  }

  @Test func whatIsNeitherIsRefusedWithTheKnownKinds() {
    let error = #expect(throws: BenchmarkModel.Failure.unknown("vnet")) { try BenchmarkModel.named("vnet") }
    #expect(error?.description.hasPrefix("'vnet' is neither a file nor one of safnet, unet3d, ") == true)
  }

  @Test func aFileThatIsNoConfigurationIsRefused() throws {
    let file = try temporary.write("model.json", #"{"kind": "vnet"}"#).path
    let error = #expect(throws: BenchmarkModel.Failure.notAConfiguration(file: file)) {
      try BenchmarkModel.named(file)
    }
    #expect(error?.description == "\(file) is not the JSON of a model's configuration, such as {\"kind\": \"unet3d\"}")
  }

  @Test func aMistakeInAConfigurationIsNamed() throws {
    let file = try temporary.write("model.json", #"{"kind": "safnet", "width": 6}"#).path
    let error = #expect(throws: BenchmarkModel.Failure.self) { try BenchmarkModel.named(file) }
    #expect(error?.description.hasPrefix("\(file): width must be a multiple of 4 (the number of fusionRates") == true)
  }
}

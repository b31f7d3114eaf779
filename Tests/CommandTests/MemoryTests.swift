import Foundation
import Testing

/// What a process takes is what its plan says.
struct MemoryTests {
  private struct Report: Decodable {
    let plannedBytes, programBytes, peakMemoryBytes: Double
    let stepPageFaults: Int
  }

  @Test(arguments: [["safnet"], ["unet3d", "--batch", "2"]])
  func theProcessTakesWhatThePlanSaysAndAStepNothing(model: [String]) throws {
    let program = try Program()
    let arguments = ["benchmark"] + model + ["--size", "18,64,32", "--repetitions", "2", "--json"]
    let result = try program.start(arguments, environment: ["MALLOC_MMAP_THRESHOLD_": "65536"]).wait()
    try #require(result.status == 0, "\(result.errors)")
    let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    #expect(report.plannedBytes > 100e6 && report.programBytes > 1e6, "\(report)")
    let ratio = report.peakMemoryBytes / (report.plannedBytes + report.programBytes)
    #expect(ratio > 0.95 && ratio < 1.05, "\(report)")
    // A tensor of a few megabytes, taken in a step, would be a thousand; a system that moves pages about causes some.
    #expect(report.stepPageFaults < 100, "\(report)")
  }
}

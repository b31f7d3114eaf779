import CPU
import Foundation
import Measurement
import Networks
import Testing

@Suite struct ScalingTests {
  @Test func stepsAreTimedForEachNumberOfThreads() throws {
    let engine = try #require(CPUEngine().simulatingThreads)
    let scaling = try Scaling(BenchmarkTests.small, threads: [2, 16], on: engine)
    #expect(scaling.rows.map(\.threads) == [1, 2, 16] && scaling.rows[0].times == 1)
    for row in scaling.rows { #expect(abs(row.times * row.seconds / scaling.rows[0].seconds - 1) < 1e-12) }
    // Every call of one thread is in a loss, and what is outside of calls is there too.
    let kinds = Set(scaling.losses.map(\.kind))
    #expect(kinds.contains("convolution") && kinds.contains("rest"))
    let spent = scaling.losses.reduce(0) { $0 + $1.seconds }
    #expect(spent > 0 && scaling.losses.map(\.lostSeconds) == scaling.losses.map(\.lostSeconds).sorted(by: >))
    let decoded = try JSONDecoder().decode(Scaling.self, from: JSONEncoder().encode(scaling))
    #expect(decoded.rows.map(\.seconds) == scaling.rows.map(\.seconds))
    let lines = scaling.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0].hasPrefix("safnet 3x32x16, batch 2, float32, ") && lines[0].contains("simulated"))
    #expect(lines.contains("What does not divide among 16 threads:"))
  }

}

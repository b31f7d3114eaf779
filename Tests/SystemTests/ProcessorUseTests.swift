import Foundation
import System
import Testing

@Suite struct ProcessorUseTests {
  private static let stat = """
    cpu  700 50 130 1300 40 8 12 10 0 0
    cpu0 400 30 70 400 20 4 6 0 0 0
    cpu1 200 10 40 700 20 2 4 10 5 0
    cpu2 100 10 20 200 0 2 2 0 0 0
    intr 5
    """

  private func use(_ allowed: String, ticks: Double = 100, stat: String = stat) -> ProcessorUse? {
    ProcessorUse(stat: stat, allowed: "Name:\tx\nCpus_allowed:\t3\nCpus_allowed_list:\t\(allowed)\n", ticks: ticks)
  }

  /// A process that may run on some of a machine's processors asks what others do there.
  @Test func onlyAllowedProcessorsCount() throws {
    let second = try #require(use("1"))
    #expect(abs(second.all - 9.86) < 1e-9 && abs(second.busy - 2.66) < 1e-9)
    let two = try #require(use("0,2"))
    #expect(abs(two.all - 12.64) < 1e-9 && abs(two.busy - 6.44) < 1e-9)
    #expect(use("0-2") == use("0,1-2"))
  }

  @Test func whatIsNotToldIsNil() {
    #expect(use("7") == nil && use("") == nil && use("2-0") == nil && use("x") == nil && use("0", ticks: 0) == nil)
    #expect(ProcessorUse(stat: Self.stat, allowed: "", ticks: 100) == nil && use("0", stat: "") == nil)
  }

  @Test func othersAreWhatIsNotOurs() throws {
    let before = try #require(use("1"))
    func share(idle: Int, user: Int, own: Double) -> Double? {
      use("1", stat: "cpu1 \(200 + user) 10 40 \(700 + idle) 20 2 4 10 0 0").flatMap {
        $0.othersShare(since: before, own: own)
      }
    }
    #expect(abs(try #require(share(idle: 100, user: 300, own: 2)) - 0.25) < 1e-9)
    #expect(share(idle: 100, user: 300, own: 3.1) == 0, "clocks differ by a tick")
    #expect(share(idle: 10, user: 30, own: 0) == nil, "too short a time for ticks")
  }

  @Test func thisSystemTells() throws {
    let now = try #require(ProcessorUse.current)
    #expect(now.all > now.busy && now.busy > 0)
    #expect(ProcessTime.of(process: ProcessInfo.processInfo.processIdentifier) > 0 && ProcessTime.of(process: -1) == 0)
  }
}

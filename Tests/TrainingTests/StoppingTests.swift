import Foundation
import Testing
import Training

@Suite struct StoppingTests {
  @Test func flagsCountRequestsAndKeepTheFirstReason() {
    let flag = StopFlag()
    #expect(!flag.isRequested && flag.reason == nil)
    flag.request("SIGTERM")
    flag.request("SIGINT")
    #expect(flag.isRequested && flag.requests == 2 && flag.reason == "SIGTERM")
  }

  @Test func theEndOfTheLifelineIsAStopRequest() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let flag = StopFlag()
    LifelineWatcher.start(raising: flag, descriptor: ends[0])
    Thread.sleep(forTimeInterval: 0.05)
    #expect(!flag.isRequested)
    close(ends[1])
    for _ in 0..<500 where !flag.isRequested { Thread.sleep(forTimeInterval: 0.01) }
    #expect(flag.reason == LifelineWatcher.reason)
    close(ends[0])
  }
}

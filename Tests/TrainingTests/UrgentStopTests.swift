import Foundation
import Testing
import Training

/// In processes of their own, which end. What real signals do is tested with the built program.
@Suite struct UrgentStopTests {
  @Test func whileNothingIsAtStakeAWishEndsTheProcess() async {
    await #expect(processExitsWith: .exitCode(130)) {
      let flag = StopFlag { _exit(130) }
      flag.whileNothingIsAtStake {
        Thread.detachNewThread { flag.request("SIGTERM") }
        sleep(20)
      }
      _exit(1)
    }
  }

  @Test func anEarlierWishCountsWhereItIsAskedFor() async {
    await #expect(processExitsWith: .exitCode(130)) {
      let flag = StopFlag { _exit(130) }
      flag.request("SIGINT")
      flag.whileNothingIsAtStake(obeysEarlier: false) {}
      flag.whileNothingIsAtStake { _exit(1) }
    }
  }

  @Test func withSomethingAtStakeAWishIsOnlyCounted() {
    let flag = StopFlag { fatalError("nothing may be lost") }
    flag.whileNothingIsAtStake {}
    flag.request("SIGINT")
    #expect(flag.requests == 1)
  }
}

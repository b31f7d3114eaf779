import Foundation
import Testing
import Workbench

@Suite struct PatienceNoticeTests {
  /// Without an end of its own: what is waited for is the notice itself.
  @Test func whatTakesLongIsSaidWhileItIsDone() {
    let console = RecordedConsole()
    let result = PatienceNotice.say("still at it", to: console, after: 0) {
      while console.errors.isEmpty { usleep(1000) }
      return 7
    }
    #expect(result == 7 && console.errors == "still at it\n")
  }

  @Test func whatIsDoneAtOnceIsNot() {
    let console = RecordedConsole()
    #expect(PatienceNotice.say("still at it", to: console, after: 3600) { 7 } == 7 && console.errors.isEmpty)
  }
}

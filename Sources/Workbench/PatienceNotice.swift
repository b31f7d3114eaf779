import Dispatch

/// Says that something is being done where it takes longer than people wait without a sign of it.
package enum PatienceNotice {
  /// - Parameters:
  ///   - words: what is being done.
  ///   - seconds: of silence before it is said, and again each minute from then on.
  package static func say<Result>(
    _ words: String, to console: any Console, after seconds: Double = 10, during body: () throws -> Result
  ) rethrows -> Result {
    let timer = DispatchSource.makeTimerSource(queue: .global())
    timer.schedule(deadline: .now() + seconds, repeating: 60)
    timer.setEventHandler { console.error(words) }
    timer.resume()
    defer { timer.cancel() }
    return try body()
  }
}

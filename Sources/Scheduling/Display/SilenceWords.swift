import Store
import Text

extension WorkerSilence {
  /// "no sign of life for 12 min 04 s (process 123 on host); ...", and how to go on.
  package var words: String {
    let who = holder.map { " (\($0))" } ?? ""
    return "no sign of life for \(Quantity.duration(seconds))\(who); \(remedy)"
  }

  private var remedy: String {
    guard let holder else { return "if its process hangs, end it: `safnet run` goes on from what it has saved" }
    return isStopped
      ? "it is stopped: `kill -CONT \(holder.pid)` lets it go on"
      : "if it hangs, end it on \(holder.host) with `kill -9 \(holder.pid)`: `safnet run` goes on from what it has saved"
  }
}

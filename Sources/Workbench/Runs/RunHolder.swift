import Foundation
import Store
import System
import Text

extension RunDirectory {
  /// Of a run that is being trained: by whom, when that process was last heard of, and what ends it.
  func busyWords(now: Date = Date()) -> String {
    guard let probe = try? RunLock.probe(self), let holder = probe.holder else {
      return "by another process. Interrupt its `safnet run` first."
    }
    let heard =
      probe.heartbeat.map { ", last heard of \(Quantity.duration(max(0, now.timeIntervalSince($0)))) ago" } ?? ""
    let ending =
      holder.isStoppedHere
      ? "It is stopped: interrupt its `safnet run`, then `kill -CONT \(holder.pid)` lets it save and leave."
      : "Interrupt its `safnet run` first"
        + (holder.host == Machine.hostName
          ? SweepEnding([holder]).map { ": \($0.words)." } ?? "." : ", on \(holder.host).")
    return "by \(holder)\(heard). \(ending)"
  }
}

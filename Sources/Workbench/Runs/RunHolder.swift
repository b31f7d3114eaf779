import Foundation
import Store
import Text

extension RunDirectory {
  /// "NAME is being trained by" whom, when that process was last heard of, and what ends it.
  func busyWords(now: Date = Date()) -> String {
    guard let probe = try? RunLock.probe(self), let holder = probe.holder else {
      return "\(name) is being trained by another process. Interrupt its `safnet run` first."
    }
    let heard =
      probe.heartbeat.map { ", last heard of \(Quantity.duration(max(0, now.timeIntervalSince($0)))) ago" } ?? ""
    let ending =
      holder.isStoppedHere
      ? "It is stopped: interrupt its `safnet run`, then `kill -CONT \(holder.pid)` lets it save and leave."
      : "Interrupt its `safnet run` first"
        + (holder.isHere
          ? SweepEnding([holder]).map { ": \($0.words)." } ?? "."
          : ", on \(holder.host)" + (SweepEnding(elsewhere: [holder]).map { ": \($0.words)." } ?? "."))
    return "\(name) is being trained by \(holder)\(heard). \(ending)"
  }

  /// Of a run that is being trained on another machine: which.
  var hostElsewhere: String? {
    guard let probe = try? RunLock.probe(self), probe.isHeld, let holder = probe.holder else { return nil }
    return holder.isHere ? nil : holder.host
  }
}

/// The devices of an engine, handed to workers so that no two of them have the same one.
///
/// A device on which workers crash is **set aside**, so that it does not take one run after the other while the others work.
/// Three things together say that the device is to blame, and not a run or its network, which would crash anywhere:
///
/// - workers of `fewestCrashes` different runs have crashed there one after the other, and saved nothing;
/// - no run ever saved anything there;
/// - another device is sound: on none of its last workers is anything of the kind.
///
/// So one device is always left. Where all are alike, each run is tried as often as the retry policy says; but where workers of
/// that many runs have crashed on every device there is, of more than one variant or of the only one, the pool is **spent**.
package struct DevicePool: Equatable, Sendable {
  /// In the order in which they are handed out; one that comes back is handed out last.
  private var free: [String]
  private var taken: [String: String] = [:]
  private let isUnlimited: Bool
  /// Runs whose workers have crashed on a device since one saved something there.
  private var crashed: [String: [SweepRun]] = [:]
  /// Devices on which a run has saved something.
  private var proven: Set<String> = []
  private let hasOneVariant: Bool

  /// How many runs must crash on a device before it is to blame: one may be the run's own fault.
  package static let fewestCrashes = 2

  /// - Parameters:
  ///   - devices: as `--engine` names them; none: workers have no devices of their own.
  ///   - variants: of the runs that they are for.
  package init(_ devices: [String] = [], variants: Set<String> = []) {
    precondition(Set(devices).count == devices.count, "a device twice among \(devices)")
    (free, isUnlimited, hasOneVariant) = (devices, devices.isEmpty, variants.count < 2)
  }

  /// Whether one more worker can have a device, or needs none.
  package var hasRoom: Bool { isUnlimited || !free.isEmpty }

  /// A device for a run; nil where workers have none.
  package mutating func take(for run: String) -> String? {
    guard !free.isEmpty else { return nil }
    taken[run] = free.removeFirst()
    return taken[run]
  }

  /// How a worker ended, as far as its device may have to do with it.
  package enum Ending: Sendable {
    /// It saved something.
    case worked
    /// It crashed before it saved anything.
    case crashed
    /// Neither: it was stopped, or failed by itself.
    case neither
  }

  /// The run's worker has ended.
  ///
  /// - Returns: its device where that is set aside now.
  package mutating func giveBack(from run: SweepRun, _ ending: Ending = .neither) -> String? {
    guard let device = taken.removeValue(forKey: run.name) else { return nil }
    switch ending {
    case .worked:
      proven.insert(device)
      crashed[device] = nil
    case .crashed: if !isTroubled(device, by: run) { crashed[device, default: []].append(run) }
    case .neither: break
    }
    guard isSuspect(device), (free + taken.values).contains(where: { crashed[$0] == nil }) else {
      free.append(device)
      return nil
    }
    crashed[device] = nil
    return device
  }

  /// Whether nothing can be expected of any device.
  package var isSpent: Bool {
    let left = free + taken.values
    let variants = Set(left.flatMap { crashed[$0] ?? [] }.map(\.variant))
    return !left.isEmpty && left.allSatisfy(isSuspect) && (hasOneVariant || variants.count > 1)
  }

  private func isTroubled(_ device: String, by run: SweepRun) -> Bool {
    crashed[device]?.contains { $0.name == run.name } == true
  }

  private func isSuspect(_ device: String) -> Bool {
    !proven.contains(device) && (crashed[device]?.count ?? 0) >= Self.fewestCrashes
  }
}

/// The devices of an engine, handed to workers so that no two of them have the same one.
package struct DevicePool: Equatable, Sendable {
  /// In the order in which they are handed out; one that comes back is handed out last.
  private var free: [String]
  private var taken: [String: String] = [:]
  private let isUnlimited: Bool

  /// - Parameter devices: as `--engine` names them; none: workers have no devices of their own.
  package init(_ devices: [String] = []) {
    precondition(Set(devices).count == devices.count, "a device twice among \(devices)")
    (free, isUnlimited) = (devices, devices.isEmpty)
  }

  /// Whether one more worker can have a device, or needs none.
  package var hasRoom: Bool { isUnlimited || !free.isEmpty }

  /// A device for a run; nil where workers have none.
  package mutating func take(for run: String) -> String? {
    guard !free.isEmpty else { return nil }
    taken[run] = free.removeFirst()
    return taken[run]
  }

  /// The run's worker has ended.
  package mutating func giveBack(from run: String) {
    if let device = taken.removeValue(forKey: run) { free.append(device) }
  }
}
